#include "orders/label_store.h"

#include "orders/order_status.h"

enum { Q_OF, Q_ASK, Q_AGAIN, Q_NEXT, Q_FIRST, Q_TAKE, Q_SETTLE, Q_FILE, Q_FILE_GONE, Q_BYTES, Q_PRINTED, Q_FORGET_FILES, Q_FORGET, Q_COUNT };
#define COLUMNS "order_id, account_id, state, type, width_mm, height_mm, size, memory, tries, due_at, problem, words, asked_at, fetched_at, prints, " \
                "printed_at, printed_by, printed_name"
#define ANEW "state = 'waiting', type = '', size = 0, memory = '', tries = 0, due_at = EXCLUDED.due_at, problem = '', words = '', " \
             "asked_at = EXCLUDED.asked_at, fetched_at = NULL"
#define ASK "INSERT INTO labels (order_id, account_id, state, type, width_mm, height_mm, size, memory, tries, due_at, problem, words, asked_at, prints, printed_name) " \
            "VALUES ($1, $2, 'waiting', '', 0, 0, 0, '', 0, $3, '', '', $3, 0, '') ON CONFLICT (order_id) DO UPDATE SET " ANEW
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_OF] = { "labels.of", "SELECT " COLUMNS " FROM labels WHERE order_id IN ({ids:$1})", NULL },
    [Q_ASK] = { "labels.ask", ASK " WHERE labels.state IN ('refused', 'forgotten')", NULL },
    [Q_AGAIN] = { "labels.ask_again", ASK, NULL },
    [Q_NEXT] = { "labels.next", "SELECT MIN(due_at) FROM labels WHERE due_at IS NOT NULL", NULL },
    [Q_FIRST] = { "labels.first", "SELECT " COLUMNS " FROM labels WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, order_id LIMIT 1", NULL },
    [Q_TAKE] = { "labels.take",
        "UPDATE labels SET due_at = $4 WHERE order_id IN (SELECT l.order_id FROM labels l WHERE l.due_at IS NOT NULL AND l.due_at <= $3 "
        "   AND l.account_id = $1 AND l.memory = $2 ORDER BY l.due_at, l.order_id LIMIT $5) RETURNING " COLUMNS, NULL },
    [Q_SETTLE] = { "labels.settle",
        "UPDATE labels SET state = $2, type = $3, width_mm = $4, height_mm = $5, size = $6, memory = $7, tries = $8, due_at = $9, problem = $10, "
        "       words = $11, fetched_at = $12 WHERE order_id = $1 RETURNING order_id", NULL },
    [Q_FILE] = { "labels.file", "INSERT INTO label_files (order_id, bytes) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET bytes = EXCLUDED.bytes", NULL },
    [Q_FILE_GONE] = { "labels.file_gone", "DELETE FROM label_files WHERE order_id = $1", NULL },
    [Q_BYTES] = { "labels.bytes", "SELECT bytes FROM label_files WHERE order_id = $1", NULL },
    [Q_PRINTED] = { "labels.printed",
        "UPDATE labels SET prints = prints + 1, printed_at = $2, printed_by = $3, printed_name = $4 WHERE state = 'here' AND order_id IN ({ids:$1})", NULL },
    [Q_FORGET_FILES] = { "labels.forget_files",
        "DELETE FROM label_files WHERE order_id IN (SELECT l.order_id FROM labels l WHERE l.fetched_at IS NOT NULL AND l.fetched_at < $1)", NULL },
    [Q_FORGET] = { "labels.forget",
        "UPDATE labels SET state = 'forgotten', type = '', size = 0, words = '', fetched_at = NULL WHERE fetched_at IS NOT NULL AND fetched_at < $1", NULL },
};
/* clang-format on */

