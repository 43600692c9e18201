#include "orders/people_import_store.h"

/* clang-format off */
#define ROW(member) FIELD(people_kept, member, .access = READ_ONLY)
static const struct field row_fields[] = {
    ROW(job_id), ROW(source_id), ROW(file_row), ROW(is_new), FIELD(people_kept, before_json, .access = READ_ONLY, .max = 1 << 16),
    ROW(after_mark), FIELD(people_kept, merges, .access = READ_ONLY, .max = 1 << 16),
};
const struct record people_kept_record = RECORD(people_kept, "people_import_rows", row_fields);
/* clang-format on */

enum { Q_KEPT, Q_KEPT_BEFORE, Q_MERGES, Q_TOUCHED, Q_NAMED, Q_RM_LINKS, Q_RM_OFFERS, Q_RM_SOURCES, Q_EMPTY, Q_RM_WORDS, Q_RM_CARDS, Q_PAGE, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_KEPT] = { "people.kept", "SELECT * FROM people_import_rows WHERE job_id = $1 ORDER BY source_id DESC LIMIT $2", NULL },
    [Q_KEPT_BEFORE] = { "people.kept_before",
        "SELECT * FROM people_import_rows WHERE job_id = $1 AND source_id < $3 ORDER BY source_id DESC LIMIT $2", NULL },
    [Q_MERGES] = { "people.merges_since",
        "SELECT id FROM merge_events WHERE kept_id IN ({ids:$1}) AND id > $2 AND kind = 'merge' AND actor_kind = 'rule' AND undone_by IS NULL ORDER BY id", NULL },
    [Q_TOUCHED] = { "people.touched",
        "SELECT s.id FROM customer_sources s WHERE s.id IN ({ids:$1}) AND (EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = s.customer_id AND o.source_id = s.id) "
        "   OR ((SELECT COUNT(*) FROM customer_sources x WHERE x.customer_id = s.customer_id) = 1 AND "
        "       (EXISTS (SELECT 1 FROM consents k WHERE k.customer_id = s.customer_id) OR EXISTS (SELECT 1 FROM customer_tags t WHERE t.customer_id = s.customer_id) OR "
        "        EXISTS (SELECT 1 FROM customer_notes n WHERE n.customer_id = s.customer_id) OR "
        "        EXISTS (SELECT 1 FROM customer_fields f WHERE f.customer_id = s.customer_id))))",
        NULL },
    [Q_NAMED] = { "people.named_since",
        "SELECT r.source_id FROM import_jobs j JOIN people_import_rows r ON r.job_id = j.id AND r.source_id IN ({ids:$1}) "
        " WHERE j.id > $2 AND j.kind = 'customers' AND j.state <> 'undone'", NULL },
    [Q_RM_LINKS]   = { "people.rm_links", "DELETE FROM identity_links WHERE source_id IN ({ids:$1})", NULL },
    [Q_RM_OFFERS]  = { "people.rm_offers",
        "UPDATE identity_suggestions SET state = 'stale', decided_at = $2 WHERE state = 'open' AND (a_id IN ({ids:$1}) OR b_id IN ({ids:$1}))", NULL },
    [Q_RM_SOURCES] = { "people.rm_sources", "DELETE FROM customer_sources WHERE id IN ({ids:$1})", NULL },
    [Q_EMPTY] = { "people.empty",
        "SELECT id FROM customers c WHERE id IN ({ids:$1}) AND created_at >= $2 AND manual = '' AND merged_into IS NULL "
        "   AND NOT EXISTS (SELECT 1 FROM customer_sources s WHERE s.customer_id = c.id) AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) "
        "   AND NOT EXISTS (SELECT 1 FROM consents k WHERE k.customer_id = c.id) AND NOT EXISTS (SELECT 1 FROM customer_tags t WHERE t.customer_id = c.id) "
        "   AND NOT EXISTS (SELECT 1 FROM customer_notes n WHERE n.customer_id = c.id) "
        "   AND NOT EXISTS (SELECT 1 FROM customers g WHERE g.merged_into = c.id)", NULL },
    [Q_RM_WORDS] = { "people.rm_words", "DELETE FROM customer_keys WHERE customer_id IN ({ids:$1})", NULL },
    [Q_RM_CARDS] = { "people.rm_cards", "DELETE FROM customers WHERE id IN ({ids:$1})", NULL },
    [Q_PAGE] = { "people.page",
        "SELECT * FROM customers WHERE id > $1 AND merged_into IS NULL AND state = 'active' ORDER BY id LIMIT $2", NULL },
};

bool people_kept_before(struct db *db, rid job, rid before, int max, struct arena *a, struct people_kept_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[id_is_set(before) ? Q_KEPT_BEFORE : Q_KEPT]);
    bind_id(&st, 1, job);
    bind_int(&st, 2, max);
    if (id_is_set(before))
        bind_id(&st, 3, before);
    while (db_row(&st))
        record_scan(&people_kept_record, &st, a, people_kept_list_add(out, a));
    return db_ok(&st, err);
}

static bool ints_read(struct stmt *st, struct arena *a, struct int_list *out, struct err *err)
{
    while (db_row(st))
        *int_list_add(out, a) = col_int(st, 0);
    return db_ok(st, err);
}

bool people_merges_since(struct db *db, rid since, const rid *customers, int count, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_MERGES]);
    bind_ids(&st, 1, customers, count);
    bind_id(&st, 2, since);
    return ints_read(&st, a, out, err);
}

bool people_touched(struct db *db, const rid *sources, int count, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TOUCHED]);
    bind_ids(&st, 1, sources, count);
    return ints_read(&st, a, out, err);
}

bool people_named_since(struct db *db, rid job, const rid *sources, int count, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NAMED]);
    bind_ids(&st, 1, sources, count);
    bind_id(&st, 2, job);
    return ints_read(&st, a, out, err);
}

bool people_sources_remove(struct db *db, const rid *sources, int count, instant now, struct err *err)
{
    for (int q = Q_RM_LINKS; count && q <= Q_RM_SOURCES; q++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
        bind_ids(&st, 1, sources, count);
        if (q == Q_RM_OFFERS)
            bind_instant(&st, 2, now);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool people_empty(struct db *db, const rid *customers, int count, instant since, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_EMPTY]);
    bind_ids(&st, 1, customers, count);
    bind_instant(&st, 2, since);
    return ints_read(&st, a, out, err);
}

bool people_remove(struct db *db, const rid *customers, int count, struct err *err)
{
    for (int q = Q_RM_WORDS; count && q <= Q_RM_CARDS; q++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
        bind_ids(&st, 1, customers, count);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool people_after(struct db *db, rid after, int max, struct arena *a, struct customer *rows, int *count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PAGE]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    for (*count = 0; *count < max && db_row(&st); ++*count)
        record_scan(&customer_record, &st, a, &rows[*count]);
    return db_ok(&st, err);
}
