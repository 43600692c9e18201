#include "webhooks/webhook_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "base/json_read.h"
#include "base/secret.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/order_store.h"
#include "returns/claim_store.h"
#include "returns/return_store.h"
#include "webhooks/webhook_body.h"

#define EVENTS_AT_ONCE 100

static str seal_context(struct arena *a, rid id)
{
    return str_print(a, "webhook:%lld", (long long)id.v);
}

/* ---- people ---- */

struct making { struct work *w; struct webhook *h; };

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct making *m = ctx;
    bool    others;
    int64_t last = 0;
    struct webhook_list on = { 0 };
    if (!event_last(db, &last, err) || !webhooks_enabled(db, m->w->arena, &on, err))
        return false;
    m->h->since_event = last;
    others = on.count > 0;
    return (others || webhook_cursor_set(db, m->w->arena, last, err)) && webhook_insert(db, m->h, err) &&
           audit_write(db, m->w, STR("webhook.create"), STR("webhook"), m->h->id, STR(""), webhook_audit(m->w->arena, m->h), err);
}

static bool events_ok(const struct webhook *h, struct err *err)
{
    return h->events.len || err_add(err, "events", "must name at least one event");
}

bool webhook_create(struct work *w, const struct secret_key *key, const struct grantor *by, struct webhook *io, str *secret, struct err *err)
{
    struct making m = { w, io };
    if (!events_ok(io, err) || !grant_check(by, "accounts", 0, w->arena, io->accounts, err))
        return false;
    *secret     = webhook_secret_new(w->arena);
    io->id      = work_id(w);
    io->name    = str_trim(io->name);
    io->sealed  = secret_seal(w->arena, key, *secret, seal_context(w->arena, io->id));
    io->enabled = true;
    io->version = 1;
    io->created_by = w->actor.id;
    io->created_at = io->updated_at = w->now;
    return db_tx(w->db, create_tx, &m, err);
}

struct editing { struct work *w; const struct webhook_edit *e; struct webhook *out; };

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct editing *m = ctx;
    struct webhook  old = { 0 };
    if (!webhook_get(db, m->e->id, m->w->arena, &old, err))
        return false;
    struct webhook now = *m->out = old;
    if (m->e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!grant_check(m->e->by, "accounts", 0, m->w->arena, old.accounts, err) || !m->e->change(&now, m->e->input, err) ||
        !events_ok(&now, err) || !grant_check(m->e->by, "accounts", 0, m->w->arena, now.accounts, err))
        return false;
    now.updated_at = m->w->now;
    if (now.enabled && (!old.enabled || !str_eq(old.url, now.url))) {       /* a fresh start */
        now.failures = now.pause_until = 0;
        now.failing_since = (instant){ 0 };
        now.stopped = STR("");
    }
    *m->out = now;
    if (!webhook_save(db, &old, m->out, err))
        return false;
    db_signal(db);
    return audit_write(db, m->w, STR("webhook.edit"), STR("webhook"), now.id, webhook_audit(m->w->arena, &old),
                       webhook_audit(m->w->arena, &now), err);
}

bool webhook_change(struct work *w, const struct webhook_edit *e, struct webhook *out, struct err *err)
{
    struct editing m = { w, e, out };
    return db_tx(w->db, change_tx, &m, err);
}

struct naming { struct work *w; rid id; const struct secret_key *key; str secret; struct webhook *out; struct webhook_delivery *delivery; };

static bool delete_tx(struct db *db, void *ctx, struct err *err)
{
    struct naming *m = ctx;
    struct webhook h = { 0 };
    return webhook_get(db, m->id, m->w->arena, &h, err) && webhook_remove(db, m->id, err) &&
           audit_write(db, m->w, STR("webhook.delete"), STR("webhook"), m->id, webhook_audit(m->w->arena, &h), STR(""), err);
}

bool webhook_delete(struct work *w, rid id, struct err *err)
{
    struct naming m = { .w = w, .id = id };
    return db_tx(w->db, delete_tx, &m, err);
}

