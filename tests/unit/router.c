/* Finding the row of a path, and route tables that are refused. */
#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static bool run(struct request *rq, struct reply *rp, struct err *err)
{
    (void)rq, (void)rp, (void)err;
    return true;
}

#define ROW(m, p, ...) { .method = m, .path = p, .permission = PERM_PUBLIC, .run = run, __VA_ARGS__ }
#define END            { .method = HTTP_NONE }

static const struct route first[] = {
    ROW(HTTP_GET, "/"),
    ROW(HTTP_GET, "/api/queue"),
    ROW(HTTP_GET, "/api/orders/{id}"),
    ROW(HTTP_PATCH, "/api/orders/{id}"),
    ROW(HTTP_POST, "/api/orders/{id}/{action}"),
    ROW(HTTP_POST, "/api/orders/{id}/notes"),
    ROW(HTTP_POST, "/api/orders/import"),
    END
};
static const struct route second[] = {
    ROW(HTTP_POST, "/hooks/{account}/{secret}"),
    ROW(HTTP_GET, "/v2/{a}/{b}/{c}/{d}"),
    ROW(HTTP_GET, "/v3/list/"),
    END
};

static struct router *two_tables(struct arena *a)
{
    const struct route *const tables[] = { first, second, NULL };
    struct err     err = { 0 };
    struct router *r   = router_new(a, tables, &err);
    assert_non_null(r);
    return r;
}

static void a_path_finds_its_row_and_its_parameters(void **state)
{
    (void)state;
    static const struct { enum http_method method; const char *path, *row, *name, *value; } cases[] = {
        { HTTP_GET, "/", "/", NULL, NULL },
        { HTTP_GET, "/api/queue", "/api/queue", NULL, NULL },
        { HTTP_GET, "/api/orders/17", "/api/orders/{id}", "id", "17" },
        { HTTP_PATCH, "/api/orders/17", "/api/orders/{id}", "id", "17" },
        { HTTP_POST, "/api/orders/17/confirm", "/api/orders/{id}/{action}", "action", "confirm" },
        { HTTP_POST, "/api/orders/17/notes", "/api/orders/{id}/notes", "id", "17" },      /* literal before parameter */
        { HTTP_POST, "/api/orders/import", "/api/orders/import", NULL, NULL },
        { HTTP_GET, "/api/orders/import", "/api/orders/{id}", "id", "import" },           /* the literal has no GET */
        { HTTP_POST, "/hooks/1/abc%2Fdef", "/hooks/{account}/{secret}", "secret", "abc/def" },
        { HTTP_POST, "/hooks/1/%D0%96", "/hooks/{account}/{secret}", "secret", "Ж" },
        { HTTP_GET, "/v2/1/2/3/4", "/v2/{a}/{b}/{c}/{d}", "d", "4" },
        { HTTP_GET, "/v3/list/", "/v3/list/", NULL, NULL },
    };
    CLEANUP(arena_done) struct arena a = { 0 };
    struct router *r = two_tables(&a);
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct request rq = { .work.arena = &a };
        bool known = false;
        const struct route *row = router_find(r, cases[i].method, str_of(cases[i].path), &rq, &known);
        assert_non_null(row);
        assert_true(known);
        assert_string_equal(row->path, cases[i].row);
        if (cases[i].name)
            assert_true(str_is(path_text(&rq, cases[i].name), cases[i].value));
    }
}

static void a_path_that_is_not_there_is_told_from_a_method_that_is_not(void **state)
{
    (void)state;
    static const struct { enum http_method method; const char *path; bool known; } cases[] = {
        { HTTP_GET, "/api/queu", false },    { HTTP_GET, "/api/queue/", false },   { HTTP_GET, "/api", false },
        { HTTP_GET, "", false },             { HTTP_GET, "api/queue", false },     { HTTP_GET, "//api/queue", false },
        { HTTP_GET, "/api/orders/", false }, { HTTP_POST, "/api/queue", true },    { HTTP_DELETE, "/api/orders/17", true },
        { HTTP_GET, "/v2/1/2/3/4/5", false }, { HTTP_GET, "/v3/list", false },     { HTTP_PUT, "/", true },
    };
    CLEANUP(arena_done) struct arena a = { 0 };
    struct router *r = two_tables(&a);
    for (int i = 0; i < COUNT_OF(cases); i++) {
        bool known = !cases[i].known;
        assert_null(router_find(r, cases[i].method, str_of(cases[i].path), NULL, &known));
        assert_int_equal(known, cases[i].known);
    }
    assert_int_equal(router_methods(r, STR("/api/orders/17")), BIT(HTTP_GET) | BIT(HTTP_PATCH));
    assert_int_equal(router_methods(r, STR("/nothing")), 0);
}

