#include "returns/claim_store.h"

#include "base/buf.h"

/* clang-format off */
#define SEEN(member)        FIELD(claim_step, member, .access = READ_ONLY)
#define WORD(member, bytes) FIELD(claim_step, member, .access = READ_ONLY, .max = (bytes))
static const struct field step_fields[] = {
    SEEN(claim_id), SEEN(seq), SEEN(at), WORD(from_state, 30), WORD(to_state, 30), WORD(actor_kind, 20), SEEN(actor_id), WORD(actor_name, 200),
    WORD(note, 2000), WORD(before, 8000),
};
const struct record claim_step_record = RECORD(claim_step, "claim_history", step_fields);

enum { Q_BY_IDS, Q_WAITING_AFTER, Q_HAS, Q_STEPS, Q_HANDED, Q_CHANNEL, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_IDS] = { "claims.by_ids", "SELECT * FROM claims WHERE id IN ({ids:$1})", NULL },
    [Q_WAITING_AFTER] = { "claims.waiting_after", "SELECT * FROM claims WHERE state IN ('open', 'evidence') AND id > $1 ORDER BY id LIMIT $2", NULL },
    [Q_HAS] = { "claims.has", "SELECT 1 FROM claims WHERE return_id = $1 AND subject = $2", NULL },
    [Q_STEPS] = { "claims.steps", "SELECT * FROM claim_history WHERE claim_id = $1 ORDER BY seq", NULL },
    [Q_CHANNEL] = { "claims.channel", "SELECT channel FROM channel_accounts WHERE id = $1", NULL },
    [Q_HANDED] = { "claims.handed_over",
        "SELECT MIN(at) FROM order_history WHERE order_id = $1 AND flagged = 0 AND to_status = 'in_delivery'", NULL },
};
/* clang-format on */

bool claim_get(struct db *db, rid id, struct arena *a, struct claim *out, struct err *err)
{
    return record_get(db, &claim_record, id, a, out, err);
}

bool claims_by_ids(struct db *db, const rid *ids, int count, struct arena *a, struct claim_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_IDS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        record_scan(&claim_record, &st, a, claim_list_add(out, a));
    return db_ok(&st, err);
}

bool claims_waiting_after(struct db *db, rid after, int max, struct arena *a, struct claim_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WAITING_AFTER]);
    bind_int(&st, 1, after.v);           /* an id that is not set would be NULL */
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&claim_record, &st, a, claim_list_add(out, a));
    return db_ok(&st, err);
}

bool claim_make(struct db *db, const struct claim *c, bool *made, struct err *err)
{
    bool there = false;
    if (id_is_set(c->return_id)) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HAS]);
        bind_id(&st, 1, c->return_id);
        bind_text(&st, 2, c->subject);
        there = db_row(&st);
        if (!db_ok(&st, err))
            return false;
    }
    *made = !there;
    return there || record_insert(db, &claim_record, c, err);
}

bool claim_save(struct db *db, const struct claim *old, struct claim *now, struct err *err)
{
    uint64_t set = record_diff(&claim_record, old, now);
    now->version = old->version;
    if (!set)
        return true;
    if (!record_update(db, &claim_record, now, set, err))
        return false;
    now->version = old->version + 1;
    return true;
}

bool claim_step_add(struct db *db, const struct claim_step *s, struct err *err) { return record_insert(db, &claim_step_record, s, err); }

bool claim_steps_of(struct db *db, rid claim_id, struct arena *a, struct claim_step_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_STEPS]);
    bind_id(&st, 1, claim_id);
    while (db_row(&st))
        record_scan(&claim_step_record, &st, a, claim_step_list_add(out, a));
    return db_ok(&st, err);
}

bool order_handed_over_at(struct db *db, rid order_id, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HANDED]);
    bind_id(&st, 1, order_id);
    *out = (instant){ 0 };
    if (db_row(&st))
        *out = col_instant(&st, 0);
    return db_ok(&st, err);
}

bool claim_account_channel(struct db *db, rid account_id, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHANNEL]);
    bind_id(&st, 1, account_id);
    bool there = db_row(&st);
    if (there)
        *out = col_text_copy(&st, 0, a);
    return db_ok(&st, err) && (there || err_set(err, ERR_NOT_FOUND, "account_id", "there is no such account"));
}

/* ---- lists ---- */

static void and_names(struct buf *b, const char *column, const char *const *names, unsigned bits)
{
    bool first = true;
    if (!bits)
        return;
    buf_print(b, " AND %s IN (", column);
    for (int i = 0; names[i]; i++)
        if (bits & BIT(i)) {
            buf_print(b, "%s'%s'", first ? "" : ", ", names[i]);
            first = false;
        }
    buf_add(b, STR(")"));
}

