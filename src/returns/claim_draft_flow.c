/* claim_draft_flow.c - where claims of ours begin: from what was matched, or by hand. Declared in claim_flow.h. */
#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "returns/claim_edit_flow.h"
#include "returns/claim_flow.h"
#include "returns/returnable_flow.h"

/* ---- drafts ---- */

static void write_facts(struct json_out *j, const struct return_edit *e, instant handed_over, unsigned conditions)
{
    const struct rma *r = &e->now;
    json_begin(j, "facts", '{');
    json_text(j, "order_number", r->order_number);
    json_text(j, "external_id", r->external_id);
    json_text(j, "track", utf8_cut(r->track, 200));
    json_instant(j, "handed_over_at", handed_over);
    json_instant(j, "requested_at", r->requested_at);
    json_instant(j, "received_at", r->received_at);
    json_instant(j, "refunded_at", r->refunded_at);
    json_begin(j, "lines", '[');
    for (int i = 0, n = 0; i < e->lines.count && n < 20; i++) {
        const struct rma_line *l = &e->lines.at[i];
        if (conditions && !(conditions & BIT(l->condition)))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "article", utf8_cut(l->article, 60));
        json_number(j, "qty", l->qty);
        json_text_or_null(j, "condition", str_of(return_condition_names[l->condition]));
        json_end(j);
        n++;
    }
    json_end(j);
    json_end(j);
}

/* By when it has to be sent, as long as nobody names a day. */
static instant answer_by(const struct work *w, const struct return_term_list *terms, str channel)
{
    const struct return_term *t = return_term_find(terms, channel, w->shop->country, STR("answer_claim"), w->now);
    return t ? instant_add(w->now, t->days * DAY_MS) : (instant){ 0 };
}

static bool draft(struct db *db, struct work *w, struct return_edit *e, const char *subject, unsigned conditions, amount sum, struct err *err)
{
    struct return_term_list terms = { 0 };
    instant                 handed_over = { 0 };
    struct buf              b = buf_in(w->arena);
    struct json_out         j = json_out(&b);
    bool                    made, market = w->shop->channel_ops && w->shop->channel_ops(e->now.channel);

    if (!return_terms_load(db, w->arena, &terms, err) || !order_handed_over_at(db, e->now.order_id, &handed_over, err))
        return false;
    json_begin(&j, NULL, '{');
    json_text(&j, "text", STR(""));
    write_facts(&j, e, handed_over, conditions);
    json_end(&j);
    struct claim c = {
        .id = work_id(w), .account_id = e->now.account_id, .side = market ? CLAIM_TO_CHANNEL : CLAIM_TO_CARRIER, .state = CLAIM_OPEN,
        .order_id = e->now.order_id, .return_id = e->now.id, .subject = str_of(subject), .amount = sum, .currency = e->now.currency,
        .evidence = buf_str(&b), .deadline_at = answer_by(w, &terms, e->now.channel), .version = 1, .created_at = w->now,
        .updated_at = w->now,
    };
    c.external_id = str_print(w->arena, CLAIM_FOUND "%lld", (long long)c.id.v);
    return claim_make(db, &c, &made, err) &&
           (!made || (claim_step_save(db, w, &c, "", STR("draft"), STR(""), err) && claim_tell(db, w, &c, NULL, err)));
}

static bool lines_need(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    return e->lines.count || return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err);
}

bool claim_of_lost(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    return lines_need(db, w, e, err) && draft(db, w, e, "lost", 0, e->now.refund_amount, err);
}

bool claim_of_unseen(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    return claim_of_lost(db, w, e, err);
}

/* What these units have cost the buyer, by the order's line; nothing where it is not known. */
static amount worth(const struct returnable *g, const struct rma_line_list *lines, enum return_condition condition)
{
    amount sum = { 0 };
    for (int i = 0; i < lines->count; i++) {
        const struct rma_line *l = &lines->at[i];
        int                    k = returnable_find(g, l->order_line);
        amount                 part;
        if (l->condition != condition)
            continue;
        if (k >= 0 && amount_scale(g->paid[k].money, l->qty, g->paid[k].qty, &part))
            sum.minor += part.minor;
    }
    return sum;
}

bool claims_of_found(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    static const struct { enum return_condition condition; const char *subject; } kinds[] = {
        { CONDITION_MISSING, "missing" }, { CONDITION_WRONG, "swapped" },
    };
    struct returnable g = { 0 };
    bool              loaded = false;
    for (int i = 0; i < COUNT_OF(kinds); i++) {
        bool found = false;
        for (int k = 0; k < e->lines.count; k++)
            found |= e->lines.at[k].condition == kinds[i].condition;
        if (!found)
            continue;
        if (!loaded && id_is_set(e->now.order_id) && !returnable_load(db, w, e->now.order_id, e->now.id, &g, err))
            return false;
        loaded = true;
        if (!draft(db, w, e, kinds[i].subject, BIT(kinds[i].condition), worth(&g, &e->lines, kinds[i].condition), err))
            return false;
    }
    return true;
}

