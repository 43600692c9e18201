#include "events/outbox.h"

#include <stdlib.h>

/* clang-format off */
#define SEEN(member)        FIELD(command_row, member, .access = READ_ONLY)
#define TEXT(member, bytes) FIELD(command_row, member, .access = READ_ONLY, .max = (bytes))
static const struct field command_fields[] = {
    SEEN(id), SEEN(account_id), SEEN(order_id), SEEN(return_id), TEXT(op, 20), SEEN(priority), TEXT(dedupe_key, 100), TEXT(payload, 4000),
    TEXT(state, 20), SEEN(not_before), SEEN(tries), TEXT(taken_by, 100), SEEN(lease_until), TEXT(from_status, 20), TEXT(to_status, 20),
    TEXT(memory, 4000), TEXT(text, 2000), TEXT(note, 4000), TEXT(actor_kind, 20), SEEN(actor_id), TEXT(actor_name, 200),
    SEEN(created_at), SEEN(sent_at), SEEN(done_at),
};
/* clang-format on */
const struct record command_record = RECORD(command_row, "outbox", command_fields);

enum {
    Q_LIVE, Q_TAKE, Q_DUE, Q_SETTLE, Q_REMEMBER, Q_UNDO, Q_RETRY, Q_DROP, Q_WITHDRAW, Q_OVERTAKE, Q_SEND_ON, Q_OF_ORDER, Q_IN_STATE,
    Q_IN_STATE_OF, Q_NEXT, Q_COUNT
};
static const struct sql SQL[Q_COUNT] = {
    [Q_LIVE] = { "outbox.live",
        "SELECT id FROM outbox WHERE dedupe_key = $1 AND state IN ('held', 'queued', 'sending')", NULL },
    [Q_TAKE] = { "outbox.take",
        "UPDATE outbox SET state = 'sending', taken_by = $4, lease_until = $5 "
        " WHERE id IN (SELECT w.id FROM outbox w "
        "               WHERE w.account_id = $1 AND w.state IN ('held', 'queued', 'sending') AND w.not_before <= $2 "
        "                 AND w.lease_until <= $3 "
        "                 AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.order_id = w.order_id AND e.id < w.id "
        "                                    AND e.state IN ('held', 'queued', 'sending')) "
        "               ORDER BY w.priority, w.not_before, w.id LIMIT $6) "
        "   AND lease_until <= $3 "
        "RETURNING *", NULL },
    [Q_DUE] = { "outbox.due",
        "SELECT DISTINCT account_id FROM outbox WHERE state IN ('held', 'queued', 'sending') AND not_before <= $1 "
        "   AND lease_until <= $2", NULL },
    [Q_SETTLE] = { "outbox.settle",
        "UPDATE outbox SET state = $3, not_before = $4, tries = $5, memory = $6, text = $7, note = $8, sent_at = $9, done_at = $10, "
        "       taken_by = '', lease_until = 0 "
        " WHERE id = $1 AND taken_by = $2 AND state = 'sending' RETURNING id", NULL },
    [Q_REMEMBER] = { "outbox.remember", "UPDATE outbox SET memory = $2, lease_until = $3 WHERE id = $1 AND state = 'sending'", NULL },
    [Q_UNDO] = { "outbox.undo",
        "UPDATE outbox SET state = 'undone', done_at = $3 WHERE id = $1 AND state IN ('held', 'shadow') AND not_before > $2 RETURNING id", NULL },
    [Q_RETRY] = { "outbox.retry",
        "UPDATE outbox SET state = 'queued', not_before = $2, tries = 0, text = '' "
        " WHERE id = $1 AND state IN ('dead', 'refused') AND NOT EXISTS (SELECT 1 FROM outbox n "
        "   WHERE n.dedupe_key = outbox.dedupe_key AND n.state IN ('held', 'queued', 'sending')) RETURNING id", NULL },
    [Q_DROP] = { "outbox.drop", "UPDATE outbox SET state = 'dropped' WHERE id = $1 AND state IN ('dead', 'refused') RETURNING id", NULL },
    /* One that was tried before may have been heard: it stays, and the lane sends it first. */
    [Q_WITHDRAW] = { "outbox.withdraw",
        "UPDATE outbox SET state = 'dropped', done_at = $4, text = 'withdrawn before it was sent', note = $3 "
        " WHERE order_id = $1 AND return_id IS NULL AND id <> $2 AND (state = 'held' OR (state = 'queued' AND tries = 0 AND memory = '' AND sent_at IS NULL))", NULL },
    [Q_OVERTAKE] = { "outbox.overtake",
        "UPDATE outbox SET state = 'dropped', done_at = $2, text = $3 "
        " WHERE id = $1 AND (state IN ('held', 'shadow') OR (state = 'queued' AND tries = 0 AND memory = '' AND sent_at IS NULL))", NULL },
    [Q_SEND_ON] = { "outbox.send_on",
        "UPDATE outbox SET state = CASE WHEN not_before > $3 THEN 'held' ELSE 'queued' END, done_at = NULL, text = '', note = '' "
        " WHERE order_id = $1 AND state || '' = 'dropped' AND note = $2", NULL },       /* by the order: more are dropped than an order has */
    [Q_OF_ORDER] = { "outbox.of_order", "SELECT * FROM outbox WHERE order_id = $1 ORDER BY id DESC LIMIT 100", NULL },
    [Q_IN_STATE] = { "outbox.in_state",
        "SELECT * FROM outbox WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3", NULL },
    [Q_IN_STATE_OF] = { "outbox.in_state_of",
        "SELECT * FROM outbox WHERE state = $1 AND id < $2 AND account_id IN ({ids:$4}) ORDER BY id DESC LIMIT $3", NULL },
    [Q_NEXT] = { "outbox.next",
        "SELECT not_before, lease_until FROM outbox WHERE state IN ('held', 'queued', 'sending') "
        " ORDER BY not_before, id LIMIT 1", NULL },
};

