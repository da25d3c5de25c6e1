/*
 * marlin-scan: the engine as a command. The service starts one for each worker
 * and talks to it over a pipe (--worker); people use it with file names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/scan.h"

static const char *const severity_name[] = { "info", "low", "high", "critical" };

static void put_json(const char *s)
{
    putchar('"');
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_result(const char *path, const struct scan *s, int rc)
{
    printf("{\"path\":");
    put_json(path);
    printf(",\"status\":%d,\"objects\":%u,\"bytes\":%zu,\"partial\":%s,\"found\":[",
           rc, s->objects, s->total, s->truncated ? "true" : "false");
    for (unsigned i = 0; i < s->nfound; i++) {
        printf("%s{\"rule\":", i > 0 ? "," : "");
        put_json(s->found[i].rule);
        printf(",\"severity\":\"%s\",\"where\":", severity_name[s->found[i].severity]);
        put_json(s->found[i].where);
        printf("}");
    }
    printf("]}\n");
    fflush(stdout);
}

static int scan_one(const struct engine *e, const char *path)
{
    static struct scan s;
    int rc = scan_file(e, path, &s);

    print_result(path, &s, rc);
    if (rc != OK)
        return 2;
    return s.nfound > 0 ? 1 : 0;
}

/* A path a line on standard input, a JSON object a line on standard output. */
static int worker(const struct engine *e)
{
    char line[4096];

    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '\0')
            scan_one(e, line);
    }
    return ferror(stdin) ? 2 : 0;
}

static int usage(void)
{
    fprintf(stderr,
            "usage: marlin-scan [--rules FILE]... [--exclude FILE] [--strict]\n"
            "                   [--self-test] (--worker | FILE...)\n"
            "exit status: 0 nothing found, 1 found, 2 not scanned\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct ruleset *rules = rules_new();
    struct engine engine;
    bool as_worker = false;
    int i, status = 0;

    if (rules == NULL)
        return 2;
    engine_init(&engine, rules);
    for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        const char *opt = argv[i] + 2;
        unsigned line;

        if (strcmp(opt, "rules") == 0 && i + 1 < argc) {
            if (rules_load(rules, argv[++i], &line) != OK) {
                fprintf(stderr, "marlin-scan: %s:%u: cannot be understood\n", argv[i], line);
                return 2;
            }
        } else if (strcmp(opt, "exclude") == 0 && i + 1 < argc) {
            if (engine_load_exclusions(&engine, argv[++i]) != OK) {
                fprintf(stderr, "marlin-scan: %s: cannot be read\n", argv[i]);
                return 2;
            }
        } else if (strcmp(opt, "strict") == 0) {
            engine.strict = true;
        } else if (strcmp(opt, "self-test") == 0) {
            engine.trusted = true;
        } else if (strcmp(opt, "worker") == 0) {
            as_worker = true;
        } else if (strcmp(opt, "version") == 0) {
            puts(MARLIN_VERSION);
            return 0;
        } else {
            return usage();
        }
    }
    if (rules_compile(rules) != OK)
        return 2;
    if (as_worker)
        status = worker(&engine);
    else if (i == argc)
        status = usage();
    else
        for (; i < argc; i++) {
            int one = scan_one(&engine, argv[i]);

            if (one > status)
                status = one;
        }
    engine_free(&engine);
    rules_free(rules);
    return status;
}
