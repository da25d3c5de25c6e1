#include "archive.h"

#include <stdlib.h>

/*
 * LZWDecode of ISO 32000-1, 7.4.4: codes of 9 to 12 bits, most significant bit
 * first, 256 clears the table, 257 ends the data. With early change, which is
 * the default in PDF, the width grows one code sooner.
 */
enum {
    CODE_CLEAR = 256,
    CODE_END   = 257,
    CODE_FIRST = 258,
    BITS_MIN   = 9,
    BITS_MAX   = 12,
    TABLE_SIZE = 1 << BITS_MAX
};

struct lzw {
    uint16_t prefix[TABLE_SIZE];
    uint8_t  suffix[TABLE_SIZE];
    uint16_t length[TABLE_SIZE];
    unsigned next;
    unsigned bits;

    const uint8_t *in;
    size_t         n, at;
    uint32_t       acc;
    unsigned       have;
};

static void reset(struct lzw *z)
{
    z->next = CODE_FIRST;
    z->bits = BITS_MIN;
}

/* Returns -1 at the end of the input. */
static int read_code(struct lzw *z)
{
    while (z->have < z->bits) {
        if (z->at == z->n)
            return -1;
        z->acc = z->acc << 8 | z->in[z->at++];
        z->have += 8;
    }
    z->have -= z->bits;
    return (int)(z->acc >> z->have & ((1u << z->bits) - 1));
}

static bool emit(const struct lzw *z, unsigned code, struct buf *out, uint8_t *first)
{
    unsigned len = z->length[code];
    uint8_t *p = buf_reserve(out, len);

    if (p == NULL)
        return false;
    while (len > 0) {
        p[--len] = z->suffix[code];
        code = z->prefix[code];
    }
    *first = p[0];
    return true;
}

static void add(struct lzw *z, unsigned prefix, uint8_t suffix)
{
    z->prefix[z->next] = (uint16_t)prefix;
    z->suffix[z->next] = suffix;
    z->length[z->next] = (uint16_t)(z->length[prefix] + 1);
    z->next++;
}

int lzw_decode(const uint8_t *in, size_t n, bool early, struct buf *out)
{
    struct lzw *z = calloc(1, sizeof *z);
    int prev = -1, rc = OK;
    uint8_t first = 0;

    if (z == NULL)
        return ERR_NOMEM;
    z->in = in;
    z->n = n;
    for (unsigned i = 0; i < 256; i++) {
        z->suffix[i] = (uint8_t)i;
        z->length[i] = 1;
    }
    reset(z);

    for (;;) {
        int code = read_code(z);

        if (code < 0 || code == CODE_END)
            break;
        if (code == CODE_CLEAR) {
            reset(z);
            prev = -1;
            continue;
        }
        if ((unsigned)code > z->next || (prev < 0 && code >= CODE_CLEAR)) {
            rc = ERR_FORMAT;
            break;
        }
        if ((unsigned)code == z->next) {
            /* the code that is being defined: previous string + its first byte */
            if (z->next == TABLE_SIZE) {
                rc = ERR_FORMAT;
                break;
            }
            add(z, (unsigned)prev, first);
            if (!emit(z, (unsigned)code, out, &first)) {
                rc = ERR_LIMIT;
                break;
            }
        } else {
            if (!emit(z, (unsigned)code, out, &first)) {
                rc = ERR_LIMIT;
                break;
            }
            if (prev >= 0 && z->next < TABLE_SIZE)
                add(z, (unsigned)prev, first);
        }
        prev = code;
        if (z->bits < BITS_MAX && z->next + (early ? 1 : 0) >= 1u << z->bits)
            z->bits++;
    }
    free(z);
    return rc;
}
