/* One person: who, how valuable, where from, why we think it is one person. A fixed number of statements, whatever there is. */
#include "orders/customers_http.h"

#include "accounts/audit.h"
#include "base/email.h"
#include "base/phone.h"
#include "customers/merge_flow.h"
#include "deadlines/shop.h"
#include "orders/erase_ask_flow.h"
#include "orders/no_contact_flow.h"
#include "orders/person_store.h"

#define ORDERS_SHOWN 50
#define BOUGHT_SHOWN 5
#define EVENTS_SHOWN 20

struct card {
    struct request              *rq;
    struct record_view           view;
    struct customer              who;
    struct customer_source_list  sources;
    struct identity_row_link_list links;
    struct customer_channel_list channels;
    struct customer_tag_list     tags;
    struct queue_row_list        orders;
    bool                         more;
    struct bought_list           bought;
    struct bought_at_list        at;
    struct bought_on_list        on;
    struct worth                 worth;
    struct consent_list          consents;
    struct merge_event_list      events;
    struct suggestion_list       open;
    struct customer             *others; /* of the open suggestions */
    int                          others_n;
    struct int_list              silent;
    struct erase_request         asked;  /* to be erased */
    bool                         is_asked, alone;
};

static bool load_others(struct card *c, struct err *err)
{
    struct arena *a   = c->rq->work.arena;
    rid          *ids = ARENA_ARRAY(a, rid, c->open.count + 1);
    for (int i = 0; i < c->open.count; i++)
        ids[i] = id_eq(c->open.at[i].customer_a, c->who.id) ? c->open.at[i].customer_b : c->open.at[i].customer_a;
    c->others = ARENA_ARRAY(a, struct customer, c->open.count + 1);
    return !c->open.count || record_load(c->rq->work.db, &customer_record, ids, c->open.count, a, c->others, &c->others_n, err);
}

/* A pair with a card that whoever asks cannot open is not shown. */
static bool open_in_scope(struct card *c, struct err *err)
{
    const struct principal *who = &c->rq->who;
    struct int_list others = { 0 };
    int             kept   = 0;
    for (int i = 0; i < c->open.count; i++)
        *int_list_add(&others, c->rq->work.arena) = id_eq(c->open.at[i].customer_a, c->who.id) ? c->open.at[i].customer_b.v : c->open.at[i].customer_a.v;
    if (!customers_in_accounts(c->rq->work.db, who->accounts, who->accounts_count, c->rq->work.arena, &others, err))
        return false;
    for (int i = 0; i < c->open.count; i++)
        for (int k = 0; k < others.count; k++)
            if (others.at[k] == c->open.at[i].customer_a.v || others.at[k] == c->open.at[i].customer_b.v) {
                c->open.at[kept++] = c->open.at[i];
                break;
            }
    c->open.count = kept;
    return true;
}

static bool load(struct card *c, rid id, struct err *err)
{
    struct db          *db    = c->rq->work.db;
    struct arena       *a     = c->rq->work.arena;
    struct queue_scope  scope = request_scope(c->rq);
    struct queue_filter f     = { .sort = SORT_NEWEST, .limit = ORDERS_SHOWN, .customer_id = id };
    struct consent_list all   = { 0 };

    if (!record_get(db, &customer_record, id, a, &c->who, err) || !customer_sources_of(db, &id, 1, a, &c->sources, err))
        return false;
    rid *ids = ARENA_ARRAY(a, rid, c->sources.count + 1);
    for (int i = 0; i < c->sources.count; i++)
        ids[i] = c->sources.at[i].id;
    if (!links_live(db, ids, c->sources.count, a, &c->links, err) || !customer_channels(db, &id, 1, a, &c->channels, err) || !customer_tags_of(db, &id, 1, a, &c->tags, err) ||
        !queue_rows(db, &f, &scope, a, &c->orders, &c->more, err) || !bought_by(db, id, BOUGHT_SHOWN, a, &c->bought, err) ||
        !bought_at_by(db, id, a, &c->at, err) || !bought_on_by(db, &id, 1, c->rq->work.now, a, &c->on, err) ||
        !worth_of(db, id, c->who.currency, &c->worth, err) || !consents_of(db, &id, 1, a, &all, err) ||
        !merge_events_of(db, id, EVENTS_SHOWN, a, &c->events, err) || !suggestions_open_of(db, &id, 1, a, &c->open, err))
        return false;
    consents_effective(&all, id, a, &c->consents);
    return open_in_scope(c, err) && load_others(c, err) && no_contact_cards(db, a, &c->who, 1, &c->sources, &c->silent, err) &&
           (!request_view(c->rq).contacts || erase_waiting(db, id, a, &c->asked, &c->is_asked, err)) &&
           (!c->is_asked || erase_alone(&c->rq->work, c->rq->who.user_id, &c->alone, err));
}