/* ---- by hand ---- */

const char *const claim_subject_names[] = {
    [CLSUBJ_LOST] = "lost", [CLSUBJ_MISSING] = "missing", [CLSUBJ_SWAPPED] = "swapped", [CLSUBJ_DAMAGED] = "damaged",
    [CLSUBJ_UNDERPAID] = "underpaid", [CLSUBJ_OTHER] = "other", NULL
};
_Static_assert(COUNT_OF(claim_subject_names) == CLAIM_SUBJECT_COUNT + 1, "a name per subject");

struct opening { struct work *w; const struct claim_new *in; rid *out; };

static bool evidence_of_return(struct db *db, struct work *w, struct return_edit *e, struct claim *c, struct json_out *j, struct err *err)
{
    instant handed_over = { 0 };
    if (!lines_need(db, w, e, err) || !order_handed_over_at(db, e->now.order_id, &handed_over, err))
        return false;
    write_facts(j, e, handed_over, 0);
    c->account_id = e->now.account_id;
    c->order_id   = e->now.order_id;
    c->currency   = e->now.currency;
    return true;
}

/* Of an order alone: what it is and when it was given away. */
static bool evidence_of_order(struct db *db, struct work *w, rid order_id, struct claim *c, struct json_out *j, struct err *err)
{
    struct order o           = { 0 };
    instant      handed_over = { 0 };
    if (!order_get(db, order_id, w->arena, &o, err) || !order_handed_over_at(db, order_id, &handed_over, err))
        return false;
    json_begin(j, "facts", '{');
    json_text(j, "order_number", o.number);
    json_instant(j, "handed_over_at", handed_over);
    json_begin(j, "lines", '[');
    json_end(j);
    json_end(j);
    c->account_id = o.account_id;
    c->order_id   = o.id;
    c->currency   = o.currency;
    return true;
}

static bool evidence_for(struct db *db, struct work *w, const struct claim_new *in, struct claim *c, struct err *err)
{
    struct return_edit e = { 0 };
    struct buf         b = buf_in(w->arena);
    struct json_out    j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "text", in->text);
    if (id_is_set(in->return_id)) {
        if (!return_get(db, in->return_id, w->arena, &e.now, err) || !evidence_of_return(db, w, &e, c, &j, err))
            return false;
        if (!in->has_amount)
            c->amount = e.now.refund_amount;
    } else if (id_is_set(in->order_id)) {
        if (!evidence_of_order(db, w, in->order_id, c, &j, err))
            return false;
    } else {
        c->account_id = in->account_id;
    }
    json_end(&j);
    c->evidence = buf_str(&b);
    return claim_in_scope(in->accounts, in->accounts_count, c->account_id) || err_set(err, ERR_NOT_FOUND, "account_id", "there is no such account");
}

static bool open_tx(struct db *db, void *ctx, struct err *err)
{
    struct opening         *o     = ctx;
    struct work            *w     = o->w;
    const struct claim_new *in    = o->in;
    struct return_term_list terms = { 0 };
    str                     channel;
    bool                    made;
    struct claim c = {
        .id = work_id(w), .side = in->side, .state = CLAIM_OPEN, .return_id = in->return_id, .subject = str_of(claim_subject_names[in->subject]),
        .amount = in->amount, .currency = w->shop->currency, .deadline_at = in->deadline_at, .version = 1, .created_at = w->now, .updated_at = w->now,
    };
    if (!evidence_for(db, w, in, &c, err) || !claim_account_channel(db, c.account_id, w->arena, &channel, err) ||
        !return_terms_load(db, w->arena, &terms, err))
        return false;
    if (!c.currency.len)
        c.currency = w->shop->currency;
    if (!instant_is_set(c.deadline_at))
        c.deadline_at = answer_by(w, &terms, channel);
    c.external_id = str_print(w->arena, CLAIM_BY_HAND "%lld", (long long)c.id.v);
    if (!claim_make(db, &c, &made, err))
        return false;
    if (!made)
        return err_set(err, ERR_CONFLICT, "subject", "the return has a claim about this already");
    *o->out = c.id;
    return claim_step_save(db, w, &c, "", STR("by_hand"), STR(""), err) && claim_tell(db, w, &c, NULL, err) &&
           audit_write(db, w, STR("claim.open"), STR("claim"), c.id, STR(""), audit_json(w->arena, &claim_record, &c), err);
}

bool claim_open(struct work *w, const struct claim_new *in, rid *out, struct err *err)
{
    struct opening o = { w, in, out };
    return db_tx(w->db, open_tx, &o, err);
}
