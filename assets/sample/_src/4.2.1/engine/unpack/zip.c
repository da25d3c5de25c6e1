#include "archive.h"

#include <string.h>

/*
 * The reader walks the central directory, as every extractor does, and not the
 * local headers: a member that only local headers know is not reachable for a
 * user either. Its bytes are still matched as part of the outer file.
 *
 * Not read: encrypted members, split archives, ZIP64.
 */
enum {
    EOCD_SIZE    = 22,
    CENTRAL_SIZE = 46,
    LOCAL_SIZE   = 30,
    METHOD_STORE = 0,
    METHOD_FLATE = 8,
    FLAG_CRYPTED = 1 << 0
};

struct member {
    char     name[MEMBER_NAME_MAX];
    unsigned method;
    unsigned flags;
    uint32_t packed;
    uint32_t size;
    uint32_t local;
};

/* The record may be followed by a comment of up to 65,535 bytes. */
static const uint8_t *find_eocd(const uint8_t *data, size_t n)
{
    size_t low;

    if (n < EOCD_SIZE)
        return NULL;
    low = n > EOCD_SIZE + 65535 ? n - EOCD_SIZE - 65535 : 0;
    for (size_t at = n - EOCD_SIZE + 1; at-- > low; )
        if (data[at] == 'P' && memcmp(data + at, "PK\x05\x06", 4) == 0)
            return data + at;
    return NULL;
}

/*
 * Reads one entry of the central directory at p and returns the next one, or
 * NULL when there is none. A name that is too long for a report is cut.
 */
static const uint8_t *next_member(const uint8_t *p, const uint8_t *end,
                                  struct member *m)
{
    size_t name_len, extra_len, comment_len, copied;

    if (end - p < CENTRAL_SIZE || memcmp(p, "PK\x01\x02", 4) != 0)
        return NULL;
    m->flags = le16(p + 8);
    m->method = le16(p + 10);
    m->packed = le32(p + 20);
    m->size = le32(p + 24);
    name_len = le16(p + 28);
    extra_len = le16(p + 30);
    comment_len = le16(p + 32);
    m->local = le32(p + 42);

    p += CENTRAL_SIZE;
    if ((size_t)(end - p) < name_len + extra_len + comment_len)
        return NULL;
    copied = name_len < sizeof m->name ? name_len : sizeof m->name - 1;
    memcpy(m->name, p, copied);
    m->name[copied] = '\0';
    return p + name_len + extra_len + comment_len;
}

/* The bytes of a member: its local header says where they begin. */
static const uint8_t *member_data(const uint8_t *data, size_t n,
                                  const struct member *m)
{
    size_t at = m->local;

    if (at > n || n - at < LOCAL_SIZE || memcmp(data + at, "PK\x03\x04", 4) != 0)
        return NULL;
    at += LOCAL_SIZE + (size_t)le16(data + at + 26) + le16(data + at + 28);
    if (at > n || n - at < m->packed)
        return NULL;
    return data + at;
}

static int scan_member(struct scan *s, const uint8_t *data, size_t n,
                       const struct member *m, const char *where)
{
    const uint8_t *in = member_data(data, n, m);
    char path[512];
    struct buf out;
    int rc;

    if (in == NULL)
        return ERR_FORMAT;
    member_path(path, sizeof path, where, m->name);
    if (m->method == METHOD_STORE)
        return scan_object(s, in, m->packed, path);
    if (m->method != METHOD_FLATE)
        return ERR_FORMAT;

    buf_init(&out, s->engine->limits.max_file);
    rc = inflate_raw(in, m->packed, &out);
    if (rc == OK || rc == ERR_LIMIT) {
        int inner = scan_object(s, out.data, out.len, path);

        if (inner != OK)
            rc = inner;
    }
    buf_free(&out);
    return rc;
}

int unpack_zip(struct scan *s, const uint8_t *data, size_t n, const char *where)
{
    const uint8_t *eocd = find_eocd(data, n);
    const uint8_t *p, *end;
    unsigned count;
    int worst = OK;

    if (eocd == NULL)
        return ERR_FORMAT;
    count = le16(eocd + 10);
    if (le32(eocd + 16) > (size_t)(eocd - data))
        return ERR_FORMAT;
    p = data + le32(eocd + 16);
    end = eocd;

    for (unsigned i = 0; i < count && p != NULL; i++) {
        struct member m;
        int rc;

        p = next_member(p, end, &m);
        if (p == NULL)
            return ERR_FORMAT;
        if (m.flags & FLAG_CRYPTED) {
            s->truncated = true;
            continue;
        }
        rc = scan_member(s, data, n, &m, where);
        if (rc == ERR_NOMEM)
            return rc;
        if (rc != OK)
            worst = rc;
        if (rc == ERR_LIMIT)
            break;
    }
    return worst;
}
