#include "returns/return_list_store.h"

#include "base/buf.h"
#include "base/fold.h"
#include "base/phone.h"
#include "customers/customer_store.h"

#define BESIDE                                                                                                                     \
    ", COALESCE(s.grp, '') AS reason_group, COALESCE(s.fault, '') AS fault, COALESCE(o.customer_name, '') AS customer_name, "    \
    "o.customer_id, COALESCE(c.orders_count, 0) AS customer_orders, COALESCE(c.name, '') AS person_name, x.op, x.state AS x_state, " \
    "x.text AS x_text, x.not_before"
#define ROW_JOINS                                                                                                                  \
    " LEFT JOIN return_reasons s ON s.code = r.reason LEFT JOIN orders o ON o.id = r.order_id"                                      \
    " LEFT JOIN customers c ON c.id = o.customer_id LEFT JOIN outbox x ON x.id = r.command_id"

enum { Q_BY_IDS, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_IDS] = { "returns.rows_by_ids", "SELECT r.*" BESIDE " FROM returns r" ROW_JOINS " WHERE r.id IN ({ids:$1})", NULL },
};

/* The columns of the record, and what stands behind them in the order of BESIDE. */
static void read_row(struct stmt *st, const struct record *rec, struct arena *a, struct return_row *row)
{
    int i = rec->count;
    record_scan(rec, st, a, &row->r);
    row->reason_group    = col_text_copy(st, i++, a);
    row->fault           = col_text_copy(st, i++, a);
    row->customer_name   = col_text_copy(st, i++, a);
    row->customer_id     = col_id(st, i++);
    row->customer_orders = col_int(st, i++);
    if (!row->customer_name.len)
        row->customer_name = col_text_copy(st, i, a);
    i++;
    if (!id_is_set(row->r.command_id))
        return;
    row->command_op    = col_text_copy(st, i++, a);
    row->command_state = col_text_copy(st, i++, a);
    row->command_text  = col_text_copy(st, i++, a);
    row->command_hold  = col_instant(st, i++);
}

/* A filter becomes text made of constant pieces and parameters in the order of writing; bind_where binds in the same order. */
struct where {
    struct arena               *arena;
    const struct return_filter *f;
    const struct return_scope  *scope;
    struct buf                  sql;
    int                         params;
    struct int_list             people;
    str                         tail;
};

static void and_names(struct where *w, const char *column, const char *const *names, unsigned bits)
{
    bool first = true;
    if (!bits)
        return;
    buf_print(&w->sql, " AND %s IN (", column);
    for (int i = 0; names[i]; i++)
        if (bits & BIT(i)) {
            buf_print(&w->sql, "%s'%s'", first ? "" : ", ", names[i]);
            first = false;
        }
    buf_add(&w->sql, STR(")"));
}

/* `text` up to the number of the parameter, and what comes behind it. */
static void and_param(struct where *w, const char *text, const char *behind) { buf_print(&w->sql, " AND %s%d%s", text, ++w->params, behind); }

static void write_page(struct where *w)
{
    if (!w->f->has_after)
        return;
    if (w->f->open_only)
        buf_print(&w->sql, " AND (r.due_rank, r.sum_rank, r.id) > ($%d, $%d, $%d)", w->params + 1, w->params + 2, w->params + 3);
    else
        buf_print(&w->sql, " AND (r.requested_at, r.id) < ($%d, $%d)", w->params + 1, w->params + 2);
    w->params += w->f->open_only ? 3 : 2;
}

static void write_search(struct where *w)
{
    if (!w->f->q.len)
        return;
    and_param(w, "(r.order_id IN (SELECT p.id FROM orders p WHERE p.customer_id IN ({ids:$", "}))");
    if (w->tail.len) {
        buf_print(&w->sql, " OR (r.number_tail >= $%d AND r.number_tail < $%d)", w->params + 1, w->params + 2);
        w->params += 2;
    }
    w->params++;
    buf_print(&w->sql, " OR r.external_id = $%d OR r.order_number = $%d OR r.track = $%d)", w->params, w->params, w->params);
}

