#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "../core/scan.h"

/*
 * Work done for one object is bounded: a hostile file that repeats an atom a
 * million times costs at most this many comparisons per pattern.
 */
enum { MAX_TRIES = 4096 };

struct run {
    const struct ruleset *rs;
    const uint8_t        *data;
    size_t                n;
    int                   type;
    uint16_t             *seen;     /* a bit for each pattern of each rule */
    uint16_t             *tries;
};

/* Compares elem[i..] with the bytes at data[at..], gaps by backtracking. */
static bool forward(const struct pattern *p, unsigned i,
                    const uint8_t *data, size_t n, size_t at)
{
    for (; i < p->nelem; i++) {
        const struct elem *e = &p->elem[i];

        if (e->kind == ELEM_GAP) {
            for (size_t skip = e->min; skip <= e->max && at + skip <= n; skip++)
                if (forward(p, i + 1, data, n, at + skip))
                    return true;
            return false;
        }
        if (at >= n)
            return false;
        if (e->kind == ELEM_BYTE && data[at] != e->value)
            return false;
        at++;
    }
    return true;
}

/* The same towards the beginning, for what stands before the atom. */
static bool backward(const struct pattern *p, unsigned i,
                     const uint8_t *data, size_t at)
{
    while (i > 0) {
        const struct elem *e = &p->elem[--i];

        if (e->kind == ELEM_GAP) {
            for (size_t skip = e->min; skip <= e->max && skip <= at; skip++)
                if (backward(p, i, data, at - skip))
                    return true;
            return false;
        }
        if (at == 0)
            return false;
        at--;
        if (e->kind == ELEM_BYTE && data[at] != e->value)
            return false;
    }
    return true;
}

static bool on_atom(unsigned k, size_t end, void *arg)
{
    struct run *run = arg;
    const struct pattern *p = &run->rs->pattern[k];
    const struct rule *r = &run->rs->rule[p->rule];
    uint16_t bit = (uint16_t)(1u << p->bit);

    if (r->target != -1 && r->target != run->type)
        return true;
    if ((run->seen[p->rule] & bit) != 0 || run->tries[k] >= MAX_TRIES)
        return true;
    run->tries[k]++;
    if (backward(p, p->atom_at, run->data, end - p->atom_len) &&
        forward(p, p->atom_at + p->atom_len, run->data, run->n, end))
        run->seen[p->rule] |= bit;
    return true;
}

static unsigned popcount16(unsigned v)
{
    unsigned n = 0;

    for (; v != 0; v &= v - 1)
        n++;
    return n;
}

int rules_compile(struct ruleset *rs)
{
    ac_free(rs->ac);
    rs->ac = ac_build(rs);
    return rs->ac != NULL ? OK : ERR_NOMEM;
}

int rules_match(const struct ruleset *rs, const uint8_t *data, size_t n,
                int type, rule_hit *hit, void *arg)
{
    struct run run = { .rs = rs, .data = data, .n = n, .type = type };

    if (rs->nrule == 0 || n == 0)
        return OK;
    run.seen = calloc(rs->nrule, sizeof *run.seen);
    run.tries = calloc(rs->npattern, sizeof *run.tries);
    if (run.seen == NULL || run.tries == NULL) {
        free(run.seen);
        free(run.tries);
        return ERR_NOMEM;
    }

    ac_run(rs->ac, data, n, on_atom, &run);
    for (unsigned i = 0; i < rs->nrule; i++)
        if (popcount16(run.seen[i]) >= rs->rule[i].need)
            hit(&rs->rule[i], arg);

    free(run.seen);
    free(run.tries);
    return OK;
}
