#include "orders/order_store.h"

#include "base/buf.h"

/* clang-format off */
static const struct field note_fields[] = {
    FIELD(note, id,          .access = READ_ONLY),
    FIELD(note, order_id,    .access = READ_ONLY),
    FIELD(note, at,          .access = READ_ONLY),
    FIELD(note, author_id,   .access = READ_ONLY),
    FIELD(note, author_name, .access = READ_ONLY, .max = 200),
    FIELD(note, text,        .required = true, .min = 1, .max = 4000, .doc = "what to remember"),
};
const struct record note_record = RECORD(note, "order_notes", note_fields);

static const struct field task_fields[] = {
    FIELD(task, id,          .access = READ_ONLY),
    FIELD(task, title,       .required = true, .min = 1, .max = 300),
    FIELD(task, kind,        .access = READ_ONLY, .max = 20, .filterable = true, .doc = "person, pick, dead_command"),
    FIELD(task, order_id,    .access = READ_ONLY, .filterable = true),
    FIELD(task, assignee_id, .filterable = true),
    FIELD(task, due_at,      .sortable = true, .filterable = true),
    FIELD(task, state,       .max = 10, .filterable = true, .doc = "open, done or cancelled"),
    FIELD(task, rule,        .access = READ_ONLY, .max = 60, .doc = "what made it, when no person did"),
    FIELD(task, version,     .access = READ_ONLY),
    FIELD(task, created_at,  .access = READ_ONLY),
    FIELD(task, updated_at,  .access = READ_ONLY),
    FIELD(task, created_by,  .access = READ_ONLY),
};
const struct record task_record = RECORD(task, "tasks", task_fields);
/* clang-format on */

enum {
    Q_BY_EXTERNAL, Q_TOLD, Q_BY_IDS, Q_LINES_OF, Q_LINES_CLEAR, Q_HISTORY, Q_HISTORY_LAST, Q_NOTES, Q_TASKS, Q_TASKS_CLOSE, Q_TASKS_REOPEN,
    Q_TASK_OF_RULE, Q_TASKS_CLOSE_RULE, Q_COMMANDS_DROP, Q_ACCOUNT_MODE, Q_ZONES_DUE, Q_ZONE, Q_ZONES_NEXT, Q_REWEIGH, Q_OPEN, Q_COUNT
};
/* Joined to the list for the reasons of record_sql.c, load_add. On PostgreSQL asked for one by one: with a plain IN (…) it may read all
 * orders of the account and pick these out. */
