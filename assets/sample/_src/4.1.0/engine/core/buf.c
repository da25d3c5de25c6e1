#include "buf.h"

#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    memset(b, 0, sizeof *b);
    b->max = max;
}

void buf_free(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

/*
 * Doubling keeps appends linear; the limit is checked against the length that
 * is asked for, not against the capacity, so that max is exact.
 */
static bool grow(struct buf *b, size_t n)
{
    size_t want, cap;
    uint8_t *p;

    if (b->failed)
        return false;
    if (n > SIZE_MAX - b->len)
        goto fail;
    want = b->len + n;
    if (b->max != 0 && want > b->max)
        goto fail;
    if (want <= b->cap)
        return true;

    cap = b->cap ? b->cap : 256;
    while (cap < want) {
        if (cap > SIZE_MAX / 2) {
            cap = want;
            break;
        }
        cap *= 2;
    }
    p = realloc(b->data, cap);
    if (p == NULL)
        goto fail;
    b->data = p;
    b->cap = cap;
    return true;

fail:
    b->failed = true;
    return false;
}

bool buf_put8(struct buf *b, uint8_t v)
{
    if (!grow(b, 1))
        return false;
    b->data[b->len++] = v;
    return true;
}

/* buf_put32 grows b by four bytes, most significant first. */
bool buf_put32(struct buf *b, uint32_t v)
{
    uint8_t *p = buf_reserve(b, 4);

    if (p == NULL)
        return false;
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
    return true;
}

bool buf_append(struct buf *b, const void *src, size_t n)
{
    uint8_t *p;

    if (n == 0)
        return !b->failed;
    p = buf_reserve(b, n);
    if (p == NULL)
        return false;
    memcpy(p, src, n);
    return true;
}

/*
 * buf_reserve extends the buffer by n bytes and returns where they start. The
 * caller fills them; their content is indeterminate until then.
 */
uint8_t *buf_reserve(struct buf *b, size_t n)
{
    uint8_t *p;

    if (!grow(b, n))
        return NULL;
    p = b->data + b->len;
    b->len += n;
    return p;
}