/* JSON that we wrote ourselves goes out as it is; nothing kept is null. */
static void raw_or_null(struct json_out *j, const char *key, str json)
{
    if (json.len)
        json_raw(j, key, json);
    else
        json_null(j, key);
}

void source_write(struct json_out *j, struct request *rq, const struct customer_source *s, const struct identity_row_link_list *links)
{
    struct record_view view = contact_view(rq);
    json_begin(j, NULL, '{');
    record_write_fields(&customer_source_record, s, j, &view);
    for (int i = 0; links && i < links->count; i++) {
        const struct identity_row_link *l = &links->at[i];
        if (!id_eq(l->source_id, s->id))
            continue;
        json_begin(j, "link", '{');
        json_text(j, "rule", l->rule);
        json_number(j, "score", l->score);
        json_id(j, "with_source", l->with_source);
        raw_or_null(j, "evidence", l->evidence);
        json_text(j, "actor_kind", l->actor_kind);
        json_text(j, "actor_name", l->actor_name);
        json_instant(j, "at", l->at);
        json_id(j, "event_id", l->event_id);
        json_end(j);
    }
    json_end(j);
}

static void money(struct json_out *j, const struct card *c, const char *key, bool known, amount v)
{
    if (known && c->view.prices)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

/* Sums of two currencies are never added, and a mean is of the orders whose sum is known in its own. */
static int by_currency(const struct card *c, struct bought_at *out)
{
    int n = 0;
    for (int i = 0; i < c->at.count; i++) {
        const struct bought_at *b = &c->at.at[i];
        int k = 0;
        while (k < n && !str_eq(out[k].currency, b->currency))
            k++;
        if (k == n)
            out[n++] = (struct bought_at){ .currency = b->currency };
        out[k].orders    += b->orders;
        out[k].priced    += b->priced;
        out[k].sum.minor += b->sum.minor;
    }
    return n;
}

static void write_currencies(struct json_out *j, const struct card *c, const struct bought_at *sums, int n)
{
    amount mean = { 0 };
    bool   known = false;
    for (int i = 0; i < n && !known; i++)
        known = str_eq(sums[i].currency, c->who.currency) && sums[i].priced && amount_scale(sums[i].sum, 1, sums[i].priced, &mean);
    money(j, c, "average", known, mean);
    json_begin(j, "currencies", '[');
    for (int i = 0; i < n; i++) {
        bool fine = sums[i].priced && amount_scale(sums[i].sum, 1, sums[i].priced, &mean);
        if (!sums[i].currency.len)
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "currency", sums[i].currency);
        json_number(j, "orders", sums[i].orders);
        money(j, c, "sum", true, sums[i].sum);
        money(j, c, "average", fine, mean);
        json_end(j);
    }
    json_end(j);
}

static void write_figures(struct json_out *j, const struct card *c)
{
    const struct customer *p = &c->who;
    struct bought_at *sums = ARENA_ARRAY(c->rq->work.arena, struct bought_at, c->at.count + 1);
    json_begin(j, "figures", '{');
    json_number(j, "orders", p->orders_count);
    money(j, c, "sum", true, p->net_spent);
    json_text_or_null(j, "currency", p->currency);
    write_currencies(j, c, sums, by_currency(c, sums));
    struct habit h = habit_of(c->on.at, c->on.count, c->rq->work.shop->zone, c->rq->work.now);
    amount       mean = { 0 };
    /* The mean of the whole shop is not for those who see some of its accounts. */
    bool         known = p->currency.len && !c->rq->who.accounts_count && c->worth.shop_orders &&
                         amount_scale(c->worth.shop_sum, 1, c->worth.shop_orders, &mean);
    money(j, c, "shop_average", known, mean);
    json_number(j, "returns", c->worth.returns);
    habit_members(j, c->rq, &h, p->currency);
    json_end(j);
}

static void write_buying(struct json_out *j, const struct card *c)
{
    json_begin(j, "bought", '[');
    for (int i = 0; i < c->bought.count; i++) {
        json_begin(j, NULL, '{');
        json_text(j, "article", c->bought.at[i].article);
        json_text(j, "title", c->bought.at[i].title);
        json_number(j, "qty", c->bought.at[i].qty);
        json_number(j, "orders", c->bought.at[i].orders);
        json_end(j);
    }
    json_end(j);
    json_begin(j, "bought_at", '[');
    for (int i = 0; i < c->at.count; i++) {
        const struct bought_at *b = &c->at.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "account_id", b->account_id);
        json_text(j, "channel", b->channel);
        json_text(j, "name", b->name);
        json_number(j, "orders", b->orders);
        money(j, c, "sum", true, b->sum);
        json_text_or_null(j, "currency", b->currency);
        json_instant(j, "first_at", b->first);
        json_instant(j, "last_at", b->last);
        json_end(j);
    }
    json_end(j);
}

