#ifndef MARLIN_BUF_H
#define MARLIN_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A growing byte buffer. Once an append fails (no memory, or max reached) the
 * buffer is marked failed and every later append is a no-op that returns
 * false, so a decoder may check once, at its end.
 */
struct buf {
    uint8_t *data;
    size_t   len;
    size_t   cap;
    size_t   max;      /* 0: no limit */
    bool     failed;
};

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
void buf_reset(struct buf *b);

bool buf_put8(struct buf *b, uint8_t v);
bool buf_put32(struct buf *b, uint32_t v);
bool buf_append(struct buf *b, const void *p, size_t n);
uint8_t *buf_reserve(struct buf *b, size_t n);

static inline uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 |
           (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

#endif
