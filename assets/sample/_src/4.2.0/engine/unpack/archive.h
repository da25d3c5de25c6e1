#ifndef MARLIN_ARCHIVE_H
#define MARLIN_ARCHIVE_H

#include "../core/buf.h"
#include "../core/scan.h"

enum { MEMBER_NAME_MAX = 256 };

int unpack_zip(struct scan *s, const uint8_t *data, size_t n, const char *where);
int unpack_cab(struct scan *s, const uint8_t *data, size_t n, const char *where);
int unpack_pdf(struct scan *s, const uint8_t *data, size_t n, const char *where);

/* archive.c: what the unpackers share */
int  inflate_raw(const uint8_t *in, size_t n, struct buf *out);
int  inflate_zlib(const uint8_t *in, size_t n, struct buf *out);
void member_path(char *dst, size_t size, const char *where, const char *name);

/* lzw.c */
/* early: the width of a code grows one code sooner (the default in PDF) */
int  lzw_decode(const uint8_t *in, size_t n, bool early, struct buf *out);

/* pdf_decode.c */
enum { PDF_STRICT = 1 << 0 };

struct pdf_ctx {
    unsigned flags;
    bool     trusted;
    bool     early;     /* LZW: /EarlyChange of the stream */
    size_t   max_out;   /* of one stream; 0: no limit */
};

int pdf_decode_stream(struct pdf_ctx *ctx, const char *filters, size_t nfilters,
                      const uint8_t *in, size_t n, struct buf *out);

#endif
