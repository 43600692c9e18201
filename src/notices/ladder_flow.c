/* Events and time become notices, and notices sends. Declared in notice_flow.h. */
#include "base/json_read.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "notices/audience_flow.h"
#include "notices/notice_flow.h"
#include "notices/subject_flow.h"

#define EVENTS_AT_ONCE 500
#define RUNGS_AT_ONCE  100

static const char OBJECT_ACCOUNT[] = "account";

/* ---- the ladder ---- */

static bool stands_on(const struct audience *to, const struct user *u, const struct subject *s, enum rung rung)
{
    uint64_t rights = user_permissions(u);
    unsigned roles  = user_roles(u);
    if (u->state != USER_ACTIVE || !permission_in(rights, subject_right(s)) || !audience_sees(to, u, s->account_id))
        return false;
    return rung == RUNG_ASSIGNEE ? id_eq(u->id, s->assignee_id)
           : rung == RUNG_TEAM   ? true
           : rung == RUNG_HEAD   ? (roles & (role_bit(ROLE_MANAGER) | role_bit(ROLE_OWNER))) != 0
                                 : (roles & role_bit(ROLE_OWNER)) != 0;
}

/* `early`: the rung is told before its zone, because nobody below could be reached. */
static struct notice notice_of(const struct work *w, const struct subject *s, enum rung rung, bool early)
{
    const char *object = subject_kind_names[s->kind];
    return (struct notice){
        .type = rung_type(s->kind, early ? RUNG_TEAM : rung), .object = str_of(object), .object_id = s->id, .title = s->number,
        .channel = s->channel, .step = s->step, .term = s->term, .deadline_at = s->deadline_at, .amount = s->sum, .currency = s->currency, .at = w->now,
        .key = str_print(w->arena, "%s:%lld:%.*s:%d%s", object, (long long)s->id.v, STR_ARG(s->term), (int)rung, early ? ":early" : ""),
    };
}

static instant team_time(const struct work *w, const struct subject *s)
{
    const struct calendar *c = subject_calendar(w, s);
    return c ? calendar_after(c, w->now, RUNG_WAIT_MIN * MINUTE_MS) : instant_add(w->now, RUNG_WAIT_MIN * MINUTE_MS);
}

static bool tell_rung(const struct audience *to, const struct subject *s, enum rung rung, bool early, bool *reachable, struct err *err)
{
    struct notice n = notice_of(to->w, s, rung, early);
    for (int i = 0; i < to->users.count; i++)
        if (stands_on(to, &to->users.at[i], s, rung) && !audience_tell(to, i, &n, reachable, err))
            return false;
    return true;
}

/* Tells the rungs of `due`, and where nobody of one can be reached, those above it until somebody can. */
static bool climb(const struct audience *to, const struct subject *s, struct escalation *e, unsigned due, struct err *err)
{
    for (int rung = 0; rung < RUNG_COUNT; rung++) {
        bool reachable = false;
        if (!(due & ~(unsigned)e->told & BIT(rung)))
            continue;
        if (!tell_rung(to, s, (enum rung)rung, false, &reachable, err))
            return false;
        e->told |= BIT(rung);
        for (int up = rung + 1; up < RUNG_COUNT && !reachable; up++) {
            if ((due | (unsigned)e->told) & BIT(up))        /* has been told, or will be in its own turn */
                break;
            if (!tell_rung(to, s, (enum rung)up, up != RUNG_TEAM, &reachable, err))
                return false;
            if (up == RUNG_TEAM)
                e->told |= BIT(up);
        }
    }
    bool waits = (e->told & BIT(RUNG_ASSIGNEE)) && !(e->told & BIT(RUNG_TEAM)) && !(e->acked & BIT(RUNG_ASSIGNEE));
    e->next_at = !waits ? 0 : e->next_at ? e->next_at : team_time(to->w, s).ms;
    return escalation_save(to->db, e, err);
}

