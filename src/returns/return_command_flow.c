#include "returns/return_command_flow.h"

#include "base/json_write.h"
#include "events/event.h"
#include "orders/order_store.h"
#include "returns/exchange_flow.h"
#include "returns/refund_flow.h"

#define NEAR_MS      (2 * HOUR_MS)
#define HOLD_SKIP_MS (5 * MINUTE_MS)

/* Which command tells the market of a step; NULL: our own step. Bits as in shop.channel_ops, behind those of orders. */
static const struct { const char *op; int bit; } commands[] = {
    [RACT_APPROVE]   = { "return_approve", 4 },
    [RACT_REJECT]    = { "return_reject", 5 },
    [RACT_SEND_BACK] = { "return_reject", 5 },
    [RACT_KEEP]      = { "return_keep", 6 },
    [RACT_RECEIVE]   = { "return_receive", 7 },
    [RACT_REFUND]    = { "return_pay", 8 },
    [RACT_KEEP_PART] = { "return_part", 9 },
};

static bool is_told(const struct work *w, const struct rma *r, enum return_action action)
{
    bool listed = (size_t)action < sizeof commands / sizeof *commands && commands[action].op;
    unsigned ops = w->shop->channel_ops ? w->shop->channel_ops(r->channel) : ~0u;
    return listed && (ops & BIT(commands[action].bit)) && r->external_id.len && !str_starts(r->external_id, STR("own:"));
}

bool return_market_allows(const struct shop *shop, const struct rma *r, enum return_action action)
{
    unsigned ops = shop->channel_ops ? shop->channel_ops(r->channel) : ~0u;
    return action != RACT_KEEP_PART || !(ops & BIT(commands[RACT_KEEP].bit)) || (ops & BIT(commands[RACT_KEEP_PART].bit));
}

static str payload_of(const struct work *w, const struct rma *r, enum return_action as, const struct return_told *told)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "return", r->external_id);
    json_text(&j, "comment", utf8_cut(told->text, 2000));
    if (as == RACT_KEEP_PART)
        json_amount_text(&j, "amount", r->refund_amount);
    json_end(&j);
    return buf_str(&b);
}

/* Goods that stay with the buyer are told to the market with the decision, or with its approval by the second person when the decision
 * had to wait for one. *as: the step whose command is meant. */
