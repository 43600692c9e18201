/* Events and time become notices, and notices sends. Declared in notice_flow.h. */
#include "accounts/body.h"
#include "accounts/user_store.h"
#include "base/json_read.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "notices/notice_flow.h"
#include "orders/order_store.h"

#define EVENTS_AT_ONCE 500
#define RUNGS_AT_ONCE  100

static const char OBJECT_ORDER[] = "order", OBJECT_ACCOUNT[] = "account";

/* Everybody who can be told, read once per pass. */
struct audience {
    struct work              *w;
    struct db                *db;
    struct user_list          users;
    struct notice_target_list targets;
    struct notice_rules      *rules;    /* one per user */
};

static bool audience_read(struct db *db, struct work *w, struct audience *out, struct err *err)
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

static bool in_scope(struct arena *a, const struct user *u, rid account)
{
    rid *scope = NULL;
    int  count = ids_read(a, u->accounts, &scope);
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

/* *reachable: the person is at the screen, or has a way that is open now. */
static bool tell_one(const struct audience *to, int who, const struct notice *pattern, bool *reachable, struct err *err)
{
    const struct user         *u     = &to->users.at[who];
    const struct notice_rules *rules = &to->rules[who];
    enum notice_type           type  = (enum notice_type)pattern->type;
    struct notice              n     = *pattern;
    bool quiet = type != NOTICE_ORDER_BREACHED && notice_is_quiet(rules, zone_of(to->w, u), to->w->now);
    bool added = false, any = false;

    *reachable = *reachable || u->last_seen_at.ms > to->w->now.ms - NOTICE_SEEN_MS;
    n.user_id  = u->id;
    n.id       = work_id(to->w);
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

/* ---- the ladder ---- */

static bool stands_on(const struct audience *to, const struct user *u, const struct order *o, enum rung rung)
{
    uint64_t rights = user_permissions(u);
    unsigned roles  = user_roles(u);
    if (u->state != USER_ACTIVE || !permission_in(rights, PERM_ORDERS_WORK) || !in_scope(to->w->arena, u, o->account_id))
        return false;
    return rung == RUNG_ASSIGNEE ? id_eq(u->id, o->assignee_id)
           : rung == RUNG_TEAM   ? true
           : rung == RUNG_HEAD   ? (roles & (role_bit(ROLE_MANAGER) | role_bit(ROLE_OWNER))) != 0
                                 : (roles & role_bit(ROLE_OWNER)) != 0;
}

/* `early`: the rung is told before its zone, because nobody below could be reached. */
static struct notice notice_of(const struct work *w, const struct order *o, enum rung rung, bool early)
{
    return (struct notice){
        .type = early ? NOTICE_ORDER_TEAM : rung_type(rung), .object = str_of(OBJECT_ORDER), .object_id = o->id, .title = o->number,
        .channel = o->channel, .step = o->deadline_step, .deadline_at = o->deadline_at, .at = w->now,
        .key = str_print(w->arena, "order:%lld:%.*s:%d%s", (long long)o->id.v, STR_ARG(o->deadline_step), (int)rung, early ? ":early" : ""),
    };
}

static instant team_time(const struct work *w, const struct order *o)
{
    const struct policy_list *list = &w->shop->book.policies;
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].id, o->policy_id))
            return calendar_after(list->at[i].calendar, w->now, RUNG_WAIT_MIN * MINUTE_MS);
    return instant_add(w->now, RUNG_WAIT_MIN * MINUTE_MS);
}

static bool tell_rung(const struct audience *to, const struct order *o, enum rung rung, bool early, bool *reachable, struct err *err)
{
    struct notice n = notice_of(to->w, o, rung, early);
    for (int i = 0; i < to->users.count; i++)
        if (stands_on(to, &to->users.at[i], o, rung) && !tell_one(to, i, &n, reachable, err))
            return false;
    return true;
}

/* Tells the rungs of `due`, and where nobody of one can be reached, those above it until somebody can. */
static bool climb(const struct audience *to, const struct order *o, struct escalation *e, unsigned due, struct err *err)
{
    for (int rung = 0; rung < RUNG_COUNT; rung++) {
        bool reachable = false;
        if (!(due & ~(unsigned)e->told & BIT(rung)))
            continue;
        if (!tell_rung(to, o, (enum rung)rung, false, &reachable, err))
            return false;
        e->told |= BIT(rung);
        for (int up = rung + 1; up < RUNG_COUNT && !reachable; up++) {
            if ((due | (unsigned)e->told) & BIT(up))        /* has been told, or will be in its own turn */
                break;
            if (!tell_rung(to, o, (enum rung)up, up != RUNG_TEAM, &reachable, err))
                return false;
            if (up == RUNG_TEAM)
                e->told |= BIT(up);
        }
    }
    bool waits = (e->told & BIT(RUNG_ASSIGNEE)) && !(e->told & BIT(RUNG_TEAM)) && !(e->acked & BIT(RUNG_ASSIGNEE));
    e->next_at = !waits ? 0 : e->next_at ? e->next_at : team_time(to->w, o).ms;
    return escalation_save(to->db, e, err);
}

static bool is_hot(const struct order *o)
{
    return !o->closed && o->deadline_step.len && (o->zone == ZONE_YELLOW || o->zone == ZONE_RED || o->zone == ZONE_BREACHED);
}

