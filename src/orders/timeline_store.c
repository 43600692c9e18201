#include "orders/timeline_store.h"

#include "orders/order.h"

/* clang-format off */
const char *const moment_kind_names[] = {
    [MOMENT_NOTE] = "note", [MOMENT_CONSENT] = "consent", [MOMENT_MERGE] = "merge", [MOMENT_RETURN] = "return", [MOMENT_ORDER] = "order",
    [MOMENT_KIND_COUNT] = NULL
};
_Static_assert(COUNT_OF(moment_kind_names) == MOMENT_KIND_COUNT + 1, "a name per kind");

/* Each part is a walk along its index up to the limit; $4 .. $8 part what has the very time of the last one shown. */
#define BEHIND(at, id, bound) "(" at " < $2 OR (" at " = $2 AND " id " < " bound "))"
#define NEWEST(at, id) " ORDER BY " at " DESC, " id " DESC LIMIT $3) "
#define SEEN(column) "($9 = 0 OR " column " IN ({ids:$10}))"
enum { Q_OF, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_OF] = { "timeline.of",
        "WITH RECURSIVE cards (id) AS (SELECT id FROM customers WHERE id = $1 UNION SELECT c.id FROM cards JOIN customers c ON c.merged_into = cards.id) "
        "SELECT * FROM ("
        "SELECT * FROM (SELECT 0 AS kind, n.id AS id, n.at AS at, n.text AS a, n.author_name AS b, '' AS c, '' AS d, '' AS cur, 0 AS total, 0 AS has_sum, "
        "   n.author_id AS who, n.edited_at AS edited, n.version AS version FROM customer_notes n WHERE n.customer_id IN (SELECT id FROM cards) AND "
            BEHIND("n.at", "n.id", "$4") NEWEST("n.at", "n.id") "AS notes UNION ALL "
        "SELECT * FROM (SELECT 1, k.id, k.at, k.purpose, k.medium, k.state, k.actor_name, '', 0, 0, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0 FROM consents k "
        "  WHERE k.customer_id = $1 AND k.voided_by IS NULL AND k.event_id IS NULL AND " BEHIND("k.at", "k.id", "$5") NEWEST("k.at", "k.id") "AS given UNION ALL "
        "SELECT * FROM (SELECT 2, e.id, e.at, e.kind, e.rule, e.actor_kind, e.actor_name, '', 0, 0, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0 FROM merge_events e "
        "  WHERE (e.kept_id = $1 OR e.gone_id = $1) AND " BEHIND("e.at", "e.id", "$6") NEWEST("e.at", "e.id") "AS merges UNION ALL "
        "SELECT * FROM (SELECT 3, r.id, r.requested_at, r.order_number, r.state, r.kind, r.channel, r.currency, r.refund_amount, 1, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0 "
        "   FROM orders o JOIN returns r ON r.order_id = o.id WHERE o.customer_id = $1 AND " SEEN("r.account_id") " AND r.kind <> 'cancellation' AND "
            BEHIND("r.requested_at", "r.id", "$7") NEWEST("r.requested_at", "r.id") "AS sent_back UNION ALL "
        "SELECT * FROM (SELECT 4, o.id, o.sort_at, o.number, o.status, o.external_status, o.channel, o.currency, o.grand_total, o.has_total, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0 "
        "   FROM orders o WHERE o.customer_id = $1 AND " SEEN("o.account_id") " AND "
            BEHIND("o.sort_at", "o.id", "$8") NEWEST("o.sort_at", "o.id") "AS bought"
        ") AS line ORDER BY at DESC, kind, id DESC LIMIT $3", NULL },
};
/* clang-format on */

static bool is_shown(const struct timeline_query *q, const struct moment *m)
{
    if (m->kind == MOMENT_RETURN && q->no_returns)
        return false;
    int status = q->statuses && m->kind == MOMENT_ORDER ? name_find(hub_status_names, m->b) : 0;
    return !q->statuses || m->kind != MOMENT_ORDER || (status >= 0 && q->statuses & BIT(status));
}

bool timeline_of(struct db *db, const struct timeline_query *q, struct arena *a, struct moment_list *out, struct moment *last,
                 struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bool from_start = !id_is_set(q->after.id);
    int  seen       = 0;
    *last = (struct moment){ .kind = MOMENT_NOTE };
    bind_id(&st, 1, q->card);
    bind_int(&st, 2, from_start ? INT64_MAX : q->after.at.ms);
    bind_int(&st, 3, q->limit);
    for (int k = 0; k < MOMENT_KIND_COUNT; k++)
        bind_int(&st, 4 + k, from_start || k > (int)q->after.kind ? INT64_MAX : k == (int)q->after.kind ? q->after.id.v : 0);
    bind_int(&st, 9, q->accounts_count);
    bind_ids(&st, 10, q->accounts, q->accounts_count);
    while (db_row(&st)) {
        struct moment m = { .kind = (enum moment_kind)col_int(&st, 0), .id = col_id(&st, 1), .at = col_instant(&st, 2),
                            .a = col_text_copy(&st, 3, a), .b = col_text_copy(&st, 4, a), .c = col_text_copy(&st, 5, a), .d = col_text_copy(&st, 6, a),
                            .currency = col_text_copy(&st, 7, a), .sum = col_amount(&st, 8), .has_sum = col_int(&st, 9) != 0,
                            .author_id = col_id(&st, 10), .edited_at = col_instant(&st, 11), .version = col_int(&st, 12) };
        if (is_shown(q, &m))
            *moment_list_add(out, a) = m;
        if (++seen == q->limit)
            *last = m;
    }
    return db_ok(&st, err);
}
