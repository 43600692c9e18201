#include "orders/erase_ask_store.h"

/* clang-format off */
#define SEEN(member) FIELD(erase_request, member, .access = READ_ONLY)
static const struct field request_fields[] = {
    FIELD(erase_request, id, .access = READ_ONLY, .sortable = true), SEEN(customer_id),
    FIELD(erase_request, reason, .max = 20, .required = true, .doc = "asked, withdrawn, expired or mistake"), FIELD(erase_request, do_not_contact),
    FIELD(erase_request, state, .access = READ_ONLY, .max = 16, .filterable = true), SEEN(asked_id), FIELD(erase_request, asked_name, .access = READ_ONLY, .max = 200),
    SEEN(at), SEEN(decided_id), FIELD(erase_request, decided_name, .access = READ_ONLY, .max = 200), SEEN(decided_at), SEEN(erasure_id), SEEN(version),
};
const struct record erase_request_record = RECORD(erase_request, "erase_requests", request_fields);
/* clang-format on */

enum { Q_OF, Q_DECIDE, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_OF] = { "erase.request_of", "SELECT * FROM erase_requests WHERE customer_id = $1 AND state = 'waiting'", NULL },
    [Q_DECIDE] = { "erase.request_decide",
        "UPDATE erase_requests SET state = $2, decided_id = $3, decided_name = $4, decided_at = $5, erasure_id = $6, version = version + 1 "
        " WHERE id = $1 AND state = 'waiting' RETURNING id", NULL },
};

bool erase_request_of(struct db *db, rid customer, struct arena *a, struct erase_request *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_id(&st, 1, customer);
    *found = db_row(&st);
    if (*found)
        record_scan(&erase_request_record, &st, a, out);
    return db_ok(&st, err);
}

bool erase_request_decide(struct db *db, const struct erase_request *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DECIDE]);
    bind_id(&st, 1, r->id);
    bind_text(&st, 2, r->state);
    bind_id(&st, 3, r->decided_id);
    bind_text(&st, 4, r->decided_name);
    bind_instant(&st, 5, r->decided_at);
    bind_id(&st, 6, r->erasure_id);
    bool hit = db_row(&st);
    if (!db_ok(&st, err))
        return false;
    return hit || err_set(err, ERR_CONFLICT, "id", "this was decided meanwhile");
}
