/* When each stream is read next and by whom, which commands are due, and what may be forgotten. Declared in channel_account_store.h. */
#include "accounts/session_store.h"
#include "sync/channel_account_store.h"

/* clang-format off */
static const struct field stream_fields[] = {
    FIELD(stream_row, account_id,  .access = READ_ONLY), FIELD(stream_row, stream,      .access = READ_ONLY),
    FIELD(stream_row, cursor,      .access = READ_ONLY, .max = 1 << 16), FIELD(stream_row, last_run_at, .access = READ_ONLY),
    FIELD(stream_row, next_run_at, .access = READ_ONLY), FIELD(stream_row, deep_day,    .access = READ_ONLY),
    FIELD(stream_row, failures,    .access = READ_ONLY), FIELD(stream_row, taken_by,    .access = READ_ONLY),
    FIELD(stream_row, lease_until, .access = READ_ONLY),
};
/* clang-format on */
const struct record stream_record = RECORD(stream_row, "stream_cursors", stream_fields);

enum {
    Q_ENSURE, Q_TAKE, Q_TAKE_NAMED, Q_KEEP, Q_SETTLE, Q_HURRY, Q_NEXT, Q_ALL, Q_DUE, Q_COMMANDS_NEXT, Q_UNDER_WAY, Q_FREE_STREAMS, Q_FREE_COMMANDS,
    Q_UNDO, Q_HASTEN, Q_HASTEN_COMMANDS, Q_NEWEST, Q_COUNT
};
static const struct sql SQL[Q_COUNT] = {
    [Q_ENSURE] = { "streams.ensure",
        "INSERT INTO stream_cursors (account_id, stream, cursor, next_run_at, deep_day, failures, taken_by, lease_until) "
        "VALUES ($1, $2, '', $3, 0, 0, '', 0) ON CONFLICT (account_id, stream) DO NOTHING", NULL },
    /* One stream of an account at a time: two pages of different age about one order must not overtake each other. */
    [Q_TAKE] = { "streams.take",
        "UPDATE stream_cursors SET taken_by = $2, lease_until = $3 "
        " WHERE (account_id, stream) IN (SELECT s.account_id, s.stream FROM stream_cursors s "
        "           JOIN channel_accounts a ON a.id = s.account_id "
        "          WHERE a.state IN ('active', 'degraded') AND s.next_run_at <= $1 AND s.lease_until <= $1 "
        "            AND NOT EXISTS (SELECT 1 FROM stream_cursors o WHERE o.account_id = s.account_id AND o.lease_until > $1) "
        "          ORDER BY s.next_run_at, s.account_id, s.stream LIMIT 1) "
        "   AND lease_until <= $1 RETURNING *", NULL },
    [Q_TAKE_NAMED] = { "streams.take_named",
        "UPDATE stream_cursors SET taken_by = $2, lease_until = $3 WHERE account_id = $4 AND stream = $5 AND lease_until <= $1 "
        "RETURNING *", NULL },
    [Q_KEEP] = { "streams.keep",
        "UPDATE stream_cursors SET lease_until = $4 WHERE account_id = $1 AND stream = $2 AND taken_by = $3 RETURNING stream", NULL },
    [Q_SETTLE] = { "streams.settle",
        "UPDATE stream_cursors SET cursor = $4, last_run_at = $5, next_run_at = $6, deep_day = $7, failures = $8, taken_by = '', "
        "       lease_until = 0 WHERE account_id = $1 AND stream = $2 AND taken_by = $3 RETURNING stream", NULL },
    [Q_HURRY] = { "streams.hurry", "UPDATE stream_cursors SET next_run_at = $2 WHERE account_id = $1 AND next_run_at > $2", NULL },
    [Q_NEXT] = { "streams.next",
        "SELECT MIN(CASE WHEN s.lease_until > s.next_run_at THEN s.lease_until ELSE s.next_run_at END) FROM stream_cursors s "
        "  JOIN channel_accounts a ON a.id = s.account_id WHERE a.state IN ('active', 'degraded')", NULL },
    [Q_ALL] = { "streams.all", "SELECT * FROM stream_cursors ORDER BY account_id, stream", NULL },
    [Q_DUE] = { "outbox.due_working",
        "SELECT w.account_id, MIN(w.priority) AS lane, MIN(w.not_before) AS since FROM outbox w JOIN channel_accounts a ON a.id = w.account_id "
        " WHERE w.state IN ('held', 'queued', 'sending') AND w.not_before <= $1 AND w.lease_until <= $1 "
        "   AND a.state IN ('active', 'degraded') AND a.mode = 'live' "
        "   AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.order_id = w.order_id AND e.id < w.id "
        "                      AND e.state IN ('held', 'queued', 'sending')) "
        " GROUP BY w.account_id ORDER BY lane, since, w.account_id", NULL },
    [Q_COMMANDS_NEXT] = { "outbox.next_working",
        "SELECT MIN(CASE WHEN w.lease_until > w.not_before THEN w.lease_until ELSE w.not_before END) FROM outbox w "
        "  JOIN channel_accounts a ON a.id = w.account_id "
        " WHERE w.state IN ('held', 'queued', 'sending') AND a.state IN ('active', 'degraded') AND a.mode = 'live' "
        "   AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.order_id = w.order_id AND e.id < w.id "
        "                      AND e.state IN ('held', 'queued', 'sending'))", NULL },
    [Q_UNDER_WAY] = { "outbox.under_way",
        "SELECT 1 FROM outbox WHERE account_id = $1 AND state = 'sending' AND lease_until > $2 LIMIT 1", NULL },
    [Q_FREE_STREAMS] = { "streams.free",
        "UPDATE stream_cursors SET taken_by = '', lease_until = 0 WHERE substr(taken_by, 1, CAST($2 AS INTEGER)) = $1", NULL },
    [Q_FREE_COMMANDS] = { "outbox.free",
        "UPDATE outbox SET lease_until = 0 WHERE state = 'sending' AND substr(taken_by, 1, CAST($2 AS INTEGER)) = $1", NULL },
    [Q_HASTEN] = { "streams.hasten",
        "UPDATE stream_cursors SET next_run_at = CASE WHEN last_run_at > $1 THEN $1 ELSE next_run_at END, "
        "       last_run_at = CASE WHEN last_run_at > $1 THEN $1 ELSE last_run_at END, "
        "       lease_until = CASE WHEN lease_until > $2 THEN $2 ELSE lease_until END WHERE last_run_at > $1 OR lease_until > $2", NULL },
    [Q_HASTEN_COMMANDS] = { "outbox.hasten",
        "UPDATE outbox SET not_before = CASE WHEN not_before > $2 THEN $1 ELSE not_before END, "
        "       lease_until = CASE WHEN lease_until > $2 THEN $2 ELSE lease_until END "
        " WHERE state IN ('held', 'queued', 'sending') AND (not_before > $2 OR lease_until > $2)", NULL },
    [Q_NEWEST] = { "streams.newest_run", "SELECT MAX(last_run_at) FROM stream_cursors", NULL },
    [Q_UNDO] = { "undo.forget", "DELETE FROM undo_steps WHERE expires_at < $1", NULL },
};

