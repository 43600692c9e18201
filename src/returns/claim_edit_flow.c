#include "returns/claim_edit_flow.h"

#include "base/json_write.h"
#include "events/event.h"
#include "returns/claim_clock_flow.h"

bool claim_step_save(struct db *db, const struct work *w, const struct claim *c, const char *from, str note, str before, struct err *err)
{
    struct claim_step_list steps = { 0 };
    if (!claim_steps_of(db, c->id, w->arena, &steps, err))
        return false;
    struct claim_step s = {
        .claim_id = c->id, .seq = steps.count + 1, .at = w->now, .from_state = str_of(from), .to_state = str_of(claim_state_names[c->state]),
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name, .note = note,
        .before = before,
    };
    return claim_step_add(db, &s, err);
}

/* Whoever watches is told, and the clock of the answer follows. */
bool claim_tell(struct db *db, const struct work *w, const struct claim *c, const struct claim *old, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", c->id);
    json_id(&j, "account_id", c->account_id);
    json_id(&j, "return_id", c->return_id);
    json_text(&j, "kind", old ? STR("changed") : STR("new"));
    if (old && old->state != c->state)
        json_text(&j, "from", str_of(claim_state_names[old->state]));
    json_text(&j, "state", str_of(claim_state_names[c->state]));
    json_number(&j, "version", c->version);
    json_end(&j);
    return event_add(db, w->now, STR("claim"), c->account_id, c->id, buf_str(&b), err) && claim_clock_follow(db, w, c, err);
}

bool claim_in_scope(const rid *accounts, int count, rid account)
{
    for (int i = 0; i < count; i++)
        if (id_eq(accounts[i], account))
            return true;
    return count == 0;
}
