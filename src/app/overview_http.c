#include "app/overview_http.h"

#include "accounts/user_store.h"
#include "accounts/view_store.h"
#include "deadlines/shop.h"
#include "orders/intake_store.h"
#include "orders/order_store.h"
#include "orders/queue_http.h"
#include "orders/totals_store.h"
#include "orders/waiting_store.h"
#include "sync/channels_http.h"

#define URGENT_MAX 12

struct overview {
    struct request             *rq;
    struct arena               *a;
    struct queue_scope          scope;
    struct row_view             view;
    struct total_row_list       totals;
    struct queue_row_list       urgent;
    struct account_facts        facts;
    struct parked_count_list    parked;
};

static bool in_scope(const struct overview *v, rid account)
{
    for (int i = 0; i < v->scope.count; i++)
        if (id_eq(v->scope.accounts[i], account))
            return true;
    return v->scope.count == 0;
}

static bool load(struct overview *v, struct err *err)
{
    struct db          *db    = v->rq->work.db;
    struct queue_filter hot   = { .open_only = true, .statuses = BIT(HUB_NEW), .limit = URGENT_MAX,
                                  .zones = BIT(ZONE_BREACHED) | BIT(ZONE_RED) };
    bool                more;

    return totals_load(db, v->a, &v->totals, err) &&
           queue_rows(db, &hot, &v->scope, v->a, &v->urgent, &more, err) && account_facts_load(v->rq, &v->facts, err) &&
           intake_parked_counts(db, v->a, &v->parked, err);
}

/* Who only picks is told of the orders in hand alone, as the lists are. */
static bool status_in_scope(const struct overview *v, str status)
{
    int named = name_find(hub_status_names, status);
    return !v->scope.statuses || (named >= 0 && v->scope.statuses & BIT(named));
}

struct sums { int64_t n; int64_t total; };

static struct sums add_up(const struct overview *v, str status, str zone, rid account)
{
    struct sums s = { 0 };
    for (int i = 0; i < v->totals.count; i++) {
        const struct total_row *t = &v->totals.at[i];
        if ((status.len && !str_eq(t->status, status)) || (zone.len && !str_eq(t->zone, zone)) || !in_scope(v, t->account_id) ||
            !status_in_scope(v, t->status) || (id_is_set(account) && !id_eq(account, t->account_id)))
            continue;
        s.n += t->n;
        if (str_eq(t->currency, v->rq->work.shop->currency))
            s.total += t->total;
    }
    return s;
}

static void sums_write(struct json_out *j, const struct overview *v, const char *key, struct sums s)
{
    json_begin(j, key, '{');
    json_number(j, "count", s.n);
    if (v->view.prices)
        json_amount_text(j, "sum", (amount){ s.total });
    else
        json_null(j, "sum");
    json_end(j);
}

static void new_write(struct json_out *j, const struct overview *v)
{
    struct sums all = add_up(v, STR("new"), STR(""), (rid){ 0 });
    json_begin(j, "new", '{');
    json_number(j, "count", all.n);
    if (v->view.prices)
        json_amount_text(j, "sum", (amount){ all.total });
    else
        json_null(j, "sum");
    json_text(j, "currency", v->rq->work.shop->currency);
    json_begin(j, "channels", '[');
    for (int i = 0; i < v->facts.accounts.count; i++) {
        const struct channel_account *acc = &v->facts.accounts.at[i];
        if (!in_scope(v, acc->id))
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "account_id", acc->id);
        json_text(j, "channel", acc->channel);
        json_text(j, "name", acc->name);
        json_number(j, "count", add_up(v, STR("new"), STR(""), acc->id).n);
        json_end(j);
    }
    json_end(j);
    json_begin(j, "zones", '{');
    for (int z = 0; z < ZONE_COUNT; z++)
        sums_write(j, v, sla_zone_names[z], add_up(v, STR("new"), str_of(sla_zone_names[z]), (rid){ 0 }));
    json_end(j);
    struct sums late = add_up(v, STR("new"), STR("breached"), (rid){ 0 }), red = add_up(v, STR("new"), STR("red"), (rid){ 0 });
    sums_write(j, v, "hot", (struct sums){ late.n + red.n, late.total + red.total });
    json_end(j);
}

