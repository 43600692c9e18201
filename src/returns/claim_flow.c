#include "returns/claim_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "returns/claim_edit_flow.h"

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

/* ---- people ---- */

static bool load(struct db *db, const struct work *w, rid id, int64_t version, const rid *accounts, int count, struct claim *out, struct err *err)
{
    if (!claim_get(db, id, w->arena, out, err))
        return false;
    if (!claim_in_scope(accounts, count, out->account_id))
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

/* ---- taking back ---- */

/* Nobody outside hears of a step, so each can be taken back while its window is open. */
static str before_text(const struct work *w, const struct claim *old, const struct claim_input *in)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    int             s = in->hold_s >= 0 ? in->hold_s : w->shop->hold_s;
    if (s <= 0)
        return STR("");
    json_begin(&j, NULL, '{');
    json_instant(&j, "until", instant_add(w->now, s * SECOND_MS));
    json_text(&j, "decision", old->decision);
    json_amount_text(&j, "money_effect", old->money_effect);
    json_number(&j, "appeals", old->appeals);
    json_instant(&j, "deadline_at", old->deadline_at);
    json_end(&j);
    return buf_str(&b);
}

static const struct json *before_read(struct arena *a, const struct claim_step_list *steps, instant *until)
{
    const struct json *in  = NULL;
    struct err         bad = { 0 };
    *until = (instant){ 0 };
    if (!steps->count || !steps->at[steps->count - 1].before.len || !json_read(a, steps->at[steps->count - 1].before, 1 << 14, &in, &bad) ||
        !instant_parse(json_str(json_get(in, "until")), until))
        return NULL;
    return in;
}

instant claim_undo_until(struct arena *a, const struct claim_step_list *steps, instant now)
{
    instant until;
    return before_read(a, steps, &until) && until.ms > now.ms ? until : (instant){ 0 };
}

struct undoing { struct work *w; rid id; int64_t version; const rid *accounts; int accounts_count; };

static bool undo_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing        *u     = ctx;
    struct work           *w     = u->w;
    struct claim_step_list steps = { 0 };
    struct claim           old, now;
    instant                until;
    if (!load(db, w, u->id, u->version, u->accounts, u->accounts_count, &old, err) || !claim_steps_of(db, u->id, w->arena, &steps, err))
        return false;
    const struct json *before = before_read(w->arena, &steps, &until);
    if (!before || until.ms <= w->now.ms)
        return err_set(err, ERR_UNDO_LATE, "version", "this can no longer be undone");
    int from = name_find(claim_state_names, steps.at[steps.count - 1].from_state);
    now      = old;
    now.deadline_at = (instant){ 0 };
    if (from < 0 || !json_amount(json_get(before, "money_effect"), &now.money_effect) || !json_int(json_get(before, "appeals"), &now.appeals) ||
        (!json_is_null(json_get(before, "deadline_at")) && !instant_parse(json_str(json_get(before, "deadline_at")), &now.deadline_at)))
        return err_set(err, ERR_INTERNAL, "before", "a step that can be taken back does not read");
    now.state      = (enum claim_state)from;
    now.decision   = json_str(json_get(before, "decision"));
    now.updated_at = w->now;
    return claim_save(db, &old, &now, err) && claim_step_save(db, w, &now, claim_state_names[old.state], STR("undo"), STR(""), err) &&
           claim_tell(db, w, &now, &old, err) &&
           audit_write(db, w, STR("claim.undo"), STR("claim"), now.id, audit_json(w->arena, &claim_record, &old), audit_json(w->arena, &claim_record, &now), err);
}

bool claim_undo(struct work *w, rid id, int64_t version, const rid *accounts, int accounts_count, struct err *err)
{
    struct undoing u = { w, id, version, accounts, accounts_count };
    return db_tx(w->db, undo_tx, &u, err);
}

/* ---- steps ---- */

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
    return claim_step_save(db, w, &now, claim_state_names[old.state], in->text, before_text(w, &old, in), err) && claim_tell(db, w, &now, &old, err) &&
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
    return claim_save(db, &old, &now, err) && claim_tell(db, w, &now, &old, err) &&
           audit_write(db, w, STR("claim.edit"), STR("claim"), now.id, audit_json(w->arena, &claim_record, &old), audit_json(w->arena, &claim_record, &now),
                       err);
}

bool claim_change(struct work *w, rid id, const struct claim_edit *edit, struct err *err)
{
    struct claiming k = { .w = w, .id = id, .edit = edit };
    return db_tx(w->db, change_tx, &k, err);
}