#define NO_DEADLINE "9223372036854775807"
static int write_where(struct buf *b, const struct claim_ask *q)
{
    int n = 0;
    if (!id_is_set(q->id) && !id_is_set(q->order_id) && !id_is_set(q->return_id))
        buf_add(b, q->closed ? STR(" AND c.state IN ('settled', 'withdrawn')") : STR(" AND c.state NOT IN ('settled', 'withdrawn')"));
    and_names(b, "c.state", claim_state_names, q->states);
    and_names(b, "c.side", claim_side_names, q->sides);
    and_names(b, "COALESCE(d.zone, 'none')", sla_zone_names, q->zones);
    if (q->found)
        buf_add(b, STR(" AND c.external_id LIKE '" CLAIM_FOUND "%'"));
    if (q->accounts_count)
        buf_print(b, " AND c.account_id IN ({ids:$%d})", ++n);
    if (q->channels.count)
        buf_print(b, " AND k.channel IN ({texts:$%d})", ++n);
    if (q->subjects.count)
        buf_print(b, " AND c.subject IN ({texts:$%d})", ++n);
    if (id_is_set(q->id))
        buf_print(b, " AND c.id = $%d", ++n);
    if (id_is_set(q->order_id))
        buf_print(b, " AND c.order_id = $%d", ++n);
    if (id_is_set(q->return_id))
        buf_print(b, " AND c.return_id = $%d", ++n);
    if (q->has_after && q->closed)
        buf_print(b, " AND (c.created_at, c.id) < ($%d, $%d)", n + 1, n + 2);
    else if (q->has_after)
        buf_print(b, " AND (COALESCE(d.deadline_at, " NO_DEADLINE "), -c.amount, c.id) > ($%d, $%d, $%d)", n + 1, n + 2, n + 3);
    return n + (!q->has_after ? 0 : q->closed ? 2 : 3);
}

static void bind_where(struct stmt *st, const struct claim_ask *q)
{
    int n = 0;
    if (q->accounts_count)
        bind_ids(st, ++n, q->accounts, q->accounts_count);
    if (q->channels.count)
        bind_texts(st, ++n, q->channels.at, q->channels.count);
    if (q->subjects.count)
        bind_texts(st, ++n, q->subjects.at, q->subjects.count);
    if (id_is_set(q->id))
        bind_id(st, ++n, q->id);
    if (id_is_set(q->order_id))
        bind_id(st, ++n, q->order_id);
    if (id_is_set(q->return_id))
        bind_id(st, ++n, q->return_id);
    if (q->has_after) {
        bind_int(st, ++n, q->after_due);
        if (!q->closed)
            bind_int(st, ++n, -q->after_sum);
        bind_id(st, ++n, q->after_id);
    }
}

bool claim_rows(struct db *db, const struct claim_ask *q, struct arena *a, struct claim_row_list *out, bool *more, struct err *err)
{
    struct buf b = buf_in(a);
    *more        = false;
    buf_add(&b, STR("SELECT c.*, COALESCE(k.channel, '') AS channel, COALESCE(o.number, '') AS number, COALESCE(r.title, o.title, '') AS title, "
                    "COALESCE(o.customer_name, '') AS customer_name, d.deadline_at AS due, d.yellow_at, d.red_at FROM claims c "
                    "LEFT JOIN claim_clocks d ON d.claim_id = c.id LEFT JOIN orders o ON o.id = c.order_id "
                    "LEFT JOIN returns r ON r.id = c.return_id LEFT JOIN channel_accounts k ON k.id = c.account_id WHERE 1 = 1"));
    int n = write_where(&b, q);
    buf_print(&b, " ORDER BY %s LIMIT $%d", q->closed ? "c.created_at DESC, c.id DESC" : "COALESCE(d.deadline_at, " NO_DEADLINE "), -c.amount, c.id", n + 1);
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "claims.rows", buf_str(&b));
    bind_where(&st, q);
    bind_int(&st, n + 1, q->limit + 1);
    while (db_row(&st)) {
        if (out->count == q->limit) {
            *more = true;
            continue;
        }
        struct claim_row *row = claim_row_list_add(out, a);
        int i = claim_record.count;
        record_scan(&claim_record, &st, a, &row->c);
        row->channel       = col_text_copy(&st, i++, a);
        row->order_number  = col_text_copy(&st, i++, a);
        row->title         = col_text_copy(&st, i++, a);
        row->customer_name = col_text_copy(&st, i++, a);
        row->clock.due     = col_instant(&st, i++);
        row->clock.yellow  = col_instant(&st, i++);
        row->clock.red     = col_instant(&st, i++);
        const struct sla_answer clock = { .has = true, .due = row->clock.due, .yellow = row->clock.yellow, .red = row->clock.red };
        row->clock.zone = instant_is_set(clock.due) ? sla_zone_at(&clock, q->now) : ZONE_NONE;
    }
    return db_ok(&st, err);
}

bool claim_counts(struct db *db, const rid *accounts, int count, struct arena *a, struct claim_count_list *out, struct err *err)
{
    struct buf b = buf_in(a);
    buf_add(&b, STR("SELECT state, currency, CASE WHEN external_id LIKE '" CLAIM_FOUND "%' THEN 1 ELSE 0 END AS found, COUNT(*), "
                    "CAST(SUM(amount) AS BIGINT) FROM claims WHERE state NOT IN ('settled', 'withdrawn')"));
    if (count)
        buf_add(&b, STR(" AND account_id IN ({ids:$1})"));
    buf_add(&b, STR(" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"));
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "claims.counts", buf_str(&b));
    if (count)
        bind_ids(&st, 1, accounts, count);
    while (db_row(&st))
        *claim_count_list_add(out, a) = (struct claim_count){ .state = col_text_copy(&st, 0, a), .currency = col_text_copy(&st, 1, a),
                                                              .found = col_int(&st, 2) != 0, .n = col_int(&st, 3), .total = { col_int(&st, 4) } };
    return db_ok(&st, err);
}