/* Zero is said too: beside what waits a screen shows what is in order. */
static void waiting_row(struct json_out *j, const char *kind, int64_t count, const char *query)
{
    json_begin(j, NULL, '{');
    json_text(j, "kind", str_of(kind));
    json_number(j, "count", count);
    json_text(j, "query", str_of(query));
    json_end(j);
}

static bool count_marked(const struct overview *v, unsigned marks, int64_t *out, struct err *err)
{
    struct queue_filter f = { .open_only = true, .marks = marks };
    struct queue_counts c;
    if (!queue_count(v->rq->work.db, &f, &v->scope, v->a, &c, err))
        return false;
    *out = c.all.n;
    return true;
}

/* Red orders that nobody has taken: a range at the head of the queue. */
static bool count_free(const struct overview *v, int64_t *out, struct err *err)
{
    struct queue_filter f = { .open_only = true, .zones = BIT(ZONE_BREACHED) | BIT(ZONE_RED), .by_assignee = true };
    struct queue_counts c;
    if (!queue_count(v->rq->work.db, &f, &v->scope, v->a, &c, err))
        return false;
    *out = c.all.n;
    return true;
}

/* What a person is waited for, most pressing first; each is a list that is ready to open. */
static bool waiting_write(struct json_out *j, const struct overview *v, struct err *err)
{
    struct db         *db   = v->rq->work.db;
    const struct zone *zone = v->rq->work.shop->zone;
    instant tomorrow = zone_instant(zone, zone_day(zone, v->rq->work.now) + 1, 0);
    int64_t problem, cancel, tasks, trouble, nobody, parked = 0;
    if (!count_marked(v, BIT(MARK_PROBLEM) | BIT(MARK_CLAIM), &problem, err) ||
        !count_marked(v, BIT(MARK_CANCEL_REQUESTED), &cancel, err) || !commands_in_trouble(db, &v->scope, &trouble, err) ||
        !tasks_due(db, v->rq->who.user_id, tomorrow, &tasks, err) || !count_free(v, &nobody, err))
        return false;
    for (int i = 0; i < v->parked.count; i++)
        parked += in_scope(v, v->parked.at[i].account_id) ? v->parked.at[i].n : 0;
    json_begin(j, "waiting", '[');
    waiting_row(j, "cancel_requested", cancel, "mark=cancel_requested");
    waiting_row(j, "tasks", tasks, "due=today");
    waiting_row(j, "dead", trouble, "");
    waiting_row(j, "unassigned", nobody, "assignee_id=none&zone=breached,red");
    waiting_row(j, "problem", problem, "mark=problem,claim");
    waiting_row(j, "parked", parked, "");
    json_end(j);
    return true;
}

static bool next_deadline(const struct overview *v, instant *out, struct err *err)
{
    struct queue_filter   f    = { .open_only = true, .statuses = BIT(HUB_NEW), .limit = 1 };
    struct queue_row_list list = { 0 };
    bool                  more;
    if (!queue_rows(v->rq->work.db, &f, &v->scope, v->a, &list, &more, err))
        return false;
    *out = list.count ? list.at[0].deadline_at : (instant){ 0 };
    return true;
}

/* From an empty shop to the first confirmed order; the product itself sees what is done. */
static bool checklist_write(struct json_out *j, const struct overview *v, struct err *err)
{
    int64_t people = 0, unknown = 0, done = 0;
    if (!user_count(v->rq->work.db, &people, err))
        return false;
    for (int i = 0; i < v->parked.count; i++)
        unknown += str_is(v->parked.at[i].problem_code, "channel.status") ? v->parked.at[i].n : 0;
    for (int i = 0; i < v->totals.count; i++)
        done += !str_is(v->totals.at[i].status, "new") && !str_is(v->totals.at[i].status, "cancelled") ? v->totals.at[i].n : 0;
    bool connected = v->facts.accounts.count > 0;
    const struct { const char *key; bool done; } items[] = {
        { "channel", connected }, { "statuses", connected && !unknown }, { "team", people > 1 },
        { "deadlines", v->rq->work.shop->book.policies.count > 0 }, { "first_order", done > 0 },
    };
    json_begin(j, "checklist", '[');
    for (int i = 0; i < COUNT_OF(items); i++) {
        json_begin(j, NULL, '{');
        json_text(j, "key", str_of(items[i].key));
        json_bool(j, "done", items[i].done);
        json_end(j);
    }
    json_end(j);
    return true;
}