static bool rotate_tx(struct db *db, void *ctx, struct err *err)
{
    struct naming *m = ctx;
    struct webhook old = { 0 };
    if (!webhook_get(db, m->id, m->w->arena, &old, err))
        return false;
    *m->out            = old;
    m->out->sealed_old = old.sealed;
    m->out->old_until  = instant_add(m->w->now, WEBHOOK_OLD_MS);
    m->out->sealed     = secret_seal(m->w->arena, m->key, m->secret, seal_context(m->w->arena, m->id));
    m->out->updated_at = m->w->now;
    return webhook_save(db, &old, m->out, err) &&
           audit_write(db, m->w, STR("webhook.rotate"), STR("webhook"), m->id, STR(""), STR(""), err);
}

bool webhook_rotate(struct work *w, const struct secret_key *key, rid id, struct webhook *out, str *secret, struct err *err)
{
    struct naming m = { .w = w, .id = id, .key = key, .secret = webhook_secret_new(w->arena), .out = out };
    *secret = m.secret;
    return db_tx(w->db, rotate_tx, &m, err);
}

bool webhook_secrets(struct work *w, const struct secret_key *key, const struct webhook *h, str out[2], int *count, struct err *err)
{
    str context = seal_context(w->arena, h->id);
    *count = 1;
    if (!secret_open(w->arena, key, h->sealed, context, &out[0], err))
        return false;
    bool both = h->sealed_old.len && h->old_until.ms > w->now.ms;
    if (both && secret_open(w->arena, key, h->sealed_old, context, &out[1], err))
        *count = 2;
    err_clear(err);
    return true;
}

/* A made-up order: tools that learn from one event see every field filled. */
static str test_body(struct work *w, enum webhook_contents contents)
{
    struct order_line  line  = { .order_id = { 1 }, .article = STR("KRP-1001"), .barcode = STR("4870000000017"), .title = STR("Смесь, 800 г"),
                                 .qty = 2, .has_price = true, .unit_price = { 490000 }, .line_total = { 980000 } };
    struct order_line_list lines = { .at = &line, .count = 1 };
    struct order o = {
        .id = { 1 }, .account_id = { 1 }, .channel = STR("kaspi"), .external_id = STR("test"), .number = STR("438000001"),
        .external_status = STR("APPROVED_BY_BANK"), .payment = PAY_PAID, .has_total = true, .grand_total = { 980000 },
        .currency = w->shop->currency, .placed_at = w->now, .deadline_at = instant_add(w->now, DAY_MS), .customer_name = STR("Айгүл Тест"),
        .recipient_name = STR("Айгүл Тест"), .recipient_phone = STR("+77000000000"), .delivery_method = STR("courier"),
        .delivery_address = STR("Абая 1"), .city = STR("Алматы"), .track = STR("TEST1"), .comment = STR("test"), .comment_buyer = STR("test"),
        .version = 1,
    };
    const struct webhook_told t = { .arena = w->arena, .at = w->now, .type = STR(WEBHOOK_TEST), .status = STR("confirmed"), .from = STR("new"), .order = &o,
                                    .lines = &lines };
    return webhook_body(&t, contents);
}

static bool test_tx(struct db *db, void *ctx, struct err *err)
{
    struct naming *m = ctx;
    struct webhook h = { 0 };
    if (!webhook_get(db, m->id, m->w->arena, &h, err))
        return false;
    if (!h.enabled)
        return err_set(err, ERR_ACTION_REFUSED, "enabled", "the webhook is off");
    *m->delivery = (struct webhook_delivery){
        .id = work_id(m->w), .webhook_id = h.id, .type = STR(WEBHOOK_TEST), .body = test_body(m->w, h.contents), .state = STR("waiting"),
        .not_before = m->w->now, .created_at = m->w->now,
    };
    h.pause_until = 0;                                      /* a person waits for it */
    db_signal(db);
    return webhook_health(db, &h, err) && deliveries_add(db, m->delivery, 1, m->w->arena, err);
}

bool webhook_test(struct work *w, rid id, struct webhook_delivery *out, struct err *err)
{
    struct naming m = { .w = w, .id = id, .delivery = out };
    return db_tx(w->db, test_tx, &m, err);
}

