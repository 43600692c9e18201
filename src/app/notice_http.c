#include "app/notice_http.h"

#include "app/notice_store.h"
#include "deadlines/shop.h"
#include "events/outbox.h"
#include "notices/alarm_store.h"
#include "notices/subject.h"
#include "orders/queue_http.h"
#include "sync/channel_account_store.h"

#include <stdlib.h>

#define ORDERS_MAX    40
#define COMMANDS_MAX  40
#define BURNING_MAX   40                /* returns, and as many claims */
#define ALARMS_MAX    40
#define ENTRIES_MAX   4
#define MARKS_MAX     100
#define COMMAND_MS    (7 * DAY_MS)      /* an older refusal is the desk's matter, not news */

struct entry { const char *kind; instant at; str text; int64_t count; str facts; };
struct group {
    const char  *object;                /* "order" "return" "claim" "account" "alarm" */
    rid          id;
    str          title, channel;
    instant      at;
    bool         is_read;
    struct entry entries[ENTRIES_MAX];
    int          count;
};
LIST(group)

struct notices {
    struct request        *rq;
    struct arena          *a;
    struct queue_scope     scope;
    struct group_list      groups;
    struct notice_read_list marks;
};

static bool may(const struct notices *n, enum permission p)
{
    return permission_in(n->rq->who.permissions, p);
}

static bool in_scope(const struct notices *n, rid account)
{
    for (int i = 0; i < n->scope.count; i++)
        if (id_eq(n->scope.accounts[i], account))
            return true;
    return n->scope.count == 0;
}

static struct group *group_of(struct notices *n, const char *object, rid id, str title, str channel)
{
    for (int i = 0; i < n->groups.count; i++)
        if (n->groups.at[i].object == object && id_eq(n->groups.at[i].id, id))
            return &n->groups.at[i];
    struct group *g = group_list_add(&n->groups, n->a);
    *g = (struct group){ .object = object, .id = id, .title = title, .channel = channel };
    return g;
}

static void tell(struct group *g, struct entry e)
{
    if (g->count == ENTRIES_MAX)
        return;
    g->entries[g->count++] = e;
    if (e.at.ms > g->at.ms)
        g->at = e.at;
}

static const char OBJECT_ORDER[] = "order", OBJECT_ACCOUNT[] = "account", OBJECT_ALARM[] = "alarm";

/* ---- orders that burn ---- */

/* My own; and what nobody has is everybody's who works on orders. The most urgent come first. */
static bool hot(struct notices *n, struct err *err)
{
    rid                   me   = n->rq->who.user_id;
    struct queue_filter   f    = { .open_only = true, .zones = BIT(ZONE_BREACHED) | BIT(ZONE_RED), .by_assignee = true,
                                   .unassigned = may(n, PERM_ORDERS_WORK), .assignees = &me, .assignees_count = 1, .limit = ORDERS_MAX };
    struct queue_row_list rows = { 0 };
    bool                  more;
    if (!queue_rows(n->rq->work.db, &f, &n->scope, n->a, &rows, &more, err))
        return false;
    for (int i = 0; i < rows.count; i++) {
        const struct queue_row *r = &rows.at[i];
        bool late = str_is(r->zone, sla_zone_names[ZONE_BREACHED]);
        tell(group_of(n, OBJECT_ORDER, r->id, r->number, r->channel),
             (struct entry){ .kind = late ? "breached" : "red", .at = late ? r->deadline_at : r->red_at, .text = r->deadline_step });
    }
    return true;
}

/* The same of returns and claims; what nobody has is theirs who decide on it. */
static bool burning(struct notices *n, struct err *err)
{
    struct burning_row_list rows = { 0 };
    const struct burning_ask ask = { .accounts = n->scope.accounts, .accounts_count = n->scope.count, .person = n->rq->who.user_id,
                                     .unassigned = may(n, PERM_RETURNS_DECIDE), .max = BURNING_MAX };
    if (!may(n, PERM_RETURNS_SEE))
        return true;
    if (!notice_burning(n->rq->work.db, &ask, n->a, &rows, err))
        return false;
    for (int i = 0; i < rows.count; i++) {
        const struct burning_row *r = &rows.at[i];
        enum subject_kind         kind;
        bool late = str_is(r->zone, sla_zone_names[ZONE_BREACHED]);
        if (subject_kind_of(r->object, &kind))
            tell(group_of(n, subject_kind_names[kind], r->id, r->number, r->channel),
                 (struct entry){ .kind = late ? "breached" : "red", .at = late ? r->deadline_at : r->red_at, .text = r->step });
    }
    return true;
}