bool outbox_add(struct db *db, struct arena *a, struct command_row *row, struct err *err)
{
    (void)a;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIVE]);
    bind_text(&st, 1, row->dedupe_key);
    if (db_row(&st)) {
        row->id = col_id(&st, 0);
        return db_ok(&st, err);
    }
    return db_ok(&st, err) && record_insert(db, &command_record, row, err);
}

static bool read_rows(struct stmt *st, struct arena *a, struct command_row_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&command_record, st, a, command_row_list_add(out, a));
    return db_ok(st, err);
}

bool outbox_take(struct db *db, rid account_id, instant now, str worker, instant lease_until, int max, struct arena *a,
                 struct command_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_id(&st, 1, account_id);
    bind_instant(&st, 2, now);
    bind_int(&st, 3, now.ms);
    bind_text(&st, 4, worker);
    bind_int(&st, 5, lease_until.ms);
    bind_int(&st, 6, max);
    return read_rows(&st, a, out, err);
}

bool outbox_due_accounts(struct db *db, instant now, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DUE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, now.ms);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

bool outbox_settle(struct db *db, const struct command_row *row, bool *kept, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
    bind_id(&st, 1, row->id);
    bind_text(&st, 2, row->taken_by);
    bind_text(&st, 3, row->state);
    bind_instant(&st, 4, row->not_before);
    bind_int(&st, 5, row->tries);
    bind_text(&st, 6, row->memory);
    bind_text(&st, 7, row->text);
    bind_text(&st, 8, row->note);
    bind_instant(&st, 9, row->sent_at);
    bind_instant(&st, 10, row->done_at);
    *kept = db_row(&st);
    return db_ok(&st, err);
}

bool outbox_remember(struct db *db, rid id, str memory, instant lease_until, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REMEMBER]);
    bind_id(&st, 1, id);
    bind_text(&st, 2, memory);
    bind_int(&st, 3, lease_until.ms);
    return db_exec(&st, err);
}

bool outbox_undo(struct db *db, rid id, instant now, bool *done, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UNDO]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    bind_instant(&st, 3, now);
    *done = db_row(&st);
    return db_ok(&st, err);
}

/* Runs a statement that returns a row when it changed something. */
static bool changed_one(struct stmt *st, struct err *err)
{
    bool hit = db_row(st);
    if (!db_ok(st, err))
        return false;
    return hit || err_set(err, ERR_ACTION_REFUSED, "state", "only a refused or buried command can be changed, and only while no newer one is on its way");
}

bool outbox_retry(struct db *db, rid id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RETRY]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    return changed_one(&st, err);
}

bool outbox_drop(struct db *db, rid id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_id(&st, 1, id);
    return changed_one(&st, err);
}

static str withdrawn_by(struct arena *a, rid by) { return str_print(a, "withdrawn for %lld", (long long)by.v); }

bool outbox_withdraw(struct db *db, struct arena *a, rid order_id, rid by, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WITHDRAW]);
    bind_id(&st, 1, order_id);
    bind_int(&st, 2, by.v);
    bind_text(&st, 3, withdrawn_by(a, by));
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

bool outbox_overtake(struct db *db, rid id, str text, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OVERTAKE]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    bind_text(&st, 3, text);
    return db_exec(&st, err);
}

bool outbox_send_on(struct db *db, struct arena *a, rid order_id, rid by, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SEND_ON]);
    bind_id(&st, 1, order_id);
    bind_text(&st, 2, withdrawn_by(a, by));
    bind_instant(&st, 3, now);
    db_signal(db);
    return db_exec(&st, err);
}

bool outbox_of_order(struct db *db, rid order_id, struct arena *a, struct command_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF_ORDER]);
    bind_id(&st, 1, order_id);
    return read_rows(&st, a, out, err);
}

bool outbox_get(struct db *db, rid id, struct arena *a, struct command_row *out, struct err *err)
{
    return record_get(db, &command_record, id, a, out, err);
}

static int newer_first(const void *a, const void *b)
{
    int64_t x = ((const struct command_row *)a)->id.v, y = ((const struct command_row *)b)->id.v;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* State by state, each along its index: those who are done are many and those in trouble few, and together they would be sorted. */
bool outbox_in_states(struct db *db, const struct outbox_ask *q, struct arena *a, struct command_row_list *out, bool *more,
                      struct err *err)
{
    for (int i = 0; i < q->states_count; i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q->accounts_count ? Q_IN_STATE_OF : Q_IN_STATE]);
        bind_text(&st, 1, q->states[i]);
        bind_int(&st, 2, id_is_set(q->below) ? q->below.v : INT64_MAX);
        bind_int(&st, 3, q->max + 1);
        if (q->accounts_count)
            bind_ids(&st, 4, q->accounts, q->accounts_count);
        if (!read_rows(&st, a, out, err))
            return false;
    }
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, newer_first);
    *more = out->count > q->max;
    if (*more)
        out->count = q->max;
    return true;
}

bool outbox_next(struct db *db, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEXT]);
    *out = (instant){ 0 };
    if (db_row(&st)) {
        *out = col_instant(&st, 0);
        if (col_int(&st, 1) > out->ms)
            out->ms = col_int(&st, 1);
    }
    return db_ok(&st, err);
}