static bool again_tx(struct db *db, void *ctx, struct err *err)
{
    struct naming          *m = ctx;
    struct webhook_delivery d = { 0 };
    struct webhook          h = { 0 };
    if (!delivery_get(db, m->id, m->w->arena, &d, err) || !webhook_get(db, d.webhook_id, m->w->arena, &h, err))
        return false;
    h.pause_until = 0;
    db_signal(db);
    return webhook_health(db, &h, err) && delivery_again(db, m->id, m->w->now, err) &&
           audit_write(db, m->w, STR("webhook.retry"), STR("webhook"), d.webhook_id, STR(""), STR(""), err);
}

bool webhook_delivery_again(struct work *w, rid delivery_id, struct err *err)
{
    struct naming m = { .w = w, .id = delivery_id };
    return db_tx(w->db, again_tx, &m, err);
}

/* ---- events become deliveries ---- */

struct spreading { struct work *w; bool *more; };

static bool wants(struct arena *a, const struct webhook *h, const struct event *e)
{
    rid *scope = NULL;
    int  count = ids_read(a, h->accounts, &scope);
    if (e->id <= h->since_event)
        return false;
    for (int i = 0; i < count; i++)
        if (id_eq(scope[i], e->account_id))
            return true;
    return count == 0;
}

static void spread_one(struct work *w, const struct event *e, struct webhook_told *t, const struct webhook_list *hooks, unsigned types,
                       struct webhook_delivery_list *out)
{
    for (int i = 0; i < hooks->count; i++) {
        const struct webhook *h = &hooks->at[i];
        uint64_t wanted = bits_read(webhook_event_names, h->events) & types;
        if (!wanted || !wants(w->arena, h, e))
            continue;
        for (int type = 0; type < WEBHOOK_EVENT_COUNT; type++) {
            if (!(wanted & BIT(type)))
                continue;
            t->type = str_of(webhook_event_names[type]);
            *webhook_delivery_list_add(out, w->arena) = (struct webhook_delivery){
                .id = work_id(w), .webhook_id = h->id, .event_id = e->id, .type = t->type, .body = webhook_body(t, h->contents),
                .state = STR("waiting"), .not_before = w->now, .created_at = w->now,
            };
        }
    }
}

/* What the events speak of, each kind read once. */
struct spoken {
    struct order_list      orders;
    struct order_line_list lines;
    struct rma_list        returns;
    struct rma_line_list   return_lines;
    struct claim_list      claims;
};

static int ids_of(const struct event_list *events, int count, const char *kind, rid *out)
{
    int n = 0;
    for (int i = 0; i < count; i++)
        if (str_is(events->at[i].kind, kind))
            out[n++] = events->at[i].entity_id;
    return n;
}

static bool load(struct db *db, struct arena *a, const struct event_list *events, int count, struct spoken *out, struct err *err)
{
    rid *ids = ARENA_ARRAY(a, rid, count + 1);
    int  n   = ids_of(events, count, "order", ids);
    if (n && (!orders_by_ids(db, ids, n, a, &out->orders, err) || !order_lines_of(db, ids, n, a, &out->lines, err)))
        return false;
    n = ids_of(events, count, "return", ids);
    if (n && (!returns_by_ids(db, ids, n, a, &out->returns, err) || !return_lines_of(db, ids, n, a, &out->return_lines, err)))
        return false;
    n = ids_of(events, count, "claim", ids);
    return !n || claims_by_ids(db, ids, n, a, &out->claims, err);
}

/* The types of an event, and what it speaks of; 0: nothing to tell. */
static unsigned types_of(const struct event *e, const struct json *data, const struct spoken *s, struct webhook_told *t)
{
    str kind = json_str(json_get(data, "kind"));
    t->from  = json_str(json_get(data, "from"));
    t->lines = &s->lines;
    t->return_lines = &s->return_lines;
    if (str_is(e->kind, "order")) {
        t->status = json_str(json_get(data, "status"));
        for (int i = 0; i < s->orders.count; i++)
            if (id_eq(s->orders.at[i].id, e->entity_id))
                t->order = &s->orders.at[i];
        return t->order ? webhook_types(kind, t->from, t->status) : 0;
    }
    t->status = json_str(json_get(data, "state"));
    if (str_is(e->kind, "return")) {
        for (int i = 0; i < s->returns.count; i++)
            if (id_eq(s->returns.at[i].id, e->entity_id))
                t->back = &s->returns.at[i];
        return t->back ? webhook_return_types(kind, t->from, json_true(json_get(data, "decided")), json_true(json_get(data, "refunded"))) : 0;
    }
    for (int i = 0; i < s->claims.count && str_is(e->kind, "claim"); i++)
        if (id_eq(s->claims.at[i].id, e->entity_id))
            t->claim = &s->claims.at[i];
    return t->claim ? webhook_claim_types(kind, t->from, t->status) : 0;
}

