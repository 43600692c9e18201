/* What of an order may come back, registering it, taking a step back, and the rules people set. */
#include "accounts/audit.h"
#include "deadlines/shop.h"
#include "returns/return_http.h"
#include "returns/return_make_flow.h"
#include "returns/return_rule_store.h"

#define LINES_MAX 200

static void price_for(struct json_out *j, const char *key, amount v, bool prices)
{
    if (prices)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

/* ---- what may come back ---- */

struct asking {
    struct request         *rq;
    struct returnable       g;
    struct return_term_list terms;
    struct reason_list      reasons;
    struct reason_word_list words;
    struct rma_list         others;     /* returns of the order */
    instant                 delivered_at;
};

static bool load(struct asking *k, struct err *err)
{
    struct work *w    = &k->rq->work;
    bool         seen = k->rq->who.accounts_count == 0;
    rid          id;
    if (!path_id(k->rq, "id", &id, err) || !returnable_load(w->db, w, id, (rid){ 0 }, &k->g, err))
        return false;
    for (int i = 0; i < k->rq->who.accounts_count; i++)
        seen |= id_eq(k->rq->who.accounts[i], k->g.order.account_id);
    if (!seen)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    return return_terms_load(w->db, w->arena, &k->terms, err) && reasons_all(w->db, w->arena, &k->reasons, err) &&
           reason_words(w->db, w->arena, &k->words, err) && returns_of_order(w->db, id, w->arena, &k->others, err) &&
           order_delivered_at(w->db, id, &k->delivered_at, err);
}

static void write_window(struct json_out *j, const struct asking *k)
{
    str     source;
    instant until = return_window(&k->terms, k->g.order.channel, k->rq->work.shop->country, k->delivered_at, &source);
    int64_t left  = until.ms - k->rq->work.now.ms;
    json_begin(j, "window", '{');
    json_instant(j, "until", until);
    json_bool(j, "open", instant_is_set(until) && left >= 0);
    if (instant_is_set(until))
        json_number(j, "days_left", left > 0 ? (left + DAY_MS - 1) / DAY_MS : 0);
    else
        json_null(j, "days_left");
    json_text(j, "source", source);
    json_end(j);
}

/* The newest thing that anybody has said of why: another return of the order, or why it was to be cancelled. */
static void write_known(struct json_out *j, const struct asking *k)
{
    const struct rma *r = NULL;
    for (int i = 0; i < k->others.count; i++)
        if (k->others.at[i].reason.len || k->others.at[i].external_reason.len)
            r = &k->others.at[i];
    str native = r ? r->external_reason : k->g.order.cancel_reason;
    str code   = r ? r->reason : reason_of_word(k->rq->work.arena, &k->words, k->g.order.channel, native);
    if (!native.len && !code.len) {
        json_null(j, "known_reason");
        return;
    }
    json_begin(j, "known_reason", '{');
    json_text_or_null(j, "reason", code);
    json_text(j, "native", native);
    json_text(j, "from", r ? STR("return") : STR("order"));
    json_id(j, "return_id", r ? r->id : (rid){ 0 });
    json_end(j);
}

static bool write_lines(struct json_out *j, const struct asking *k, bool prices, amount *all, struct err *err)
{
    json_begin(j, "lines", '[');
    for (int i = 0; i < k->g.lines.count; i++) {
        const struct order_line *l     = &k->g.lines.at[i];
        int64_t                  left  = returnable_left(&k->g, i);
        struct unit_refund       unit  = { 0 }, whole = { 0 };
        if (left && (!returnable_refund(&k->g, i, 1, &unit, err) || !returnable_refund(&k->g, i, left, &whole, err)))
            return false;
        all->minor += whole.money.minor;
        json_begin(j, NULL, '{');
        json_number(j, "line", l->line);
        json_text(j, "article", l->article);
        json_text(j, "title", l->title);
        json_number(j, "bought", l->qty);
        json_number(j, "returned", k->g.held[i].qty);
        json_number(j, "left", left);
        price_for(j, "paid", k->g.paid[i].money, prices);
        price_for(j, "refund_unit", unit.money, prices);
        price_for(j, "refund_all", whole.money, prices);
        json_end(j);
    }
    json_end(j);
    return true;
}

static bool returnable_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct asking k      = { .rq = rq };
    amount        all    = { 0 };
    bool          prices = permission_in(rq->who.permissions, PERM_PRICES_SEE);
    if (!load(&k, err))
        return false;
    struct json_out j       = reply_json(rq, rp);
    str             refusal = returnable_refusal(&k.g);
    json_begin(&j, NULL, '{');
    json_id(&j, "order_id", k.g.order.id);
    json_text(&j, "order_number", k.g.order.number);
    json_text(&j, "channel", k.g.order.channel);
    json_text_or_null(&j, "currency", k.g.order.currency);
    json_bool(&j, "allowed", !refusal.len);
    json_text(&j, "refusal", refusal);
    json_bool(&j, "market_pays", k.g.market);
    json_instant(&j, "delivered_at", k.delivered_at);
    write_window(&j, &k);
    write_known(&j, &k);
    if (!write_lines(&j, &k, prices, &all, err))
        return false;
    json_begin(&j, "reasons", '[');
    for (int i = 0; i < k.reasons.count; i++) {
        const struct reason *r = &k.reasons.at[i];
        json_begin(&j, NULL, '{');
        json_text(&j, "code", r->code);
        json_text(&j, "group", r->group);
        json_text(&j, "fault", r->fault);
        json_end(&j);
    }
    json_end(&j);
    /* Delivery goes back only with everything and by our fault; what goods and the way back cost is not known here. */
    json_begin(&j, "cost", '{');
    price_for(&j, "refund", all, prices);
    price_for(&j, "delivery", k.g.order.delivery_total, prices);
    json_begin(&j, "unknown", '[');
    json_text(&j, NULL, STR("goods_cost"));
    json_text(&j, NULL, STR("delivery_back"));
    json_end(&j);
    json_end(&j);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

/* ---- registering ---- */

static bool read_lines(const struct json *list, struct return_make *m, struct arena *a, struct err *err)
{
    if (!list || list->kind != JSON_ARRAY || !list->count || list->count > LINES_MAX)
        return err_add(err, "lines", "must be a list of 1 to %d lines", LINES_MAX);
    JSON_EACH(l, list) {
        struct return_make_line *line = return_make_line_list_add(&m->lines, a);
        if (!json_int(json_get(l, "line"), &line->line) || !json_int(json_get(l, "qty"), &line->qty) || line->qty < 1)
            return err_add(err, "lines", "each has a line and a qty of at least 1");
    }
    return true;
}

static bool make_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json *in   = rq->json;
    struct return_done done = { 0 };
    str                word = json_str(json_get(in, "resolution"));
    int                resolution = word.len ? name_find(return_resolution_names, word) : RESOLVE_REFUND;
    struct return_make m = {
        .reason = json_str(json_get(in, "reason")), .text = str_trim(json_str(json_get(in, "text"))), .hold_s = rq->who.hold_s, .out = &done,
        .decides = permission_in(rq->who.permissions, PERM_RETURNS_DECIDE), .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count,
    };
    rid  id;
    bool ok = id_parse(json_str(json_get(in, "order_id")), &m.order_id) || err_add(err, "order_id", "must be an id");
    ok = read_lines(json_get(in, "lines"), &m, rq->work.arena, err) && ok;
    if (!m.reason.len || m.reason.len > 40)
        ok = err_add(err, "reason", "is missing");
    if (m.text.len > 4000)
        ok = err_add(err, "text", "must be 4000 bytes or less");
    if (resolution < 0)
        ok = err_add(err, "resolution", "must be refund, exchange or keep");
    m.resolution = (enum return_resolution)resolution;
    if (!ok || !return_make(&rq->work, &m, &id, err))
        return false;
    rp->status = REPLY_CREATED;
    return return_card_reply(rq, rp, id, err);
}

