/* Every route × people and keys that see one account × what belongs to another: nothing of it is shown, nothing of it is changed. */
#include "base/buf.h"
#include "base/permission.h"
#include "scenario/routes.h"

#include <stdlib.h>

enum { ORDERS_KEPT = 3, IDS_MAX = 24 };

struct foreign { str account; struct str_list ids, numbers; };
struct walk { const struct foreign *of; const char *who; int asked; };

static void keep(struct house *h, struct str_list *list, str s)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i], s))
            return;
    *str_list_add(list, &h->arena) = str_copy(&h->arena, s);
}

/* Ids of the order and of all that hangs on it: lines, commands, steps, tasks, its buyer. */
static void learn_ids(struct house *h, struct foreign *f, const struct json *at)
{
    rid id;
    if (at && at->kind == JSON_TEXT && (str_is(at->key, "id") || str_ends(at->key, STR("_id"))) && f->ids.count < IDS_MAX &&
        !str_is(at->key, "account_id") && !str_is(at->key, "assignee_id") && id_parse(at->text, &id))
        keep(h, &f->ids, at->text);
    JSON_EACH(child, at)
        learn_ids(h, f, child);
}

static void learn(struct house *h, struct foreign *f)
{
    struct client_reply all = house_send(h, "GET", str_print(&h->arena, "/api/queue?limit=100&account_id=%.*s", STR_ARG(f->account)), (str){ 0 });
    assert_int_equal(all.status, 200);
    int taken = 0;
    JSON_EACH(row, json_get(all.json, "items")) {
        keep(h, &f->numbers, json_str(json_get(row, "number")));
        if (taken++ >= ORDERS_KEPT)
            continue;
        str id = json_str(json_get(row, "id"));
        (void)house_send(h, "POST", str_print(&h->arena, "/api/orders/%.*s/tasks", STR_ARG(id)), STR("{\"title\":\"look\"}"));
        keep(h, &f->ids, id);
        learn_ids(h, f, house_send(h, "GET", str_print(&h->arena, "/api/orders/%.*s", STR_ARG(id)), (str){ 0 }).json);
    }
    assert_true(f->numbers.count > 10 && f->ids.count > ORDERS_KEPT);
}

static void look(struct walk *w, const struct client_ask *ask, const struct client_reply *got)
{
    w->asked++;
    if (got->status == 0 || got->status >= 500)
        fail_msg("%s %.*s as %s: %d", ask->method, STR_ARG(ask->path), w->who, got->status);
    for (int i = 0; i < w->of->numbers.count; i++)
        if (str_has(got->body, w->of->numbers.at[i]) && !str_has(ask->path, w->of->numbers.at[i]))
            fail_msg("%s %.*s as %s shows the order %.*s: %.*s", ask->method, STR_ARG(ask->path), w->who, STR_ARG(w->of->numbers.at[i]),
                     STR_ARG(utf8_cut(got->body, 300)));
}

static void visit(struct house *h, const struct route *r, void *ctx)
{
    static const struct http_header extra[] = { { STR_INIT("If-Match"), STR_INIT("1") }, { { 0 }, { 0 } } };
    struct walk      *w     = ctx;
    bool              reads = r->method == HTTP_GET, has_place = strchr(r->path, '{') != NULL;
    struct arena_mark mark  = arena_mark(&h->arena);
    /* Hooks prove themselves by a signature; what ends one's own session would end the walk. */
    if (r->permission == PERM_PUBLIC || strncmp(r->path, "/api/session", 12) == 0)
        return;
    if (!has_place && reads) {
        struct client_ask ask = { .method = "GET", .path = str_of(r->path) };
        struct client_reply got = client_send(&h->client, &ask);
        look(w, &ask, &got);
    }
    for (const struct query_param *q = r->query; q && q->name && reads && !has_place; q++)
        if (strcmp(q->name, "q") == 0 || strcmp(q->name, "account_id") == 0 || strcmp(q->name, "limit") == 0) {
            str value = strcmp(q->name, "q") == 0 ? w->of->numbers.at[0] : strcmp(q->name, "limit") == 0 ? STR("100") : w->of->account;
            struct client_ask ask = { .method = "GET", .path = str_print(&h->arena, "%s?%s=%.*s", r->path, q->name, STR_ARG(value)) };
            struct client_reply got = client_send(&h->client, &ask);
            look(w, &ask, &got);
        }
    for (int i = 0; i < w->of->ids.count && has_place; i++) {
        struct client_ask ask = { .method = http_method_names[r->method], .path = route_path(&h->arena, r, w->of->ids.at[i]), .extra = extra };
        if (!reads && r->method != HTTP_DELETE)
            ask.body = STR("{}");
        struct client_reply got = client_send(&h->client, &ask);
        look(w, &ask, &got);
        if (!reads && got.status < 300)
            fail_msg("%s %.*s as %s is carried out: %d", ask.method, STR_ARG(ask.path), w->who, got.status);
        arena_back(&mark);
    }
    arena_back(&mark);
}

