/* The queue of returns, and how the markets' words for a reason are explained. */
#include "returns/return_http.h"

#include "accounts/audit.h"
#include "base/fold.h"
#include "returns/return_store.h"

static void price_for(struct json_out *j, const char *key, amount v, bool prices)
{
    if (prices)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

static void command_write(struct json_out *j, const struct return_row *row)
{
    if (!id_is_set(row->r.command_id) || !row->command_op.len) {
        json_null(j, "command");
        return;
    }
    json_begin(j, "command", '{');
    json_id(j, "id", row->r.command_id);
    json_text(j, "op", row->command_op);
    json_text(j, "state", row->command_state);
    json_instant(j, "hold_until", str_is(row->command_state, "held") ? row->command_hold : (instant){ 0 });
    json_text(j, "text", row->command_text);
    json_end(j);
}

static void next_write(struct json_out *j, const struct rma *r)
{
    enum return_action next = return_next(r->state);
    json_text_or_null(j, "next", next == RETURN_ACTION_COUNT ? STR("") : str_of(return_action_names[next]));
}

void return_row_members(struct json_out *j, const struct return_row *row, const struct return_view *v)
{
    const struct rma *r = &row->r;
    json_id(j, "id", r->id);
    json_number(j, "version", r->version);
    json_id(j, "account_id", r->account_id);
    json_text(j, "channel", r->channel);
    json_text(j, "external_id", r->external_id);
    json_id(j, "order_id", r->order_id);
    json_text(j, "order_number", r->order_number.len ? r->order_number : r->order_external);
    json_text(j, "kind", str_of(return_kind_names[r->kind]));
    json_text(j, "state", str_of(return_state_names[r->state]));
    json_text(j, "stage", str_of(return_stage_names[return_stage_of(r->state)]));
    json_text(j, "goods", str_of(return_goods_names[return_goods_of(r->state)]));
    next_write(j, r);
    json_text(j, "external_state", r->external_state);
    json_text_or_null(j, "reason", r->reason);
    json_text_or_null(j, "reason_group", row->reason_group);
    json_text_or_null(j, "fault", row->fault);
    json_text(j, "external_reason", r->external_reason);
    json_text(j, "title", r->title);
    json_number(j, "lines_count", r->lines_count);
    json_number(j, "units", r->units);
    json_number(j, "photos", r->photos);
    price_for(j, "refund_amount", r->refund_amount, v->prices);
    json_text_or_null(j, "currency", r->currency);
    json_text(j, "route", str_of(return_route_names[r->route]));
    json_text(j, "track", r->track);
    json_text(j, "problem", r->problem);
    json_text_or_null(j, "rule", r->rule);
    json_id(j, "assignee_id", r->assignee_id);
    json_id(j, "customer_id", v->nameless ? (rid){ 0 } : row->customer_id);
    json_text(j, "customer_name", v->nameless ? STR("") : row->customer_name);
    json_number(j, "customer_orders", row->customer_orders);
    json_instant(j, "requested_at", r->requested_at);
    json_text(j, "zone", str_of(sla_zone_names[r->zone]));
    json_text_or_null(j, "deadline_step", r->deadline_step);
    json_instant(j, "deadline_at", r->deadline_at);
    json_instant(j, "yellow_at", r->yellow_at);
    json_instant(j, "red_at", r->red_at);
    json_text(j, "deadline_source", r->deadline_source);
    command_write(j, row);
}

static bool list_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_filter   f;
    struct return_row_list list  = { 0 };
    struct return_scope    scope = request_return_scope(rq);
    struct return_view     view  = request_return_view(rq);
    bool                   more;

    if (!return_filter_read(rq->work.arena, rq->query, rq->who.user_id, &f, err) ||
        !return_rows(rq->work.db, &f, &scope, rq->work.arena, &list, &more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++) {
        json_begin(&j, NULL, '{');
        return_row_members(&j, &list.at[i], &view);
        json_end(&j);
    }
    json_end(&j);
    json_text_or_null(&j, "next", more ? return_cursor(rq->work.arena, &f, &list.at[list.count - 1]) : STR(""));
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

/* ---- counts ---- */

struct tally { int64_t n, total; };

static void tally_write(struct json_out *j, const char *key, const struct tally *t, bool prices)
{
    json_begin(j, key, '{');
    json_number(j, "count", t->n);
    price_for(j, "sum", (amount){ t->total }, prices);
    json_end(j);
}

static void tally_add(struct tally *t, const struct return_count *c, bool same_currency)
{
    t->n += c->n;
    t->total += same_currency ? c->total.minor : 0;
}

static bool counts_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_filter     f;
    struct return_count_list list   = { 0 };
    struct return_scope      scope  = request_return_scope(rq);
    bool                     prices = request_return_view(rq).prices, mixed = false;
    struct tally             all = { 0 }, stages[RETURN_STAGE_COUNT] = { 0 }, zones[ZONE_COUNT] = { 0 };
    str                      currency = STR("");

    if (!return_filter_read(rq->work.arena, rq->query, rq->who.user_id, &f, err) ||
        !return_counts(rq->work.db, &f, &scope, rq->work.arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct return_count *c = &list.at[i];
        int s = name_find(return_state_names, c->state), z = name_find(sla_zone_names, c->zone);
        if (s < 0 || z < 0)
            continue;
        if (!currency.len)
            currency = c->currency;
        bool same = !c->currency.len || str_eq(c->currency, currency);
        mixed |= !same;
        tally_add(&all, c, same);
        tally_add(&stages[return_stage_of((enum return_state)s)], c, same);
        tally_add(&zones[z], c, same);
    }
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    tally_write(&j, "total", &all, prices);
    json_begin(&j, "stages", '{');
    for (int i = 0; i < STAGE_CLOSED; i++)
        tally_write(&j, return_stage_names[i], &stages[i], prices);
    json_end(&j);
    json_begin(&j, "zones", '{');
    for (int z = 0; z < ZONE_COUNT; z++)
        tally_write(&j, sla_zone_names[z], &zones[z], prices);
    json_end(&j);
    json_text_or_null(&j, "currency", currency);
    json_bool(&j, "mixed", mixed);
    json_end(&j);
    return true;
}

/* ---- reasons ---- */

static bool reasons_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct arena           *a       = rq->work.arena;
    struct reason_list      reasons = { 0 };
    struct reason_word_list words   = { 0 };
    struct reason_gap_list  gaps    = { 0 };

    if (!reasons_all(rq->work.db, a, &reasons, err) || !reason_words(rq->work.db, a, &words, err) || !reason_gaps(rq->work.db, a, &gaps, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "reasons", '[');
    for (int i = 0; i < reasons.count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "code", reasons.at[i].code);
        json_text(&j, "group", reasons.at[i].group);
        json_text(&j, "fault", reasons.at[i].fault);
        json_end(&j);
    }
    json_end(&j);
    json_begin(&j, "map", '[');
    for (int i = 0; i < words.count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "channel", words.at[i].channel);
        json_text(&j, "native", words.at[i].native);
        json_text(&j, "reason", words.at[i].reason);
        json_end(&j);
    }
    json_end(&j);
    json_begin(&j, "unexplained", '[');
    for (int i = 0; i < gaps.count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "channel", gaps.at[i].channel);
        json_text(&j, "native", gaps.at[i].native);
        json_number(&j, "count", gaps.at[i].n);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

struct word_body { str channel, native, reason; };
static const struct field word_fields[] = {
    FIELD(word_body, channel, .max = 32, .doc = "empty: of any channel"),
    FIELD(word_body, native,  .required = true, .min = 1, .max = 400, .doc = "the market's word"),
    FIELD(word_body, reason,  .required = true, .min = 1, .max = 40, .doc = "code of the reason"),
};
static const struct record word_record = RECORD(word_body, "ReturnReasonWord", word_fields);

struct explaining { struct work *w; struct reason_word word; };

static bool explain_tx(struct db *db, void *ctx, struct err *err)
{
    struct explaining *e = ctx;
    struct buf         b = buf_in(e->w->arena);
    struct json_out    j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "channel", e->word.channel);
    json_text(&j, "native", e->word.native);
    json_text(&j, "reason", e->word.reason);
    json_end(&j);
    return reason_word_save(db, &e->word, err) && reason_word_apply(db, &e->word, e->w->now, e->w->arena, err) &&
           audit_write(db, e->w, STR("return.reason"), STR("return_reason"), (rid){ 0 }, STR(""), buf_str(&b), err);
}

