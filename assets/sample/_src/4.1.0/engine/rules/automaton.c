#include "rules.h"

#include <stdlib.h>
#include <string.h>

/*
 * An Aho-Corasick automaton over the atoms of all patterns. States are rows of
 * 256 transitions: 1 KiB each, which for the 9,000 atoms of a full signature
 * set is about 60 MiB. That is the price of one load per byte scanned.
 */
struct automaton {
    uint32_t (*next)[256];
    uint32_t *fail;
    int32_t  *out;          /* first pattern that ends here, or -1 */
    uint32_t *dict;         /* nearest shorter suffix with an output */
    int32_t  *chain;        /* next pattern with the same atom */
    uint32_t  nstate;
};

static size_t count_states(const struct ruleset *rs)
{
    size_t n = 1;

    for (unsigned i = 0; i < rs->npattern; i++)
        n += rs->pattern[i].atom_len;
    return n;
}

static void insert(struct automaton *ac, const struct pattern *p, unsigned k)
{
    uint32_t s = 0;

    for (unsigned i = 0; i < p->atom_len; i++) {
        uint8_t c = p->elem[p->atom_at + i].value;

        if (ac->next[s][c] == 0)
            ac->next[s][c] = ac->nstate++;
        s = ac->next[s][c];
    }
    ac->chain[k] = ac->out[s];
    ac->out[s] = (int32_t)k;
}

/* Breadth first, so that the failure link of a shorter prefix is known. */
static bool link_states(struct automaton *ac)
{
    uint32_t *queue = malloc(ac->nstate * sizeof *queue);
    uint32_t head = 0, tail = 0;

    if (queue == NULL)
        return false;
    for (int c = 0; c < 256; c++)
        if (ac->next[0][c] != 0)
            queue[tail++] = ac->next[0][c];

    while (head < tail) {
        uint32_t s = queue[head++];
        uint32_t f = ac->fail[s];

        ac->dict[s] = ac->out[f] >= 0 ? f : ac->dict[f];
        for (int c = 0; c < 256; c++) {
            uint32_t t = ac->next[s][c];

            if (t == 0) {
                ac->next[s][c] = ac->next[f][c];
            } else {
                ac->fail[t] = ac->next[f][c];
                queue[tail++] = t;
            }
        }
    }
    free(queue);
    return true;
}

struct automaton *ac_build(const struct ruleset *rs)
{
    struct automaton *ac = calloc(1, sizeof *ac);
    size_t n = count_states(rs);

    if (ac == NULL)
        return NULL;
    ac->next = calloc(n, sizeof *ac->next);
    ac->fail = calloc(n, sizeof *ac->fail);
    ac->dict = calloc(n, sizeof *ac->dict);
    ac->out = malloc(n * sizeof *ac->out);
    ac->chain = malloc((rs->npattern + 1) * sizeof *ac->chain);
    if (ac->next == NULL || ac->fail == NULL || ac->dict == NULL ||
        ac->out == NULL || ac->chain == NULL) {
        ac_free(ac);
        return NULL;
    }
    memset(ac->out, 0xff, n * sizeof *ac->out);
    ac->nstate = 1;
    for (unsigned k = 0; k < rs->npattern; k++)
        insert(ac, &rs->pattern[k], k);
    if (!link_states(ac)) {
        ac_free(ac);
        return NULL;
    }
    return ac;
}

void ac_free(struct automaton *ac)
{
    if (ac == NULL)
        return;
    free(ac->next);
    free(ac->fail);
    free(ac->dict);
    free(ac->out);
    free(ac->chain);
    free(ac);
}

void ac_run(const struct automaton *ac, const uint8_t *data, size_t n,
            bool (*found)(unsigned pattern, size_t end, void *arg), void *arg)
{
    uint32_t s = 0;

    for (size_t i = 0; i < n; i++) {
        s = ac->next[s][data[i]];
        for (uint32_t t = ac->out[s] >= 0 ? s : ac->dict[s]; t != 0; t = ac->dict[t])
            for (int32_t k = ac->out[t]; k >= 0; k = ac->chain[k])
                if (!found((unsigned)k, i + 1, arg))
                    return;
    }
}