static void write_where(struct where *w)
{
    const struct return_filter *f = w->f;
    buf_add(&w->sql, f->open_only ? STR(" WHERE r.closed = 0") : STR(" WHERE 1 = 1"));
    and_names(w, "r.state", return_state_names, f->states);
    and_names(w, "r.state", return_state_names, w->scope->states);
    and_names(w, "r.kind", return_kind_names, f->kinds);
    and_names(w, "r.zone", sla_zone_names, f->zones);
    and_names(w, "s.grp", return_group_names, f->groups);
    if (w->scope->count)
        and_param(w, "r.account_id + 0 IN ({ids:$", "})");
    if (f->accounts_count)
        and_param(w, "r.account_id + 0 IN ({ids:$", "})");
    if (f->channels.count)
        and_param(w, "r.channel IN ({texts:$", "})");
    if (f->reasons.count)
        and_param(w, "r.reason IN ({texts:$", "})");
    if (id_is_set(f->order_id))
        and_param(w, "r.order_id = $", "");
    if (id_is_set(f->customer_id))
        and_param(w, "o.customer_id = $", "");
    if (f->by_rule)
        buf_add(&w->sql, STR(" AND r.rule <> ''"));
    if (f->unexplained)
        buf_add(&w->sql, STR(" AND r.reason = '' AND r.external_reason <> ''"));
    if (f->forgotten)
        buf_add(&w->sql, STR(" AND r.received_at IS NOT NULL AND r.route = 'to_seller' AND EXISTS (SELECT 1 FROM return_lines l "
                             "WHERE l.return_id = r.id AND l.disposition = '' AND l.condition <> 'missing')"));
    if (f->unassigned)
        buf_add(&w->sql, STR(" AND r.assignee_id IS NULL"));
    if (f->mine)
        and_param(w, "r.assignee_id = $", "");
    if (instant_is_set(f->from))
        and_param(w, "r.requested_at >= $", "");
    if (instant_is_set(f->to))
        and_param(w, "r.requested_at < $", "");
    if (f->scan.len) {
        w->params++;
        buf_print(&w->sql, " AND ((r.track = $%d AND r.track <> '') OR r.external_id = $%d OR r.order_number = $%d OR r.order_id IN (SELECT p.id FROM orders p WHERE "
                           "p.number_tail = $%d AND p.number = $%d) OR r.id = $%d)", w->params, w->params, w->params, w->params + 1, w->params, w->params + 2);
        w->params += 2;
    }
    write_search(w);
    write_page(w);
}

static int bind_where(const struct where *w, struct stmt *st)
{
    const struct return_filter *f = w->f;
    int n = 0;
    if (w->scope->count)
        bind_ids(st, ++n, w->scope->accounts, w->scope->count);
    if (f->accounts_count)
        bind_ids(st, ++n, f->accounts, f->accounts_count);
    if (f->channels.count)
        bind_texts(st, ++n, f->channels.at, f->channels.count);
    if (f->reasons.count)
        bind_texts(st, ++n, f->reasons.at, f->reasons.count);
    if (id_is_set(f->order_id))
        bind_id(st, ++n, f->order_id);
    if (id_is_set(f->customer_id))
        bind_id(st, ++n, f->customer_id);
    if (f->mine)
        bind_id(st, ++n, f->me);
    if (instant_is_set(f->from))
        bind_instant(st, ++n, f->from);
    if (instant_is_set(f->to))
        bind_instant(st, ++n, f->to);
    if (f->scan.len) {
        rid id = { 0 };
        bind_text(st, ++n, f->scan);
        bind_text(st, ++n, fold_reverse(w->arena, fold_digits(w->arena, f->scan)));
        bind_int(st, ++n, id_parse(f->scan, &id) ? id.v : 0);
    }
    if (f->q.len) {
        rid *ids = ARENA_ARRAY(w->arena, rid, w->people.count + 1);
        for (int i = 0; i < w->people.count; i++)
            ids[i] = (rid){ w->people.at[i] };
        bind_ids(st, ++n, ids, w->people.count);
        if (w->tail.len) {
            bind_text(st, ++n, w->tail);
            bind_text(st, ++n, str_print(w->arena, "%.*s9999999999999999999999999999999999999999", STR_ARG(w->tail)));
        }
        bind_text(st, ++n, f->q);
    }
    if (f->has_after) {
        bind_int(st, ++n, f->after_due);
        if (f->open_only)
            bind_int(st, ++n, f->after_sum);
        bind_id(st, ++n, f->after_id);
    }
    return n;
}

