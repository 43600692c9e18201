#include "app/check_store.h"

#include "base/buf.h"
#include "orders/order.h"

#define OF(name) { "check." name,
#define LAST_STEP "(SELECT h.to_status FROM order_history h WHERE h.order_id = o.id AND h.flagged = 0 ORDER BY h.seq DESC LIMIT 1)"

/* A table is walked once, in the order of its rows, and asks its neighbours by their keys; what has no such order is sorted together
 * (UNION ALL, GROUP BY). Nothing is put into a table of its own first, which for a large shop would be larger than the memory. */
/* clang-format off */
const struct invariant invariants[] = {
    { OF("integrity") "SELECT 0, integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'", NULL },
      "the file is whole", .sqlite_only = true },
    { OF("foreign_keys") "SELECT rowid, \"table\" || ' points to a missing row of ' || parent FROM pragma_foreign_key_check", NULL },
      "foreign keys point to rows that exist", .sqlite_only = true },

    { OF("totals")
      "SELECT account_id, status || ' ' || zone || ' ' || currency || ': kept ' || CAST(SUM(kept) AS BIGINT) || ' orders, counted ' || "
      "       CAST(SUM(counted) AS BIGINT) || '; sums differ by ' || CAST(SUM(total) AS BIGINT) "
      "  FROM (SELECT account_id, status, zone, currency, n AS kept, 0 AS counted, total FROM order_totals "
      "        UNION ALL SELECT account_id, status, zone, currency, 0, COUNT(*), -SUM(CASE WHEN has_total = 1 THEN grand_total ELSE 0 END) "
      "          FROM orders GROUP BY account_id, status, zone, currency) t "
      " GROUP BY account_id, status, zone, currency HAVING SUM(kept) <> SUM(counted) OR SUM(total) <> 0", NULL },
      "kept totals by status and zone are what a count gives" },
    { OF("day_totals")
      "SELECT account_id, figure || ' ' || currency || ': kept ' || CAST(SUM(kept) AS BIGINT) || ', counted ' || CAST(SUM(counted) AS BIGINT) || "
      "       '; sums differ by ' || CAST(SUM(total) AS BIGINT) "
      "  FROM (SELECT account_id, figure, currency, n AS kept, 0 AS counted, total FROM day_totals WHERE figure <> 'customers_new' "
      "        UNION ALL SELECT account_id, 'orders', currency, 0, COUNT(*), -SUM(CASE WHEN has_total = 1 THEN grand_total ELSE 0 END) "
      "          FROM orders GROUP BY account_id, currency "
      "        UNION ALL SELECT account_id, 'cancelled', currency, 0, COUNT(*), -SUM(CASE WHEN has_total = 1 THEN grand_total ELSE 0 END) "
      "          FROM orders WHERE status = 'cancelled' GROUP BY account_id, currency "
      "        UNION ALL SELECT account_id, 'confirm_ms', '', 0, COUNT(*), -SUM(confirmed_at - sort_at) "
      "          FROM orders WHERE confirmed_at IS NOT NULL AND status <> 'cancelled' GROUP BY account_id "
      "        UNION ALL SELECT account_id, 'handed', '', 0, COUNT(*), -SUM(late) FROM order_outcomes WHERE handed_at IS NOT NULL GROUP BY account_id "
      "        UNION ALL SELECT account_id, 'own_cancel', '', 0, COUNT(*), 0 FROM order_outcomes "
      "          WHERE own_fault = 1 AND cancelled_at IS NOT NULL GROUP BY account_id) t "
      " GROUP BY account_id, figure, currency HAVING SUM(kept) <> SUM(counted) OR SUM(total) <> 0", NULL },
      "figures by day add up to what a count gives" },

    { OF("lines")
      "SELECT o.id, 'number ' || o.number || ': says ' || o.lines_count || ' lines of ' || o.units || ' units, has ' || "
      "       (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) || ' of ' || "
      "       (SELECT CAST(COALESCE(SUM(l.qty), 0) AS BIGINT) FROM order_lines l WHERE l.order_id = o.id) FROM orders o "
      " WHERE o.lines_count <> (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) "
      "    OR o.units <> (SELECT COALESCE(SUM(l.qty), 0) FROM order_lines l WHERE l.order_id = o.id)", NULL },
      "orders know how many lines and units they have" },
    { OF("line_sums")
      "SELECT o.id, 'number ' || o.number || ': goods ' || o.goods_total || ', lines ' || "
      "       (SELECT CAST(SUM(l.line_total) AS BIGINT) FROM order_lines l WHERE l.order_id = o.id) FROM orders o "
      " WHERE o.has_total = 1 AND o.goods_total <> 0 AND o.goods_total <> "
      "   (SELECT CASE WHEN MIN(l.has_price) = 1 THEN SUM(l.line_total) ELSE o.goods_total END FROM order_lines l WHERE l.order_id = o.id)", NULL },
      "goods of an order are the sum of its lines" },
    { OF("sums")
      "SELECT id, 'number ' || number || ': ' || goods_total || ' - ' || discount_total || ' + ' || delivery_total || ' is not ' || grand_total "
      "  FROM orders WHERE has_total = 1 AND goods_total <> 0 AND goods_total - discount_total + delivery_total <> grand_total", NULL },
      "totals are goods less discount plus delivery" },

    { OF("rank")
      "SELECT id, 'number ' || number || ': ' || zone FROM orders WHERE queue_rank <> "
      "  (CASE zone WHEN 'breached' THEN CAST(0 AS BIGINT) WHEN 'red' THEN 1 WHEN 'yellow' THEN 2 WHEN 'green' THEN 3 ELSE 4 END) * 281474976710656 + "
      "  COALESCE(deadline_at * 8 + queue_rank % 8, 281474976710655)", NULL },
      "the place in the queue follows zone and deadline" },
    { OF("zones")
      "SELECT id, 'number ' || number || ': ' || zone FROM orders WHERE (zone = 'none') <> (deadline_at IS NULL) OR yellow_at > deadline_at "
      "    OR red_at > deadline_at OR (zone = 'none' AND zone_next_at IS NOT NULL)", NULL },
      "zones have a deadline, and it comes last" },
    { OF("closed")
      "SELECT id, 'number ' || number || ': ' || status FROM orders "
      " WHERE closed <> CASE WHEN status IN ('completed', 'partly_returned', 'returned', 'cancelled') THEN 1 ELSE 0 END", NULL },
      "closed orders are those that have ended" },
    { OF("placed")
      "SELECT id, 'number ' || number FROM orders WHERE sort_at <> COALESCE(placed_at, created_at)", NULL },
      "orders are sorted by when they were placed" },

    { OF("history_end")
      "SELECT o.id, 'number ' || o.number || ': is ' || o.status || ', its history ends with ' || COALESCE(" LAST_STEP ", 'nothing') "
      "  FROM orders o WHERE o.status <> COALESCE(" LAST_STEP ", '')", NULL },
      "every history ends with the order's status" },
    { OF("history_chain")
      "SELECT order_id, 'step ' || seq || ' begins with ' || from_status || ' after ' || before FROM "
      "  (SELECT order_id, seq, from_status, COALESCE(LAG(to_status) OVER (PARTITION BY order_id ORDER BY seq), '') AS before "
      "     FROM order_history WHERE flagged = 0) c WHERE from_status <> before", NULL },
      "every step begins where the one before it ended" },

    { OF("customer_counts")
      "SELECT id, 'says ' || CAST(SUM(says) AS BIGINT) || ' orders of ' || CAST(SUM(spent) AS BIGINT) || ', has ' || CAST(SUM(has) AS BIGINT) || "
      "       ' of ' || CAST(SUM(CASE WHEN own = 1 THEN total ELSE 0 END) AS BIGINT) "
      "  FROM (SELECT id, MAX(own) AS own, SUM(says) AS says, SUM(has) AS has, SUM(spent) AS spent, SUM(total) AS total "
      "          FROM (SELECT id, currency, 1 AS own, orders_count AS says, 0 AS has, net_spent AS spent, 0 AS total FROM customers "
      "                UNION ALL SELECT customer_id, currency, 0, 0, 1, 0, CASE WHEN has_total = 1 THEN grand_total ELSE 0 END FROM orders "
      "                           WHERE customer_id IS NOT NULL AND status <> 'cancelled') t GROUP BY id, currency) c "
      " GROUP BY id HAVING SUM(says) <> SUM(has) OR SUM(spent) <> SUM(CASE WHEN own = 1 THEN total ELSE 0 END)", NULL },
      "customers' counters are what a count gives" },
    { OF("customer_dates")
      "SELECT id, 'its first or last order is another than is kept' FROM customers c "
      " WHERE COALESCE(first_order_at, 0) <> COALESCE((SELECT MIN(o.sort_at) FROM orders o WHERE o.customer_id = c.id AND o.status <> 'cancelled'), 0) "
      "    OR COALESCE(last_order_at, 0) <> COALESCE((SELECT MAX(o.sort_at) FROM orders o WHERE o.customer_id = c.id AND o.status <> 'cancelled'), 0)", NULL },
      "customers' first and last orders are those of a count" },
    { OF("sources")
      "SELECT s.id, 'source without a live customer' FROM customer_sources s LEFT JOIN customers c ON c.id = s.customer_id AND c.merged_into IS NULL "
      " WHERE c.id IS NULL", NULL },
      "each source belongs to one live customer" },
    { OF("customers_without")
      "SELECT c.id, 'no source' FROM customers c WHERE c.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM customer_sources s WHERE s.customer_id = c.id)", NULL },
      "each customer is known from a source" },
    { OF("order_customers")
      "SELECT o.id, 'number ' || o.number || ': the source is of another customer' FROM orders o LEFT JOIN customer_sources s ON s.id = o.source_id "
      " WHERE o.customer_id IS NOT NULL AND (s.id IS NULL OR s.customer_id <> o.customer_id)", NULL },
      "orders and their sources name the same customer" },
    { OF("keys")
      "SELECT k.customer_id, k.kind || ' key of nobody' FROM customer_keys k LEFT JOIN customers c ON c.id = k.customer_id WHERE c.id IS NULL", NULL },
      "search keys lead to customers that exist" },
    { OF("keys_missing")
      "SELECT c.id, 'cannot be found by telephone or e-mail' FROM customers c WHERE c.state = 'active' AND c.merged_into IS NULL AND ("
      "  (c.phone <> '' AND NOT EXISTS (SELECT 1 FROM customer_keys k WHERE k.customer_id = c.id AND k.kind = 'phone')) OR "
      "  (c.email <> '' AND NOT EXISTS (SELECT 1 FROM customer_keys k WHERE k.customer_id = c.id AND k.kind = 'email' AND k.value = c.email)))", NULL },
      "customers can be found by what is known of them" },

    { OF("links_live")
      "SELECT s.id, 'a link to another customer, or none' FROM customer_sources s LEFT JOIN identity_links l ON l.source_id = s.id AND l.ended_at IS NULL "
      " WHERE l.id IS NULL OR l.customer_id <> s.customer_id OR l.rule <> s.rule", NULL },
      "each source has one live link, to its customer" },
    { OF("links_orphan")
      "SELECT l.id, 'link of a missing source' FROM identity_links l LEFT JOIN customer_sources s ON s.id = l.source_id WHERE s.id IS NULL", NULL },
      "links belong to sources" },
    { OF("source_totals")
      "SELECT c.id, 'says ' || c.orders_count || ' orders, its sources have ' || COALESCE(n.n, 0) FROM customers c LEFT JOIN "
      "  (SELECT s.customer_id, COUNT(*) AS n FROM customer_sources s JOIN orders o ON o.source_id = s.id AND o.status <> 'cancelled' GROUP BY s.customer_id) n "
      "    ON n.customer_id = c.id WHERE c.orders_count <> COALESCE(n.n, 0)", NULL },
      "customers' counters are those of their sources' orders" },
    { OF("verdicts")
      "SELECT a.customer_id, 'holds records that were called different people' FROM identity_verdicts v JOIN customer_sources a ON a.id = v.a_id "
      "  JOIN customer_sources b ON b.id = v.b_id WHERE v.verdict = 'different' AND v.withdrawn_at IS NULL AND a.customer_id = b.customer_id", NULL },
      "no customer holds two records that were called different people" },
    { OF("merged")
      "SELECT g.id, 'merged into a card that is not there' FROM customers g LEFT JOIN customers c ON c.id = g.merged_into "
      " WHERE g.merged_into IS NOT NULL AND c.id IS NULL", NULL },
      "merged cards lead to one that is there" },
    { OF("suggestions")
      "SELECT g.id, 'the pair is of other customers' FROM identity_suggestions g LEFT JOIN customer_sources a ON a.id = g.a_id "
      "  LEFT JOIN customer_sources b ON b.id = g.b_id WHERE g.state = 'open' AND (a.id IS NULL OR b.id IS NULL OR "
      "  NOT ((a.customer_id = g.customer_a AND b.customer_id = g.customer_b) OR (a.customer_id = g.customer_b AND b.customer_id = g.customer_a)))", NULL },
      "open suggestions name the customers of their records" },

    { OF("commands")
      "SELECT x.id, x.op || ' of a missing order' FROM outbox x LEFT JOIN orders o ON o.id = x.order_id AND o.account_id = x.account_id WHERE o.id IS NULL", NULL },
      "commands belong to orders of their account" },
    { OF("command_last")
      "SELECT o.id, 'number ' || o.number || ': its newest command is another order''s' FROM orders o LEFT JOIN outbox x ON x.id = o.command_id "
      "   AND x.order_id = o.id WHERE o.command_id IS NOT NULL AND x.id IS NULL", NULL },
      "orders know their newest command" },
    { OF("command_states")
      "SELECT id, op || ' ' || state FROM outbox WHERE (state = 'sending') <> (taken_by <> '') OR (state = 'done' AND done_at IS NULL) OR tries < 0", NULL },
      "only commands on their way are taken" },
    { OF("command_closed")
      "SELECT x.id, x.op || ' waits for number ' || o.number || ', which is ' || o.status FROM outbox x JOIN orders o ON o.id = x.order_id "
      " WHERE x.state IN ('held', 'queued') AND o.closed = 1 AND x.return_id IS NULL AND NOT (x.op = 'cancel' AND o.status = 'cancelled')", NULL },
      "nothing waits to be sent for an order that has ended" },

    { OF("cursors")
      "SELECT s.account_id, s.stream || ': no such account' FROM stream_cursors s LEFT JOIN channel_accounts a ON a.id = s.account_id WHERE a.id IS NULL", NULL },
      "streams belong to accounts" },
    { OF("order_accounts")
      "SELECT o.id, 'number ' || o.number || ': its account is missing or of another channel' FROM orders o LEFT JOIN channel_accounts a "
      "    ON a.id = o.account_id AND a.channel = o.channel WHERE a.id IS NULL", NULL },
      "orders belong to accounts of their channel" },
    { OF("orphan_lines") "SELECT DISTINCT l.order_id, 'lines without an order' FROM order_lines l LEFT JOIN orders o ON o.id = l.order_id WHERE o.id IS NULL", NULL },
      "lines belong to orders" },
    { OF("orphan_history") "SELECT DISTINCT h.order_id, 'history without an order' FROM order_history h LEFT JOIN orders o ON o.id = h.order_id WHERE o.id IS NULL", NULL },
      "history belongs to orders" },
    { OF("orphan_events") "SELECT e.id, 'event of a missing order' FROM intake_events e LEFT JOIN orders o ON o.id = e.order_id WHERE e.order_id IS NOT NULL AND o.id IS NULL", NULL },
      "events belong to orders" },
    { OF("orphan_tasks") "SELECT t.id, 'task of a missing order' FROM tasks t LEFT JOIN orders o ON o.id = t.order_id WHERE t.order_id IS NOT NULL AND o.id IS NULL", NULL },
      "tasks belong to orders" },
    { OF("parked") "SELECT id, 'no reason' FROM intake_events WHERE state = 'parked' AND problem_code = ''", NULL },
      "what is parked has a reason" },

    { OF("return_states")
      "SELECT r.id, r.external_id || ': is ' || r.state || ', its history ends elsewhere' FROM returns r WHERE r.state <> COALESCE("
      "   (SELECT h.to_state FROM return_history h WHERE h.return_id = r.id AND h.flagged = 0 ORDER BY h.seq DESC LIMIT 1), '')", NULL },
      "returns are where their history ends" },
    { OF("return_lines")
      "SELECT r.id, r.external_id || ': says ' || r.lines_count || ' lines of ' || r.units || ' units' FROM returns r "
      " WHERE EXISTS (SELECT 1 FROM return_lines l WHERE l.return_id = r.id) "
      "   AND (r.lines_count <> (SELECT COUNT(*) FROM return_lines l WHERE l.return_id = r.id) "
      "     OR r.units <> (SELECT SUM(l.qty) FROM return_lines l WHERE l.return_id = r.id))", NULL },
      "returns know how many lines and units they have" },
    { OF("refunds_paid")
      "SELECT o.id, 'number ' || o.number || ': ' || m.total || ' paid back of ' || o.grand_total FROM (SELECT order_id, "
      "       CAST(SUM(amount + points) AS BIGINT) AS total FROM refunds WHERE order_id IS NOT NULL AND state <> 'cancelled' GROUP BY order_id) m "
      "  JOIN orders o ON o.id = m.order_id WHERE o.has_total = 1 AND m.total > o.grand_total", NULL },
      "never more is paid back than was paid" },
    { OF("refund_states")
      "SELECT id, state || ': amount ' || amount || ', delivery ' || delivery FROM refunds WHERE amount < 0 OR points < 0 OR delivery < 0 OR "
      "       delivery > amount OR (state IN ('approved', 'paid') AND approved_at IS NULL)", NULL },
      "money that goes back is whole and approved" },
    { OF("refund_postings")
      "SELECT m.id, m.state || ': ' || (m.amount + m.points) || ' owed, ' || COALESCE(p.total, 0) || ' in the ledger' FROM refunds m LEFT JOIN "
      "  (SELECT doc_id, CAST(SUM(CASE WHEN turn % 2 = 1 THEN amount ELSE -amount END) AS BIGINT) AS total FROM postings WHERE doc = 'refund' GROUP BY doc_id) p "
      "    ON p.doc_id = m.id WHERE COALESCE(p.total, 0) <> CASE WHEN m.state IN ('approved', 'paid') THEN m.amount + m.points ELSE 0 END "
      "UNION ALL SELECT a.doc_id, 'turn ' || a.turn || ' does not reverse the one before' FROM postings a WHERE a.turn % 2 = 0 AND NOT EXISTS "
      "  (SELECT 1 FROM postings b WHERE b.doc = a.doc AND b.doc_id = a.doc_id AND b.turn = a.turn - 1 AND b.line = a.line AND b.amount = a.amount "
      "      AND b.debit = a.credit AND b.credit = a.debit AND b.currency = a.currency)", NULL },
      "money that goes back is in the ledger as it is owed" },
    { OF("claim_states")
      "SELECT c.id, c.subject || ': is ' || c.state || ', its history ends elsewhere' FROM claims c "
      "  JOIN (SELECT claim_id, MAX(seq) AS seq FROM claim_history GROUP BY claim_id) m ON m.claim_id = c.id "
      "  JOIN claim_history h ON h.claim_id = c.id AND h.seq = m.seq WHERE h.to_state <> c.state", NULL },
      "claims are where their history ends" },
    { OF("orphan_return_lines") "SELECT DISTINCT l.return_id, 'lines without a return' FROM return_lines l LEFT JOIN returns r ON r.id = l.return_id WHERE r.id IS NULL", NULL },
      "lines belong to returns" },
    { { NULL, NULL, NULL }, NULL }
};
/* clang-format on */