static bool climb_orders(const struct audience *to, const rid *ids, int count, struct err *err)
{
    struct order_list orders = { 0 };
    if (!count)
        return true;
    if (!orders_by_ids(to->db, ids, count, to->w->arena, &orders, err))
        return false;
    for (int i = 0; i < orders.count; i++) {
        const struct order *o = &orders.at[i];
        struct escalation   e;
        if (!is_hot(o))
            continue;
        if (!escalation_get(to->db, str_of(OBJECT_ORDER), o->id, o->deadline_step, &e, err))
            return false;
        unsigned due = rungs_due(o->zone, (unsigned)e.told);
        if (due && !climb(to, o, &e, due, err))
            return false;
    }
    return true;
}

/* ---- channels ---- */

static bool tell_channel(const struct audience *to, const struct event *event, struct err *err)
{
    struct notice n = { .type = NOTICE_CHANNEL_STOPPED, .object = str_of(OBJECT_ACCOUNT), .object_id = event->entity_id, .at = to->w->now,
                        .key = str_print(to->w->arena, "account:%lld:%lld", (long long)event->entity_id.v, (long long)event->id) };
    if (!notice_account(to->db, event->entity_id, to->w->arena, &n.title, &n.channel, err))
        return false;
    for (int i = 0; i < to->users.count; i++) {
        const struct user *u = &to->users.at[i];
        bool reachable = false;
        if (u->state == USER_ACTIVE && permission_in(user_permissions(u), PERM_ORDERS_WORK) && in_scope(to->w->arena, u, event->account_id) &&
            !tell_one(to, i, &n, &reachable, err))
            return false;
    }
    return true;
}

/* ---- passes ---- */

struct pass { struct work *w; bool *more; };

static bool has_id(const rid *ids, int count, rid id)
{
    for (int i = 0; i < count; i++)
        if (id_eq(ids[i], id))
            return true;
    return false;
}

static bool spread_tx(struct db *db, void *ctx, struct err *err)
{
    struct pass      *p      = ctx;
    struct arena     *a      = p->w->arena;
    struct event_list events = { 0 };
    struct audience   to     = { 0 };
    rid    *ids = ARENA_ARRAY(a, rid, EVENTS_AT_ONCE);
    int     n   = 0;
    int64_t cursor;

    if (!notice_cursor(db, &cursor, err) || !event_after(db, cursor, EVENTS_AT_ONCE, a, &events, err))
        return false;
    int count = event_settled(&events, cursor, p->w->now);
    *p->more  = count == EVENTS_AT_ONCE;
    if (!count)
        return true;
    for (int i = 0; i < count; i++) {
        const struct event *e    = &events.at[i];
        const struct json  *data = NULL;
        struct err          bad  = { 0 };
        bool is_order = str_is(e->kind, "order") && (str_has(e->data, STR("\"breached\"")) || str_has(e->data, STR("\"red\"")) || str_has(e->data, STR("\"yellow\"")));
        bool is_stop  = str_is(e->kind, "account") && json_read(a, e->data, 1 << 16, &data, &bad) && str_is(json_str(json_get(data, "state")), "auth_failed");
        if ((is_order || is_stop) && !to.w && !audience_read(db, p->w, &to, err))
            return false;
        if (is_order && !has_id(ids, n, e->entity_id))
            ids[n++] = e->entity_id;
        if (is_stop && !tell_channel(&to, e, err))
            return false;
    }
    return climb_orders(&to, ids, n, err) && notice_cursor_set(db, a, events.at[count - 1].id, err);
}

bool notices_spread(struct work *w, bool *more, struct err *err)
{
    struct pass p = { w, more };
    *more = false;
    return db_tx(w->db, spread_tx, &p, err);
}

static bool climb_tx(struct db *db, void *ctx, struct err *err)
{
    struct pass           *p    = ctx;
    struct escalation_list list = { 0 };
    struct audience        to;
    if (!escalations_due(db, p->w->now, RUNGS_AT_ONCE, p->w->arena, &list, err) || !audience_read(db, p->w, &to, err))
        return false;
    *p->more = list.count == RUNGS_AT_ONCE;
    for (int i = 0; i < list.count; i++) {
        struct escalation *e = &list.at[i];
        struct order_list  o = { 0 };
        e->next_at = 0;
        if (!orders_by_ids(db, &e->object_id, 1, p->w->arena, &o, err))
            return false;
        bool still = o.count && is_hot(&o.at[0]) && str_eq(o.at[0].deadline_step, e->step) && !(e->acked & BIT(RUNG_ASSIGNEE));
        if (still ? !climb(&to, &o.at[0], e, BIT(RUNG_TEAM), err) : !escalation_save(db, e, err))
            return false;
    }
    return true;
}

bool notices_climb(struct work *w, bool *more, struct err *err)
{
    struct pass p = { w, more };
    *more = false;
    return db_tx(w->db, climb_tx, &p, err);
}

struct acknowledging { struct work *w; rid order_id; const rid *accounts; int count; };

static bool acknowledge_tx(struct db *db, void *ctx, struct err *err)
{
    struct acknowledging *k = ctx;
    struct order          o = { 0 };
    struct escalation     e;
    if (!order_get(db, k->order_id, k->w->arena, &o, err))
        return false;
    if (k->count && !has_id(k->accounts, k->count, o.account_id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    if (!escalation_get(db, str_of(OBJECT_ORDER), o.id, o.deadline_step, &e, err))
        return false;
    e.acked |= e.told;
    if (e.acked & BIT(RUNG_ASSIGNEE))
        e.next_at = 0;
    return (!e.told || escalation_save(db, &e, err)) && notices_ack(db, k->w->actor.id, str_of(OBJECT_ORDER), o.id, k->w->now, err);
}

bool order_acknowledge(struct work *w, rid order_id, const rid *accounts, int accounts_count, struct err *err)
{
    struct acknowledging k = { w, order_id, accounts, accounts_count };
    return db_tx(w->db, acknowledge_tx, &k, err);
}
