/* What goes over the wire: every GET route as everybody, over a shop with its morning of orders. Who may not see contacts or prices
 * finds none in any answer, in whatever member; credentials reach nobody; and what is not granted is refused. */
#include "base/buf.h"
#include "base/permission.h"
#include "scenario/routes.h"

#include <stdio.h>
#include <stdlib.h>

enum { CARDS = 12, LEAKS_SHOWN = 20 };

struct known { struct str_list contacts, prices, orders, customers, names, phones; };
struct walk { const struct known *known; const char *role; uint64_t rights; int asked, contacts_seen, prices_seen, leaks; };

static const char *const credentials[] = { "shop-1-token", HOUSE_WB_TOKEN, "0296d4f2", HOUSE_SECRET, NULL };

static void keep(struct house *h, struct str_list *list, str s)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i], s))
            return;
    if (s.len)
        *str_list_add(list, &h->arena) = str_copy(&h->arena, s);
}

static bool is_one_of(str key, const char *const *names)
{
    for (; *names; names++)
        if (str_is(key, *names))
            return true;
    return false;
}

/* Whatever the owner is shown of contacts and sums, as the others must not find it. */
static void learn(struct house *h, struct known *k, const struct json *at)
{
    static const char *const phones[] = { "phone", "recipient_phone", NULL };
    static const char *const others[] = { "email", "delivery_address", "address", NULL };
    static const char *const sums[]   = { "total", "grand_total", "goods_total", "unit_price", "line_total", NULL };
    str value = at && at->kind == JSON_TEXT ? at->text : (str){ 0 };
    amount sum;
    if (value.len > 10 && is_one_of(at->key, phones)) {
        keep(h, &k->contacts, str_sub(value, value.len - 10, 10));
        keep(h, &k->phones, value);
    } else if (value.len > 7 && is_one_of(at->key, others)) {
        keep(h, &k->contacts, value);
    } else if (value.len > 6 && is_one_of(at->key, sums) && json_amount(at, &sum)) {
        keep(h, &k->prices, str_print(&h->arena, "\"%.*s\"", STR_ARG(value)));
    }
    JSON_EACH(child, at)
        learn(h, k, child);
}

static void learn_list(struct house *h, struct known *k, const char *list, const char *one, struct str_list *ids)
{
    struct client_reply all = house_send(h, "GET", str_of(list), (str){ 0 });
    assert_int_equal(all.status, 200);
    learn(h, k, all.json);
    JSON_EACH(row, json_get(all.json, "items")) {
        if (ids->count == CARDS)
            break;
        keep(h, ids, json_str(json_get(row, "id")));
        keep(h, &k->names, json_str(json_get(row, "name")));
    }
    for (int i = 0; i < ids->count; i++) {
        struct client_reply card = house_send(h, "GET", str_print(&h->arena, "%s/%.*s", one, STR_ARG(ids->at[i])), (str){ 0 });
        assert_int_equal(card.status, 200);
        learn(h, k, card.json);
    }
}

/* A phone is found however it is grouped. */
static str squeezed(struct arena *a, str body)
{
    struct buf out = buf_in(a);
    for (size_t i = 0; i < body.len; i++) {
        if (body.at[i] == '\xc2' && i + 1 < body.len && body.at[i + 1] == '\xa0')
            i++;
        else if (body.at[i] != '-' && body.at[i] != '(' && body.at[i] != ')' && body.at[i] != ' ')
            buf_add_char(&out, body.at[i]);
    }
    return buf_str(&out);
}

static int found(struct walk *w, const struct str_list *words, str body, str tight, bool may, str path, const char *what)
{
    int n = 0;
    for (int i = 0; i < words->count; i++) {
        if (!str_has(body, words->at[i]) && !str_has(tight, words->at[i]))
            continue;
        if (!may && n == 0 && w->leaks++ < LEAKS_SHOWN)
            fprintf(stderr, "LEAK %s %.*s: %s %.*s\n", w->role, STR_ARG(path), what, STR_ARG(words->at[i]));
        n++;
    }
    return n;
}

static void ask(struct house *h, struct walk *w, const struct route *r, str path)
{
    struct client_reply got  = house_send(h, "GET", path, (str){ 0 });
    bool may   = r->permission == PERM_PUBLIC || permission_in(w->rights, r->permission);
    str  tight = squeezed(&h->arena, got.body);
    w->asked++;
    if (!may && got.status != 403)
        fail_msg("%.*s as %s: %d, not 403", STR_ARG(path), w->role, got.status);
    w->contacts_seen += found(w, &w->known->contacts, got.body, tight, may && permission_in(w->rights, PERM_CONTACTS_SEE), path, "contact");
    w->prices_seen   += found(w, &w->known->prices, got.body, tight, may && permission_in(w->rights, PERM_PRICES_SEE), path, "price");
    for (const char *const *c = credentials; *c; c++)
        if (str_has(got.body, str_of(*c)))
            fail_msg("%.*s as %s: the credential %s", STR_ARG(path), w->role, *c);
}

