/* golden.c - payload files against what Sauda is expected to understand of them.
 *
 *     golden FOLDER            compares FOLDER/<market>/<orders|webhook|returns>/<name>.json with <name>.expected.jsonl
 *     golden --update FOLDER   rewrites the expected files; the difference is reviewed before it is committed
 *
 * A name that begins with "order_" is one order, with "statuses_" a reply of the statuses call, anything else a page. A body that
 * cannot be read at all is expected as one line "! code field: text", one without any order as "! nothing".
 */
#include "channels/map_print.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FILE_BYTES_MAX (1u << 20)
#define CASES_MAX      512

struct golden {
    char path[512], market[32], folder[32], name[96];
};

static bool is_update;

static str file_read(struct arena *arena, const char *path)
{
    FILE *f  = fopen(path, "rb");
    char *at = arena_alloc(arena, FILE_BYTES_MAX);
    if (!f)
        return (str){ 0 };
    size_t len = fread(at, 1, FILE_BYTES_MAX, f);
    fclose(f);
    return (str){ at, len };
}

static str golden_kind(const struct golden *g)
{
    if (strcmp(g->folder, "webhook") == 0)
        return STR("webhook");
    if (strcmp(g->folder, "returns") == 0)
        return STR("returns");
    return strncmp(g->name, "order_", 6) == 0 ? STR("order") : strncmp(g->name, "statuses_", 9) == 0 ? STR("statuses") : STR("orders");
}

static void payload_is_understood_as_expected(void **state)
{
    const struct golden *g = *state;
    struct arena arena = { 0 };
    struct err   err   = { 0 };
    struct setting_value_list none = { 0 };
    instant now = { 0 };
    int     good;
    assert_true(instant_parse(STR("2026-11-20T06:00:00Z"), &now));
    const struct channel *channel = channel_find(str_of(g->market));
    assert_non_null(channel);
    struct call call = { .arena = &arena, .now = now, .country = STR("KZ"), .settings = &none, .channel = channel };
    struct buf  out  = buf_in(&arena);
    if (!map_print(channel, &call, golden_kind(g), file_read(&arena, g->path), &out, &good, &err))
        buf_print(&out, "! %s %s: %s\n", err_kind(err.code)->code, err.item[0].field, err.item[0].text);
    else if (!out.len)
        buf_add(&out, STR("! nothing\n"));
    str expected_path = str_print(&arena, "%.*s.expected.jsonl", (int)(strlen(g->path) - 5), g->path);
    const char *path  = str_zero(&arena, expected_path);
    if (is_update) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(out.at, 1, out.len, f), out.len);
        fclose(f);
    } else {
        str expected = file_read(&arena, path), got = buf_str(&out);
        if (!str_eq(expected, got))
            print_error("--- expected\n%.*s--- got\n%.*s", STR_ARG(expected), STR_ARG(got));
        assert_true(expected.len > 0 && str_eq(expected, got));
    }
    arena_done(&arena);
}

static int golden_cmp(const void *a, const void *b)
{
    return strcmp(((const struct golden *)a)->path, ((const struct golden *)b)->path);
}

/* Adds the payload files of root/market/folder. */
static int golden_collect(const char *root, const char *market, const char *folder, struct golden *out, int room)
{
    char path[384];
    int  count = 0;
    snprintf(path, sizeof path, "%s/%s/%s", root, market, folder);
    DIR *dir = opendir(path);
    if (!dir)
        return 0;
    for (struct dirent *e; (e = readdir(dir)) && count < room;) {
        size_t len = strlen(e->d_name);
        if (len < 6 || len > 90 || strcmp(e->d_name + len - 5, ".json") != 0)
            continue;
        struct golden *g = &out[count++];
        snprintf(g->path, sizeof g->path, "%s/%.90s", path, e->d_name);
        snprintf(g->market, sizeof g->market, "%s", market);
        snprintf(g->folder, sizeof g->folder, "%s", folder);
        snprintf(g->name, sizeof g->name, "%.90s", e->d_name);
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    static struct golden cases[CASES_MAX];
    static struct CMUnitTest tests[CASES_MAX];
    static char names[CASES_MAX][160];
    int count = 0;
    is_update = argc == 3 && strcmp(argv[1], "--update") == 0;
    if (argc != 2 + is_update) {
        fprintf(stderr, "usage: golden [--update] FOLDER\n");
        return 2;
    }
    for (int i = 0; channels[i]; i++) {
        count += golden_collect(argv[argc - 1], channels[i]->name, "orders", cases + count, CASES_MAX - count);
        count += golden_collect(argv[argc - 1], channels[i]->name, "webhook", cases + count, CASES_MAX - count);
        count += golden_collect(argv[argc - 1], channels[i]->name, "returns", cases + count, CASES_MAX - count);
    }
    qsort(cases, (size_t)count, sizeof *cases, golden_cmp);
    for (int i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "%s/%s/%s is understood as expected", cases[i].market, cases[i].folder, cases[i].name);
        tests[i] = (struct CMUnitTest){ .name = names[i], .test_func = payload_is_understood_as_expected, .initial_state = &cases[i] };
    }
    if (!count) {
        fprintf(stderr, "no payload files under %s\n", argv[argc - 1]);
        return 1;
    }
    return _cmocka_run_group_tests("golden", tests, (size_t)count, NULL, NULL);
}
