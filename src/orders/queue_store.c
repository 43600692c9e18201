#include "orders/queue_store.h"

#include "base/buf.h"
#include "base/fold.h"
#include "base/phone.h"
#include "customers/customer_store.h"
#include "orders/totals_store.h"

#include <stdlib.h>

/* Since when an order has its status: read from its history, where every step stands; one step into an index, and none for new orders.
 * What was taken back or refused leaves the time of before standing. An order first seen in a later status may have been in it longer:
 * then the market's own word for when counts. */
#define STATUS_SINCE \
    "CASE WHEN o.status = 'new' THEN o.sort_at ELSE (SELECT MAX(CASE WHEN h.at = o.created_at AND o.changed_at < h.at THEN o.changed_at ELSE h.at END) " \
    "  FROM order_history h WHERE h.order_id = o.id AND h.to_status = o.status AND h.flagged = 0 AND h.note <> 'undo' AND h.note NOT LIKE 'refused:%') END"

#define ROW_COLUMNS                                                                                                   \
    "o.id, o.version, o.account_id, o.channel, o.number, o.status, o.external_status, o.marks, o.zone, o.deadline_at, " \
    "o.deadline_step, o.yellow_at, o.red_at, o.customer_id, o.customer_name, COALESCE(c.phone, ''), "                  \
    "COALESCE(c.orders_count, 0), o.title, o.lines_count, o.units, o.has_total, o.grand_total, o.currency, o.payment, " \
    "o.assignee_id, o.placed_at, o.city, o.delivery_method, o.tags, o.command_id, x.op, x.state, x.text, x.not_before, " \
    "o.queue_rank, o.sort_at, COALESCE(c.name, ''), o.policy_id, o.deadline_start, " \
    STATUS_SINCE
#define ROW_JOINS " LEFT JOIN customers c ON c.id = o.customer_id LEFT JOIN outbox x ON x.id = o.command_id"

/* What a search shows of an order: all of it stands in the order's own row, but for a buyer whom the market hides and we know. */
#define BRIEF_COLUMNS                                                                                                    \
    "o.id, o.version, o.account_id, o.channel, o.number, o.status, o.zone, o.deadline_at, o.deadline_step, o.yellow_at, " \
    "o.red_at, o.customer_id, CASE WHEN o.customer_name <> '' THEN o.customer_name ELSE COALESCE((SELECT c.name FROM customers c " \
    "WHERE c.id = o.customer_id), '') END, o.title, o.has_total, o.grand_total, o.currency, o.assignee_id, o.placed_at, o.sort_at, " \
    "o.policy_id, o.deadline_start"

#define FOUND_BY_NUMBER_MAX 1000     /* newest orders whose number ends as asked; more are not looked through */

/* A basket that its market sends in several parcels: their numbers are that of the basket, "-", a count (Ozon). Found by the start of the
 * market's own id, which is an index of each account, so that no order carries a second key for it. */
#define OF_BASKET(number, from, to) \
    "SELECT n.id FROM channel_accounts m CROSS JOIN orders n " \
    " WHERE n.account_id = m.id AND n.external_id >= " from " AND n.external_id < " to " AND n.group_number = " number

enum { Q_BY_IDS, Q_BRIEF, Q_BY_TAIL, Q_BY_TAIL_OF, Q_SPELLED, Q_OF_BASKET, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_IDS]  = { "queue.by_ids",                      /* two texts for the reasons of record_sql.c, load_add */
        "SELECT " ROW_COLUMNS " FROM {texts:$1} CROSS JOIN orders o ON o.id = list.value" ROW_JOINS,
        "SELECT " ROW_COLUMNS " FROM orders o" ROW_JOINS " WHERE o.id IN ({ids:$1})" },
    [Q_BRIEF]   = { "queue.brief",
        "SELECT " BRIEF_COLUMNS " FROM {texts:$1} CROSS JOIN orders o ON o.id = list.value",
        "SELECT " BRIEF_COLUMNS " FROM orders o WHERE o.id IN ({ids:$1})" },
    [Q_BY_TAIL] = { "queue.by_tail",                     /* few digits end many numbers, which lie side by side in the index */
        "SELECT id FROM orders WHERE number_tail >= $1 AND number_tail < $2", NULL },
    [Q_BY_TAIL_OF] = { "queue.by_tail_of",
        "SELECT id FROM orders WHERE number_tail >= $1 AND number_tail < $2 AND account_id + 0 IN ({ids:$3})", NULL },
    [Q_SPELLED] = { "queue.spelled", "SELECT id FROM orders WHERE number_tail = $1 AND number IN ({texts:$2}) ORDER BY id DESC LIMIT $3", NULL },
    [Q_OF_BASKET] = { "queue.of_basket", OF_BASKET("$1", "$2", "$3") " ORDER BY n.id DESC LIMIT $4", NULL },
};