static void ask_cards(struct house *h, struct walk *w, const struct route *r, const struct str_list *ids)
{
    for (int i = 0; i < ids->count; i++)
        ask(h, w, r, route_path(&h->arena, r, ids->at[i]));
}

/* The fullest answers of a route: big pages, every format, searches for what somebody knows of a customer. */
static void visit(struct house *h, const struct route *r, void *ctx)
{
    struct walk *w = ctx;
    struct arena *a = &h->arena;
    if (r->method != HTTP_GET)
        return;
    if (str_starts(str_of(r->path), STR("/api/orders/{")))
        ask_cards(h, w, r, &w->known->orders);
    else if (str_starts(str_of(r->path), STR("/api/customers/{")))
        ask_cards(h, w, r, &w->known->customers);
    else
        ask(h, w, r, route_path(a, r, STR("1")));
    if (strcmp(r->path, "/api/export/orders") == 0) {
        ask(h, w, r, STR("/api/export/orders?format=jsonl"));
        ask(h, w, r, STR("/api/export/orders?format=csv"));
    }
    for (int i = 0; strcmp(r->path, "/api/search") == 0 && i < w->known->phones.count && i < CARDS; i++) {
        str phone = w->known->phones.at[i];
        ask(h, w, r, str_print(a, "/api/search?q=%.*s", STR_ARG(str_sub(phone, phone.len - 4, 4))));
        ask(h, w, r, str_print(a, "/api/search?q=8%.*s", STR_ARG(str_sub(phone, phone.len - 10, 10))));
    }
    for (int i = 0; strcmp(r->path, "/api/search") == 0 && i < w->known->names.count; i++)
        ask(h, w, r, str_print(a, "/api/search?q=%.*s", STR_ARG(w->known->names.at[i])));
    for (const struct query_param *q = r->query; q && q->name; q++)
        if (strcmp(q->name, "limit") == 0 && !strchr(r->path, '{'))
            ask(h, w, r, str_print(a, "%s?limit=100", r->path));
}

static void walk_as(struct house *h, struct walk *w, int *leaks)
{
    struct err err = { 0 };
    if (!house_as(h, str_of(w->role), &err))
        fail_msg("%s", err.item[0].text);
    routes_each(h, visit, w);
    assert_true(w->asked > 60);
    /* The walk finds what there is, so that finding nothing means something. */
    if (permission_in(w->rights, PERM_CONTACTS_SEE))
        assert_true(w->contacts_seen > 10);
    if (permission_in(w->rights, PERM_PRICES_SEE))
        assert_true(w->prices_seen > 10);
    *leaks += w->leaks;
}

/* A role of the shop's own that sees orders, customers and sums, and no contacts. */
static void own_role_make(struct house *h)
{
    struct client_reply r = house_send(h, "POST", STR("/api/roles"),
        STR("{\"name\":\"analyst\",\"permissions\":[\"orders.see\",\"customers.see\",\"prices.see\",\"export\"]}"));
    str body = str_print(&h->arena, "{\"name\":\"analyst\",\"login\":\"analyst\",\"roles\":[],\"own_roles\":[\"%.*s\"],\"password\":\"" HOUSE_SECRET "\"}",
                         STR_ARG(json_str(json_get(r.json, "id"))));
    r = house_send(h, "POST", STR("/api/users"), body);
    if (r.status != 201)
        fail_msg("%d %.*s", r.status, STR_ARG(r.body));
}

static void nobody_is_sent_what_the_role_may_not_see(void **state)
{
    struct house *h   = calloc(1, sizeof *h);
    struct err    err = { 0 };
    struct known  k   = { 0 };
    str id;
    if (!h || !house_open(h, *state, STR("karapuz"), &err) || !house_connect(h, STR("kaspi"), STR("Kaspi"), NULL, &id, &err) ||
        !house_connect(h, STR("ozon"), STR("Ozon"), NULL, &id, &err) || !house_run(h, &err) || !house_run(h, &err) ||
        !house_as(h, STR("owner"), &err))
        fail_msg("%s", err.item[0].text);
    learn_list(h, &k, "/api/queue?limit=100", "/api/orders", &k.orders);
    learn_list(h, &k, "/api/customers?limit=100", "/api/customers", &k.customers);
    assert_true(k.contacts.count > 10);
    assert_true(k.prices.count > 10);
    own_role_make(h);

    int leaks = 0;
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct walk w = { .known = &k, .role = role_names[role], .rights = roles_permissions(BIT(role)) };
        walk_as(h, &w, &leaks);
    }
    struct walk own = { .known = &k, .role = "analyst", .rights = roles_permissions(0) | (uint64_t)1 << PERM_ORDERS_SEE |
                        (uint64_t)1 << PERM_CUSTOMERS_SEE | (uint64_t)1 << PERM_PRICES_SEE | (uint64_t)1 << PERM_EXPORT };
    walk_as(h, &own, &leaks);
    assert_int_equal(leaks, 0);
    house_close(h);
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nobody_is_sent_what_the_role_may_not_see) };
    return test_shops(tests, COUNT_OF(tests));
}