static bool told_as(struct db *db, const struct work *w, struct return_edit *e, enum return_action action, enum return_action *as, struct err *err)
{
    struct command_row row = { 0 };
    *as = action;
    if ((action != RACT_REFUND && action != RACT_KEEP) || e->now.route != ROUTE_KEEP || !is_told(w, &e->now, RACT_KEEP))
        return true;
    if (!e->lines.count && !return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    bool part = is_told(w, &e->now, RACT_KEEP_PART) && e->now.refund_amount.minor < return_lines_sum(&e->lines).minor;
    enum return_action keeps = part ? RACT_KEEP_PART : RACT_KEEP;
    if (action == RACT_KEEP) {
        *as = keeps;
        return true;
    }
    if (id_is_set(e->now.command_id) && !outbox_get(db, e->now.command_id, w->arena, &row, err))
        return false;
    bool lives = !str_is(row.state, "refused") && !str_is(row.state, "dropped") && !str_is(row.state, "undone") && !str_is(row.state, "overtaken");
    if (!str_is(row.op, commands[keeps].op) || !lives)
        *as = keeps;
    return true;
}

bool return_command_put(struct db *db, struct work *w, struct return_edit *e, const struct return_told *told, struct err *err)
{
    struct rma        *r = &e->now;
    enum return_action as;
    bool               live;
    if (!told_as(db, w, e, told->action, &as, err))
        return false;
    if (!is_told(w, r, as))
        return true;
    if (!account_is_live(db, r->account_id, &live, err))
        return false;
    const char *op     = commands[as].op;
    int         hold_s = told->hold_s >= 0 ? told->hold_s : w->shop->hold_s;
    instant     by     = e->old.deadline_at;
    bool        near   = instant_is_set(by) && by.ms - w->now.ms < HOLD_SKIP_MS;
    instant     go     = near ? w->now : instant_add(w->now, hold_s * SECOND_MS);
    struct command_row row = {
        .id = work_id(w), .account_id = r->account_id, .order_id = id_is_set(r->order_id) ? r->order_id : r->id, .return_id = r->id,
        .op = str_of(op), .priority = instant_is_set(by) && by.ms - w->now.ms < NEAR_MS ? 1 : 2,
        .dedupe_key = str_print(w->arena, "%s:%lld", op, (long long)r->id.v), .payload = payload_of(w, r, as, told),
        .state = !live ? STR("shadow") : go.ms > w->now.ms ? STR("held") : STR("queued"), .not_before = go,
        .from_status = str_of(return_state_names[told->from]), .to_status = str_of(return_state_names[r->state]),
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name, .created_at = w->now,
    };
    if (!outbox_add(db, w->arena, &row, err))
        return false;
    r->command_id = row.id;
    return true;
}

/* ---- the fate ---- */

struct settling { struct work *w; const struct command_row *row; str title; bool *kept; };

/* A command that was given up is a task of the order; without an order it stands in the list of commands in trouble alone. */
static bool settle_task(struct db *db, const struct settling *s, const struct rma *r, struct err *err)
{
    str  rule = command_task_rule(s->w->arena, s->row->id);
    bool open;
    if (!id_is_set(r->order_id))
        return true;
    if (!str_is(s->row->state, "dead"))
        return str_is(s->row->state, "queued") || tasks_close_rule(db, r->order_id, rule, STR("done"), s->w->now, err);
    if (!task_of_rule_open(db, r->order_id, rule, &open, err) || open)
        return !err_is_set(err);
    struct task task = {
        .id = work_id(s->w), .kind = STR("dead_command"), .order_id = r->order_id, .state = STR("open"), .rule = rule, .version = 1,
        .created_at = s->w->now, .updated_at = s->w->now, .due_at = s->w->now, .title = s->title,
    };
    return record_insert(db, &task_record, &task, err);
}

/* A decision that did not come to pass leaves no trace but the history. */
static void stand_back(struct rma *r, enum return_state to)
{
    r->state = to;
    if (to == RETURN_REQUESTED || to == RETURN_CHECKING || to == RETURN_INFO_NEEDED)
        r->decided_at = (instant){ 0 };
    r->ended_at    = (instant){ 0 };
    r->refunded_at = to == RETURN_REFUNDED ? r->refunded_at : (instant){ 0 };
    if (r->route == ROUTE_KEEP && to != RETURN_REFUNDING)
        r->route = ROUTE_TO_SELLER;
}

/* A decision that the market refuses is none. Goods that are here are here, whatever it says: that stands in the history. */
static bool put_back(struct db *db, struct work *w, struct return_edit *e, const struct command_row *row, enum return_state from, struct err *err)
{
    str note = str_print(w->arena, "refused: %.*s", STR_ARG(utf8_cut(row->text, 900)));
    if (str_is(row->op, "return_receive")) {
        return_edit_step(e, w, e->old.state, NULL, 0, e->old.state, true, note);
        return true;
    }
    struct return_ground g = { 0 };
    if (!return_ground_read(db, w, &g, err))
        return false;
    stand_back(&e->now, from);
    if ((e->old.state == RETURN_REFUNDING || e->old.state == RETURN_REFUNDED) && !refund_step_back(db, w, e, e->now.state, err))
        return false;
    if (e->old.state == RETURN_APPROVED && !exchange_drop(db, w, e, err))
        return false;
    e->now.state_at   = w->now;
    e->now.draft_hash = 0;                                  /* what the market said before is heard anew */
    return_deadline(&e->now, &w->shop->book, &g.terms, w->shop->country, w->now);
    return_wake(&e->now, &g.rules);
    return_derive(&e->now, w->arena);
    return_edit_step(e, w, e->old.state, NULL, 0, e->now.state, false, note);
    return true;
}

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct settling        *s     = ctx;
    struct work            *w     = s->w;
    struct return_edit      e     = { 0 };
    struct int_list         seqs  = { 0 };
    rid                     id    = s->row->return_id;
    if (!outbox_settle(db, s->row, s->kept, err))
        return false;
    if (!*s->kept)
        return true;
    if (!return_get(db, id, w->arena, &e.old, err) || !settle_task(db, s, &e.old, err) || !return_steps_last(db, &id, 1, w->arena, &seqs, err))
        return false;
    e.now    = e.old;
    e.seq    = seqs.count ? seqs.at[0] : 0;
    int from = name_find(return_state_names, s->row->from_status);
    bool refused = str_is(s->row->state, "refused") && str_is(s->row->to_status, return_state_names[e.old.state]) && from >= 0;
    if (refused && !put_back(db, w, &e, s->row, (enum return_state)from, err))
        return false;
    return return_edit_save(db, w, &e, err);
}

bool return_command_settle(struct work *w, const struct command_row *row, str title, bool *kept, struct err *err)
{
    struct settling s = { w, row, title, kept };
    return db_tx(w->db, settle_tx, &s, err);
}

bool return_command_overruled(struct db *db, const struct work *w, const struct rma *r, enum return_state *from, bool *overruled, struct err *err)
{
    struct command_row row = { 0 };
    *overruled = false;
    if (!id_is_set(r->command_id))
        return true;
    if (!outbox_get(db, r->command_id, w->arena, &row, err))
        return false;
    int  before = name_find(return_state_names, row.from_status);
    bool waits  = str_is(row.state, "held") || str_is(row.state, "queued") || str_is(row.state, "sending") || str_is(row.state, "shadow");
    if (!waits || before < 0 || !str_is(row.to_status, return_state_names[r->state]))
        return true;
    *overruled = true;
    *from      = (enum return_state)before;
    return outbox_overtake(db, row.id, STR("the marketplace has decided already"), w->now, err);
}