/* Undo and a market's refusal put an order back; these are no moves of the table. */
str history_moves_sql(struct arena *a)
{
    struct buf b = buf_in(a);
    buf_add(&b, STR("SELECT order_id, 'step ' || seq || ' from ' || from_status || ' to ' || to_status FROM order_history "
                    "WHERE flagged = 0 AND from_status <> '' AND from_status <> to_status AND note <> 'undo' AND note NOT LIKE 'refused%' "
                    "AND from_status || '>' || to_status NOT IN ("));
    bool first = true;
    for (int from = 0; from < HUB_STATUS_COUNT; from++)
        for (int to = 0; to < HUB_STATUS_COUNT; to++)
            if (order_move_listed((enum hub_status)from, (enum hub_status)to)) {
                buf_print(&b, "%s'%s>%s'", first ? "" : ", ", hub_status_names[from], hub_status_names[to]);
                first = false;
            }
    buf_add(&b, STR(")"));
    return buf_str(&b);
}

bool check_whole(struct db *db, struct arena *a, str *damage, int64_t *orders, struct err *err)
{
    static const struct sql count = { "check.orders", "SELECT COUNT(*) FROM orders", NULL };
    CLEANUP(stmt_done) struct stmt whole = db_query(db, &invariants[0].sql);
    *damage = db_row(&whole) ? col_text_copy(&whole, 1, a) : (str){ 0 };
    if (!db_ok(&whole, err) || damage->len)
        return !err_is_set(err);
    CLEANUP(stmt_done) struct stmt n = db_query(db, &count);
    *orders = db_row(&n) ? col_int(&n, 0) : 0;
    return db_ok(&n, err);
}