static bool undo_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct return_undo_right by = { rq->who.accounts, rq->who.accounts_count, permission_in(rq->who.permissions, PERM_RETURNS_DECIDE) };
    struct return_undone           res;
    str                            token = json_str(json_get(rq->json, "token"));
    if (!token.len)
        return err_add(err, "token", "is missing");
    if (!return_undo(&rq->work, token, &by, &res, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    const struct { const char *name; const struct int_list *list; } parts[] = { { "undone", &res.undone }, { "late", &res.late } };
    json_begin(&j, NULL, '{');
    for (int p = 0; p < 2; p++) {
        json_begin(&j, parts[p].name, '[');
        for (int i = 0; i < parts[p].list->count; i++)
            json_id(&j, NULL, (rid){ parts[p].list->at[i] });
        json_end(&j);
    }
    json_end(&j);
    return true;
}

/* ---- rules ---- */

static bool rules_reply(struct request *rq, struct reply *rp, const struct return_rules *r)
{
    struct json_out j = reply_json(rq, rp);
    json_raw(&j, NULL, return_rules_text(rq->work.arena, r));
    return true;
}

static bool rules_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_rules r;
    return return_rules_load(rq->work.db, rq->work.arena, &r, err) && rules_reply(rq, rp, &r);
}

struct ruling { struct request *rq; int64_t version; struct return_rules *out; };

