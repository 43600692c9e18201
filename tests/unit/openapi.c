/* The API document of a small route table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "http/openapi.h"
#include "base/err.h"

static const char *const state_names[] = { "open", "done", NULL };
enum state { STATE_OPEN, STATE_DONE };
struct task {
    rid id;
    str title;
    enum state state;
    amount sum;
    instant due_at;
    int64_t qty, version;
    str secret;
};
static const struct field task_fields[] = {
    FIELD(task, id, .access = READ_ONLY),
    FIELD(task, title, .required = true, .searchable = true, .filterable = true),
    FIELD(task, state, .access = READ_ONLY, .choices = state_names, .filterable = true, .sortable = true),
    FIELD(task, sum, .filterable = true),
    FIELD(task, due_at, .filterable = true, .sortable = true),
    FIELD(task, qty, .filterable = true),
    FIELD(task, version, .access = READ_ONLY),
    FIELD(task, secret, .access = SECRET, .filterable = true, .sortable = true),
};
static const struct record task_record = RECORD(task, "tasks", task_fields);
static const struct record other_record = RECORD(task, "tasks", task_fields);

static bool nothing(struct request *rq, struct reply *rp, struct err *err)
{
    (void)rq;
    (void)rp;
    (void)err;
    return true;
}

static const struct query_param mine[] = { { "mine", "only my own" },
                                           { "qty", "told by hand" },
                                           { NULL, NULL } };
static const struct route tasks_routes[] = {
    { HTTP_GET, "/api/tasks", PERM_ORDERS_SEE, nothing, .reply = &task_record, .list = true, .query = mine,
      .doc = "All \"tasks\"", .tag = "tasks" },
    { HTTP_POST, "/api/tasks", PERM_ORDERS_WORK, nothing, .body = &task_record, .reply = &task_record,
      .creates = true, .tag = "tasks" },
    { HTTP_NONE },
};
static const struct route task_routes[] = {
    { HTTP_PATCH, "/api/tasks/{id}", PERM_ORDERS_WORK, nothing, .body = &task_record, .reply = &task_record,
      .edits = true, .tag = "tasks" },
    { HTTP_DELETE, "/api/tasks/{id}", PERM_ORDERS_WORK, nothing, .edits = true },
    { HTTP_POST, "/api/tasks/{id}/hand_over", PERM_ORDERS_WORK, nothing, .json = true,
      .reply_schema = "outcome", .creates = true },
    { HTTP_POST, "/api/session", PERM_PUBLIC, nothing, .json = true, .no_csrf = true,
      .reply_schema = "outcome" },
    { HTTP_POST, "/hooks/{account}/{secret}", PERM_PUBLIC, nothing, .raw = true, .no_csrf = true },
    { HTTP_GET, "/health", PERM_PUBLIC, nothing },
    { HTTP_NONE },
};
static const struct route *const tables[] = { tasks_routes, task_routes, NULL };
static const struct openapi_schema extra[] = { { "outcome", "{\"type\":\"object\"}" }, { NULL, NULL } };

struct ground { struct arena a; struct err err; const struct json *doc; };

static int ground_make(void **state)
{
    static struct ground g;
    g = (struct ground){ 0 };
    struct buf out = buf_in(&g.a);
    *state = &g;
    return !openapi_write(tables, extra, &out, &g.err) ||
           !json_read(&g.a, buf_str(&out), 1 << 20, &g.doc, &g.err);
}

static int ground_end(void **state)
{
    struct ground *g = *state;
    arena_done(&g->a);
    return 0;
}

/* Paths have dots and slashes in their keys, so the way down is an array. */
static const struct json *down(const struct json *at, const char *const *keys)
{
    for (; *keys; keys++)
        at = json_get(at, *keys);
    return at;
}
#define AT(...) down(g->doc, (const char *const[]){ __VA_ARGS__, NULL })