static void read_row(struct stmt *st, struct arena *a, struct queue_row *r)
{
    int i = 0;
    r->id              = col_id(st, i++);
    r->version         = col_int(st, i++);
    r->account_id      = col_id(st, i++);
    r->channel         = col_text_copy(st, i++, a);
    r->number          = col_text_copy(st, i++, a);
    r->status          = col_text_copy(st, i++, a);
    r->external_status = col_text_copy(st, i++, a);
    r->marks           = col_int(st, i++);
    r->zone            = col_text_copy(st, i++, a);
    r->deadline_at     = col_instant(st, i++);
    r->deadline_step   = col_text_copy(st, i++, a);
    r->yellow_at       = col_instant(st, i++);
    r->red_at          = col_instant(st, i++);
    r->customer_id     = col_id(st, i++);
    r->customer_name   = col_text_copy(st, i++, a);
    r->customer_phone  = col_text_copy(st, i++, a);
    r->customer_orders = col_int(st, i++);
    r->title           = col_text_copy(st, i++, a);
    r->lines_count     = col_int(st, i++);
    r->units           = col_int(st, i++);
    r->has_total       = col_bool(st, i++);
    r->total           = col_amount(st, i++);
    r->currency        = col_text_copy(st, i++, a);
    r->payment         = col_text_copy(st, i++, a);
    r->assignee_id     = col_id(st, i++);
    r->placed_at       = col_instant(st, i++);
    r->city            = col_text_copy(st, i++, a);
    r->delivery_method = col_text_copy(st, i++, a);
    r->tags            = col_text_copy(st, i++, a);
    r->command_id      = col_id(st, i++);
    if (id_is_set(r->command_id)) {
        r->command_op    = col_text_copy(st, i, a);
        r->command_state = col_text_copy(st, i + 1, a);
        r->command_text  = col_text_copy(st, i + 2, a);
        r->command_hold  = col_instant(st, i + 3);
    }
    i += 4;
    r->rank    = col_int(st, i++);
    r->sort_at = col_instant(st, i++);
    if (!r->customer_name.len)
        r->customer_name = col_text_copy(st, i, a);
    i++;
    r->policy_id      = col_id(st, i++);
    r->deadline_start = col_instant(st, i++);
    r->status_since   = col_instant(st, i);
}

static void read_brief(struct stmt *st, struct arena *a, struct queue_row *r)
{
    int i = 0;
    r->id             = col_id(st, i++);
    r->version        = col_int(st, i++);
    r->account_id     = col_id(st, i++);
    r->channel        = col_text_copy(st, i++, a);
    r->number         = col_text_copy(st, i++, a);
    r->status         = col_text_copy(st, i++, a);
    r->zone           = col_text_copy(st, i++, a);
    r->deadline_at    = col_instant(st, i++);
    r->deadline_step  = col_text_copy(st, i++, a);
    r->yellow_at      = col_instant(st, i++);
    r->red_at         = col_instant(st, i++);
    r->customer_id    = col_id(st, i++);
    r->customer_name  = col_text_copy(st, i++, a);
    r->title          = col_text_copy(st, i++, a);
    r->has_total      = col_bool(st, i++);
    r->total          = col_amount(st, i++);
    r->currency       = col_text_copy(st, i++, a);
    r->assignee_id    = col_id(st, i++);
    r->placed_at      = col_instant(st, i++);
    r->sort_at        = col_instant(st, i++);
    r->policy_id      = col_id(st, i++);
    r->deadline_start = col_instant(st, i++);
}

/* ---- the condition ---- */

