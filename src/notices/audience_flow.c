#include "notices/audience_flow.h"

#include "accounts/body.h"
#include "accounts/user_store.h"
#include "deadlines/shop.h"

bool audience_read(struct db *db, struct work *w, struct audience *out, struct err *err)
{
    struct user_choice_list chosen = { 0 };
    *out = (struct audience){ .w = w, .db = db };
    if (!user_all(db, w->arena, &out->users, err) || !targets_on(db, w->arena, &out->targets, err) ||
        !choices_named(db, STR(NOTICE_CHOICE), w->arena, &chosen, err))
        return false;
    out->rules = ARENA_ARRAY(w->arena, struct notice_rules, out->users.count + 1);
    for (int i = 0; i < out->users.count; i++) {
        str text = { 0 };
        for (int k = 0; k < chosen.count && !text.len; k++)
            if (id_eq(chosen.at[k].user_id, out->users.at[i].id))
                text = chosen.at[k].value;
        out->rules[i] = notice_rules_read(w->arena, text);
    }
    return true;
}

static const struct zone *zone_of(const struct work *w, const struct user *u)
{
    const struct zone *z = u->time_zone.len ? zone_find(u->time_zone) : NULL;
    return z ? z : w->shop->zone;
}

bool audience_sees(const struct audience *to, const struct user *u, rid account)
{
    rid *scope = NULL;
    int  count = ids_read(to->w->arena, u->accounts, &scope);
    for (int i = 0; i < count; i++)
        if (id_eq(scope[i], account))
            return true;
    return count == 0;
}

/* ---- telling one person ---- */

/* Joined to what has not left yet; else a message of its own, five minutes after the last of the type at the earliest. */
static bool send_by(const struct audience *to, int who, const struct notice_target *t, const struct notice *n, enum notice_mode mode, struct err *err)
{
    struct work       *w   = to->w;
    struct notice_send s   = { .id = work_id(w), .user_id = n->user_id, .target_id = t->id, .medium = t->medium, .type = n->type,
                               .digest = mode == MODE_DIGEST, .state = STR("waiting"), .created_at = w->now };
    struct notice_send old = { 0 };
    instant last = { 0 };
    bool    open;
    if (!send_open(to->db, &s, instant_add(w->now, -DAY_MS), w->arena, &old, &open, &last, err))
        return false;
    if (open)
        return part_add(to->db, old.id, n->id, err);
    s.not_before = notice_time(&to->rules[who], (enum notice_type)n->type, mode, zone_of(w, &to->users.at[who]), w->now);
    if (instant_is_set(last) && s.not_before.ms < last.ms + NOTICE_JOIN_MS && n->type != NOTICE_TEST)
        s.not_before = instant_add(last, NOTICE_JOIN_MS);
    return send_insert(to->db, &s, err) && part_add(to->db, s.id, n->id, err);
}

bool audience_tell(const struct audience *to, int who, const struct notice *pattern, bool *reachable, struct err *err)
{
    const struct user         *u     = &to->users.at[who];
    const struct notice_rules *rules = &to->rules[who];
    enum notice_type           type  = (enum notice_type)pattern->type;
    struct notice              n     = *pattern;
    bool quiet = !type_is_breach(type) && notice_is_quiet(rules, zone_of(to->w, u), to->w->now);
    bool added = false, any = false;

    *reachable = *reachable || u->last_seen_at.ms > to->w->now.ms - NOTICE_SEEN_MS;
    n.user_id  = u->id;
    n.id       = work_id(to->w);
    if (!permission_in(user_permissions(u), PERM_PRICES_SEE))
        n.currency = STR("");
    for (int i = 0; i < to->targets.count; i++) {
        const struct notice_target *t    = &to->targets.at[i];
        enum notice_mode            mode = rules->mode[type][t->medium];
        if (!id_eq(t->user_id, u->id) || mode == MODE_NEVER)
            continue;
        *reachable = *reachable || (!quiet && mode == MODE_NOW);
        if (!any && !notice_add(to->db, &n, &added, err))
            return false;
        any = true;
        if (added && !send_by(to, who, t, &n, mode, err))
            return false;
    }
    return true;
}
