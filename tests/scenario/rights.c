/* Every route × everybody: what is not granted is refused, what is granted is not refused for want of that right. */
#include "base/permission.h"
#include "scenario/routes.h"

#include <stdio.h>
#include <stdlib.h>

/* Everybody, with the rights that the handbook gives them; a key has what its scopes say. */
struct asker { const char *name; uint64_t rights; bool is_nobody; str key; };

/* SAUDA_MATRIX names a file: what came of each is written there as a table, for docs/measured.md. */
enum { COLUMNS = ROLE_COUNT + 3 };
struct matrix { const struct route *route[400]; int status[400][COLUMNS], count; };
struct walk { struct asker *who; int routes, asked, column; struct matrix *matrix; };

static struct client_reply ask_plainly(struct house *h, const struct route *r)
{
    static const struct http_header extra[] = { { STR_INIT("If-Match"), STR_INIT("1") }, { { 0 }, { 0 } } };
    struct client_ask ask = { .method = http_method_names[r->method], .path = route_path(&h->arena, r, STR("1")), .extra = extra };
    if (r->method != HTTP_GET && r->method != HTTP_DELETE)
        ask.body = STR("{}");
    return client_send(&h->client, &ask);
}

static void visit(struct house *h, const struct route *r, void *ctx)
{
    struct walk        *w    = ctx;
    const char         *name = w->who->name, *method = http_method_names[r->method];
    struct client_reply got  = ask_plainly(h, r);
    str                 code = json_str(json_get(got.json, "code"));
    str                 lack = str_print(&h->arena, "this needs the right \\\"%s\\\"", permission_names[r->permission]);
    bool                open = r->permission == PERM_PUBLIC;
    bool                may  = open || (!w->who->is_nobody && (r->permission == PERM_SIGNED_IN || permission_in(w->who->rights, r->permission)));

    if (w->matrix && w->asked < COUNT_OF(w->matrix->route)) {
        w->matrix->route[w->asked] = r;
        w->matrix->status[w->asked][w->column] = got.status;
        w->matrix->count = w->asked + 1;
    }
    w->asked++;
    if (got.status == 0 || got.status >= 500)
        fail_msg("%s %s as %s: %d %.*s", method, r->path, name, got.status, STR_ARG(utf8_cut(got.body, 400)));
    if (w->who->is_nobody && !open && got.status != 401)
        fail_msg("%s %s signed out: %d, not 401", method, r->path, got.status);
    if (!w->who->is_nobody && !may && (got.status != 403 || !str_is(code, "forbidden")))
        fail_msg("%s %s as %s: %d %.*s, not 403 forbidden", method, r->path, name, got.status, STR_ARG(code));
    if (may && !open && (got.status == 401 || str_has(got.body, lack)))
        fail_msg("%s %s as %s: %d %.*s, though the right \"%s\" is there", method, r->path, name, got.status,
                 STR_ARG(utf8_cut(got.body, 200)), permission_names[r->permission]);
}

static void key_make(struct house *h, struct asker *a, const char *scope)
{
    struct err err = { 0 };
    if (!house_as(h, STR("owner"), &err))
        fail_msg("%s", err.item[0].text);
    str body = str_print(&h->arena, "{\"name\":\"%s\",\"scopes\":[\"%s\"]}", scope, scope);
    struct client_reply r = house_send(h, "POST", STR("/api/keys"), body);
    a->key = json_str(json_get(r.json, "secret"));
    if (!a->key.len)
        fail_msg("%d %.*s", r.status, STR_ARG(r.body));
}

/* Somebody with a role that the shop has made itself, and nothing besides. */
static void own_role_make(struct house *h, struct asker *a, const char *login, const char *rights)
{
    struct err err = { 0 };
    if (!house_as(h, STR("owner"), &err))
        fail_msg("%s", err.item[0].text);
    struct client_reply r = house_send(h, "POST", STR("/api/roles"), str_print(&h->arena, "{\"name\":\"%s\",\"permissions\":[%s]}", login, rights));
    str id = json_str(json_get(r.json, "id"));
    if (r.status != 201)
        fail_msg("%d %.*s", r.status, STR_ARG(r.body));
    r = house_send(h, "POST", STR("/api/users"),
                   str_print(&h->arena, "{\"name\":\"%s\",\"login\":\"%s\",\"roles\":[],\"own_roles\":[\"%.*s\"],\"password\":\"" HOUSE_SECRET "\"}",
                             login, login, STR_ARG(id)));
    if (r.status != 201)
        fail_msg("%d %.*s", r.status, STR_ARG(r.body));
    a->name = login;
}

/* "yes": not refused for want of a right, whatever else may be wrong with an empty body. */
static const char *word_of(int status) { return status == 401 ? "sign in" : status == 403 ? "no" : "yes"; }