/* A filter becomes text made of constant pieces and parameters in the order of writing; bind_where binds in the same order. */
struct where {
    struct arena              *arena;
    const struct queue_filter *f;
    const struct queue_scope  *scope;
    struct buf                 sql;
    int                        params;
    struct int_list            people;  /* customers that match q */
    str                        tail;    /* q as reversed digits, when it could be a number's end */
    str                        spelled[NUMBER_SPELLINGS], spelled_tail;    /* q, when it could be a number with letters */
    str                        basket;  /* q, when it could be the number of a basket */
};

static void where_and(struct where *w, const char *text)
{
    buf_add(&w->sql, str_of(text));
}

static void add_name_set(struct where *w, const char *column, const char *const *names, unsigned bits)
{
    if (!(bits & (bits - 1))) {                                       /* one value: the index may serve it */
        buf_print(&w->sql, " AND o.%s = '%s'", column, names[__builtin_ctz(bits)]);
        return;
    }
    bool first = true;                                                /* several: keep to the index of the order */
    buf_print(&w->sql, " AND CASE WHEN o.%s IN (", column);
    for (int i = 0; names[i]; i++)
        if (bits & BIT(i)) {
            buf_print(&w->sql, "%s'%s'", first ? "" : ", ", names[i]);
            first = false;
        }
    where_and(w, ") THEN 1 ELSE 0 END = 1");
}

static void add_zones(struct where *w)
{
    unsigned bits = w->f->zones, low = bits & -bits;
    bool     side_by_side = !(bits & (bits + low));
    if (side_by_side && w->f->open_only) {
        int64_t from = (int64_t)__builtin_ctz(bits) << 48, to = (int64_t)(32 - __builtin_clz(bits)) << 48;
        buf_print(&w->sql, " AND o.queue_rank >= %lld AND o.queue_rank < %lld", (long long)from, (long long)to);
        return;
    }
    add_name_set(w, "zone", sla_zone_names, bits);
}

static void add_accounts(struct where *w)
{
    if (w->scope->count)
        buf_print(&w->sql, " AND o.account_id + 0 IN ({ids:$%d})", ++w->params);
    if (w->f->accounts_count)
        buf_print(&w->sql, " AND o.account_id + 0 IN ({ids:$%d})", ++w->params);
    if (w->f->channels.count)
        buf_print(&w->sql, " AND o.channel IN ({texts:$%d})", ++w->params);
}

/* Each way to the order goes along its own index; an OR over them would walk all orders. */
static void add_search(struct where *w)
{
    if (!w->f->q.len)
        return;
    buf_print(&w->sql, " AND o.id IN (SELECT p.id FROM orders p WHERE p.customer_id IN ({ids:$%d})", ++w->params);
    if (w->tail.len) {
        buf_print(&w->sql, " UNION ALL SELECT t.id FROM (SELECT n.id FROM orders n WHERE n.number_tail >= $%d AND n.number_tail < $%d "
                           "ORDER BY n.id DESC LIMIT %d) t", w->params + 1, w->params + 2, FOUND_BY_NUMBER_MAX);
        w->params += 2;
    }
    if (w->spelled_tail.len) {
        buf_print(&w->sql, " UNION ALL SELECT n.id FROM orders n WHERE n.number_tail = $%d AND n.number IN ({texts:$%d})", w->params + 1, w->params + 2);
        w->params += 2;
    }
    if (w->basket.len) {
        buf_print(&w->sql, " UNION ALL " OF_BASKET("$%d", "$%d", "$%d"), w->params + 2, w->params + 3, w->params + 1);
        w->params += 3;
    }
    where_and(w, ")");
}

static void add_page(struct where *w)
{
    const struct queue_filter *f = w->f;
    if (!f->has_after)
        return;
    if (f->sort == SORT_URGENCY) {
        buf_print(&w->sql, " AND (o.queue_rank, o.sort_at, o.id) > ($%d, $%d, $%d)", w->params + 1, w->params + 2, w->params + 3);
        w->params += 3;
    } else {
        buf_print(&w->sql, " AND (o.sort_at, o.id) %s ($%d, $%d)", f->sort == SORT_NEWEST ? "<" : ">", w->params + 1, w->params + 2);
        w->params += 2;
    }
}

