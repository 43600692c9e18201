#include "returns/posting_store.h"

enum { Q_OF_DOC, Q_OF_RETURN, Q_PAGE, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_OF_DOC] = { "postings.of_doc", "SELECT * FROM postings WHERE doc = $1 AND doc_id = $2 ORDER BY turn, line", NULL },
    [Q_OF_RETURN] = { "postings.of_return", "SELECT * FROM postings WHERE return_id = $1 ORDER BY doc_id, turn, line", NULL },
    [Q_PAGE] = { "postings.page",
        "SELECT * FROM postings WHERE at >= $1 AND at < $2 AND ($3 = 0 OR account_id IN ({ids:$4})) "
        "   AND (at, doc_id, turn, line) > ($5, $6, $7, $8) "
        " ORDER BY at, doc_id, turn, line LIMIT $9", NULL },
};

static bool read_all(struct stmt *st, struct arena *a, struct posting_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&posting_record, st, a, posting_list_add(out, a));
    return db_ok(st, err);
}

bool postings_of_refund(struct db *db, rid refund_id, struct arena *a, struct posting_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF_DOC]);
    bind_text(&st, 1, STR("refund"));
    bind_id(&st, 2, refund_id);
    return read_all(&st, a, out, err);
}

bool posting_insert(struct db *db, const struct posting *p, struct err *err) { return record_insert(db, &posting_record, p, err); }

bool postings_of_return(struct db *db, rid return_id, struct arena *a, struct posting_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF_RETURN]);
    bind_id(&st, 1, return_id);
    return read_all(&st, a, out, err);
}

bool postings_page(struct db *db, const struct posting_ask *q, struct arena *a, struct posting_list *out, bool *more, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PAGE]);
    bind_int(&st, 1, q->from.ms);
    bind_int(&st, 2, q->until.ms);
    bind_int(&st, 3, q->accounts_count);
    bind_ids(&st, 4, q->accounts, q->accounts_count);
    bind_int(&st, 5, q->after_at.ms);
    bind_int(&st, 6, q->after_doc);
    bind_int(&st, 7, q->after_turn);
    bind_int(&st, 8, q->after_line);
    bind_int(&st, 9, q->limit + 1);
    if (!read_all(&st, a, out, err))
        return false;
    *more      = out->count > q->limit;
    out->count = *more ? q->limit : out->count;
    return true;
}