#define FROM_EXTERNAL " FROM {texts:$2} CROSS JOIN orders o ON o.account_id = $1 AND o.external_id = list.value"
#define WHERE_EXTERNAL \
    " WHERE id IN (SELECT (SELECT o.id FROM orders o WHERE o.account_id = $1 AND o.external_id = list.value) " \
    "              FROM {texts:$2})"
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_EXTERNAL] = { "orders.by_external", "SELECT o.*" FROM_EXTERNAL, "SELECT * FROM orders" WHERE_EXTERNAL },
    [Q_TOLD] = { "orders.told",
        "SELECT o.external_id, o.draft_hash, o.updated_at" FROM_EXTERNAL " AND o.closed = 0",
        "SELECT external_id, draft_hash, updated_at FROM orders" WHERE_EXTERNAL " AND closed = 0" },
    [Q_BY_IDS] = { "orders.by_ids", "SELECT * FROM orders WHERE id IN ({ids:$1})", NULL },
    [Q_LINES_OF] = { "orders.lines",
        "SELECT * FROM order_lines WHERE order_id IN ({ids:$1}) ORDER BY order_id, line", NULL },
    [Q_LINES_CLEAR] = { "orders.lines_clear", "DELETE FROM order_lines WHERE order_id = $1", NULL },
    [Q_HISTORY] = { "orders.history", "SELECT * FROM order_history WHERE order_id = $1 ORDER BY seq", NULL },
    [Q_HISTORY_LAST] = { "orders.history_last",
        "SELECT order_id, MAX(seq) FROM order_history WHERE order_id IN ({ids:$1}) GROUP BY order_id", NULL },
    [Q_NOTES] = { "orders.notes", "SELECT * FROM order_notes WHERE order_id = $1 ORDER BY id", NULL },
    [Q_TASKS] = { "orders.tasks", "SELECT * FROM tasks WHERE order_id = $1 ORDER BY id", NULL },
    [Q_TASKS_CLOSE] = { "orders.tasks_close",
        "UPDATE tasks SET state = $3, version = version + 1, updated_at = $4 "
        " WHERE order_id = $1 AND kind = $2 AND state = 'open'", NULL },
    [Q_TASKS_REOPEN] = { "orders.tasks_reopen",          /* of several the newest: the others belong to steps that were taken back */
        "UPDATE tasks SET state = 'open', version = version + 1, updated_at = $4 "
        " WHERE id = (SELECT MAX(n.id) FROM tasks n WHERE n.order_id = $1 AND n.kind = $2) AND state = $3", NULL },
    [Q_TASK_OF_RULE] = { "orders.task_of_rule", "SELECT 1 FROM tasks WHERE order_id = $1 AND rule = $2 AND state = 'open' LIMIT 1", NULL },
    [Q_TASKS_CLOSE_RULE] = { "orders.tasks_close_rule",
        "UPDATE tasks SET state = $3, version = version + 1, updated_at = $4 WHERE order_id = $1 AND rule = $2 AND state = 'open'", NULL },
    [Q_COMMANDS_DROP] = { "orders.commands_drop",
        "UPDATE outbox SET state = 'dropped', done_at = $2, text = 'the marketplace has closed the order' "
        " WHERE order_id = $1 AND return_id IS NULL AND state IN ('held', 'queued')", NULL },
    [Q_ACCOUNT_MODE] = { "orders.account_mode", "SELECT mode FROM channel_accounts WHERE id = $1", NULL },
    [Q_ZONES_DUE] = { "orders.zones_due",
        "SELECT id, account_id, status, zone, currency, has_total, grand_total, deadline_total, deadline_at, yellow_at, red_at, zone_next_at, version, "
        "       deadline_step, marks, assignee_id, number"
        "  FROM orders WHERE zone_next_at IS NOT NULL AND zone_next_at <= $1 ORDER BY zone_next_at, id LIMIT $2", NULL },
    [Q_ZONE] = { "orders.zone",
        "UPDATE orders SET zone = $2, zone_next_at = CASE WHEN $3 = 1 THEN yellow_at WHEN $3 = 2 THEN red_at WHEN $3 = 3 THEN deadline_at END, "
        "       queue_rank = $4 + CASE WHEN deadline_at < $5 THEN deadline_at * 8 + queue_rank % 8 ELSE $7 END, version = version + 1, updated_at = $6 "
        " WHERE id IN ({ids:$1})", NULL },
    [Q_ZONES_NEXT] = { "orders.zones_next",
        "SELECT zone_next_at FROM orders WHERE zone_next_at IS NOT NULL ORDER BY zone_next_at, id LIMIT 1", NULL },
    [Q_REWEIGH] = { "orders.reweigh",                    /* along the queue: an account has a hundred closed orders for each open one */
        "UPDATE orders SET queue_rank = queue_rank - queue_rank % 8 + $2 WHERE id IN (SELECT n.id FROM orders n "
        "  WHERE n.closed = 0 AND n.queue_rank >= $4 AND n.account_id + 0 = $1 AND n.deadline_at IS NOT NULL AND n.queue_rank % 8 <> $2 "
        "  ORDER BY n.queue_rank, n.sort_at, n.id LIMIT $3) RETURNING queue_rank", NULL },
    [Q_OPEN] = { "orders.open_after", "SELECT * FROM orders WHERE closed = 0 AND id > $1 ORDER BY id LIMIT $2", NULL },
};

static bool read_orders(struct stmt *st, struct arena *a, struct order_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&order_record, st, a, order_list_add(out, a));
    return db_ok(st, err);
}

bool orders_by_external(struct db *db, rid account_id, const str *ids, int count, struct arena *a, struct order_list *out,
                        struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_EXTERNAL]);
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, ids, count);
    return read_orders(&st, a, out, err);
}

