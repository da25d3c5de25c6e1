#ifndef MARLIN_RULES_H
#define MARLIN_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The rule language is described in docs/rules.md. */
enum {
    RULE_NAME_MAX   = 64,
    RULE_PATTERNS   = 16,
    PATTERN_MAX     = 256,
    ATOM_MIN        = 3,
    ATOM_MAX        = 16,
    GAP_MAX         = 1024
};

enum elem_kind { ELEM_BYTE, ELEM_ANY, ELEM_GAP };

struct elem {
    uint8_t  kind;
    uint8_t  value;     /* ELEM_BYTE */
    uint16_t min, max;  /* ELEM_GAP */
};

/*
 * The atom is the longest run of fixed bytes of a pattern. Only atoms go into
 * the automaton; where one is found the whole pattern is compared.
 */
struct pattern {
    struct elem *elem;
    unsigned     nelem;
    unsigned     atom_at;
    unsigned     atom_len;
    unsigned     rule;
    unsigned     bit;       /* position among the patterns of its rule */
};

struct rule {
    char     name[RULE_NAME_MAX];
    int      severity;      /* 0 info … 3 critical */
    int      target;        /* enum file_type, or -1 for any */
    unsigned npatterns;
    unsigned need;          /* how many of them must be found */
};

struct automaton;

struct ruleset {
    struct rule      *rule;
    unsigned          nrule;
    struct pattern   *pattern;
    unsigned          npattern;
    struct automaton *ac;
};

typedef void rule_hit(const struct rule *r, void *arg);

struct ruleset *rules_new(void);
void rules_free(struct ruleset *rs);

/* On failure *line is the line of the file that could not be understood. */
int rules_load(struct ruleset *rs, const char *file, unsigned *line);
int rules_compile(struct ruleset *rs);
int rules_match(const struct ruleset *rs, const uint8_t *data, size_t n,
                int type, rule_hit *hit, void *arg);

struct automaton *ac_build(const struct ruleset *rs);
void ac_free(struct automaton *ac);

/* Calls found(pattern, end, arg) for each atom that ends before data[end]. */
void ac_run(const struct automaton *ac, const uint8_t *data, size_t n,
            bool (*found)(unsigned pattern, size_t end, void *arg), void *arg);

#endif
