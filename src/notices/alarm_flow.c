#include "notices/alarm_flow.h"

#include "base/json_write.h"
#include "events/event.h"
#include "notices/audience_flow.h"
#include "orders/standing_flow.h"
#include "returns/return_report.h"

#define REASONS_MAX 200

struct watching { struct work *w; bool reasons; struct alarm_list wanted; int crossed; };

/* ---- what stands over its limit now ---- */

static str standing_facts(struct arena *a, const struct standing_line *l, const struct standing_limit *limit, int64_t until)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_number(&j, "value", l->value);
    json_number(&j, "limit", limit->value);
    json_number(&j, "bad", l->sum.bad);
    json_number(&j, "all", l->sum.all);
    json_number(&j, "days", l->days);
    json_number(&j, "until", until);
    json_number(&j, "over", l->state == STANDING_OVER);
    json_end(&j);
    return buf_str(&b);
}

static void standing_wanted(struct watching *k, const struct standing_of *s)
{
    struct arena *a = k->w->arena;
    for (int f = 0; f < STANDING_FIGURE_COUNT; f++) {
        const struct standing_line *l = &s->lines[f];
        if (l->state != STANDING_NEAR && l->state != STANDING_OVER)
            continue;
        const struct standing_limit *limit = l->hard ? l->hard : l->warn;
        *alarm_list_add(&k->wanted, a) = (struct alarm){
            .kind = ALARM_STANDING, .level = l->state == STANDING_OVER ? ALARM_OVER : ALARM_NEAR, .account_id = s->account.id,
            .channel = s->account.channel, .title = s->account.name, .figure = str_of(standing_figure_names[f]),
            .key = str_print(a, "%s:%lld", standing_figure_names[f], (long long)s->account.id.v),
            .facts = standing_facts(a, l, limit, l->hard ? l->until_hard : l->until_warn),
        };
    }
}

static void reason_wanted(struct watching *k, const struct reason_share *r)
{
    struct arena   *a = k->w->arena;
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_number(&j, "count", r->count);
    json_number(&j, "all", r->all);
    json_text(&j, "article", r->article);
    json_end(&j);
    *alarm_list_add(&k->wanted, a) = (struct alarm){
        .kind = ALARM_REASON, .level = ALARM_GROWS, .title = r->title.len ? r->title : r->article, .figure = r->reason, .facts = buf_str(&b),
        .key = str_print(a, "%.*s:%.*s", STR_ARG(r->reason), STR_ARG(r->article)),
    };
}

static bool look(struct watching *k, struct err *err)
{
    const struct queue_scope everywhere = { 0 };
    struct standing_of_list  standing   = { 0 };
    struct reason_share_list reasons    = { 0 };
    struct work             *w          = k->w;
    if (!standing_now(w, &everywhere, &standing, err))
        return false;
    for (int i = 0; i < standing.count; i++)
        standing_wanted(k, &standing.at[i]);
    if (k->reasons && !reasons_that_grow(w->db, instant_add(w->now, -ALARM_DAYS * DAY_MS), ALARM_RETURNS_MIN, ALARM_SHARE_BP, REASONS_MAX, w->arena,
                                         &reasons, err))
        return false;
    for (int i = 0; i < reasons.count; i++)
        reason_wanted(k, &reasons.at[i]);
    return true;
}

/* ---- a crossing ---- */

static str rule_of(struct arena *a, const struct alarm *m) { return str_print(a, "alarm:%lld", (long long)m->id.v); }

/* The standing is the heads' matter, a reason theirs who decide on returns. */
static bool concerns(const struct audience *to, const struct user *u, const struct alarm *m)
{
    uint64_t rights = user_permissions(u);
    bool     head   = user_roles(u) & (role_bit(ROLE_MANAGER) | role_bit(ROLE_OWNER));
    if (u->state != USER_ACTIVE || (id_is_set(m->account_id) && !audience_sees(to, u, m->account_id)))
        return false;
    return m->kind == ALARM_STANDING ? head && permission_in(rights, PERM_ORDERS_WORK) : permission_in(rights, PERM_RETURNS_DECIDE);
}

static bool tell_all(const struct audience *to, const struct alarm *m, struct err *err)
{
    struct arena       *a = to->w->arena;
    const struct notice n = {
        .type = m->kind == ALARM_STANDING ? NOTICE_STANDING : NOTICE_REASON, .object = STR("alarm"), .object_id = m->id, .title = m->title,
        .channel = m->channel, .step = m->figure, .facts = m->facts, .at = to->w->now, .key = rule_of(a, m),
    };
    for (int i = 0; i < to->users.count; i++) {
        bool reachable = false;
        if (concerns(to, &to->users.at[i], m) && !audience_tell(to, i, &n, &reachable, err))
            return false;
    }
    return true;
}