static bool overview_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct overview v = { .rq = rq, .a = rq->work.arena, .scope = request_scope(rq), .view = request_view(rq) };
    instant         next;

    if (!load(&v, err) || !next_deadline(&v, &next, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", rq->work.now);
    new_write(&j, &v);
    json_begin(&j, "urgent", '[');
    for (int i = 0; i < v.urgent.count; i++)
        queue_row_write(&j, NULL, &v.urgent.at[i], &v.view);
    json_end(&j);
    json_instant(&j, "next_deadline_at", next);
    if (!waiting_write(&j, &v, err))
        return false;
    json_begin(&j, "channels", '[');
    for (int i = 0; i < v.facts.accounts.count; i++) {
        account_summary_write(rq, &v.facts, &v.facts.accounts.at[i], &j, NULL);
        json_end(&j);
    }
    json_end(&j);
    json_begin(&j, "path", '[');
    for (int s = HUB_NEW; s <= HUB_COMPLETED; s++) {
        struct sums n = add_up(&v, str_of(hub_status_names[s]), STR(""), (rid){ 0 });
        json_begin(&j, NULL, '{');
        json_text(&j, "status", str_of(hub_status_names[s]));
        json_number(&j, "count", n.n);
        if (v.view.prices)
            json_amount_text(&j, "sum", (amount){ n.total });
        else
            json_null(&j, "sum");
        json_end(&j);
    }
    json_end(&j);
    if (!checklist_write(&j, &v, err))
        return false;
    json_end(&j);
    return true;
}

/* ---- views of the order list, with counters ---- */

static const struct { const char *key, *query; } system_views[] = {
    { "new", "status=new" },
    { "to_assemble", "status=confirmed,assembling" },
    { "to_ship", "status=ready_to_ship" },
    { "in_delivery", "status=in_delivery,at_pickup" },
    { "problem", "mark=problem,claim,cancel_requested" },
    { "mine", "assignee_id=me" },
};

struct view_row { rid id; str key, name, query; bool system, shared, mine; int64_t position, version; };

static bool view_write(struct request *rq, struct json_out *j, const struct view_row *row, struct err *err)
{
    struct queue_scope  scope = request_scope(rq);
    struct queue_filter f;
    struct queue_counts c     = { 0 };
    struct err          odd   = { 0 };

    /* A view saved under older filters is shown without a counter rather than breaking the list. */
    if (request_filter(rq, row->query, &f, &odd)) {
        f.open_only = true;
        if (!queue_count(rq->work.db, &f, &scope, rq->work.arena, &c, err))
            return false;
    }
    json_begin(j, NULL, '{');
    json_id(j, "id", row->id);
    json_text_or_null(j, "key", row->key);
    json_text(j, "name", row->name);
    json_text(j, "query", row->query);
    json_bool(j, "system", row->system);
    json_bool(j, "shared", row->shared);
    json_bool(j, "mine", row->mine);
    json_number(j, "position", row->position);
    json_number(j, "count", c.all.n);
    json_number(j, "red", c.zones[ZONE_RED].n + c.zones[ZONE_BREACHED].n);
    json_number(j, "version", row->version);
    json_end(j);
    return true;
}

static bool views_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct view_list saved = { 0 };
    if (!views_list(rq->work.db, rq->who.user_id, STR("orders"), rq->work.arena, &saved, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '[');
    for (int i = 0; i < COUNT_OF(system_views); i++) {
        struct view_row row = { .key = str_of(system_views[i].key), .query = str_of(system_views[i].query), .system = true,
                                .shared = true, .position = i };
        if (!view_write(rq, &j, &row, err))
            return false;
    }
    for (int i = 0; i < saved.count; i++) {
        const struct view *s = &saved.at[i];
        struct view_row row  = { .id = s->id, .name = s->name, .query = s->query, .shared = s->shared,
                                 .mine = id_eq(s->owner_id, rq->who.user_id), .position = s->position, .version = s->version };
        if (!view_write(rq, &j, &row, err))
            return false;
    }
    json_end(&j);
    return true;
}

const struct route overview_routes[] = {
    { HTTP_GET, "/api/overview", PERM_ORDERS_SEE, overview_get, .reply_schema = "Overview", .tag = "orders",
      .doc = "What must be done right now, and is the day normal?" },
    { HTTP_GET, "/api/views", PERM_ORDERS_SEE, views_get, .reply_schema = "Views", .tag = "orders",
      .doc = "Lists of orders by name, with counters" },
    { .method = HTTP_NONE },
};
