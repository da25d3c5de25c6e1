#include "archive.h"

#include <stdlib.h>
#include <string.h>

/*
 * Microsoft cabinets, from the published description of the format: a header,
 * CFFOLDER entries, CFFILE entries, then the CFDATA blocks of each folder.
 * A folder is unpacked as a whole and its files are cut out of the result.
 */
enum {
    HEADER_SIZE   = 36,
    FOLDER_SIZE   = 8,
    FILE_SIZE     = 16,
    DATA_SIZE     = 8,
    FLAG_PREV     = 1 << 0,
    FLAG_NEXT     = 1 << 1,
    FLAG_RESERVE  = 1 << 2,
    COMP_NONE     = 0,
    COMP_MSZIP    = 1,
    BLOCK_MAX     = 32768,
    FOLDERS_MAX   = 64
};

struct folder {
    uint32_t   first;       /* offset of its first CFDATA */
    unsigned   blocks;
    unsigned   method;
    struct buf out;
    bool       done;
    int        rc;
};

struct cab {
    const uint8_t *data;
    size_t         n;
    unsigned       folder_reserve;
    unsigned       data_reserve;
    unsigned       nfolder;
    unsigned       nfile;
    uint32_t       files;
    struct folder  folder[FOLDERS_MAX];
};

static int read_header(struct cab *c)
{
    const uint8_t *d = c->data;
    size_t at = HEADER_SIZE;
    unsigned flags;

    if (c->n < HEADER_SIZE)
        return ERR_FORMAT;
    c->files = le32(d + 16);
    c->nfolder = le16(d + 26);
    c->nfile = le16(d + 28);
    flags = le16(d + 30);
    if (c->nfolder > FOLDERS_MAX || (flags & (FLAG_PREV | FLAG_NEXT)) != 0)
        return ERR_FORMAT;

    if (flags & FLAG_RESERVE) {
        if (c->n - at < 4)
            return ERR_FORMAT;
        c->folder_reserve = d[at + 2];
        c->data_reserve = d[at + 3];
        at += 4 + (size_t)le16(d + at);
    }
    for (unsigned i = 0; i < c->nfolder; i++) {
        struct folder *f = &c->folder[i];

        if (at > c->n || c->n - at < FOLDER_SIZE + c->folder_reserve)
            return ERR_FORMAT;
        f->first = le32(d + at);
        f->blocks = le16(d + at + 4);
        f->method = le16(d + at + 6) & 0x0f;
        at += FOLDER_SIZE + c->folder_reserve;
    }
    return OK;
}

/*
 * An MSZIP block is "CK" and a raw deflate stream that unpacks to at most
 * 32 KiB. The block is copied first, so that "CK" is skipped and the inflater
 * sees a stream of its own.
 */
static int unpack_block(const uint8_t *p, unsigned packed, struct buf *out)
{
    uint8_t block[BLOCK_MAX];

    if (packed < 2 || p[0] != 'C' || p[1] != 'K')
        return ERR_FORMAT;
    memcpy(block, p + 2, packed - 2);
    return inflate_raw(block, packed - 2, out);
}

static int unpack_folder(struct cab *c, struct folder *f)
{
    size_t at = f->first;

    for (unsigned i = 0; i < f->blocks; i++) {
        const uint8_t *p;
        unsigned packed;
        int rc;

        if (at > c->n || c->n - at < DATA_SIZE + c->data_reserve)
            return ERR_FORMAT;
        p = c->data + at;
        packed = le16(p + 4);
        at += DATA_SIZE + c->data_reserve;
        if (c->n - at < packed)
            return ERR_FORMAT;

        p = c->data + at;
        if (f->method == COMP_NONE)
            rc = buf_append(&f->out, p, packed) ? OK : ERR_LIMIT;
        else if (f->method == COMP_MSZIP)
            rc = unpack_block(p, packed, &f->out);
        else
            rc = ERR_FORMAT;
        if (rc != OK)
            return rc;
        at += packed;
    }
    return OK;
}

/* Names end in a NUL; an unterminated one is cut at the end of the cabinet. */
static size_t read_name(const struct cab *c, size_t at, char *name, size_t size)
{
    size_t i;

    for (i = 0; at + i < c->n && c->data[at + i] != '\0'; i++)
        if (i + 1 < size)
            name[i] = (char)c->data[at + i];
    name[i + 1 < size ? i : size - 1] = '\0';
    return i + 1;
}

static int scan_files(struct scan *s, struct cab *c, const char *where)
{
    size_t at = c->files;
    int worst = OK;

    for (unsigned i = 0; i < c->nfile; i++) {
        char name[MEMBER_NAME_MAX], path[512];
        struct folder *f;
        uint32_t size, start;
        unsigned k;
        int rc;

        if (at > c->n || c->n - at < FILE_SIZE)
            return ERR_FORMAT;
        size = le32(c->data + at);
        start = le32(c->data + at + 4);
        k = le16(c->data + at + 8);
        at += FILE_SIZE;
        at += read_name(c, at, name, sizeof name);
        if (k >= c->nfolder)
            return ERR_FORMAT;

        f = &c->folder[k];
        if (!f->done) {
            f->done = true;
            f->rc = unpack_folder(c, f);
        }
        if (start > f->out.len || size > f->out.len - start) {
            worst = ERR_FORMAT;
            continue;
        }
        member_path(path, sizeof path, where, name);
        rc = scan_object(s, f->out.data + start, size, path);
        if (rc == ERR_NOMEM || rc == ERR_LIMIT)
            return rc;
        if (f->rc != OK)
            worst = f->rc;
    }
    return worst;
}

int unpack_cab(struct scan *s, const uint8_t *data, size_t n, const char *where)
{
    struct cab *c = calloc(1, sizeof *c);
    int rc;

    if (c == NULL)
        return ERR_NOMEM;
    c->data = data;
    c->n = n;
    rc = read_header(c);
    for (unsigned i = 0; i < FOLDERS_MAX; i++)
        buf_init(&c->folder[i].out, s->engine->limits.max_file);
    if (rc == OK)
        rc = scan_files(s, c, where);
    for (unsigned i = 0; i < FOLDERS_MAX; i++)
        buf_free(&c->folder[i].out);
    free(c);
    return rc;
}