/* Limits that are near or passed, reasons that grow: for those who can do something about them. */
static bool alarmed(struct notices *n, struct err *err)
{
    struct alarm_list list = { 0 };
    bool standing = may(n, PERM_ORDERS_WORK), reasons = may(n, PERM_RETURNS_DECIDE);
    int  shown    = 0;
    if (!standing && !reasons)
        return true;
    if (!alarms_open(n->rq->work.db, n->a, &list, err))
        return false;
    for (int i = 0; i < list.count && shown < ALARMS_MAX; i++) {
        const struct alarm *m = &list.at[i];
        if (!(m->kind == ALARM_STANDING ? standing : reasons) || (id_is_set(m->account_id) && !in_scope(n, m->account_id)))
            continue;
        const char *kind = m->kind == ALARM_REASON ? "reason_grows" : m->level == ALARM_OVER ? "limit_over" : "limit_near";
        tell(group_of(n, OBJECT_ALARM, m->id, m->title, m->channel), (struct entry){ .kind = kind, .at = m->since, .text = m->figure, .facts = m->facts });
        shown++;
    }
    return true;
}

/* ---- commands that did not get through ---- */

static const struct queue_row *row_of(const struct queue_row_list *rows, rid id)
{
    for (int i = 0; i < rows->count; i++)
        if (id_eq(rows->at[i].id, id))
            return &rows->at[i];
    return NULL;
}

