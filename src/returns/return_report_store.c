#include "returns/return_report_store.h"

#define BACK                                                                                                                       \
    "order_outcomes k JOIN returns r ON r.order_id = k.order_id JOIN return_lines l ON l.return_id = r.id "                         \
    " WHERE k.delivered_at >= $1 AND k.delivered_at < $2 AND r.kind IN ('return', 'exchange', 'defect', 'not_ordered') "            \
    "   AND r.state NOT IN ('cancelled', 'rejected', 'rejected_after_check', 'expired')"

enum { Q_LINES, Q_DELIVERED, Q_CAME_BACK, Q_REASONS, Q_ACCOUNTS, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_LINES] = { "reports.return_lines",
        "SELECT r.id, r.account_id, r.channel, r.kind, r.state, r.reason, r.requested_at, r.currency, r.units, r.refund_amount, "
        "       COALESCE(l.article, ''), CASE WHEN l.title IS NULL THEN (SELECT t.title FROM returns t WHERE t.id = r.id) ELSE l.title END, "
        "       COALESCE(l.qty, r.units), COALESCE(l.amount, r.refund_amount) "
        "  FROM returns r LEFT JOIN return_lines l ON l.return_id = r.id WHERE r.requested_at >= $1 AND r.requested_at < $2 "
        " ORDER BY r.requested_at, r.id", NULL },
    /* SQLite would sort all rows to add them up by article, the report's own table does not; from PostgreSQL fewer rows come over. */
    [Q_DELIVERED] = { "reports.delivered",
        "SELECT k.account_id, l.article, l.qty FROM order_outcomes k JOIN order_lines l ON l.order_id = k.order_id "
        " WHERE k.delivered_at >= $1 AND k.delivered_at < $2",
        "SELECT k.account_id, l.article, CAST(SUM(l.qty) AS BIGINT) FROM order_outcomes k JOIN order_lines l ON l.order_id = k.order_id "
        " WHERE k.delivered_at >= $1 AND k.delivered_at < $2 GROUP BY k.account_id, l.article" },
    [Q_CAME_BACK] = { "reports.came_back",
        "SELECT k.account_id, l.article, l.qty FROM " BACK,
        "SELECT k.account_id, l.article, CAST(SUM(l.qty) AS BIGINT) FROM " BACK " GROUP BY k.account_id, l.article" },
    [Q_REASONS] = { "reports.reasons",
        "SELECT account_id, kind, state, reason, COUNT(*) FROM returns WHERE requested_at >= $1 AND requested_at < $2 "
        " GROUP BY account_id, kind, state, reason", NULL },
    [Q_ACCOUNTS] = { "reports.accounts", "SELECT id, channel, name FROM channel_accounts ORDER BY id", NULL },
};

static struct stmt ask(struct db *db, int which, instant from, instant until)
{
    struct stmt st = db_query(db, &SQL[which]);
    bind_instant(&st, 1, from);
    bind_instant(&st, 2, until);
    return st;
}

static unsigned number_of(const char *const *names, str word)
{
    int n = name_find(names, word);
    return n < 0 ? 0 : (unsigned)n;
}

bool report_lines(struct db *db, instant from, instant until, struct return_report *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = ask(db, Q_LINES, from, until);
    while (db_row(&st)) {
        const struct report_line l = {
            .return_id = col_id(&st, 0), .account_id = col_id(&st, 1), .channel = col_text(&st, 2),
            .kind = number_of(return_kind_names, col_text(&st, 3)), .state = number_of(return_state_names, col_text(&st, 4)),
            .reason = col_text(&st, 5), .requested_at = col_instant(&st, 6), .currency = col_text(&st, 7), .units = col_int(&st, 8),
            .refund = col_int(&st, 9), .article = col_text(&st, 10), .title = col_text(&st, 11), .qty = col_int(&st, 12), .amount = col_int(&st, 13),
        };
        return_report_add(r, &l);
    }
    return db_ok(&st, err);
}

bool report_cohort(struct db *db, instant from, instant until, struct return_report *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = ask(db, Q_DELIVERED, from, until);
    while (db_row(&st))
        return_report_cohort(r, col_id(&st, 0), col_text(&st, 1), col_int(&st, 2), 0);
    if (!db_ok(&st, err))
        return false;
    CLEANUP(stmt_done) struct stmt back = ask(db, Q_CAME_BACK, from, until);
    while (db_row(&back))
        return_report_cohort(r, col_id(&back, 0), col_text(&back, 1), 0, col_int(&back, 2));
    return db_ok(&back, err);
}

bool report_reasons(struct db *db, instant from, instant until, const struct report_plan *plan, struct arena *a, struct reason_count_list *out,
                    struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = ask(db, Q_REASONS, from, until);
    while (db_row(&st)) {
        str                  reason = col_text(&st, 3);
        struct reason_count *c      = NULL;
        if (!report_takes(plan, col_id(&st, 0), number_of(return_kind_names, col_text(&st, 1)), number_of(return_state_names, col_text(&st, 2))))
            continue;
        for (int i = 0; i < out->count && !c; i++)
            if (str_eq(out->at[i].reason, reason))
                c = &out->at[i];
        if (!c) {
            c  = reason_count_list_add(out, a);
            *c = (struct reason_count){ str_copy(a, reason), 0 };
        }
        c->n += col_int(&st, 4);
    }
    return db_ok(&st, err);
}

bool report_accounts(struct db *db, struct arena *a, struct report_account_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNTS]);
    while (db_row(&st))
        *report_account_list_add(out, a) = (struct report_account){ col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a) };
    return db_ok(&st, err);
}