static struct label scan(struct stmt *st, struct arena *a)
{
    int state = name_find(label_state_names, col_text(st, 2)), type = name_find(label_type_names, col_text(st, 3));
    return (struct label){
        .order_id = col_id(st, 0), .account_id = col_id(st, 1), .state = state < 0 ? LABEL_REFUSED : (enum label_state)state,
        .type = type < 0 ? LABEL_TYPE_NONE : (enum label_type)type, .width_mm = col_int(st, 4), .height_mm = col_int(st, 5), .size = col_int(st, 6),
        .memory = col_text_copy(st, 7, a), .tries = col_int(st, 8), .due_at = col_instant(st, 9), .problem = col_text_copy(st, 10, a),
        .words = col_text_copy(st, 11, a), .asked_at = col_instant(st, 12), .fetched_at = col_instant(st, 13), .prints = col_int(st, 14),
        .printed_at = col_instant(st, 15), .printed_by = col_id(st, 16), .printed_name = col_text_copy(st, 17, a),
    };
}

bool labels_of(struct db *db, const rid *orders, int count, struct arena *a, struct label_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_ids(&st, 1, orders, count);
    while (db_row(&st))
        *label_list_add(out, a) = scan(&st, a);
    return db_ok(&st, err);
}

static bool file_gone(struct db *db, rid order, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FILE_GONE]);
    bind_id(&st, 1, order);
    return db_exec(&st, err);
}

bool label_ask(struct db *db, rid order, rid account, instant now, bool again, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[again ? Q_AGAIN : Q_ASK]);
    bind_id(&st, 1, order);
    bind_id(&st, 2, account);
    bind_instant(&st, 3, now);
    return db_exec(&st, err) && (!again || file_gone(db, order, err));
}

bool labels_next(struct db *db, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEXT]);
    *out = db_row(&st) ? col_instant(&st, 0) : (instant){ 0 };
    return db_ok(&st, err);
}

bool labels_first(struct db *db, instant now, struct arena *a, struct label *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIRST]);
    bind_instant(&st, 1, now);
    *found = db_row(&st);
    if (*found)
        *out = scan(&st, a);
    return db_ok(&st, err);
}

bool labels_take(struct db *db, const struct label *like, instant now, instant until, int max, struct arena *a, struct label_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_id(&st, 1, like->account_id);
    bind_text(&st, 2, like->memory);
    bind_instant(&st, 3, now);
    bind_instant(&st, 4, until);
    bind_int(&st, 5, max);
    while (db_row(&st))
        *label_list_add(out, a) = scan(&st, a);
    return db_ok(&st, err);
}

static bool file_keep(struct db *db, rid order, str bytes, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FILE]);
    bind_id(&st, 1, order);
    bind_bytes(&st, 2, bytes);
    return db_exec(&st, err);
}

bool label_settle(struct db *db, const struct label *l, str bytes, struct err *err)
{
    bool there;
    {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
        bind_id(&st, 1, l->order_id);
        bind_text(&st, 2, str_of(label_state_names[l->state]));
        bind_text(&st, 3, str_of(label_type_names[l->type]));
        bind_int(&st, 4, l->width_mm);
        bind_int(&st, 5, l->height_mm);
        bind_int(&st, 6, l->size);
        bind_text(&st, 7, l->memory);
        bind_int(&st, 8, l->tries);
        bind_instant(&st, 9, l->due_at);
        bind_text(&st, 10, l->problem);
        bind_text(&st, 11, l->words);
        bind_instant(&st, 12, l->fetched_at);
        there = db_row(&st);
        if (!db_ok(&st, err))
            return false;
    }
    return !there || l->state != LABEL_FETCHED || file_keep(db, l->order_id, bytes, err);
}

bool label_bytes(struct db *db, rid order, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BYTES]);
    bind_id(&st, 1, order);
    if (!db_row(&st))
        return db_ok(&st, err) && err_set(err, ERR_NOT_FOUND, "id", "there is no label of this order");
    *out = col_bytes(&st, 0, a);
    return db_ok(&st, err);
}

bool labels_printed(struct db *db, const rid *orders, int count, const struct work *w, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PRINTED]);
    bind_ids(&st, 1, orders, count);
    bind_instant(&st, 2, w->now);
    bind_id(&st, 3, w->actor.id);
    bind_text(&st, 4, w->actor.name);
    return db_exec(&st, err);
}

bool labels_forget(struct db *db, instant before, struct err *err)
{
    static const int parts[] = { Q_FORGET_FILES, Q_FORGET };
    for (int i = 0; i < COUNT_OF(parts); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[parts[i]]);
        bind_instant(&st, 1, before);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}