static bool spread_tx(struct db *db, void *ctx, struct err *err)
{
    struct spreading      *s = ctx;
    struct arena          *a = s->w->arena;
    struct webhook_list    hooks = { 0 };
    struct event_list      events = { 0 };
    struct spoken          spoken = { 0 };
    struct webhook_delivery_list out = { 0 };
    int64_t                cursor;

    if (!webhook_cursor(db, a, &cursor, err) || !webhooks_enabled(db, a, &hooks, err) ||
        !event_after(db, cursor, EVENTS_AT_ONCE, a, &events, err))
        return false;
    int count = event_settled(&events, cursor, s->w->now);
    *s->more  = count == EVENTS_AT_ONCE;
    if (!count)
        return true;
    if (!load(db, a, &events, count, &spoken, err))
        return false;
    for (int i = 0; i < count; i++) {
        const struct event *e    = &events.at[i];
        const struct json  *data = NULL;
        struct webhook_told t    = { .arena = a, .at = e->at };
        if (json_read(a, e->data, 1 << 16, &data, err))
            spread_one(s->w, e, &t, &hooks, types_of(e, data, &spoken, &t), &out);
    }
    err_clear(err);
    return deliveries_add(db, out.at, out.count, a, err) && webhook_cursor_set(db, a, events.at[count - 1].id, err);
}

bool webhooks_spread(struct work *w, bool *more, struct err *err)
{
    struct spreading s = { w, more };
    *more = false;
    return db_tx(w->db, spread_tx, &s, err);
}

/* ---- what became of a try ---- */

struct settling { struct work *w; const struct webhook_delivery *d; const struct webhook_outcome *o; };

static void health_after(struct webhook *h, const struct webhook_outcome *o, instant now)
{
    if (o->ok) {
        h->failures = h->pause_until = 0;
        h->failing_since = (instant){ 0 };
        return;
    }
    h->failures++;
    h->pause_until = now.ms + webhook_pause_ms(h->failures);
    if (!instant_is_set(h->failing_since))
        h->failing_since = now;
    if (o->gone)
        h->stopped = STR("gone");
    else if (now.ms - h->failing_since.ms > WEBHOOK_FAILING_MS)
        h->stopped = STR("failing");
    h->enabled = h->enabled && !h->stopped.len;
}

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct settling         *s = ctx;
    struct webhook_delivery  row = *s->d, *d = &row;         /* a copy: the transaction may be tried again */
    struct webhook           h = { 0 };
    bool                     kept;

    d->tries++;
    int64_t wait = s->o->gone ? -1 : webhook_wait_ms(d->tries);
    if (s->o->wait_ms > wait && wait >= 0)
        wait = s->o->wait_ms;
    d->state      = s->o->ok ? STR("done") : wait < 0 ? STR("dead") : STR("waiting");
    d->not_before = s->o->ok || wait < 0 ? d->not_before : instant_add(s->w->now, wait);
    d->done_at    = s->o->ok ? s->w->now : (instant){ 0 };
    if (!delivery_settle(db, d, &kept, err) || !kept)
        return !err_is_set(err);
    struct webhook_attempt at = s->o->attempt;
    at.delivery_id = d->id;
    at.n           = d->tries;
    if (!attempt_add(db, &at, err) || !webhook_get(db, d->webhook_id, s->w->arena, &h, err))
        return false;
    struct webhook before = h;
    health_after(&h, s->o, s->w->now);
    if (!webhook_health(db, &h, err))
        return false;
    return before.enabled == h.enabled || audit_write(db, s->w, STR("webhook.stop"), STR("webhook"), h.id, webhook_audit(s->w->arena, &before),
                                                      webhook_audit(s->w->arena, &h), err);
}

bool webhook_settle(struct work *w, const struct webhook_delivery *d, const struct webhook_outcome *o, struct err *err)
{
    struct settling s = { w, d, o };
    return db_tx(w->db, settle_tx, &s, err);
}