static bool task_add(struct db *db, struct work *w, const struct alarm *m, struct err *err)
{
    const struct task t = {
        .id = work_id(w), .kind = str_of(alarm_kind_names[m->kind]), .state = STR("open"), .rule = rule_of(w->arena, m), .version = 1,
        .title = str_print(w->arena, "%.*s: %.*s", STR_ARG(utf8_cut(m->title, 200)), STR_ARG(m->figure)), .due_at = w->now,
        .created_at = w->now, .updated_at = w->now,
    };
    return record_insert(db, &task_record, &t, err);
}

static bool event_of(struct db *db, const struct work *w, const struct alarm *m, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", m->id);
    json_text(&j, "kind", str_of(alarm_kind_names[m->kind]));
    json_text(&j, "level", str_of(alarm_level_names[m->level]));
    json_end(&j);
    return event_add(db, w->now, STR("alarm"), m->account_id, m->id, buf_str(&b), err);
}

static bool begin(struct db *db, struct watching *k, const struct audience *to, struct alarm *m, struct err *err)
{
    bool made;
    m->id    = work_id(k->w);
    m->since = k->w->now;
    if (!alarm_add(db, m, &made, err) || !made)
        return !err_is_set(err);
    k->crossed++;
    return tell_all(to, m, err) && task_add(db, k->w, m, err) && event_of(db, k->w, m, err);
}

static bool end(struct db *db, const struct watching *k, const struct alarm *m, struct err *err)
{
    return alarm_end(db, m->id, k->w->now, err) && alarm_task_end(db, rule_of(k->w->arena, m), k->w->now, err) && event_of(db, k->w, m, err);
}

static struct alarm *find(const struct alarm_list *list, const struct alarm *like)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i].kind == like->kind && str_eq(list->at[i].key, like->key))
            return &list->at[i];
    return NULL;
}

/* One that was over and is only near again goes on as it is: it would be told anew whenever the number swings by one. */
static bool watch_tx(struct db *db, void *ctx, struct err *err)
{
    struct watching  *k    = ctx;
    struct alarm_list open = { 0 };
    struct audience   to   = { 0 };
    k->crossed = 0;
    if (!alarms_open(db, k->w->arena, &open, err))
        return false;
    for (int i = 0; i < open.count; i++) {
        const struct alarm *m = &open.at[i], *now = find(&k->wanted, m);
        bool rises = now && m->level == ALARM_NEAR && now->level == ALARM_OVER;
        bool gone  = !now && (m->kind != ALARM_REASON || k->reasons);
        if ((rises || gone) && !end(db, k, m, err))
            return false;
    }
    for (int i = 0; i < k->wanted.count; i++) {
        struct alarm       *m   = &k->wanted.at[i];
        const struct alarm *was = find(&open, m);
        if (was && !(was->level == ALARM_NEAR && m->level == ALARM_OVER))
            continue;
        if ((!to.w && !audience_read(db, k->w, &to, err)) || !begin(db, k, &to, m, err))
            return false;
    }
    return true;
}

static bool differs(const struct watching *k, const struct alarm_list *open)
{
    bool differ = false;
    for (int i = 0; i < k->wanted.count; i++) {
        const struct alarm *was = find(open, &k->wanted.at[i]);
        differ |= !was || (was->level == ALARM_NEAR && k->wanted.at[i].level == ALARM_OVER);
    }
    for (int i = 0; i < open->count; i++)
        differ |= !find(&k->wanted, &open->at[i]) && (open->at[i].kind != ALARM_REASON || k->reasons);
    return differ;
}

bool alarms_watch(struct work *w, bool reasons, int *crossed, struct err *err)
{
    struct watching   k    = { .w = w, .reasons = reasons };
    struct alarm_list open = { 0 };
    *crossed = 0;
    if (!look(&k, err) || !alarms_open(w->db, w->arena, &open, err))
        return false;
    /* Mostly nothing has crossed, and then nothing is written. */
    if (!differs(&k, &open))
        return true;
    if (!db_tx(w->db, watch_tx, &k, err))
        return false;
    *crossed = k.crossed;
    return true;
}
