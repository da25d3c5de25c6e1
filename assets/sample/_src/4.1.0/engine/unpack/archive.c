#include "archive.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

/*
 * Inflates until the stream ends, the output limit is reached or the input is
 * used up. Truncated input is not an error: what was recovered is scanned.
 */
static int inflate_bits(const uint8_t *in, size_t n, int window, struct buf *out)
{
    uint8_t chunk[16384];
    z_stream z;
    int rc;

    memset(&z, 0, sizeof z);
    if (inflateInit2(&z, window) != Z_OK)
        return ERR_NOMEM;
    z.next_in = (Bytef *)in;
    z.avail_in = (uInt)n;
    do {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        rc = inflate(&z, Z_NO_FLUSH);
        if (rc == Z_NEED_DICT || rc == Z_DATA_ERROR || rc == Z_STREAM_ERROR) {
            inflateEnd(&z);
            return out->len > 0 ? OK : ERR_FORMAT;
        }
        if (rc == Z_MEM_ERROR) {
            inflateEnd(&z);
            return ERR_NOMEM;
        }
        if (!buf_append(out, chunk, sizeof chunk - z.avail_out)) {
            inflateEnd(&z);
            return ERR_LIMIT;
        }
    } while (rc != Z_STREAM_END && rc != Z_BUF_ERROR);
    inflateEnd(&z);
    return OK;
}

int inflate_raw(const uint8_t *in, size_t n, struct buf *out)
{
    return inflate_bits(in, n, -MAX_WBITS, out);
}

int inflate_zlib(const uint8_t *in, size_t n, struct buf *out)
{
    return inflate_bits(in, n, MAX_WBITS, out);
}

/*
 * Names are for people who read a report: control characters and bytes above
 * 0x7e become '?', so that a member cannot rewrite the terminal it is shown on.
 */
void member_path(char *dst, size_t size, const char *where, const char *name)
{
    int n = snprintf(dst, size, "%s/", where);

    if (n < 0 || (size_t)n >= size)
        return;
    for (size_t i = (size_t)n; i + 1 < size && *name != '\0'; i++, name++) {
        unsigned char c = (unsigned char)*name;

        dst[i] = c < 0x20 || c > 0x7e ? '?' : (char)c;
        dst[i + 1] = '\0';
    }
}