/* A command is news while it is the last of its order, for who gave it; given up for, it is news for all who work on orders. */
static bool undelivered(struct notices *n, struct err *err)
{
    static const str        states[] = { STR_INIT("refused"), STR_INIT("dead") };
    struct command_row_list list     = { 0 };
    struct queue_row_list   rows     = { 0 };
    rid                    *ids      = ARENA_ARRAY(n->a, rid, COMMANDS_MAX);
    int                     count    = 0;
    struct outbox_ask       ask      = { .states = states, .states_count = COUNT_OF(states), .accounts = n->scope.accounts,
                                         .accounts_count = n->scope.count, .max = COMMANDS_MAX };
    bool                    more;
    if (!outbox_in_states(n->rq->work.db, &ask, n->a, &list, &more, err))
        return false;
    for (int i = 0; i < list.count && count < COMMANDS_MAX; i++)
        ids[count++] = list.at[i].order_id;
    if (count && !queue_rows_by_ids(n->rq->work.db, ids, count, &n->scope, n->a, &rows, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct command_row *c   = &list.at[i];
        const struct queue_row   *row = row_of(&rows, c->order_id);
        instant at   = instant_is_set(c->done_at) ? c->done_at : c->created_at;
        bool    dead = str_is(c->state, "dead");
        bool    mine = id_eq(c->actor_id, n->rq->who.user_id);
        if (!row || !id_eq(row->command_id, c->id) || !(mine || (dead && may(n, PERM_ORDERS_WORK))) ||
            at.ms < n->rq->work.now.ms - COMMAND_MS)
            continue;
        tell(group_of(n, OBJECT_ORDER, row->id, row->number, row->channel),
             (struct entry){ .kind = dead ? "dead" : "refused", .at = at, .text = c->op });
    }
    return true;
}

/* ---- channels ---- */

static bool troubled(struct notices *n, struct err *err)
{
    struct channel_account_list accounts = { 0 };
    struct parked_newest_list   parked   = { 0 };
    if (!may(n, PERM_ORDERS_WORK) && !may(n, PERM_SETTINGS))
        return true;
    if (!accounts_all(n->rq->work.db, n->a, &accounts, err) || !notice_parked(n->rq->work.db, n->a, &parked, err))
        return false;
    for (int i = 0; i < accounts.count; i++) {
        const struct channel_account *acc = &accounts.at[i];
        if (!in_scope(n, acc->id))
            continue;
        if ((acc->state == ACCOUNT_AUTH_FAILED || acc->state == ACCOUNT_DEGRADED) && instant_is_set(acc->error_since))
            tell(group_of(n, OBJECT_ACCOUNT, acc->id, acc->name, acc->channel),
                 (struct entry){ .kind = acc->state == ACCOUNT_AUTH_FAILED ? "stopped" : "failing", .at = acc->error_since,
                                 .text = acc->error_code });
        for (int k = 0; k < parked.count; k++)
            if (id_eq(parked.at[k].account_id, acc->id))
                tell(group_of(n, OBJECT_ACCOUNT, acc->id, acc->name, acc->channel),
                     (struct entry){ .kind = "parked", .at = parked.at[k].at, .count = parked.at[k].n });
    }
    return true;
}

/* ---- the answer ---- */

static void mark(struct notices *n)
{
    for (int i = 0; i < n->groups.count; i++)
        for (int k = 0; k < n->marks.count; k++) {
            struct group *g = &n->groups.at[i];
            if (id_eq(n->marks.at[k].object_id, g->id) && str_is(n->marks.at[k].object, g->object))
                g->is_read = n->marks.at[k].read_to.ms >= g->at.ms;
        }
}

static int newest_first(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    return x->at.ms != y->at.ms ? (x->at.ms < y->at.ms ? 1 : -1) : x->id.v < y->id.v ? 1 : -1;
}

static void group_write(struct json_out *j, const struct group *g)
{
    json_begin(j, NULL, '{');
    json_text(j, "object", str_of(g->object));
    json_id(j, "id", g->id);
    json_text(j, "title", g->title);
    json_text(j, "channel", g->channel);
    json_instant(j, "at", g->at);
    json_bool(j, "read", g->is_read);
    json_begin(j, "entries", '[');
    for (int i = 0; i < g->count; i++) {
        json_begin(j, NULL, '{');
        json_text(j, "kind", str_of(g->entries[i].kind));
        json_instant(j, "at", g->entries[i].at);
        json_text_or_null(j, "text", g->entries[i].text);
        json_number(j, "count", g->entries[i].count);
        json_raw(j, "facts", g->entries[i].facts.len ? g->entries[i].facts : STR("null"));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static bool people_only(const struct request *rq, struct err *err)
{
    return !rq->who.is_key || err_set(err, ERR_FORBIDDEN, "", "keys have no notices");
}

static bool notices_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct notices n = { .rq = rq, .a = rq->work.arena, .scope = request_scope(rq) };
    if (!people_only(rq, err))
        return false;
    if (may(&n, PERM_ORDERS_SEE) && (!hot(&n, err) || !undelivered(&n, err) || !troubled(&n, err)))
        return false;
    if (!burning(&n, err) || !alarmed(&n, err))
        return false;
    if (n.groups.count && !notice_reads_of(rq->work.db, rq->who.user_id, n.a, &n.marks, err))
        return false;
    mark(&n);
    if (n.groups.count)
        qsort(n.groups.at, (size_t)n.groups.count, sizeof *n.groups.at, newest_first);

    int unread = 0;
    for (int i = 0; i < n.groups.count; i++)
        unread += !n.groups.at[i].is_read;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "unread", unread);
    json_begin(&j, "items", '[');
    for (int i = 0; i < n.groups.count; i++)
        group_write(&j, &n.groups.at[i]);
    json_end(&j);
    json_end(&j);
    return true;
}

/* ---- reading ---- */

struct reading { struct request *rq; struct notice_read_list marks; };

static bool mark_read(struct reading *r, const struct json *item, struct err *err)
{
    struct notice_read m = { .object = json_str(json_get(item, "object")) };
    enum subject_kind  kind;
    if (!subject_kind_of(m.object, &kind) && !str_is(m.object, OBJECT_ACCOUNT) && !str_is(m.object, OBJECT_ALARM))
        return err_add(err, "items.object", "must be order, return, claim, account or alarm");
    if (!id_parse(json_str(json_get(item, "id")), &m.object_id))
        return err_add(err, "items.id", "must be an id");
    if (!instant_parse(json_str(json_get(item, "at")), &m.read_to))
        return err_add(err, "items.at", "must be the moment that was shown");
    /* What has not happened yet cannot have been read. */
    if (m.read_to.ms > r->rq->work.now.ms)
        m.read_to = r->rq->work.now;
    *notice_read_list_add(&r->marks, r->rq->work.arena) = m;
    return true;
}

static bool read_tx(struct db *db, void *ctx, struct err *err)
{
    struct reading *r    = ctx;
    rid             me   = r->rq->who.user_id;
    instant         long_ago = { r->rq->work.now.ms - NOTICE_READ_MS };
    for (int i = 0; i < r->marks.count; i++)
        if (!notice_read_save(db, me, &r->marks.at[i], err))
            return false;
    return notice_reads_forget(db, me, long_ago, err);
}

static bool read_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct reading     r     = { .rq = rq };
    const struct json *items = json_get(rq->json, "items");
    if (!people_only(rq, err))
        return false;
    if (!items || items->kind != JSON_ARRAY)
        return err_set(err, ERR_BODY_INVALID, "items", "is needed");
    if (items->count > MARKS_MAX)
        return err_set(err, ERR_LIMIT, "items", "at most %d at once", MARKS_MAX);
    JSON_EACH(item, items)
        if (!mark_read(&r, item, err))
            return false;
    if (r.marks.count && !db_tx(rq->work.db, read_tx, &r, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
const struct route notice_routes[] = {
    { HTTP_GET, "/api/notices", PERM_SIGNED_IN, notices_get, .reply_schema = "Notices", .tag = "session",
      .doc = "What needs one's attention: burning orders, returns and claims, refused commands, channels in trouble, limits that are near" },
    { HTTP_POST, "/api/notices/read", PERM_SIGNED_IN, read_post, .json = true, .limit_bytes = 32768, .tag = "session",
      .doc = "Seen: items of object, id and the moment that was shown" },
    { .method = HTTP_NONE },
};
/* clang-format on */