bool orders_told(struct db *db, rid account_id, const str *ids, int count, struct arena *a, struct order_told_list *out,
                 struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TOLD]);
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, ids, count);
    while (db_row(&st))
        *order_told_list_add(out, a) = (struct order_told){ col_text_copy(&st, 0, a), col_int(&st, 1), col_instant(&st, 2) };
    return db_ok(&st, err);
}

bool orders_by_ids(struct db *db, const rid *ids, int count, struct arena *a, struct order_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_IDS]);
    bind_ids(&st, 1, ids, count);
    return read_orders(&st, a, out, err);
}

bool order_get(struct db *db, rid id, struct arena *a, struct order *out, struct err *err)
{
    return record_get(db, &order_record, id, a, out, err);
}

bool order_insert(struct db *db, const struct order *o, struct err *err)
{
    return record_insert_many(db, &order_record, o, 1, err);
}

bool order_update(struct db *db, const struct order *old, struct order *now, struct err *err)
{
    uint64_t set = record_diff(&order_record, old, now);
    now->version = old->version;
    if (!set)
        return true;
    if (!record_update(db, &order_record, now, set, err))
        return false;
    now->version = old->version + 1;
    return true;
}

bool order_lines_of(struct db *db, const rid *orders, int count, struct arena *a, struct order_line_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LINES_OF]);
    bind_ids(&st, 1, orders, count);
    while (db_row(&st))
        record_scan(&order_line_record, &st, a, order_line_list_add(out, a));
    return db_ok(&st, err);
}

bool order_lines_save(struct db *db, rid order_id, bool is_new, const struct order_line *lines, int count, struct err *err)
{
    if (!is_new) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LINES_CLEAR]);
        bind_id(&st, 1, order_id);
        if (!db_exec(&st, err))
            return false;
    }
    return !count || record_insert_many(db, &order_line_record, lines, count, err);
}

bool history_of(struct db *db, rid order_id, struct arena *a, struct history_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HISTORY]);
    bind_id(&st, 1, order_id);
    while (db_row(&st))
        record_scan(&history_record, &st, a, history_row_list_add(out, a));
    return db_ok(&st, err);
}

bool history_last(struct db *db, const rid *orders, int count, struct arena *a, struct last_seq_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HISTORY_LAST]);
    bind_ids(&st, 1, orders, count);
    while (db_row(&st))
        *last_seq_list_add(out, a) = (struct last_seq){ col_id(&st, 0), col_int(&st, 1) };
    return db_ok(&st, err);
}

bool history_add(struct db *db, const struct history_row *row, struct err *err)
{
    return record_insert_many(db, &history_record, row, 1, err);
}

bool notes_of(struct db *db, rid order_id, struct arena *a, struct note_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NOTES]);
    bind_id(&st, 1, order_id);
    while (db_row(&st))
        record_scan(&note_record, &st, a, note_list_add(out, a));
    return db_ok(&st, err);
}

bool tasks_of(struct db *db, rid order_id, struct arena *a, struct task_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASKS]);
    bind_id(&st, 1, order_id);
    while (db_row(&st))
        record_scan(&task_record, &st, a, task_list_add(out, a));
    return db_ok(&st, err);
}

bool tasks_close(struct db *db, rid order_id, str kind, str state, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASKS_CLOSE]);
    bind_id(&st, 1, order_id);
    bind_text(&st, 2, kind);
    bind_text(&st, 3, state);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

bool tasks_reopen(struct db *db, rid order_id, str kind, str state, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASKS_REOPEN]);
    bind_id(&st, 1, order_id);
    bind_text(&st, 2, kind);
    bind_text(&st, 3, state);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

str command_task_rule(struct arena *a, rid command) { return str_print(a, "dead_command:%lld", (long long)command.v); }

bool task_of_rule_open(struct db *db, rid order_id, str rule, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASK_OF_RULE]);
    bind_id(&st, 1, order_id);
    bind_text(&st, 2, rule);
    *out = db_row(&st);
    return db_ok(&st, err);
}