static void write_where(struct where *w)
{
    const struct queue_filter *f = w->f;
    where_and(w, f->open_only ? " WHERE o.closed = 0" : " WHERE 1 = 1");
    if (f->statuses)
        add_name_set(w, "status", hub_status_names, f->statuses);
    if (w->scope->statuses)
        add_name_set(w, "status", hub_status_names, w->scope->statuses);
    if (f->zones)
        add_zones(w);
    add_accounts(w);
    if (f->marks)
        buf_print(&w->sql, " AND o.marks <> 0 AND (o.marks & %u) <> 0", f->marks);   /* few have any: an index of their own */
    if (f->by_assignee && f->assignees_count)
        buf_print(&w->sql, f->unassigned ? " AND (o.assignee_id IS NULL OR o.assignee_id IN ({ids:$%d}))" : " AND o.assignee_id IN ({ids:$%d})",
                  ++w->params);
    else if (f->by_assignee)
        where_and(w, " AND o.assignee_id IS NULL");
    if (id_is_set(f->customer_id))
        buf_print(&w->sql, " AND o.customer_id = $%d", ++w->params);
    for (int i = 0; i < f->tags.count; i++)
        buf_print(&w->sql, "%s o.tags LIKE $%d%s", i ? " OR" : " AND (", ++w->params, i + 1 < f->tags.count ? "" : ")");
    if (instant_is_set(f->placed_from))
        buf_print(&w->sql, " AND o.sort_at >= $%d", ++w->params);
    if (instant_is_set(f->placed_to))
        buf_print(&w->sql, " AND o.sort_at < $%d", ++w->params);
    if (f->has_from)
        buf_print(&w->sql, " AND o.grand_total >= $%d", ++w->params);
    if (f->has_to)
        buf_print(&w->sql, " AND o.grand_total <= $%d", ++w->params);
    add_search(w);
    add_page(w);
}

/* A text that no number beginning with these digits passes, whatever the database's collation. */
static str after_digits(struct arena *a, str digits)
{
    return str_print(a, "%.*s9999999999999999999999999999999999999999", STR_ARG(digits));
}

/* Digits with a "-" between them. */
static bool may_be_basket(str text)
{
    int dashes = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool dash = text.at[i] == '-' && i > 0 && i + 1 < text.len;
        if (!dash && (text.at[i] < '0' || text.at[i] > '9'))
            return false;
        dashes += dash;
    }
    return dashes > 0 && text.len <= 40;
}

static void bind_basket(struct stmt *st, int n, struct arena *a, str basket)
{
    str start = str_print(a, "%.*s-", STR_ARG(basket));
    bind_text(st, n, basket);
    bind_text(st, n + 1, start);
    bind_text(st, n + 2, after_digits(a, start));
}

static int bind_where(const struct where *w, struct stmt *st)
{
    const struct queue_filter *f = w->f;
    int n = 0;
    if (w->scope->count)
        bind_ids(st, ++n, w->scope->accounts, w->scope->count);
    if (f->accounts_count)
        bind_ids(st, ++n, f->accounts, f->accounts_count);
    if (f->channels.count)
        bind_texts(st, ++n, f->channels.at, f->channels.count);
    if (f->by_assignee && f->assignees_count)
        bind_ids(st, ++n, f->assignees, f->assignees_count);
    if (id_is_set(f->customer_id))
        bind_id(st, ++n, f->customer_id);
    for (int i = 0; i < f->tags.count; i++)
        bind_text(st, ++n, str_print(w->arena, "%%,%.*s,%%", STR_ARG(f->tags.at[i])));
    if (instant_is_set(f->placed_from))
        bind_instant(st, ++n, f->placed_from);
    if (instant_is_set(f->placed_to))
        bind_instant(st, ++n, f->placed_to);
    if (f->has_from)
        bind_amount(st, ++n, f->total_from);
    if (f->has_to)
        bind_amount(st, ++n, f->total_to);
    if (f->q.len) {
        rid *ids = ARENA_ARRAY(w->arena, rid, w->people.count + 1);
        for (int i = 0; i < w->people.count; i++)
            ids[i] = (rid){ w->people.at[i] };
        bind_ids(st, ++n, ids, w->people.count);
        if (w->tail.len) {
            bind_text(st, ++n, w->tail);
            bind_text(st, ++n, after_digits(w->arena, w->tail));
        }
        if (w->spelled_tail.len) {
            bind_text(st, ++n, w->spelled_tail);
            bind_texts(st, ++n, w->spelled, NUMBER_SPELLINGS);
        }
        if (w->basket.len) {
            bind_basket(st, n + 1, w->arena, w->basket);
            n += 3;
        }
    }
    if (f->has_after) {
        if (f->sort == SORT_URGENCY)
            bind_int(st, ++n, f->after_rank);
        bind_int(st, ++n, f->after_at);
        bind_id(st, ++n, f->after_id);
    }
    return n;
}

