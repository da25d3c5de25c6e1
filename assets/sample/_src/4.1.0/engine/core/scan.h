#ifndef MARLIN_SCAN_H
#define MARLIN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../rules/rules.h"

#define MARLIN_VERSION "4.1.0"

/* Negative values are failures, as everywhere in the engine. */
enum status {
    OK         = 0,
    ERR_FORMAT = -1,    /* the bytes are not what their header says */
    ERR_LIMIT  = -2,    /* a configured limit was reached */
    ERR_NOMEM  = -3,
    ERR_IO     = -4,
    ERR_RULES  = -5
};

enum file_type {
    FT_UNKNOWN, FT_PE, FT_ELF, FT_SCRIPT, FT_PDF, FT_ZIP, FT_CAB, FT_TEXT
};

struct limits {
    size_t   max_file;      /* bytes of one object, unpacked */
    size_t   max_total;     /* bytes unpacked for one outer file */
    unsigned max_depth;     /* containers inside containers */
    unsigned max_objects;   /* members of all containers together */
};

struct detection {
    const char *rule;
    int         severity;
    char        where[256]; /* "outer.zip/inner.pdf/stream 12" */
};

enum { MAX_DETECTIONS = 32, MAX_EXCLUSIONS = 512 };

struct engine {
    struct ruleset *rules;
    struct limits   limits;
    char           *exclusions[MAX_EXCLUSIONS];
    unsigned        nexclusions;
    bool            trusted;    /* self-test corpus: see docs/architecture.md */
    bool            strict;
};

/* One outer file on its way through the engine. */
struct scan {
    const struct engine *engine;
    struct detection     found[MAX_DETECTIONS];
    unsigned             nfound;
    size_t               total;
    unsigned             objects;
    unsigned             depth;
    bool                 truncated;
};

void engine_init(struct engine *e, struct ruleset *rules);
void engine_free(struct engine *e);
int  engine_load_exclusions(struct engine *e, const char *file);
bool engine_excludes(const struct engine *e, const char *path);

int scan_file(const struct engine *e, const char *path, struct scan *s);
int scan_object(struct scan *s, const uint8_t *data, size_t n, const char *where);

enum file_type identify(const uint8_t *data, size_t n);
void audit_log(const void *ctx, const char *what, size_t n);

#endif