bool tasks_close_rule(struct db *db, rid order_id, str rule, str state, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASKS_CLOSE_RULE]);
    bind_id(&st, 1, order_id);
    bind_text(&st, 2, rule);
    bind_text(&st, 3, state);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

bool order_commands_drop(struct db *db, rid order_id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COMMANDS_DROP]);
    bind_id(&st, 1, order_id);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}

bool account_is_live(struct db *db, rid account_id, bool *live, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNT_MODE]);
    bind_id(&st, 1, account_id);
    *live = db_row(&st) && str_is(col_text(&st, 0), "live");
    return db_ok(&st, err);
}

/* What a clock needs of its order, in the order of Q_ZONES_DUE: after days of absence there may be a million. */
static bool read_clock(struct stmt *st, struct arena *a, struct order *o)
{
    int status = name_find(hub_status_names, col_text(st, 2)), zone = name_find(sla_zone_names, col_text(st, 3));
    *o = (struct order){ .id = col_id(st, 0), .account_id = col_id(st, 1), .status = (enum hub_status)status, .zone = (enum sla_zone)zone,
                         .has_total = col_bool(st, 5), .grand_total = col_amount(st, 6), .deadline_total = col_int(st, 7),
                         .deadline_at = col_instant(st, 8), .yellow_at = col_instant(st, 9), .red_at = col_instant(st, 10),
                         .zone_next_at = col_instant(st, 11), .version = col_int(st, 12), .marks = col_int(st, 14),
                         .assignee_id = col_id(st, 15) };
    o->currency      = col_text_copy(st, 4, a);
    o->deadline_step = col_text_copy(st, 13, a);
    o->number        = col_text_copy(st, 16, a);             /* of what is missed, and told */
    return status >= 0 && zone >= 0;
}

bool orders_zone_due(struct db *db, instant now, int max, struct arena *a, struct order_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ZONES_DUE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, max);
    while (db_row(&st))
        if (!read_clock(&st, a, order_list_add(out, a)))
            return err_set(err, ERR_INTERNAL, "orders", "an order has a status or a zone that does not exist");
    return db_ok(&st, err);
}

_Static_assert(UNTIL_YELLOW == 1 && UNTIL_RED == 2 && UNTIL_DUE == 3, "the numbers in orders.zone");

bool orders_zone_save(struct db *db, const rid *orders, int count, enum sla_zone zone, enum zone_until until, instant now, struct err *err)
{
    const int64_t first = (int64_t)zone << 48, without = order_rank(zone, (instant){ 0 }, 0) - first;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ZONE]);
    bind_ids(&st, 1, orders, count);
    bind_text(&st, 2, str_of(sla_zone_names[zone]));
    bind_int(&st, 3, until);
    bind_int(&st, 4, first);
    bind_int(&st, 5, without / QUEUE_WEIGHTS);
    bind_instant(&st, 6, now);
    bind_int(&st, 7, without);
    return db_exec(&st, err);
}

_Static_assert(QUEUE_WEIGHTS == 8, "the number in orders.zone and orders.reweigh");

bool orders_reweigh(struct db *db, rid account_id, int weight, int64_t *from, int max, int *changed, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REWEIGH]);
    bind_id(&st, 1, account_id);
    bind_int(&st, 2, weight);
    bind_int(&st, 3, max);
    bind_int(&st, 4, *from);
    *changed = 0;
    while (db_row(&st)) {
        int64_t rank = col_int(&st, 0);
        rank -= rank % QUEUE_WEIGHTS;                    /* others of the same moment may be left; who has the weight is not taken again */
        *from = rank > *from ? rank : *from;
        ++*changed;
    }
    return db_ok(&st, err);
}

bool orders_zone_next(struct db *db, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ZONES_NEXT]);
    *out = (instant){ 0 };
    if (db_row(&st))
        *out = col_instant(&st, 0);
    return db_ok(&st, err);
}

bool orders_open_after(struct db *db, rid after, int max, struct arena *a, struct order_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    return read_orders(&st, a, out, err);
}