/* Who could be meant by q: last digits or a whole phone, words of a name. */
static bool find_people(struct db *db, struct where *w, struct err *err)
{
    struct arena *a      = w->arena;
    str           q      = w->f->q;
    str           digits = fold_digits(a, q);
    str           words[8];

    if (!q.len)
        return true;
    if (digits.len >= 3) {
        str whole = phone_normalise(a, q, w->f->country.len ? w->f->country : STR("KZ"));
        w->tail   = fold_reverse(a, digits);
        w->basket = may_be_basket(q) ? q : STR("");
        if (!whole.len && w->f->whole_phones)
            return true;
        str phone = whole.len ? fold_reverse(a, fold_digits(a, whole)) : w->tail;
        return customer_by_phone_tail(db, phone, 200, a, &w->people, err);
    }
    if (!order_number_spelled(a, q, w->spelled, &w->spelled_tail))
        w->spelled_tail = STR("");
    int count = name_words(a, q, words);
    return customer_by_words(db, words, count, 200, a, &w->people, err);
}

static bool where_make(struct db *db, struct where *w, struct arena *a, const char *head, struct err *err)
{
    w->arena = a;
    w->sql   = buf_in(a);
    if (!find_people(db, w, err))
        return false;
    buf_add(&w->sql, str_of(head));
    write_where(w);
    return true;
}

static const char *const order_by[] = {
    [SORT_URGENCY] = " ORDER BY o.queue_rank, o.sort_at, o.id",
    [SORT_NEWEST]  = " ORDER BY o.sort_at DESC, o.id DESC",
    [SORT_OLDEST]  = " ORDER BY o.sort_at, o.id",
};

bool queue_rows(struct db *db, const struct queue_filter *f, const struct queue_scope *scope, struct arena *a,
                struct queue_row_list *out, bool *more, struct err *err)
{
    struct where w = { .f = f, .scope = scope };
    *more          = false;
    if (!where_make(db, &w, a, f->brief ? "SELECT " BRIEF_COLUMNS " FROM orders o" : "SELECT " ROW_COLUMNS " FROM orders o" ROW_JOINS, err))
        return false;
    buf_print(&w.sql, "%s LIMIT $%d", order_by[f->sort], w.params + 1);

    CLEANUP(stmt_done) struct stmt st = db_query_text(db, f->brief ? "queue.brief_rows" : "queue.rows", buf_str(&w.sql));
    int n = bind_where(&w, &st);
    bind_int(&st, n + 1, f->limit + 1);
    while (db_row(&st)) {
        if (out->count == f->limit)
            *more = true;
        else
            (f->brief ? read_brief : read_row)(&st, a, queue_row_list_add(out, a));
    }
    return db_ok(&st, err);
}

bool queue_ids(struct db *db, const struct queue_filter *f, const struct queue_scope *scope, int max, struct arena *a,
               struct int_list *out, struct err *err)
{
    struct where w = { .f = f, .scope = scope };
    if (!where_make(db, &w, a, "SELECT o.id FROM orders o", err))
        return false;
    buf_print(&w.sql, "%s LIMIT $%d", order_by[f->sort], w.params + 1);

    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "queue.ids", buf_str(&w.sql));
    int n = bind_where(&w, &st);
    bind_int(&st, n + 1, max);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