bool streams_ensure(struct db *db, rid account_id, const struct stream *streams, instant now, struct err *err)
{
    for (const struct stream *s = streams; s && s->name; s++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ENSURE]);
        bind_id(&st, 1, account_id);
        bind_text(&st, 2, str_of(s->name));
        bind_instant(&st, 3, now);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool stream_take(struct db *db, instant now, str worker, instant lease_until, struct arena *a, struct stream_row *out, bool *found,
                 struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_instant(&st, 1, now);
    bind_text(&st, 2, worker);
    bind_int(&st, 3, lease_until.ms);
    *found = db_row(&st);
    if (*found)
        record_scan(&stream_record, &st, a, out);
    return db_ok(&st, err);
}

bool stream_take_named(struct db *db, rid account_id, str stream, instant now, str worker, instant lease_until, struct arena *a,
                       struct stream_row *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE_NAMED]);
    bind_instant(&st, 1, now);
    bind_text(&st, 2, worker);
    bind_int(&st, 3, lease_until.ms);
    bind_id(&st, 4, account_id);
    bind_text(&st, 5, stream);
    *found = db_row(&st);
    if (*found)
        record_scan(&stream_record, &st, a, out);
    return db_ok(&st, err);
}

static void bind_row(struct stmt *st, const struct stream_row *r)
{
    bind_id(st, 1, r->account_id);
    bind_text(st, 2, r->stream);
    bind_text(st, 3, r->taken_by);
}