static const char *names(struct ground *g, const struct json *list, const char *key)
{
    struct buf b = buf_in(&g->a);
    JSON_EACH(child, list) {
        str name = list->kind == JSON_OBJECT ? child->key : json_str(key ? json_get(child, key) : child);
        if (key && !name.len)
            name = json_str(json_get(child, "$ref"));
        buf_print(&b, "%s%.*s", b.len ? " " : "", STR_ARG(name));
    }
    return str_zero(&g->a, buf_str(&b));
}

static void every_route_is_there_once_in_table_order(void **state)
{
    struct ground *g = *state;
    assert_string_equal(names(g, AT("paths"), NULL), "/api/tasks /api/tasks/{id} /api/tasks/{id}/hand_over "
                                                     "/api/session /hooks/{account}/{secret} /health");
    assert_string_equal(names(g, AT("paths", "/api/tasks"), NULL), "get post");
    assert_string_equal(names(g, AT("tags"), "name"), "tasks session hooks health");
    assert_true(str_is(json_str(AT("openapi")), "3.1.0"));
}

static void operations_have_stable_names(void **state)
{
    struct ground *g = *state;
    static const struct { const char *path, *method, *id; } cases[] = {
        { "/api/tasks", "get", "getTasks" },
        { "/api/tasks", "post", "postTasks" },
        { "/api/tasks/{id}", "patch", "patchTasksById" },
        { "/api/tasks/{id}/hand_over", "post", "postTasksByIdHandOver" },
        { "/hooks/{account}/{secret}", "post", "postHooksByAccountBySecret" },
        { "/health", "get", "getHealth" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(
            str_zero(&g->a, json_str(AT("paths", cases[i].path, cases[i].method, "operationId"))),
            cases[i].id);
}

static void a_list_has_page_sort_and_filter_parameters(void **state)
{
    struct ground *g = *state;
    const struct json *list = AT("paths", "/api/tasks", "get", "parameters");
    assert_string_equal(names(g, list, "name"),
                        "mine qty #/components/parameters/limit #/components/parameters/after "
                        "#/components/parameters/q sort title state "
                        "sum_from sum_to due_from due_to qty_from qty_to");
    const struct json *sort = json_path(json_at(list, 5), "schema.enum");
    assert_string_equal(names(g, sort, NULL), "id -id state -state due_at -due_at");
    assert_string_equal(names(g, json_path(json_at(list, 7), "schema.items.enum"), NULL), "open done");
    assert_string_equal(names(g,
                              AT("paths", "/api/tasks", "get", "responses", "200", "content",
                                 "application/json", "schema", "required"),
                              NULL),
                        "items next");
    assert_true(str_is(json_str(AT("paths", "/api/tasks", "get", "summary")), "All \"tasks\""));
}

static void bodies_answers_and_headers_follow_the_row(void **state)
{
    struct ground *g = *state;
    static const char *const json_schema[] = { "content", "application/json", "schema", "$ref", NULL };
    assert_true(str_is(json_str(down(AT("paths", "/api/tasks", "post", "requestBody"), json_schema)),
                       "#/components/schemas/tasks_create"));
    assert_true(str_is(json_str(down(AT("paths", "/api/tasks", "post", "responses", "201"), json_schema)),
                       "#/components/schemas/tasks"));
    assert_true(str_is(json_str(down(AT("paths", "/api/tasks/{id}", "patch", "requestBody"), json_schema)),
                       "#/components/schemas/tasks_edit"));
    assert_string_equal(names(g, AT("paths", "/api/tasks", "post", "parameters"), "name"),
                        "#/components/parameters/idempotency_key");
    assert_string_equal(names(g, AT("paths", "/api/tasks/{id}", "patch", "parameters"), "name"),
                        "id #/components/parameters/if_match");
    assert_non_null(AT("paths", "/api/tasks/{id}", "delete", "responses", "204"));
    assert_true(str_is(
        json_str(down(AT("paths", "/api/tasks/{id}/hand_over", "post", "responses", "200"), json_schema)),
        "#/components/schemas/outcome"));
    assert_non_null(AT("paths", "/hooks/{account}/{secret}", "post", "requestBody", "content", "*/*"));
    assert_string_equal(names(g, AT("paths", "/hooks/{account}/{secret}", "post", "parameters"), "name"),
                        "account secret");
    assert_true(str_is(json_str(AT("paths", "/health", "get", "responses", "default", "$ref")),
                       "#/components/responses/problem"));
}

static void only_public_routes_need_no_key(void **state)
{
    struct ground *g = *state;
    assert_int_equal(AT("paths", "/health", "get", "security")->count, 0);
    assert_string_equal(str_zero(&g->a, json_print(&g->a, AT("paths", "/api/tasks", "get", "security"))),
                        "[{\"session\":[]},{\"key\":[]}]");
    assert_string_equal(str_zero(&g->a, json_print(&g->a, AT("paths", "/api/tasks", "post", "security"))),
                        "[{\"session\":[],\"csrf\":[]},{\"key\":[]}]");
    assert_true(str_is(json_str(AT("components", "securitySchemes", "csrf", "name")), "X-CSRF-Token"));
    assert_true(str_is(json_str(AT("paths", "/api/tasks", "get", "x-permission")),
                       permission_names[PERM_ORDERS_SEE]));
}

static void a_problem_lists_every_code_once(void **state)
{
    struct ground *g = *state;
    const struct json *codes = AT("components", "schemas", "problem", "properties", "code", "enum");
    for (int i = 1; i < ERR_COUNT; i++) {
        int seen = 0;
        JSON_EACH(code, codes)
            seen += str_is(json_str(code), err_kind(i)->code);
        assert_int_equal(seen, 1);
    }
}

/* Every "$ref" leads somewhere. */
static void refs_check(struct ground *g, const struct json *at)
{
    JSON_EACH(child, at) {
        if (!str_is(child->key, "$ref")) {
            refs_check(g, child);
            continue;
        }
        str rest = json_str(child), part;
        const struct json *to = g->doc;
        assert_true(str_split(&rest, '/', &part) && str_is(part, "#"));
        while (str_split(&rest, '/', &part))
            to = json_get(to, str_zero(&g->a, part));
        if (!to)
            fail_msg("%.*s leads nowhere", STR_ARG(json_str(child)));
    }
}

static void every_reference_leads_somewhere(void **state)
{
    struct ground *g = *state;
    refs_check(g, g->doc);
    assert_string_equal(names(g, AT("components", "schemas"), NULL),
                        "problem tasks tasks_create tasks_edit outcome");
}

static void a_wrong_table_is_refused(void **state)
{
    struct ground *g = *state;
    static const struct route twice[] = { { HTTP_GET, "/api/a-b", PERM_PUBLIC, nothing },
                                          { HTTP_GET, "/api/a/b", PERM_PUBLIC, nothing },
                                          { HTTP_NONE } };
    static const struct route unknown[] = {
        { HTTP_GET, "/api/a", PERM_PUBLIC, nothing, .reply_schema = "missing" }, { HTTP_NONE }
    };
    static const struct route clash[] = {
        { HTTP_GET, "/api/a", PERM_PUBLIC, nothing, .reply = &other_record }, { HTTP_NONE }
    };
    static const struct { const struct route *more; const char *text; } cases[] = {
        { twice, "name of another operation" }, { unknown, "does not exist" }, { clash, "second record" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct buf out = buf_in(&g->a);
        assert_false(openapi_write((const struct route *const[]){ tasks_routes, cases[i].more, NULL }, extra,
                                   &out, &err));
        assert_int_equal(err.code, ERR_INTERNAL);
        assert_non_null(strstr(err.item[0].text, cases[i].text));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_there_once_in_table_order),
        cmocka_unit_test(operations_have_stable_names),
        cmocka_unit_test(a_list_has_page_sort_and_filter_parameters),
        cmocka_unit_test(bodies_answers_and_headers_follow_the_row),
        cmocka_unit_test(only_public_routes_need_no_key),
        cmocka_unit_test(a_problem_lists_every_code_once),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(a_wrong_table_is_refused),
    };
    return cmocka_run_group_tests(tests, ground_make, ground_end);
}