static bool in_scope(const struct queue_scope *scope, rid account, str status)
{
    int named = name_find(hub_status_names, status);
    if (scope->statuses && (named < 0 || !(scope->statuses & BIT(named))))
        return false;
    for (int i = 0; i < scope->count; i++)
        if (id_eq(scope->accounts[i], account))
            return true;
    return scope->count == 0;
}

static bool rows_by_ids(struct db *db, bool brief, const rid *ids, int count, const struct queue_scope *scope, struct arena *a,
                        struct queue_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[brief ? Q_BRIEF : Q_BY_IDS]);
    struct queue_row_list found = { 0 };
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        (brief ? read_brief : read_row)(&st, a, queue_row_list_add(&found, a));
    for (int i = 0; i < count; i++)
        for (int k = 0; k < found.count; k++)
            if (id_eq(found.at[k].id, ids[i]) && in_scope(scope, found.at[k].account_id, found.at[k].status))
                *queue_row_list_add(out, a) = found.at[k];
    return db_ok(&st, err);
}

bool queue_rows_by_ids(struct db *db, const rid *ids, int count, const struct queue_scope *scope, struct arena *a,
                       struct queue_row_list *out, struct err *err)
{
    return rows_by_ids(db, false, ids, count, scope, a, out, err);
}

static int newest_first(const void *pa, const void *pb)
{
    const struct queue_row *a = pa, *b = pb;
    if (a->sort_at.ms != b->sort_at.ms)
        return a->sort_at.ms < b->sort_at.ms ? 1 : -1;
    return a->id.v < b->id.v ? 1 : a->id.v > b->id.v ? -1 : 0;
}

bool orders_by_number_tail(struct db *db, str reversed, const struct queue_scope *scope, int max, struct arena *a,
                           struct queue_row_list *out, struct err *err)
{
    const struct sql *sql = &SQL[scope->count ? Q_BY_TAIL_OF : Q_BY_TAIL];
    struct where      w   = { .arena = a, .sql = buf_in(a) };
    buf_print(&w.sql, "SELECT o.id FROM (%s) t JOIN orders o ON o.id = t.id WHERE 1 = 1", sql->text);
    if (scope->statuses)
        add_name_set(&w, "status", hub_status_names, scope->statuses);

    CLEANUP(stmt_done) struct stmt st = scope->statuses ? db_query_text(db, "queue.by_tail_in", buf_str(&w.sql)) : db_query(db, sql);
    int64_t *newest = ARENA_ARRAY(a, int64_t, max + 1);
    rid     *ids    = ARENA_ARRAY(a, rid, max + 1);
    bind_text(&st, 1, reversed);
    bind_text(&st, 2, after_digits(a, reversed));
    if (scope->count)
        bind_ids(&st, 3, scope->accounts, scope->count);
    int count = db_greatest(&st, newest, max);           /* ids grow with time */
    for (int i = 0; i < count; i++)
        ids[i] = (rid){ newest[i] };
    if (!db_ok(&st, err) || (count && !rows_by_ids(db, true, ids, count, scope, a, out, err)))
        return false;
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, newest_first);
    return true;
}

bool orders_by_spelled_number(struct db *db, str typed, const struct queue_scope *scope, int max, struct arena *a, struct queue_row_list *out,
                              struct err *err)
{
    rid *ids   = ARENA_ARRAY(a, rid, max + 1);
    int  count = 0;
    str  spelled[NUMBER_SPELLINGS], tail;
    if (!order_number_spelled(a, typed, spelled, &tail))
        return true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SPELLED]);
    bind_text(&st, 1, tail);
    bind_texts(&st, 2, spelled, NUMBER_SPELLINGS);
    bind_int(&st, 3, max);
    while (db_row(&st) && count < max)
        ids[count++] = col_id(&st, 0);
    return db_ok(&st, err) && (!count || rows_by_ids(db, true, ids, count, scope, a, out, err));
}

bool orders_of_basket(struct db *db, str number, const struct queue_scope *scope, int max, struct arena *a, struct queue_row_list *out,
                      struct err *err)
{
    rid *ids   = ARENA_ARRAY(a, rid, max + 1);
    int  count = 0;
    if (!may_be_basket(number))
        return true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF_BASKET]);
    bind_basket(&st, 1, a, number);
    bind_int(&st, 4, max);
    while (db_row(&st) && count < max)
        ids[count++] = col_id(&st, 0);
    if (!db_ok(&st, err) || (count && !rows_by_ids(db, true, ids, count, scope, a, out, err)))
        return false;
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, newest_first);
    return true;
}

