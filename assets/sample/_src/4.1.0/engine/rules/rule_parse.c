#include "rules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/scan.h"

static const struct { const char *name; int type; } targets[] = {
    { "any", -1 }, { "pe", FT_PE }, { "elf", FT_ELF }, { "script", FT_SCRIPT },
    { "pdf", FT_PDF }, { "text", FT_TEXT }, { NULL, 0 }
};

static const char *const severities[] = { "info", "low", "high", "critical", NULL };

struct ruleset *rules_new(void)
{
    return calloc(1, sizeof(struct ruleset));
}

void rules_free(struct ruleset *rs)
{
    if (rs == NULL)
        return;
    for (unsigned i = 0; i < rs->npattern; i++)
        free(rs->pattern[i].elem);
    free(rs->pattern);
    free(rs->rule);
    ac_free(rs->ac);
    free(rs);
}

static int hexval(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static const char *skip(const char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    return s;
}

/* "{4-64}" or "{8}" */
static const char *parse_gap(const char *s, struct elem *e)
{
    char *end;
    unsigned long lo, hi;

    lo = strtoul(s + 1, &end, 10);
    hi = lo;
    if (*end == '-')
        hi = strtoul(end + 1, &end, 10);
    if (*end != '}' || lo > hi || hi > GAP_MAX)
        return NULL;
    e->kind = ELEM_GAP;
    e->min = (uint16_t)lo;
    e->max = (uint16_t)hi;
    return end + 1;
}

static int parse_text(const char *s, struct elem *out, unsigned *n)
{
    for (s++; *s != '"'; s++) {
        if (*s == '\0' || *n == PATTERN_MAX)
            return ERR_RULES;
        if (*s == '\\') {
            s++;
            if (*s == '\0')
                return ERR_RULES;
        }
        out[*n].kind = ELEM_BYTE;
        out[*n].value = (uint8_t)*s;
        ++*n;
    }
    return *skip(s + 1) == '\0' ? OK : ERR_RULES;
}

static int parse_hex(const char *s, struct elem *out, unsigned *n)
{
    for (s = skip(s); *s != '\0'; s = skip(s)) {
        struct elem *e = &out[*n];

        if (*n == PATTERN_MAX)
            return ERR_RULES;
        if (*s == '{') {
            s = parse_gap(s, e);
            if (s == NULL)
                return ERR_RULES;
        } else if (s[0] == '?' && s[1] == '?') {
            e->kind = ELEM_ANY;
            s += 2;
        } else {
            int hi = hexval(s[0]);
            int lo = hi < 0 ? -1 : hexval(s[1]);

            if (lo < 0)
                return ERR_RULES;
            e->kind = ELEM_BYTE;
            e->value = (uint8_t)(hi << 4 | lo);
            s += 2;
        }
        ++*n;
    }
    return OK;
}

/*
 * The first longest run wins. Runs before a gap are preferred by the order of
 * the loop, because rule_match can then anchor the pattern's beginning.
 */
static bool choose_atom(struct pattern *p)
{
    unsigned best = 0, at = 0, run = 0;

    for (unsigned i = 0; i <= p->nelem; i++) {
        if (i < p->nelem && p->elem[i].kind == ELEM_BYTE && run < ATOM_MAX) {
            run++;
            continue;
        }
        if (run > best) {
            best = run;
            at = i - run;
        }
        run = i < p->nelem && p->elem[i].kind == ELEM_BYTE ? 1 : 0;
    }
    p->atom_at = at;
    p->atom_len = best;
    return best >= ATOM_MIN;
}

static int add_pattern(struct ruleset *rs, const char *text)
{
    struct elem tmp[PATTERN_MAX + 1];
    struct rule *r = &rs->rule[rs->nrule - 1];
    struct pattern *p;
    unsigned n = 0;
    int rc;

    memset(tmp, 0, sizeof tmp);
    if (r->npatterns == RULE_PATTERNS)
        return ERR_RULES;
    text = skip(text);
    rc = *text == '"' ? parse_text(text, tmp, &n) : parse_hex(text, tmp, &n);
    if (rc != OK || n == 0 || tmp[0].kind == ELEM_GAP || tmp[n - 1].kind == ELEM_GAP)
        return ERR_RULES;

    p = realloc(rs->pattern, (rs->npattern + 1) * sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    rs->pattern = p;
    p += rs->npattern;
    memset(p, 0, sizeof *p);
    p->elem = malloc(n * sizeof *p->elem);
    if (p->elem == NULL)
        return ERR_NOMEM;
    memcpy(p->elem, tmp, n * sizeof *p->elem);
    p->nelem = n;
    p->rule = rs->nrule - 1;
    p->bit = r->npatterns++;
    rs->npattern++;
    return choose_atom(p) ? OK : ERR_RULES;
}

static int begin_rule(struct ruleset *rs, const char *s)
{
    struct rule *r = realloc(rs->rule, (rs->nrule + 1) * sizeof *r);
    size_t n = strcspn(s, " \t{");

    if (r == NULL)
        return ERR_NOMEM;
    rs->rule = r;
    if (n == 0 || n >= RULE_NAME_MAX || strchr(s + n, '{') == NULL)
        return ERR_RULES;
    r += rs->nrule++;
    memset(r, 0, sizeof *r);
    memcpy(r->name, s, n);
    r->target = -1;
    r->severity = 1;
    return OK;
}

static int set_need(struct rule *r, const char *s)
{
    char *end;
    unsigned long k;

    if (strcmp(s, "all") == 0) {
        r->need = r->npatterns;
        return OK;
    }
    if (strcmp(s, "any") == 0) {
        r->need = 1;
        return OK;
    }
    k = strtoul(s, &end, 10);
    if (strcmp(end, " of them") != 0 || k == 0 || k > r->npatterns)
        return ERR_RULES;
    r->need = (unsigned)k;
    return OK;
}

static int parse_field(struct ruleset *rs, const char *s)
{
    struct rule *r = &rs->rule[rs->nrule - 1];
    const char *colon = strchr(s, ':');
    const char *value;
    size_t key;

    if (colon == NULL)
        return ERR_RULES;
    key = (size_t)(colon - s);
    value = skip(colon + 1);

    if (key == 6 && memcmp(s, "target", 6) == 0) {
        for (int i = 0; targets[i].name != NULL; i++)
            if (strcmp(value, targets[i].name) == 0) {
                r->target = targets[i].type;
                return OK;
            }
        return ERR_RULES;
    }
    if (key == 8 && memcmp(s, "severity", 8) == 0) {
        for (int i = 0; severities[i] != NULL; i++)
            if (strcmp(value, severities[i]) == 0) {
                r->severity = i;
                return OK;
            }
        return ERR_RULES;
    }
    if (key == 4 && memcmp(s, "note", 4) == 0)
        return OK;
    if (key == 4 && memcmp(s, "when", 4) == 0)
        return set_need(r, value);
    if (key == 1 && isalpha((unsigned char)s[0]))
        return add_pattern(rs, value);
    return ERR_RULES;
}

int rules_load(struct ruleset *rs, const char *file, unsigned *line)
{
    char text[2048];
    bool inside = false;
    int rc = OK;
    FILE *f = fopen(file, "r");

    *line = 0;
    if (f == NULL)
        return ERR_IO;
    while (rc == OK && fgets(text, sizeof text, f) != NULL) {
        const char *s;
        size_t n = strlen(text);

        ++*line;
        while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
            text[--n] = '\0';
        s = skip(text);
        if (*s == '\0' || *s == '#')
            continue;
        if (!inside) {
            rc = strncmp(s, "rule ", 5) == 0 ? begin_rule(rs, skip(s + 5)) : ERR_RULES;
            inside = true;
        } else if (strcmp(s, "}") == 0) {
            struct rule *r = &rs->rule[rs->nrule - 1];

            if (r->npatterns == 0 || r->need == 0)
                rc = ERR_RULES;
            inside = false;
        } else {
            rc = parse_field(rs, s);
        }
    }
    if (rc == OK && (ferror(f) || inside))
        rc = inside ? ERR_RULES : ERR_IO;
    fclose(f);
    return rc;
}