/* All the rights there are, and one account. */
static void people_make(struct house *h, str account, str *key)
{
    struct buf scopes = buf_in(&h->arena);
    for (int p = PERM_SIGNED_IN + 1; p < PERM_COUNT; p++)
        buf_print(&scopes, "%s\"%s\"", scopes.len ? "," : "", permission_names[p]);
    struct client_reply r = house_send(h, "POST", STR("/api/keys"),
        str_print(&h->arena, "{\"name\":\"all\",\"scopes\":[%.*s],\"accounts\":[\"%.*s\"]}", STR_ARG(buf_str(&scopes)), STR_ARG(account)));
    *key = json_str(json_get(r.json, "secret"));
    if (r.status != 201)
        fail_msg("%d %.*s", r.status, STR_ARG(r.body));
    for (int role = 0; role < ROLE_COUNT; role++) {
        r = house_send(h, "POST", STR("/api/users"),
            str_print(&h->arena, "{\"name\":\"north\",\"login\":\"north-%s\",\"roles\":[\"%s\"],\"accounts\":[\"%.*s\"],\"password\":\"" HOUSE_SECRET "\"}",
                      role_names[role], role_names[role], STR_ARG(account)));
        if (r.status != 201)
            fail_msg("%d %.*s", r.status, STR_ARG(r.body));
    }
}

static str versions_of(struct house *h, const struct foreign *f)
{
    struct buf b = buf_in(&h->arena);
    for (int i = 0; i < ORDERS_KEPT; i++) {
        struct client_reply r = house_send(h, "GET", str_print(&h->arena, "/api/orders/%.*s", STR_ARG(f->ids.at[i])), (str){ 0 });
        buf_print(&b, "%.*s ", STR_ARG(json_str(json_get(r.json, "version"))));
    }
    return buf_str(&b);
}

static void who_sees_one_account_meets_nothing_of_another(void **state)
{
    struct house  *h   = calloc(1, sizeof *h);
    struct err     err = { 0 };
    struct foreign f   = { 0 };
    str            north = { 0 }, key = { 0 };
    int            asked = 0;
    if (!h || !house_open(h, *state, STR("karapuz"), &err) || !house_connect(h, STR("ozon"), STR("north"), NULL, &north, &err) ||
        !house_connect(h, STR("wb"), STR("south"), NULL, &f.account, &err) || !house_run(h, &err) || !house_run(h, &err) ||
        !house_as(h, STR("owner"), &err))
        fail_msg("%s", err.item[0].text);
    learn(h, &f);
    str before = versions_of(h, &f);
    people_make(h, north, &key);
    for (int role = 0; role <= ROLE_COUNT; role++) {
        struct walk w = { .of = &f, .who = role < ROLE_COUNT ? role_names[role] : "a key" };
        if (role < ROLE_COUNT && !house_as(h, str_print(&h->arena, "north-%s", role_names[role]), &err))
            fail_msg("%s", err.item[0].text);
        if (role == ROLE_COUNT) {
            client_sign_out(&h->client);
            h->client.key = key;
        }
        routes_each(h, visit, &w);
        asked += w.asked;
    }
    h->client.key = (str){ 0 };
    if (!house_as(h, STR("owner"), &err))
        fail_msg("%s", err.item[0].text);
    assert_true(str_eq(before, versions_of(h, &f)));
    assert_true(asked > 7 * 60 * 4);
    house_close(h);
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(who_sees_one_account_meets_nothing_of_another) };
    return test_shops(tests, COUNT_OF(tests));
}