/* ---- counting ---- */

static void count_in(struct queue_counts *c, struct arena *a, str zone, str currency, int64_t n, int64_t total)
{
    int z = name_find(sla_zone_names, zone);
    if (z < 0 || !n)
        return;
    if (currency.len && !c->currency.len)
        c->currency = str_copy(a, currency);
    bool same = !currency.len || str_eq(currency, c->currency);
    c->mixed |= !same;
    c->zones[z].n += n;
    c->all.n += n;
    if (same) {
        c->zones[z].total.minor += total;
        c->all.total.minor += total;
    }
}

bool queue_count_kept(const struct queue_filter *f)
{
    return !f->channels.count && !f->marks && !f->by_assignee && !id_is_set(f->customer_id) && !f->tags.count && !f->q.len &&
           !instant_is_set(f->placed_from) && !instant_is_set(f->placed_to) && !f->has_from && !f->has_to;
}

static bool has_account(const struct queue_filter *f, rid account)
{
    for (int i = 0; i < f->accounts_count; i++)
        if (id_eq(f->accounts[i], account))
            return true;
    return f->accounts_count == 0;
}

static bool count_from_totals(struct db *db, const struct queue_filter *f, const struct queue_scope *scope, struct arena *a,
                              struct queue_counts *out, struct err *err)
{
    struct total_row_list rows = { 0 };
    if (!totals_load(db, a, &rows, err))
        return false;
    for (int i = 0; i < rows.count; i++) {
        const struct total_row *t = &rows.at[i];
        int s = name_find(hub_status_names, t->status), z = name_find(sla_zone_names, t->zone);
        if (s < 0 || z < 0 || (f->statuses && !(f->statuses & BIT(s))) || (f->zones && !(f->zones & BIT(z))))
            continue;
        if ((f->open_only && hub_status_closed((enum hub_status)s)) || !in_scope(scope, t->account_id, t->status) ||
            !has_account(f, t->account_id))
            continue;
        count_in(out, a, t->zone, t->currency, t->n, t->total);
    }
    return true;
}

bool queue_count(struct db *db, const struct queue_filter *asked, const struct queue_scope *scope, struct arena *a,
                 struct queue_counts *out, struct err *err)
{
    struct queue_filter f = *asked;
    f.has_after           = false;
    *out                  = (struct queue_counts){ 0 };
    if (queue_count_kept(&f))
        return count_from_totals(db, &f, scope, a, out, err);

    struct where w = { .f = &f, .scope = scope };
    if (!where_make(db, &w, a, "SELECT o.zone, o.currency, COUNT(*), CAST(SUM(o.grand_total) AS BIGINT) FROM orders o", err))
        return false;
    where_and(&w, " GROUP BY o.zone, o.currency");
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "queue.count", buf_str(&w.sql));
    bind_where(&w, &st);
    while (db_row(&st))
        count_in(out, a, col_text(&st, 0), col_text(&st, 1), col_int(&st, 2), col_int(&st, 3));
    return db_ok(&st, err);
}

bool queue_columns(struct db *db, const struct queue_filter *asked, const struct queue_scope *scope, struct arena *a,
                   struct column_count_list *out, struct err *err)
{
    struct queue_filter f = *asked;
    struct where        w = { .f = &f, .scope = scope };
    f.has_after           = false;
    f.open_only           = true;
    if (!where_make(db, &w, a, "SELECT o.status, o.currency, COUNT(*), CAST(SUM(o.grand_total) AS BIGINT), MIN(" STATUS_SINCE ") FROM orders o", err))
        return false;
    where_and(&w, " GROUP BY o.status, o.currency ORDER BY o.status, o.currency");
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "queue.columns", buf_str(&w.sql));
    bind_where(&w, &st);
    while (db_row(&st))
        *column_count_list_add(out, a) = (struct column_count){
            col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_int(&st, 2), { col_int(&st, 3) }, col_instant(&st, 4),
        };
    return db_ok(&st, err);
}