static bool climb_all(const struct audience *to, enum subject_kind kind, const rid *ids, int count, struct err *err)
{
    struct subject_list list = { 0 };
    if (!count)
        return true;
    if (!subjects_load(to->db, kind, ids, count, to->w->arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct subject *s = &list.at[i];
        struct escalation     e;
        if (!subject_is_hot(s))
            continue;
        if (!escalation_get(to->db, str_of(subject_kind_names[kind]), s->id, s->term, &e, err))
            return false;
        unsigned due = rungs_due(s->zone, (unsigned)e.told);
        if (due && !climb(to, s, &e, due, err))
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
        if (u->state == USER_ACTIVE && permission_in(user_permissions(u), PERM_ORDERS_WORK) && audience_sees(to, u, event->account_id) &&
            !audience_tell(to, i, &n, &reachable, err))
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

/* Subjects that a page of events says to burn, each once. */
struct burning { rid *ids[SUBJECT_KIND_COUNT]; int count[SUBJECT_KIND_COUNT]; };

static bool says_it_burns(const struct event *e, enum subject_kind *kind)
{
    static const char *const words[] = { "\"yellow\"", "\"red\"", "\"breached\"" };
    bool burns = false;
    for (int i = 0; i < COUNT_OF(words) && !burns; i++)
        burns = str_has(e->data, str_of(words[i]));
    return burns && subject_kind_of(e->kind, kind);
}

static void burning_add(struct burning *b, struct arena *a, enum subject_kind kind, rid id)
{
    if (!b->ids[kind])
        b->ids[kind] = ARENA_ARRAY(a, rid, EVENTS_AT_ONCE);
    if (!has_id(b->ids[kind], b->count[kind], id))
        b->ids[kind][b->count[kind]++] = id;
}

static bool says_it_stopped(struct arena *a, const struct event *e)
{
    const struct json *data = NULL;
    struct err         bad  = { 0 };
    return str_is(e->kind, "account") && json_read(a, e->data, 1 << 16, &data, &bad) && str_is(json_str(json_get(data, "state")), "auth_failed");
}

static bool spread_tx(struct db *db, void *ctx, struct err *err)
{
    struct pass      *p      = ctx;
    struct arena     *a      = p->w->arena;
    struct event_list events = { 0 };
    struct audience   to     = { 0 };
    struct burning    burning = { 0 };
    int64_t cursor;

    if (!notice_cursor(db, &cursor, err) || !event_after(db, cursor, EVENTS_AT_ONCE, a, &events, err))
        return false;
    int count = event_settled(&events, cursor, p->w->now);
    *p->more  = count == EVENTS_AT_ONCE;
    if (!count)
        return true;
    for (int i = 0; i < count; i++) {
        const struct event *e = &events.at[i];
        enum subject_kind   kind;
        bool burns = says_it_burns(e, &kind), stopped = says_it_stopped(a, e);
        if ((burns || stopped) && !to.w && !audience_read(db, p->w, &to, err))
            return false;
        if (burns)
            burning_add(&burning, a, kind, e->entity_id);
        if (stopped && !tell_channel(&to, e, err))
            return false;
    }
    for (int kind = 0; kind < SUBJECT_KIND_COUNT; kind++)
        if (!climb_all(&to, (enum subject_kind)kind, burning.ids[kind], burning.count[kind], err))
            return false;
    return notice_cursor_set(db, a, events.at[count - 1].id, err);
}

bool notices_spread(struct work *w, bool *more, struct err *err)
{
    struct pass p = { w, more };
    *more = false;
    return db_tx(w->db, spread_tx, &p, err);
}

/* What waited for the team, as it stands now; a subject that was done, or has another deadline by now, is left alone. */
static bool climb_one(const struct audience *to, struct escalation *e, struct err *err)
{
    struct subject_list list = { 0 };
    enum subject_kind   kind;
    e->next_at = 0;
    if (subject_kind_of(e->object, &kind) && !subjects_load(to->db, kind, &e->object_id, 1, to->w->arena, &list, err))
        return false;
    bool still = list.count && subject_is_hot(&list.at[0]) && str_eq(list.at[0].term, e->step) && !(e->acked & BIT(RUNG_ASSIGNEE));
    return still ? climb(to, &list.at[0], e, BIT(RUNG_TEAM), err) : escalation_save(to->db, e, err);
}

static bool climb_tx(struct db *db, void *ctx, struct err *err)
{
    struct pass           *p    = ctx;
    struct escalation_list list = { 0 };
    struct audience        to;
    if (!escalations_due(db, p->w->now, RUNGS_AT_ONCE, p->w->arena, &list, err) || !audience_read(db, p->w, &to, err))
        return false;
    *p->more = list.count == RUNGS_AT_ONCE;
    for (int i = 0; i < list.count; i++)
        if (!climb_one(&to, &list.at[i], err))
            return false;
    return true;
}

bool notices_climb(struct work *w, bool *more, struct err *err)
{
    struct pass p = { w, more };
    *more = false;
    return db_tx(w->db, climb_tx, &p, err);
}

struct acknowledging { struct work *w; enum subject_kind kind; rid id; const rid *accounts; int count; };

static bool acknowledge_tx(struct db *db, void *ctx, struct err *err)
{
    struct acknowledging *k    = ctx;
    struct subject_list   list = { 0 };
    str                   object = str_of(subject_kind_names[k->kind]);
    struct escalation     e;
    if (!subjects_load(db, k->kind, &k->id, 1, k->w->arena, &list, err))
        return false;
    if (!list.count || (k->count && !has_id(k->accounts, k->count, list.at[0].account_id)))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such %s", subject_kind_names[k->kind]);
    if (!escalation_get(db, object, k->id, list.at[0].term, &e, err))
        return false;
    e.acked |= e.told;
    if (e.acked & BIT(RUNG_ASSIGNEE))
        e.next_at = 0;
    return (!e.told || escalation_save(db, &e, err)) && notices_ack(db, k->w->actor.id, object, k->id, k->w->now, err);
}

bool subject_acknowledge(struct work *w, enum subject_kind kind, rid id, const rid *accounts, int accounts_count, struct err *err)
{
    struct acknowledging k = { w, kind, id, accounts, accounts_count };
    return db_tx(w->db, acknowledge_tx, &k, err);
}