bool stream_keep(struct db *db, const struct stream_row *r, instant lease_until, bool *kept, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KEEP]);
    bind_row(&st, r);
    bind_int(&st, 4, lease_until.ms);
    *kept = db_row(&st);
    return db_ok(&st, err);
}

bool stream_settle(struct db *db, const struct stream_row *r, bool *kept, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
    bind_row(&st, r);
    bind_text(&st, 4, r->cursor);
    bind_instant(&st, 5, r->last_run_at);
    bind_instant(&st, 6, r->next_run_at);
    bind_int(&st, 7, r->deep_day);
    bind_int(&st, 8, r->failures);
    *kept = db_row(&st);
    return db_ok(&st, err);
}

bool streams_hurry(struct db *db, rid account_id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HURRY]);
    bind_id(&st, 1, account_id);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}

static bool one_instant(struct db *db, int q, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    *out = db_row(&st) && !col_is_null(&st, 0) ? col_instant(&st, 0) : (instant){ 0 };
    return db_ok(&st, err);
}

bool streams_next(struct db *db, instant *out, struct err *err)
{
    return one_instant(db, Q_NEXT, out, err);
}

bool commands_next(struct db *db, instant *out, struct err *err)
{
    return one_instant(db, Q_COMMANDS_NEXT, out, err);
}

bool streams_all(struct db *db, struct arena *a, struct stream_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st))
        record_scan(&stream_record, &st, a, stream_row_list_add(out, a));
    return db_ok(&st, err);
}

bool commands_due_accounts(struct db *db, instant now, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DUE]);
    bind_instant(&st, 1, now);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

bool command_under_way(struct db *db, rid account_id, instant now, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UNDER_WAY]);
    bind_id(&st, 1, account_id);
    bind_int(&st, 2, now.ms);
    *out = db_row(&st);
    return db_ok(&st, err);
}

static bool free_by(struct db *db, int q, str prefix, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    bind_text(&st, 1, prefix);
    bind_int(&st, 2, (int64_t)utf8_count(prefix));
    return db_exec(&st, err);
}

bool leases_release(struct db *db, str worker_prefix, struct err *err)
{
    return free_by(db, Q_FREE_STREAMS, worker_prefix, err) && free_by(db, Q_FREE_COMMANDS, worker_prefix, err);
}

static bool hasten(struct db *db, int q, instant now, instant lease, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, lease.ms);
    return db_exec(&st, err);
}

bool streams_hasten(struct db *db, instant now, instant lease, struct err *err) { return hasten(db, Q_HASTEN, now, lease, err); }
bool commands_hasten(struct db *db, instant now, instant lease, struct err *err) { return hasten(db, Q_HASTEN_COMMANDS, now, lease, err); }
bool streams_newest_run(struct db *db, instant *out, struct err *err) { return one_instant(db, Q_NEWEST, out, err); }

static bool forget(struct db *db, int q, instant before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    bind_instant(&st, 1, before);
    return db_exec(&st, err);
}

bool leftovers_forget(struct db *db, instant now, struct err *err)
{
    return accounts_forget(db, now, err) && forget(db, Q_UNDO, instant_add(now, -HOUR_MS), err);
}