static void write_events(struct json_out *j, const struct card *c)
{
    json_begin(j, "merges", '[');
    for (int i = 0; i < c->events.count; i++) {
        const struct merge_event *e = &c->events.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", e->id);
        json_text(j, "kind", e->kind);
        json_id(j, "kept_id", e->kept_id);
        json_id(j, "gone_id", e->gone_id);
        json_text(j, "rule", e->rule);
        json_text(j, "actor_kind", e->actor_kind);
        json_text(j, "actor_name", e->actor_name);
        json_instant(j, "at", e->at);
        json_bool(j, "can_undo", str_is(e->kind, "merge") && !id_is_set(e->undone_by) && id_eq(e->kept_id, c->who.id));
        json_id(j, "undo_of", e->undo_of);
        json_end(j);
    }
    json_end(j);
}

static void write_open(struct json_out *j, struct card *c)
{
    json_begin(j, "suggestions", '[');
    for (int i = 0; i < c->open.count; i++) {
        const struct suggestion *s = &c->open.at[i];
        for (int k = 0; k < c->others_n; k++) {
            if (!id_eq(c->others[k].id, s->customer_a) && !id_eq(c->others[k].id, s->customer_b))
                continue;
            json_begin(j, NULL, '{');
            json_id(j, "id", s->id);
            json_text(j, "rule", s->rule);
            json_number(j, "score", s->score);
            raw_or_null(j, "evidence", s->evidence);
            json_begin(j, "other", '{');
            record_write_fields(&customer_record, &c->others[k], j, &c->view);
            json_end(j);
            json_end(j);
        }
    }
    json_end(j);
}

/* Somebody asks for this person to be erased; who asked may approve only when nobody else could. */
static void write_asked(struct json_out *j, const struct card *c)
{
    bool own = id_eq(c->asked.asked_id, c->rq->who.user_id);
    if (!c->is_asked) {
        json_null(j, "erase_request");
        return;
    }
    json_begin(j, "erase_request", '{');
    json_id(j, "id", c->asked.id);
    json_text(j, "reason", c->asked.reason);
    json_bool(j, "do_not_contact", c->asked.do_not_contact);
    json_text(j, "asked_name", c->asked.asked_name);
    json_instant(j, "at", c->asked.at);
    json_bool(j, "own", own);
    json_bool(j, "needs_other", own && !c->alone);
    json_end(j);
}

