#include "returns/claim_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "returns/claim_clock_flow.h"
#include "returns/returnable_flow.h"

#define APPEALS_MAX 1

const char *const claim_action_names[] = {
    [CLACT_GATHER] = "gather", [CLACT_SUBMIT] = "submit", [CLACT_REVIEW] = "review", [CLACT_ASK] = "ask", [CLACT_WIN] = "win", [CLACT_LOSE] = "lose",
    [CLACT_PART] = "part", [CLACT_APPEAL] = "appeal", [CLACT_SETTLE] = "settle", [CLACT_WITHDRAW] = "withdraw", NULL
};
_Static_assert(COUNT_OF(claim_action_names) == CLAIM_ACTION_COUNT + 1, "a name per action");

static const enum claim_state leads_to[CLAIM_ACTION_COUNT] = {
    [CLACT_GATHER] = CLAIM_EVIDENCE, [CLACT_SUBMIT] = CLAIM_SUBMITTED, [CLACT_REVIEW] = CLAIM_IN_REVIEW, [CLACT_ASK] = CLAIM_EVIDENCE,
    [CLACT_WIN] = CLAIM_WON, [CLACT_LOSE] = CLAIM_LOST, [CLACT_PART] = CLAIM_PARTLY_WON, [CLACT_APPEAL] = CLAIM_APPEALED,
    [CLACT_SETTLE] = CLAIM_SETTLED, [CLACT_WITHDRAW] = CLAIM_WITHDRAWN,
};

bool claim_may(const struct claim *c, enum claim_action action)
{
    if (action == CLACT_APPEAL && c->appeals >= APPEALS_MAX)
        return false;
    if ((action == CLACT_GATHER && c->state != CLAIM_OPEN) || (action == CLACT_ASK && c->state != CLAIM_IN_REVIEW))
        return false;
    return claim_move_listed(c->state, leads_to[action]);
}

static bool step_save(struct db *db, const struct work *w, const struct claim *c, const char *from, str note, struct err *err)
{
    struct claim_step_list steps = { 0 };
    if (!claim_steps_of(db, c->id, w->arena, &steps, err))
        return false;
    struct claim_step s = {
        .claim_id = c->id, .seq = steps.count + 1, .at = w->now, .from_state = str_of(from), .to_state = str_of(claim_state_names[c->state]),
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name, .note = note,
    };
    return claim_step_add(db, &s, err);
}

/* Whoever watches is told, and the clock of the answer follows. */
static bool tell(struct db *db, const struct work *w, const struct claim *c, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", c->id);
    json_id(&j, "account_id", c->account_id);
    json_id(&j, "return_id", c->return_id);
    json_text(&j, "state", str_of(claim_state_names[c->state]));
    json_number(&j, "version", c->version);
    json_end(&j);
    return event_add(db, w->now, STR("claim"), c->account_id, c->id, buf_str(&b), err) && claim_clock_follow(db, w, c, err);
}

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
    const struct return_term *t = return_term_find(&terms, e->now.channel, w->shop->country, STR("answer_claim"), w->now);
    struct claim c = {
        .id = work_id(w), .account_id = e->now.account_id, .side = market ? CLAIM_TO_CHANNEL : CLAIM_TO_CARRIER, .state = CLAIM_OPEN,
        .order_id = e->now.order_id, .return_id = e->now.id, .subject = str_of(subject), .amount = sum, .currency = e->now.currency,
        .evidence = buf_str(&b), .deadline_at = t ? instant_add(w->now, t->days * DAY_MS) : (instant){ 0 }, .version = 1, .created_at = w->now,
        .updated_at = w->now,
    };
    c.external_id = str_print(w->arena, "own:%lld", (long long)c.id.v);
    return claim_make(db, &c, &made, err) && (!made || (step_save(db, w, &c, "", STR("draft"), err) && tell(db, w, &c, err)));
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

/* ---- people ---- */

static bool in_scope(const rid *accounts, int count, rid account)
{
    for (int i = 0; i < count; i++)
        if (id_eq(accounts[i], account))
            return true;
    return count == 0;
}

