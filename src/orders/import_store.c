#include "orders/import_store.h"

#include "customers/customer_store.h"

/* clang-format off */
#define JOB(member) FIELD(import_job, member, .access = READ_ONLY)
static const struct field job_fields[] = {
    JOB(id), JOB(account_id), JOB(kind), FIELD(import_job, file_name, .access = READ_ONLY, .max = 300), JOB(digest), JOB(state), JOB(created_n),
    JOB(changed_n), JOB(same_n), JOB(bad_n), JOB(kept_n), JOB(actor_kind), JOB(actor_id), JOB(actor_name), JOB(created_at), JOB(finished_at),
};
const struct record import_job_record = RECORD(import_job, "import_jobs", job_fields);

#define ROW(member) FIELD(import_row_kept, member, .access = READ_ONLY)
static const struct field row_fields[] = {
    ROW(job_id), ROW(order_id), ROW(file_row), ROW(is_new), FIELD(import_row_kept, before_json, .access = READ_ONLY, .max = 1 << 20),
    ROW(after_mark),
};
const struct record import_row_record = RECORD(import_row_kept, "import_rows", row_fields);
/* clang-format on */

enum {
    Q_ACCOUNT, Q_MANUAL, Q_ACCOUNT_MAKE, Q_JOB_SAVE, Q_ROWS, Q_ROW_ADD, Q_TOUCHED, Q_RM_LINES, Q_RM_HISTORY, Q_RM_TASKS, Q_RM_EVENTS,
    Q_RM_UNDO, Q_RM_ORDERS, Q_COUNT
};
static const struct sql SQL[Q_COUNT] = {
    [Q_ACCOUNT] = { "import.account", "SELECT id, channel, name FROM channel_accounts WHERE name = $1 OR id = $2 ORDER BY id LIMIT 2", NULL },
    [Q_MANUAL]  = { "import.manual", "SELECT id, channel, name FROM channel_accounts WHERE channel = 'manual' ORDER BY id LIMIT 1", NULL },
    [Q_ACCOUNT_MAKE] = { "import.account_make",
        "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, "
        "       hook_digest, error_code, error_text, version, created_at, updated_at) "
        "VALUES ($1, $2, $3, '', 'read_only', 'active', '', '{}', 0, '', '', '', 1, $4, $4)", NULL },
    [Q_JOB_SAVE] = { "import.job_save",
        "UPDATE import_jobs SET state = $2, created_n = $3, changed_n = $4, same_n = $5, bad_n = $6, kept_n = $7, finished_at = $8 "
        " WHERE id = $1", NULL },
    [Q_ROWS] = { "import.rows", "SELECT * FROM import_rows WHERE job_id = $1 AND order_id > $2 ORDER BY order_id LIMIT $3", NULL },
    [Q_ROW_ADD] = { "import.row_add",
        "INSERT INTO import_rows (job_id, order_id, file_row, is_new, before_json, after_mark) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (job_id, order_id) DO NOTHING", NULL },
    [Q_TOUCHED] = { "import.touched",
        "SELECT order_id FROM order_notes WHERE order_id IN ({ids:$1}) "
        "UNION SELECT order_id FROM outbox WHERE order_id IN ({ids:$1}) "
        "UNION SELECT order_id FROM tasks WHERE order_id IN ({ids:$1}) AND (kind = 'person' OR version > 1)", NULL },
    [Q_RM_LINES]   = { "import.rm_lines", "DELETE FROM order_lines WHERE order_id IN ({ids:$1})", NULL },
    [Q_RM_HISTORY] = { "import.rm_history", "DELETE FROM order_history WHERE order_id IN ({ids:$1})", NULL },
    [Q_RM_TASKS]   = { "import.rm_tasks", "DELETE FROM tasks WHERE order_id IN ({ids:$1})", NULL },
    [Q_RM_EVENTS]  = { "import.rm_events", "DELETE FROM intake_events WHERE order_id IN ({ids:$1})", NULL },
    [Q_RM_UNDO]    = { "import.rm_undo", "DELETE FROM undo_steps WHERE order_id IN ({ids:$1})", NULL },
    [Q_RM_ORDERS]  = { "import.rm_orders", "DELETE FROM orders WHERE id IN ({ids:$1})", NULL },
};

bool import_account_find(struct db *db, str name, struct arena *a, struct import_account *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[name.len ? Q_ACCOUNT : Q_MANUAL]);
    rid id = { 0 };
    int n  = 0;
    if (name.len) {
        bind_text(&st, 1, name);
        bind_id(&st, 2, id_parse(name, &id) ? id : (rid){ 0 });
    }
    for (; db_row(&st); n++)
        *out = (struct import_account){ col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a) };
    if (!db_ok(&st, err))
        return false;
    *found = n > 0;
    if (n > 1)
        return err_set(err, ERR_CONFLICT, "account", "several accounts are called \"%.*s\": give the id", STR_ARG(utf8_cut(name, 80)));
    return n || !name.len || err_set(err, ERR_NOT_FOUND, "account", "there is no account \"%.*s\"", STR_ARG(utf8_cut(name, 80)));
}

bool import_account_make(struct db *db, const struct import_account *acc, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNT_MAKE]);
    bind_id(&st, 1, acc->id);
    bind_text(&st, 2, acc->channel);
    bind_text(&st, 3, acc->name);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

bool import_job_save(struct db *db, const struct import_job *j, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_JOB_SAVE]);
    bind_id(&st, 1, j->id);
    bind_text(&st, 2, j->state);
    bind_int(&st, 3, j->created_n);
    bind_int(&st, 4, j->changed_n);
    bind_int(&st, 5, j->same_n);
    bind_int(&st, 6, j->bad_n);
    bind_int(&st, 7, j->kept_n);
    bind_instant(&st, 8, j->finished_at);
    return db_exec(&st, err);
}

bool import_rows_after(struct db *db, rid job, rid after, int max, struct arena *a, struct import_row_kept_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ROWS]);
    bind_id(&st, 1, job);
    bind_int(&st, 2, after.v);
    bind_int(&st, 3, max);
    while (db_row(&st))
        record_scan(&import_row_record, &st, a, import_row_kept_list_add(out, a));
    return db_ok(&st, err);
}

bool import_row_add(struct db *db, const struct import_row_kept *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ROW_ADD]);
    bind_id(&st, 1, r->job_id);
    bind_id(&st, 2, r->order_id);
    bind_int(&st, 3, r->file_row);
    bind_bool(&st, 4, r->is_new);
    bind_text(&st, 5, r->before_json);
    bind_int(&st, 6, r->after_mark);
    return db_exec(&st, err);
}

bool import_touched(struct db *db, const rid *orders, int count, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TOUCHED]);
    bind_ids(&st, 1, orders, count);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

static bool ids_run(struct db *db, int which, const rid *ids, int count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_ids(&st, 1, ids, count);
    return db_exec(&st, err);
}

bool import_orders_remove(struct db *db, const rid *orders, int count, struct err *err)
{
    for (int q = Q_RM_LINES; count && q <= Q_RM_ORDERS; q++)
        if (!ids_run(db, q, orders, count, err))
            return false;
    return true;
}