static void a_long_hostile_path_finds_nothing(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct router *r = two_tables(&a);
    char slashes[8000];
    bool known;
    memset(slashes, '/', sizeof slashes);
    assert_null(router_find(r, HTTP_GET, (str){ slashes, sizeof slashes }, NULL, &known));
    for (size_t i = 1; i < sizeof slashes; i += 2)
        slashes[i] = 'a';
    assert_null(router_find(r, HTTP_GET, (str){ slashes, sizeof slashes }, NULL, &known));
}

static void a_bad_row_is_refused_with_its_path(void **state)
{
    (void)state;
    static const struct record shape = { .name = "x", .size = 8 };
    static const struct { struct route rows[3]; const char *says; } cases[] = {
        { { { .method = HTTP_GET, .path = "/a", .run = run }, END }, "forgot its permission" },
        { { ROW(HTTP_GET, "/a"), ROW(HTTP_GET, "/a"), END }, "is there twice" },
        { { ROW(HTTP_GET, "/a/{x}"), ROW(HTTP_GET, "/a/{y}"), END }, "is there twice" },
        { { { .method = HTTP_GET, .path = "/a", .permission = PERM_PUBLIC }, END }, "no handler" },
        { { ROW(HTTP_GET, "a"), END }, "starts with /" },
        { { ROW(HTTP_GET, "/a/{x}.json"), END }, "whole segment" },
        { { ROW(HTTP_GET, "/a/{}"), END }, "whole segment" },
        { { ROW(HTTP_GET, "/{a}/{b}/{c}/{d}/{e}"), END }, "too many parameters" },
        { { ROW(HTTP_POST, "/a", .quick = true), END }, "quick" },
        { { { .method = HTTP_GET, .path = "/a", .permission = PERM_SIGNED_IN, .run = run, .quick = true }, END }, "quick" },
        { { ROW(HTTP_POST, "/a", .raw = true, .body = &shape), END }, "two ways" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_done) struct arena a = { 0 };
        const struct route *const tables[] = { cases[i].rows, NULL };
        struct err err = { 0 };
        assert_null(router_new(&a, tables, &err));
        assert_true(str_has(err_line(&a, &err), str_of(cases[i].says)));
    }
}

static void a_query_is_decoded_and_numbers_have_limits(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct request rq = { .work.arena = &a, .query = STR("q=%D0%98%D0%B2%D0%B0%D0%BD+1&limit=50&big=999&&flag&=x&a%20b=c&n=1x") };
    struct err err = { 0 };
    int64_t    n   = 7;
    assert_true(str_is(query_text(&rq, "q"), "Иван 1"));
    assert_true(str_is(query_text(&rq, "a b"), "c"));
    assert_true(query_has(&rq, "flag"));
    assert_false(query_has(&rq, "missing"));
    assert_true(query_int(&rq, "limit", 1, 200, 20, &n, &err) && n == 50);
    assert_true(query_int(&rq, "missing", 1, 200, 20, &n, &err) && n == 20);
    assert_false(query_int(&rq, "big", 1, 200, 20, &n, &err));
    assert_int_equal(err.code, ERR_QUERY_INVALID);
    assert_string_equal(err.item[0].field, "big");
    err_clear(&err);
    assert_false(query_int(&rq, "n", 1, 200, 20, &n, &err));
    assert_int_equal(n, 20);
}

static void a_version_is_read_in_all_its_forms(void **state)
{
    (void)state;
    static const struct { const char *header; int64_t version; } cases[] = {
        { "7", 7 }, { "\"7\"", 7 }, { "W/\"12\"", 12 }, { " \"0\" ", 0 }, { "", -1 }, { "*", -1 }, { "-3", -1 }, { "\"x\"", -1 }, { "\"", -1 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct http_header header = { STR("if-match"), str_of(cases[i].header) };
        struct request     rq     = { .headers = { &header, 1, 1 } };
        struct err         err    = { 0 };
        int64_t            n      = -1;
        assert_int_equal(request_version(&rq, &n, &err), cases[i].version >= 0);
        assert_int_equal(n, cases[i].version);
        if (cases[i].version < 0)
            assert_int_equal(err.code, ERR_VERSION_MISSING);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_row_and_its_parameters),
        cmocka_unit_test(a_path_that_is_not_there_is_told_from_a_method_that_is_not),
        cmocka_unit_test(a_long_hostile_path_finds_nothing),
        cmocka_unit_test(a_bad_row_is_refused_with_its_path),
        cmocka_unit_test(a_query_is_decoded_and_numbers_have_limits),
        cmocka_unit_test(a_version_is_read_in_all_its_forms),
    };
    return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