static bool find_people(struct db *db, struct where *w, struct err *err)
{
    str digits = fold_digits(w->arena, w->f->q);
    str words[8];
    if (!w->f->q.len)
        return true;
    if (digits.len >= 3) {
        w->tail = fold_reverse(w->arena, digits);
        return true;
    }
    int count = name_words(w->arena, w->f->q, words);
    return customer_by_words(db, words, count, 200, w->arena, &w->people, err);
}

bool return_rows(struct db *db, const struct return_filter *f, const struct return_scope *scope, struct arena *a, struct return_row_list *out,
                 bool *more, struct err *err)
{
    struct where w = { .arena = a, .f = f, .scope = scope, .sql = buf_in(a) };
    *more          = false;
    if (!find_people(db, &w, err))
        return false;
    buf_print(&w.sql, "SELECT %.*s" BESIDE " FROM returns r" ROW_JOINS, STR_ARG(record_columns(&return_brief_record, a, "r.")));
    write_where(&w);
    buf_print(&w.sql, " ORDER BY %s LIMIT $%d", f->open_only ? "r.due_rank, r.sum_rank, r.id" : "r.requested_at DESC, r.id DESC", w.params + 1);
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "returns.rows", buf_str(&w.sql));
    int n = bind_where(&w, &st);
    bind_int(&st, n + 1, f->limit + 1);
    while (db_row(&st)) {
        if (out->count == f->limit)
            *more = true;
        else
            read_row(&st, &return_brief_record, a, return_row_list_add(out, a));
    }
    return db_ok(&st, err);
}

static bool in_scope(const struct return_scope *scope, const struct rma *r)
{
    if (scope->states && !(scope->states & BIT(r->state)))
        return false;
    for (int i = 0; i < scope->count; i++)
        if (id_eq(scope->accounts[i], r->account_id))
            return true;
    return scope->count == 0;
}

bool return_rows_by_ids(struct db *db, const rid *ids, int count, const struct return_scope *scope, struct arena *a,
                        struct return_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_IDS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st)) {
        struct return_row row = { 0 };
        read_row(&st, &return_record, a, &row);
        if (in_scope(scope, &row.r))
            *return_row_list_add(out, a) = row;
    }
    return db_ok(&st, err);
}

bool return_counts(struct db *db, const struct return_filter *asked, const struct return_scope *scope, struct arena *a,
                   struct return_count_list *out, struct err *err)
{
    struct return_filter f = *asked;
    struct where         w = { .arena = a, .f = &f, .scope = scope, .sql = buf_in(a) };
    f.has_after            = false;
    f.open_only            = true;
    if (!find_people(db, &w, err))
        return false;
    bool joined = f.groups || id_is_set(f.customer_id);
    buf_print(&w.sql, "SELECT r.state, r.zone, r.currency, COUNT(*), CAST(SUM(r.refund_amount) AS BIGINT) FROM returns r%s", joined ? ROW_JOINS : "");
    write_where(&w);
    buf_add(&w.sql, STR(" GROUP BY r.state, r.zone, r.currency ORDER BY r.state, r.zone, r.currency"));
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "returns.counts", buf_str(&w.sql));
    bind_where(&w, &st);
    while (db_row(&st))
        *return_count_list_add(out, a) = (struct return_count){
            col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_int(&st, 3), { col_int(&st, 4) },
        };
    return db_ok(&st, err);
}