static bool load(struct db *db, const struct work *w, rid id, int64_t version, const rid *accounts, int count, struct claim *out, struct err *err)
{
    if (!claim_get(db, id, w->arena, out, err))
        return false;
    if (!in_scope(accounts, count, out->account_id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such claim");
    return out->version == version || err_set(err, ERR_VERSION_OLD, "version", "the claim is of version %lld now", (long long)out->version);
}

static bool takes_effect(struct claim *c, const struct claim_input *in, struct err *err)
{
    if (in->action == CLACT_APPEAL)
        c->appeals++;
    if (in->text.len)
        c->decision = in->text;
    if (in->has_money)
        c->money_effect = in->money;
    if (in->action == CLACT_ASK)
        c->deadline_at = in->deadline_at;
    if (in->action == CLACT_PART && !in->has_money)
        return err_add(err, "money", "say how much was granted");
    if (in->action == CLACT_WIN && !in->has_money)
        c->money_effect = c->amount;
    /* The money is here, or it is written off in words. */
    bool nothing = c->money_effect.minor == 0;
    if ((in->action == CLACT_WITHDRAW || (in->action == CLACT_SETTLE && nothing)) && !in->text.len)
        return err_add(err, "text", "say why nothing came of it");
    return true;
}

struct claiming { struct work *w; rid id; const struct claim_input *in; const struct claim_edit *edit; };

static bool do_tx(struct db *db, void *ctx, struct err *err)
{
    struct claiming          *k  = ctx;
    struct work              *w  = k->w;
    const struct claim_input *in = k->in;
    struct claim              old, now;
    if (!load(db, w, k->id, in->version, in->accounts, in->accounts_count, &old, err))
        return false;
    if (!claim_may(&old, in->action))
        return err_set(err, ERR_ACTION_REFUSED, "action", "the claim is %s, it cannot become %s", claim_state_names[old.state],
                       claim_state_names[leads_to[in->action]]);
    now            = old;
    now.state      = leads_to[in->action];
    now.updated_at = w->now;
    if (!takes_effect(&now, in, err) || !claim_save(db, &old, &now, err))
        return false;
    str action = str_print(w->arena, "claim.%s", claim_action_names[in->action]);
    return step_save(db, w, &now, claim_state_names[old.state], in->text, err) && tell(db, w, &now, err) &&
           audit_write(db, w, action, STR("claim"), now.id, audit_json(w->arena, &claim_record, &old), audit_json(w->arena, &claim_record, &now), err);
}

bool claim_do(struct work *w, rid id, const struct claim_input *in, struct err *err)
{
    struct claiming k = { .w = w, .id = id, .in = in };
    return db_tx(w->db, do_tx, &k, err);
}

/* The words stand beside the facts, which nobody edits. */
static str evidence_with(struct arena *a, str stored, str text)
{
    const struct json *root = NULL;
    struct err         bad  = { 0 };
    struct buf         b    = buf_in(a);
    struct json_out    j    = json_out(&b);
    if (!json_read(a, stored, 1 << 16, &root, &bad))
        root = NULL;
    json_begin(&j, NULL, '{');
    json_text(&j, "text", text);
    if (json_get(root, "facts"))
        json_raw(&j, "facts", json_print(a, json_get(root, "facts")));
    json_end(&j);
    return buf_str(&b);
}

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct claiming         *k = ctx;
    struct work             *w = k->w;
    const struct claim_edit *c = k->edit;
    struct claim             old, now;
    if (!load(db, w, k->id, c->version, c->accounts, c->accounts_count, &old, err))
        return false;
    if (!claim_waits_for_us(old.state))
        return err_set(err, ERR_ACTION_REFUSED, "state", "the claim is %s, its evidence is what was sent", claim_state_names[old.state]);
    now = old;
    if (c->has_text)
        now.evidence = evidence_with(w->arena, old.evidence, c->text);
    if (c->has_amount)
        now.amount = c->amount;
    if (c->has_deadline)
        now.deadline_at = c->deadline_at;
    now.updated_at = w->now;
    return claim_save(db, &old, &now, err) && tell(db, w, &now, err) &&
           audit_write(db, w, STR("claim.edit"), STR("claim"), now.id, audit_json(w->arena, &claim_record, &old), audit_json(w->arena, &claim_record, &now),
                       err);
}

bool claim_change(struct work *w, rid id, const struct claim_edit *edit, struct err *err)
{
    struct claiming k = { .w = w, .id = id, .edit = edit };
    return db_tx(w->db, change_tx, &k, err);
}