static bool card_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct card     c = { .rq = rq, .view = contact_view(rq) };
    struct row_view view = request_view(rq);
    rid             id;

    if (!request_customer(rq, &id, err) || !load(&c, id, err) || !customers_as_seen(rq, &c.who, 1, err) ||
        !customers_as_seen(rq, c.others, c.others_n, err) || !contacts_seen(rq, &id, 1, "card", err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    customer_members(&j, rq, &c.who, &c.channels, &c.tags, &c.silent);
    write_asked(&j, &c);
    json_bool(&j, "contacts_hidden", !view.contacts);
    write_figures(&j, &c);
    json_begin(&j, "sources", '[');
    for (int i = 0; i < c.sources.count; i++)
        if (source_in_scope(rq, &c.sources.at[i]))
            source_write(&j, rq, &c.sources.at[i], &c.links);
    json_end(&j);
    write_buying(&j, &c);
    json_begin(&j, "consents", '[');
    for (int i = 0; i < c.consents.count; i++)
        record_write_json(&consent_record, &c.consents.at[i], &j, NULL, &c.view);
    json_end(&j);
    write_events(&j, &c);
    write_open(&j, &c);
    json_begin(&j, "orders", '[');
    for (int i = 0; i < c.orders.count; i++)
        queue_row_write(&j, NULL, &c.orders.at[i], &view);
    json_end(&j);
    json_text_or_null(&j, "orders_next", c.more ? queue_cursor(rq->work.arena, &c.orders.at[c.orders.count - 1]) : STR(""));
    json_end(&j);
    return true;
}

/* ---- the orders behind those on the card ---- */

static bool orders_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_row_list rows  = { 0 };
    struct queue_scope    scope = request_scope(rq);
    struct row_view       view  = request_view(rq);
    struct queue_filter   f     = { 0 };
    str                   after = query_text(rq, "after");
    bool                  more;
    rid                   id;

    if (!request_customer(rq, &id, err) ||
        !queue_filter_read(rq->work.arena, after.len ? str_print(rq->work.arena, "sort=-placed_at&after=%.*s", STR_ARG(after)) : STR("sort=-placed_at"),
                           (rid){ 0 }, &f, err))
        return false;
    f.customer_id = id;
    f.limit       = ORDERS_SHOWN;
    if (!queue_rows(rq->work.db, &f, &scope, rq->work.arena, &rows, &more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < rows.count; i++)
        queue_row_write(&j, NULL, &rows.at[i], &view);
    json_end(&j);
    json_text_or_null(&j, "next", more ? queue_cursor(rq->work.arena, &rows.at[rows.count - 1]) : STR(""));
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

/* ---- values set by hand ---- */

struct card_body { str name, phone, email, city, birth_date; };
static const struct field card_fields[] = {
    FIELD(card_body, name,       .max = 400, .doc = "empty: again what the sources tell"),
    FIELD(card_body, phone,      .max = 64, .contact = true),
    FIELD(card_body, email,      .max = 320, .contact = true),
    FIELD(card_body, city,       .max = 200),
    FIELD(card_body, birth_date, .max = 10, .contact = true, .doc = "1990-05-17"),
};
static const struct record card_record = RECORD(card_body, "CustomerValues", card_fields);

struct setting { struct request *rq; rid id; int64_t version; unsigned came; str values[VALUE_COUNT]; struct customer now; };

static bool values_read(struct setting *s, struct err *err)
{
    const struct card_body *in = s->rq->record;
    struct arena *a = s->rq->work.arena;
    const str raw[VALUE_COUNT] = { in->name, in->phone, in->email, in->city, in->birth_date };
    int64_t day;
    bool    ok = true;

    for (int v = 0; v < VALUE_COUNT; v++) {
        if (!(s->rq->record_set & ((uint64_t)1 << v)))
            continue;
        str text = str_trim(raw[v]);
        s->came |= BIT(v);
        s->values[v] = v == VALUE_PHONE ? phone_normalise(a, text, s->rq->work.shop->country) : v == VALUE_EMAIL ? email_normalise(a, text) : text;
        if (text.len && (!s->values[v].len || (v == VALUE_BIRTH_DATE && !date_parse(text, &day))))
            ok = err_add(err, customer_value_names[v], "is no such value");
    }
    return ok;
}

static bool set_tx(struct db *db, void *ctx, struct err *err)
{
    struct setting *s = ctx;
    struct work    *w = &s->rq->work;
    unsigned        clear = 0;

    if (!record_get(db, &customer_record, s->id, w->arena, &s->now, err))
        return false;
    if (s->now.version != s->version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this card meanwhile");
    if (id_is_set(s->now.merged_into) || !str_is(s->now.state, "active"))
        return err_set(err, ERR_CONFLICT, "id", "this card lives no more");
    struct customer was = s->now;
    for (int v = 0; v < VALUE_COUNT; v++) {
        struct customer_field f = { s->id, (enum customer_value)v, s->values[v] };
        if (!(s->came & BIT(v)))
            continue;
        if (!f.value.len)
            clear |= BIT(v);
        else if (!customer_field_set(db, w, &f, err))
            return false;
    }
    if ((clear && !customer_fields_clear(db, s->id, clear, err)) || !customers_refresh(db, w, &s->id, 1, err) ||
        !record_get(db, &customer_record, s->id, w->arena, &s->now, err))
        return false;
    return audit_write(db, w, STR("customer.edit"), STR("customer"), s->id, audit_json(w->arena, &customer_record, &was),
                       audit_json(w->arena, &customer_record, &s->now), err);
}

static bool card_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct setting s = { .rq = rq };
    struct record_view view = contact_view(rq);
    if (!request_customer(rq, &s.id, err) || !request_version(rq, &s.version, err) || !values_read(&s, err))
        return false;
    bool ok = db_tx(rq->work.db, set_tx, &s, err);
    if (ok || err->code == ERR_VERSION_OLD) {
        struct json_out j = reply_json(rq, rp);
        record_write_json(&customer_record, &s.now, &j, NULL, &view);
    }
    return ok;
}

static const struct query_param orders_params[] = { { "after", "cursor of the page before, or orders_next of the card" }, { NULL, NULL } };
const struct route customer_card_routes[] = {
    { HTTP_GET, "/api/customers/{id}", PERM_CUSTOMERS_SEE, card_get, .reply_schema = "CustomerCard", .tag = "customers",
      .doc = "One person: figures, source records with the reason of each link, orders, consents; a merged card answers as the one it is part of" },
    { HTTP_GET, "/api/customers/{id}/orders", PERM_CUSTOMERS_SEE, orders_get, .reply_schema = "QueuePage", .query = orders_params,
      .tag = "customers", .doc = "Orders of one person, the newest first, a page of 50" },
    { HTTP_PATCH, "/api/customers/{id}", PERM_CUSTOMERS_MERGE, card_patch, .body = &card_record, .reply = &customer_record, .edits = true,
      .tag = "customers", .doc = "Set values by hand; an empty one gives the word back to the sources" },
    { .method = HTTP_NONE },
};