static bool rules_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling      *k = ctx;
    struct work        *w = &k->rq->work;
    struct return_rules old;
    if (!return_rules_load(db, w->arena, &old, err))
        return false;
    if (old.version != k->version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    *k->out = old;
    if (!return_rules_take(w->arena, k->rq->json, k->out, err))
        return false;
    k->out->version = old.version + 1;
    return return_rules_save(db, w->arena, k->out, err) &&
           audit_write(db, w, STR("return.rules"), STR("settings"), (rid){ 0 }, return_rules_text(w->arena, &old), return_rules_text(w->arena, k->out), err);
}

static bool rules_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_rules r;
    struct ruling       k = { .rq = rq, .out = &r };
    if (!json_int(json_get(rq->json, "version"), &k.version))
        return err_add(err, "version", "must be the version that was seen");
    bool done = db_tx(rq->work.db, rules_tx, &k, err);
    if (!done && (err->code != ERR_VERSION_OLD || !return_rules_load(rq->work.db, rq->work.arena, &r, &(struct err){ 0 })))
        return false;
    return rules_reply(rq, rp, &r) && done;              /* what holds now goes out with the refusal */
}

const struct route return_make_routes[] = {
    { HTTP_GET, "/api/orders/{id}/returnable", PERM_RETURNS_CREATE, returnable_get, .reply_schema = "Returnable", .tag = "returns",
      .doc = "What of an order may come back: units, refund, the window that is left, what is known of why, what it costs" },
    { HTTP_POST, "/api/returns", PERM_RETURNS_CREATE, make_post, .json = true, .body_schema = "ReturnMake", .reply_schema = "ReturnCard",
      .creates = true, .tag = "returns", .doc = "Register a return of an order; whoever may decide has approved it by that" },
    { HTTP_POST, "/api/returns/undo", PERM_RETURNS_SEE, undo_post, .json = true, .body_schema = "ReturnUndo", .reply_schema = "UndoResult",
      .tag = "returns", .doc = "Take back a step that still waits in the hold window" },
    { HTTP_GET, "/api/returns/rules", PERM_RETURNS_SEE, rules_get, .reply_schema = "ReturnRules", .tag = "returns",
      .doc = "What is approved without a person, from which sum on two persons pay back, and after how many days things happen by themselves" },
    { HTTP_PUT, "/api/returns/rules", PERM_SETTINGS, rules_put, .json = true, .body_schema = "ReturnRulesEdit",
      .reply_schema = "ReturnRules", .tag = "returns", .doc = "Change any of the numbers; what is left out stays" },
    { .method = HTTP_NONE },
};