static void matrix_write(const struct matrix *m, const char *const *names)
{
    const char *path = getenv("SAUDA_MATRIX");
    FILE       *out  = path ? fopen(path, "w") : NULL;
    if (!out)
        return;
    fprintf(out, "| route | right |");
    for (int c = 0; c < COLUMNS; c++)
        fprintf(out, " %s |", names[c]);
    fprintf(out, "\n|---|---|");
    for (int c = 0; c < COLUMNS; c++)
        fprintf(out, "---|");
    for (int i = 0; i < m->count; i++) {
        fprintf(out, "\n| %s %s | %s |", http_method_names[m->route[i]->method], m->route[i]->path, permission_names[m->route[i]->permission]);
        for (int c = 0; c < COLUMNS; c++)
            fprintf(out, " %s |", word_of(m->status[i][c]));
    }
    fprintf(out, "\n");
    fclose(out);
}

static void everybody_may_exactly_what_the_role_allows(void **state)
{
    struct house *h   = calloc(1, sizeof *h);
    struct err    err = { 0 };
    if (!h || !house_open(h, *state, STR(""), &err))
        fail_msg("%s", err.item[0].text);
    uint64_t plain = (uint64_t)1 << PERM_SIGNED_IN;
    struct asker all[ROLE_COUNT + 1] = { { .name = "nobody", .is_nobody = true } };
    /* The owner comes last: until then there is somebody who can make the others. */
    for (int i = 0; i < ROLE_COUNT; i++)
        all[1 + i] = (struct asker){ .name = role_names[ROLE_COUNT - 1 - i], .rights = roles_permissions(BIT(ROLE_COUNT - 1 - i)) };
    /* A key of each scope alone. */
    struct asker keys[PERM_COUNT - PERM_SIGNED_IN - 1];
    for (int k = 0; k < COUNT_OF(keys); k++) {
        int p = PERM_SIGNED_IN + 1 + k;
        keys[k] = (struct asker){ .name = permission_names[p], .rights = plain | (uint64_t)1 << p };
        key_make(h, &keys[k], permission_names[p]);
    }

    const uint64_t desk = plain | (uint64_t)1 << PERM_ORDERS_SEE | (uint64_t)1 << PERM_ORDERS_NOTE | (uint64_t)1 << PERM_EXPORT;
    struct asker own[] = { { .rights = desk }, { .rights = plain | (uint64_t)1 << PERM_SETTINGS | (uint64_t)1 << PERM_AUDIT } };
    own_role_make(h, &own[0], "desk", "\"orders.see\",\"orders.note\",\"export\"");
    own_role_make(h, &own[1], "keeper", "\"settings\",\"audit\"");

    int asked = 0, column = 0;
    struct matrix *matrix = calloc(1, sizeof *matrix);
    const char *names[COLUMNS];
    for (int k = 0; k < COUNT_OF(own); k++) {
        struct walk w = { .who = &own[k], .matrix = matrix, .column = column };
        names[column++] = k ? "settings+audit" : "orders.see+note+export";
        if (!house_as(h, str_of(own[k].name), &err))
            fail_msg("%s", err.item[0].text);
        routes_each(h, visit, &w);
        asked += w.asked;
    }
    for (int k = 0; k < COUNT_OF(keys); k++) {
        struct walk w = { .who = &keys[k] };
        client_sign_out(&h->client);
        h->client.key = keys[k].key;
        routes_each(h, visit, &w);
        asked += w.asked;
    }
    for (int i = 0; i <= ROLE_COUNT; i++) {
        struct walk w = { .who = &all[i], .matrix = matrix, .column = column };
        names[column++] = all[i].name;
        if (!house_as(h, str_of(all[i].name), &err))
            fail_msg("%s", err.item[0].text);
        routes_each(h, visit, &w);
        asked += w.asked;
    }
    assert_true(asked > (9 + COUNT_OF(keys)) * 150);
    assert_int_equal(column, COLUMNS);
    matrix_write(matrix, names);
    free(matrix);
    house_close(h);
    free(h);
}

/* A route that changes something must not be open to a forged form of another site. */
static void forge(struct house *h, const struct route *r, void *ctx)
{
    static const struct http_header extra[] = { { STR_INIT("If-Match"), STR_INIT("1") }, { STR_INIT("X-CSRF-Token"), STR_INIT("forged") },
                                                { { 0 }, { 0 } } };
    struct client_ask ask = { .method = http_method_names[r->method], .path = route_path(&h->arena, r, STR("1")), .extra = extra };
    (void)ctx;
    if (r->method == HTTP_GET || r->permission == PERM_PUBLIC)
        return;
    struct client_reply got = client_send(&h->client, &ask);
    if (got.status != 403 || !str_is(json_str(json_get(got.json, "code")), "csrf"))
        fail_msg("%s %s with a forged token: %d", ask.method, r->path, got.status);
}

static void nothing_changes_without_the_token_of_the_session(void **state)
{
    struct house *h   = calloc(1, sizeof *h);
    struct err    err = { 0 };
    if (!h || !house_open(h, *state, STR(""), &err))
        fail_msg("%s", err.item[0].text);
    routes_each(h, forge, NULL);
    assert_int_equal(house_send(h, "GET", STR("/api/session"), (str){ 0 }).status, 200);
    house_close(h);
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_may_exactly_what_the_role_allows),
        cmocka_unit_test(nothing_changes_without_the_token_of_the_session),
    };
    return test_shops(tests, COUNT_OF(tests));
}