static bool reasons_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct word_body *in      = rq->record;
    struct reason_list      reasons = { 0 };
    bool                    known   = false;
    if (!reasons_all(rq->work.db, rq->work.arena, &reasons, err))
        return false;
    for (int i = 0; i < reasons.count; i++)
        known |= str_eq(reasons.at[i].code, in->reason);
    if (!known)
        return err_add(err, "reason", "is not a code of a reason");
    struct explaining e = { &rq->work, { in->channel, fold_search(rq->work.arena, in->native), in->native, in->reason } };
    return db_tx(rq->work.db, explain_tx, &e, err) && reasons_get(rq, rp, err);
}

static const struct query_param filters[] = {
    { "stage", "request, check, approved, money, closed" }, { "state", "states, comma between" }, { "kind", "kinds" }, { "channel", "channel names" },
    { "account_id", "channel accounts" }, { "reason", "codes of reasons" }, { "group", "groups of reasons" }, { "zone", "breached, red, yellow, green, none" },
    { "rule", "1: what a rule decided" }, { "unexplained", "1: whose reason is not in the map" }, { "forgotten", "1: units here without a disposition" },
    { "order_id", "an order" }, { "customer_id", "a customer" }, { "assignee_id", "me or none" }, { "scan", "what a scanner has read: track, number of the return or of the order" }, { "q", "name, order number, return number or track" },
    { "requested_from", "RFC 3339" }, { "requested_to", "RFC 3339" }, { "closed", "1: those that have ended" }, { "limit", "1 to 200" },
    { "after", "cursor of the page before" }, { NULL, NULL },
};

const struct route return_routes[] = {
    { HTTP_GET, "/api/returns", PERM_RETURNS_SEE, list_get, .reply_schema = "ReturnPage", .query = filters, .tag = "returns",
      .doc = "Returns that need work, deadline first, then amount; with closed, rule, a period, an order or a customer: the newest first" },
    { HTTP_GET, "/api/returns/counts", PERM_RETURNS_SEE, counts_get, .reply_schema = "ReturnCounts", .query = filters, .tag = "returns",
      .doc = "How many are open and how much they are worth, by stage and zone" },
    { HTTP_GET, "/api/returns/reasons", PERM_RETURNS_SEE, reasons_get, .reply_schema = "ReturnReasons", .tag = "returns",
      .doc = "Unified reasons, what each word of a market means, and the words that nobody has explained yet" },
    { HTTP_PUT, "/api/returns/reasons", PERM_SETTINGS, reasons_put, .body = &word_record, .reply_schema = "ReturnReasons", .tag = "returns",
      .doc = "Say what a word of a market means" },
    { .method = HTTP_NONE },
};
