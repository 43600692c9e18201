#include "webhooks/webhook_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "base/json_read.h"
#include "base/secret.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/order_store.h"

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

/* ---- what is told ---- */

struct told { struct work *w; const struct event *event; str type, status, from; const struct order *o; const struct order_line_list *lines; };

static void money(struct json_out *j, const char *key, amount v, bool known)
{
    if (known)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

/* All that a program may want to know without asking again: the same names as in GET /api/orders/{id}. */
static void write_full(struct json_out *j, const struct told *t)
{
    const struct order *o = t->o;
    json_text(j, "external_status", o->external_status);
    json_text(j, "payment", str_of(payment_status_names[o->payment]));
    money(j, "grand_total", o->grand_total, o->has_total);
    money(j, "delivery_total", o->delivery_total, o->has_total);
    json_text_or_null(j, "currency", o->currency);
    json_instant(j, "placed_at", o->placed_at);
    json_instant(j, "deadline_at", o->deadline_at);
    json_text(j, "customer_name", o->customer_name);
    json_begin(j, "recipient", '{');
    json_text(j, "name", o->recipient_name);
    json_text(j, "phone", o->recipient_phone);
    json_end(j);
    json_begin(j, "delivery", '{');
    json_text(j, "method", o->delivery_method);
    json_text(j, "address", o->delivery_address);
    json_text(j, "city", o->city);
    json_text(j, "track", o->track);
    json_end(j);
    json_text(j, "comment", o->comment);
    json_text(j, "comment_buyer", o->comment_buyer);
    json_begin(j, "lines", '[');
    for (int i = 0; i < t->lines->count; i++) {
        const struct order_line *l = &t->lines->at[i];
        if (!id_eq(l->order_id, o->id))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "article", l->article);
        json_text(j, "barcode", l->barcode);
        json_text(j, "title", l->title);
        json_number(j, "qty", l->qty);
        money(j, "unit_price", l->unit_price, l->has_price);
        money(j, "line_total", l->line_total, l->has_price);
        json_end(j);
    }
    json_end(j);
}

static str body_of(const struct told *t, enum webhook_contents contents)
{
    struct buf      b = buf_in(t->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "type", t->type);
    json_instant(&j, "timestamp", t->event->at);
    json_begin(&j, "data", '{');
    json_id(&j, "id", t->o->id);
    json_id(&j, "account_id", t->o->account_id);
    json_text(&j, "channel", t->o->channel);
    json_text(&j, "external_id", t->o->external_id);
    json_text(&j, "number", t->o->number);
    json_text(&j, "status", t->status);
    json_text_or_null(&j, "previous_status", t->from);
    json_number(&j, "version", t->o->version);
    if (contents == WEBHOOK_FULL)
        write_full(&j, t);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
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
    const struct event e = { .at = w->now };
    const struct told  t = { w, &e, STR(WEBHOOK_TEST), STR("confirmed"), STR("new"), &o, &lines };
    return body_of(&t, contents);
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
    return webhook_health(db, &h, err) && deliveries_add(db, m->delivery, 1, err);
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

static const struct order *order_named(const struct order_list *list, rid id)
{
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].id, id))
            return &list->at[i];
    return NULL;
}

static void spread_one(struct told *t, const struct webhook_list *hooks, unsigned types, struct webhook_delivery_list *out)
{
    for (int i = 0; i < hooks->count; i++) {
        const struct webhook *h = &hooks->at[i];
        uint64_t wanted = bits_read(webhook_event_names, h->events) & types;
        if (!wanted || !wants(t->w->arena, h, t->event))
            continue;
        for (int type = 0; type < WEBHOOK_EVENT_COUNT; type++) {
            if (!(wanted & BIT(type)))
                continue;
            t->type = str_of(webhook_event_names[type]);
            *webhook_delivery_list_add(out, t->w->arena) = (struct webhook_delivery){
                .id = work_id(t->w), .webhook_id = h->id, .event_id = t->event->id, .type = t->type, .body = body_of(t, h->contents),
                .state = STR("waiting"), .not_before = t->w->now, .created_at = t->w->now,
            };
        }
    }
}

static bool load_orders(struct db *db, struct arena *a, const struct event_list *events, int count, struct order_list *orders,
                        struct order_line_list *lines, struct err *err)
{
    rid *ids = ARENA_ARRAY(a, rid, count + 1);
    int  n   = 0;
    for (int i = 0; i < count; i++)
        if (str_is(events->at[i].kind, "order"))
            ids[n++] = events->at[i].entity_id;
    return !n || (orders_by_ids(db, ids, n, a, orders, err) && order_lines_of(db, ids, n, a, lines, err));
}

static bool spread_tx(struct db *db, void *ctx, struct err *err)
{
    struct spreading      *s = ctx;
    struct arena          *a = s->w->arena;
    struct webhook_list    hooks = { 0 };
    struct event_list      events = { 0 };
    struct order_list      orders = { 0 };
    struct order_line_list lines = { 0 };
    struct webhook_delivery_list out = { 0 };
    int64_t                cursor;

    if (!webhook_cursor(db, a, &cursor, err) || !webhooks_enabled(db, a, &hooks, err) ||
        !event_after(db, cursor, EVENTS_AT_ONCE, a, &events, err))
        return false;
    int count = event_settled(&events, cursor, s->w->now);
    *s->more  = count == EVENTS_AT_ONCE;
    if (!count)
        return true;
    if (!load_orders(db, a, &events, count, &orders, &lines, err))
        return false;
    for (int i = 0; i < count; i++) {
        const struct event *e    = &events.at[i];
        const struct json  *data = NULL;
        const struct order *o    = order_named(&orders, e->entity_id);
        if (!str_is(e->kind, "order") || !o || !json_read(a, e->data, 1 << 16, &data, err))
            continue;
        struct told t = { .w = s->w, .event = e, .status = json_str(json_get(data, "status")), .from = json_str(json_get(data, "from")),
                          .o = o, .lines = &lines };
        spread_one(&t, &hooks, webhook_types(json_str(json_get(data, "kind")), t.from, t.status), &out);
    }
    err_clear(err);
    return deliveries_add(db, out.at, out.count, err) && webhook_cursor_set(db, a, events.at[count - 1].id, err);
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
