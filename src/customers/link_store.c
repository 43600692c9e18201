#include "customers/link_store.h"

#include <stdlib.h>

enum {
    Q_LIVE, Q_ENDED_BY, Q_END, Q_REVIVE, Q_MOVE_SOURCES, Q_MOVE_ORDERS, Q_MERGED_INTO, Q_CURRENCY_BACK,
    Q_VERDICTS_OF, Q_VERDICTS_LIVE, Q_VERDICT_ADD, Q_WITHDRAW, Q_VERDICTS_BY,
    Q_OPEN_OF, Q_REFUSED_OF, Q_OFFER, Q_SUGGESTION_MOVE, Q_CLOSE, Q_CLOSED_BY, Q_REOPEN, Q_BEST, Q_BEST_AFTER, Q_OPEN_COUNT, Q_BEST_OF, Q_BEST_OF_AFTER, Q_OPEN_COUNT_OF, Q_TIDY,
    Q_UNDONE, Q_EVENTS_OF, Q_EVENTS_OF_RUN, Q_EVENTS_OF_RULE, Q_RUN_SAVE, Q_RUNS_GIVE_UP, Q_CONSENTS_OF, Q_VOID, Q_COUNT
};
/* Both records of a pair are of these accounts. */
#define BOTH_THEIRS(accounts) \
    "AND EXISTS (SELECT 1 FROM customer_sources s WHERE s.id = g.a_id AND s.account_id + 0 IN ({ids:" accounts "})) " \
    "AND EXISTS (SELECT 1 FROM customer_sources s WHERE s.id = g.b_id AND s.account_id + 0 IN ({ids:" accounts "}))"
static const struct sql SQL[Q_COUNT] = {
    [Q_LIVE] = { "links.live", "SELECT * FROM identity_links WHERE source_id IN ({ids:$1}) AND ended_at IS NULL ORDER BY source_id", NULL },
    [Q_ENDED_BY] = { "links.ended_by",
        "SELECT * FROM identity_links WHERE source_id IN ({ids:$1}) AND ended_event = $2 AND ended_at IS NOT NULL ORDER BY source_id", NULL },
    [Q_END] = { "links.end",
        "UPDATE identity_links SET ended_at = $2, ended_event = $3 WHERE source_id IN ({ids:$1}) AND ended_at IS NULL", NULL },
    [Q_REVIVE] = { "links.revive",
        "UPDATE identity_links SET ended_at = NULL, ended_event = NULL WHERE source_id IN ({ids:$1}) AND ended_event = $2 AND ended_at IS NOT NULL", NULL },
    [Q_MOVE_SOURCES] = { "links.move_sources",
        "UPDATE customer_sources SET customer_id = $2, rule = COALESCE((SELECT l.rule FROM identity_links l "
        "   WHERE l.source_id = customer_sources.id AND l.ended_at IS NULL), rule) WHERE id IN ({ids:$1})", NULL },
    [Q_MOVE_ORDERS] = { "links.move_orders",
        "UPDATE orders SET customer_id = $3 WHERE customer_id = $2 AND source_id IN ({ids:$1})", NULL },
    [Q_MERGED_INTO] = { "links.merged_into",
        "UPDATE customers SET merged_into = $2, version = version + 1, updated_at = $3 WHERE id = $1", NULL },
    [Q_CURRENCY_BACK] = { "links.currency_back", "UPDATE customers SET currency = $2 WHERE id = $1 AND orders_count = 0", NULL },

    [Q_VERDICTS_OF] = { "links.verdicts_of",
        /* Asked with each page of orders, and nearly always none: joined for the reasons of record_sql.c, load_add. */
        "SELECT v.* FROM {texts:$1} CROSS JOIN identity_verdicts v ON v.a_id = list.value WHERE v.withdrawn_at IS NULL "
        "UNION ALL SELECT v.* FROM {texts:$1} CROSS JOIN identity_verdicts v ON v.b_id = list.value WHERE v.withdrawn_at IS NULL",
        "SELECT * FROM identity_verdicts WHERE withdrawn_at IS NULL AND a_id IN ({ids:$1}) "
        "UNION SELECT * FROM identity_verdicts WHERE withdrawn_at IS NULL AND b_id IN ({ids:$1})" },
    [Q_VERDICTS_LIVE] = { "links.verdicts_live", "SELECT * FROM identity_verdicts WHERE withdrawn_at IS NULL ORDER BY id", NULL },
    [Q_VERDICT_ADD] = { "links.verdict_add",
        "INSERT INTO identity_verdicts (id, a_id, b_id, verdict, actor_kind, actor_id, actor_name, at, event_id, withdrawn_name) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '') ON CONFLICT DO NOTHING", NULL },
    [Q_WITHDRAW] = { "links.withdraw",
        "UPDATE identity_verdicts SET withdrawn_at = $2, withdrawn_name = $3 WHERE id IN ({ids:$1}) AND withdrawn_at IS NULL", NULL },
    [Q_VERDICTS_BY] = { "links.verdicts_by",
        "SELECT * FROM identity_verdicts WHERE event_id = $1 AND withdrawn_at IS NULL ORDER BY id", NULL },

    [Q_OPEN_OF] = { "links.open_of",
        "SELECT * FROM identity_suggestions WHERE state = 'open' AND customer_a IN ({ids:$1}) "
        "UNION SELECT * FROM identity_suggestions WHERE state = 'open' AND customer_b IN ({ids:$1}) ORDER BY 1", NULL },
    [Q_OFFER] = { "links.offer",
        "INSERT INTO identity_suggestions (id, a_id, b_id, customer_a, customer_b, rule, score, evidence, state, at, run_id, decided_name) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, '') "
        "ON CONFLICT (customer_a, customer_b) WHERE state = 'open' DO UPDATE SET a_id = excluded.a_id, b_id = excluded.b_id, "
        "       rule = excluded.rule, score = excluded.score, evidence = excluded.evidence, at = excluded.at "
        " WHERE identity_suggestions.score < excluded.score", NULL },
    [Q_SUGGESTION_MOVE] = { "links.suggestion_move", "UPDATE identity_suggestions SET customer_a = $2, customer_b = $3 WHERE id = $1", NULL },
    [Q_CLOSE] = { "links.close",
        "UPDATE identity_suggestions SET state = $2, event_id = $3, decided_at = $4, decided_name = $5 WHERE id IN ({ids:$1}) AND state = 'open'", NULL },
    [Q_REFUSED_OF] = { "links.refused_of",
        "SELECT * FROM identity_suggestions s WHERE s.state = 'refused' AND s.customer_a = $1 AND s.customer_b = $2 AND NOT EXISTS (SELECT 1 "
        "FROM identity_suggestions o WHERE o.state = 'open' AND o.customer_a = $1 AND o.customer_b = $2) ORDER BY s.decided_at DESC, s.id DESC "
        "LIMIT 1", NULL },
    [Q_CLOSED_BY] = { "links.closed_by", "SELECT * FROM identity_suggestions WHERE event_id = $1 ORDER BY id", NULL },
    [Q_REOPEN] = { "links.reopen",
        "UPDATE identity_suggestions SET state = 'open', event_id = NULL, decided_at = NULL, decided_name = '' WHERE id IN ({ids:$1})", NULL },
    [Q_BEST] = { "links.best", "SELECT * FROM identity_suggestions WHERE state = 'open' ORDER BY score DESC, id DESC LIMIT $1", NULL },
    [Q_BEST_AFTER] = { "links.best_after",
        "SELECT * FROM identity_suggestions WHERE state = 'open' AND (score, id) < ($2, $3) ORDER BY score DESC, id DESC LIMIT $1", NULL },
    [Q_OPEN_COUNT] = { "links.open_count",
        "SELECT COUNT(*) FROM (SELECT 1 FROM identity_suggestions WHERE state = 'open' LIMIT $1) t", NULL },
    [Q_BEST_OF] = { "links.best_of",
        "SELECT g.* FROM identity_suggestions g WHERE g.state = 'open' " BOTH_THEIRS("$2") " ORDER BY g.score DESC, g.id DESC LIMIT $1", NULL },
    [Q_BEST_OF_AFTER] = { "links.best_of_after",
        "SELECT g.* FROM identity_suggestions g WHERE g.state = 'open' AND (g.score, g.id) < ($3, $4) " BOTH_THEIRS("$2")
        " ORDER BY g.score DESC, g.id DESC LIMIT $1", NULL },
    [Q_OPEN_COUNT_OF] = { "links.open_count_of",
        "SELECT COUNT(*) FROM (SELECT 1 FROM identity_suggestions g WHERE g.state = 'open' " BOTH_THEIRS("$2") " LIMIT $1) t", NULL },
    [Q_TIDY] = { "links.tidy",
        "UPDATE identity_suggestions SET state = 'stale', decided_at = $1 WHERE state = 'open' AND (customer_a = customer_b "
        "   OR EXISTS (SELECT 1 FROM customers c WHERE c.id IN (customer_a, customer_b) AND (c.merged_into IS NOT NULL OR c.state <> 'active')))", NULL },

    [Q_UNDONE] = { "links.event_undone", "UPDATE merge_events SET undone_by = $2 WHERE id = $1", NULL },
    [Q_EVENTS_OF] = { "links.events_of",
        "SELECT * FROM merge_events WHERE kept_id = $1 UNION SELECT * FROM merge_events WHERE gone_id = $1 ORDER BY id DESC LIMIT $2", NULL },
    [Q_EVENTS_OF_RUN] = { "links.events_of_run",
        "SELECT * FROM merge_events WHERE run_id = $1 AND undo_of IS NULL AND undone_by IS NULL ORDER BY id DESC", NULL },
    [Q_EVENTS_OF_RULE] = { "links.events_of_rule",
        "SELECT * FROM merge_events WHERE run_id = $1 AND rule = $2 AND kind = 'merge' AND undone_by IS NULL ORDER BY id DESC", NULL },
    [Q_RUN_SAVE] = { "links.run_save",
        "UPDATE identity_runs SET state = $2, sources_n = $3, merges_n = $4, splits_n = $5, suggestions_n = $6, ended_at = $7 WHERE id = $1", NULL },
    [Q_RUNS_GIVE_UP] = { "links.runs_give_up", "UPDATE identity_runs SET state = 'failed', ended_at = $2 WHERE state = 'running' AND at < $1", NULL },
    [Q_CONSENTS_OF] = { "links.consents_of", "SELECT * FROM consents WHERE customer_id IN ({ids:$1}) ORDER BY customer_id, purpose, medium, at, id", NULL },
    [Q_VOID] = { "links.consents_void", "UPDATE consents SET voided_by = $2 WHERE event_id = $1 AND voided_by IS NULL", NULL },
};

static bool ids_exec(struct db *db, int which, const rid *ids, int count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_ids(&st, 1, ids, count);
    return db_exec(&st, err);
}

static bool read_links(struct stmt *st, struct arena *a, struct identity_row_link_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&link_record, st, a, identity_row_link_list_add(out, a));
    return db_ok(st, err);
}

bool links_live(struct db *db, const rid *sources, int count, struct arena *a, struct identity_row_link_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIVE]);
    bind_ids(&st, 1, sources, count);
    return read_links(&st, a, out, err);
}

bool links_ended_by(struct db *db, rid event, const rid *sources, int count, struct arena *a, struct identity_row_link_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ENDED_BY]);
    bind_ids(&st, 1, sources, count);
    bind_id(&st, 2, event);
    return read_links(&st, a, out, err);
}

bool link_add(struct db *db, const struct identity_row_link *l, struct err *err)
{
    return record_insert_many(db, &link_record, l, 1, err);
}

bool links_end(struct db *db, const rid *sources, int count, rid event, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END]);
    bind_ids(&st, 1, sources, count);
    bind_instant(&st, 2, now);
    bind_id(&st, 3, event);
    return db_exec(&st, err);
}

bool links_revive(struct db *db, rid event, const rid *sources, int count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REVIVE]);
    bind_ids(&st, 1, sources, count);
    bind_id(&st, 2, event);
    return db_exec(&st, err);
}

bool sources_move(struct db *db, const rid *sources, int count, rid from, rid to, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_MOVE_SOURCES]);
    bind_ids(&st, 1, sources, count);
    bind_id(&st, 2, to);
    if (!db_exec(&st, err))
        return false;
    CLEANUP(stmt_done) struct stmt orders = db_query(db, &SQL[Q_MOVE_ORDERS]);
    bind_ids(&orders, 1, sources, count);
    bind_id(&orders, 2, from);
    bind_id(&orders, 3, to);
    return db_exec(&orders, err);
}

bool customer_merged_into(struct db *db, rid id, rid into, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_MERGED_INTO]);
    bind_id(&st, 1, id);
    bind_id(&st, 2, into);
    bind_instant(&st, 3, now);
    return db_exec(&st, err);
}

bool customer_currency_back(struct db *db, rid id, str currency, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CURRENCY_BACK]);
    bind_id(&st, 1, id);
    bind_text(&st, 2, currency);
    return db_exec(&st, err);
}

/* ---- verdicts ---- */

static bool read_verdicts(struct stmt *st, struct arena *a, struct verdict_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&verdict_record, st, a, verdict_list_add(out, a));
    return db_ok(st, err);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct verdict *)a)->id.v, y = ((const struct verdict *)b)->id.v;
    return x < y ? -1 : x > y;
}

/* In the order in which they were given, each once: both of its records may be asked for. */
bool verdicts_of(struct db *db, const rid *sources, int count, struct arena *a, struct verdict_list *out, struct err *err)
{
    struct verdict_list all = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VERDICTS_OF]);
    bind_ids(&st, 1, sources, count);
    if (!read_verdicts(&st, a, &all, err))
        return false;
    if (all.count)
        qsort(all.at, (size_t)all.count, sizeof *all.at, by_id);
    for (int i = 0; i < all.count; i++)
        if (i == 0 || !id_eq(all.at[i].id, all.at[i - 1].id))
            *verdict_list_add(out, a) = all.at[i];
    return true;
}

bool verdicts_live(struct db *db, struct arena *a, struct verdict_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VERDICTS_LIVE]);
    return read_verdicts(&st, a, out, err);
}

bool verdict_add(struct db *db, const struct verdict *v, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VERDICT_ADD]);
    bind_id(&st, 1, v->id);
    bind_id(&st, 2, v->a_id.v < v->b_id.v ? v->a_id : v->b_id);
    bind_id(&st, 3, v->a_id.v < v->b_id.v ? v->b_id : v->a_id);
    bind_text(&st, 4, v->verdict);
    bind_text(&st, 5, v->actor_kind);
    bind_id(&st, 6, v->actor_id);
    bind_text(&st, 7, v->actor_name);
    bind_instant(&st, 8, v->at);
    bind_id(&st, 9, v->event_id);
    return db_exec(&st, err);
}

bool verdicts_withdraw(struct db *db, const rid *ids, int count, instant now, str by, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WITHDRAW]);
    bind_ids(&st, 1, ids, count);
    bind_instant(&st, 2, now);
    bind_text(&st, 3, by);
    return db_exec(&st, err);
}

bool verdicts_by_event(struct db *db, rid event, struct arena *a, struct verdict_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VERDICTS_BY]);
    bind_id(&st, 1, event);
    return read_verdicts(&st, a, out, err);
}

/* ---- suggestions ---- */

static bool read_suggestions(struct stmt *st, struct arena *a, struct suggestion_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&suggestion_record, st, a, suggestion_list_add(out, a));
    return db_ok(st, err);
}

bool suggestions_open_of(struct db *db, const rid *customers, int count, struct arena *a, struct suggestion_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN_OF]);
    bind_ids(&st, 1, customers, count);
    return read_suggestions(&st, a, out, err);
}

bool suggestion_refused_of(struct db *db, rid customer_a, rid customer_b, struct arena *a, struct suggestion_list *out, struct err *err)
{
    bool swap = customer_a.v > customer_b.v;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REFUSED_OF]);
    bind_id(&st, 1, swap ? customer_b : customer_a);
    bind_id(&st, 2, swap ? customer_a : customer_b);
    return read_suggestions(&st, a, out, err);
}

bool suggestion_offer(struct db *db, const struct suggestion *s, struct err *err)
{
    bool swap = s->customer_a.v > s->customer_b.v;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OFFER]);
    bind_id(&st, 1, s->id);
    bind_id(&st, 2, swap ? s->b_id : s->a_id);
    bind_id(&st, 3, swap ? s->a_id : s->b_id);
    bind_id(&st, 4, swap ? s->customer_b : s->customer_a);
    bind_id(&st, 5, swap ? s->customer_a : s->customer_b);
    bind_text(&st, 6, s->rule);
    bind_int(&st, 7, s->score);
    bind_text(&st, 8, s->evidence);
    bind_instant(&st, 9, s->at);
    bind_id(&st, 10, s->run_id);
    return db_exec(&st, err);
}

bool suggestion_move(struct db *db, rid id, rid customer_a, rid customer_b, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SUGGESTION_MOVE]);
    bind_id(&st, 1, id);
    bind_id(&st, 2, customer_a);
    bind_id(&st, 3, customer_b);
    return db_exec(&st, err);
}

bool suggestions_close(struct db *db, const rid *ids, int count, str state, rid event, instant now, str by, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLOSE]);
    bind_ids(&st, 1, ids, count);
    bind_text(&st, 2, state);
    bind_id(&st, 3, event);
    bind_instant(&st, 4, now);
    bind_text(&st, 5, by);
    return db_exec(&st, err);
}

bool suggestions_by_event(struct db *db, rid event, struct arena *a, struct suggestion_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLOSED_BY]);
    bind_id(&st, 1, event);
    return read_suggestions(&st, a, out, err);
}

bool suggestions_reopen(struct db *db, const rid *ids, int count, struct err *err)
{
    return ids_exec(db, Q_REOPEN, ids, count, err);
}

bool suggestions_page(struct db *db, const struct suggestion_page *p, struct arena *a, struct suggestion_list *out, bool *more, struct err *err)
{
    int q = p->accounts_count ? p->has_after ? Q_BEST_OF_AFTER : Q_BEST_OF : p->has_after ? Q_BEST_AFTER : Q_BEST, n = 2;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    bind_int(&st, 1, p->limit + 1);
    if (p->accounts_count)
        bind_ids(&st, n++, p->accounts, p->accounts_count);
    if (p->has_after) {
        bind_int(&st, n++, p->after_score);
        bind_id(&st, n, p->after_id);
    }
    if (!read_suggestions(&st, a, out, err))
        return false;
    *more = out->count > p->limit;
    if (*more)
        out->count = p->limit;
    return true;
}

bool suggestions_count(struct db *db, const rid *accounts, int accounts_count, int max, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[accounts_count ? Q_OPEN_COUNT_OF : Q_OPEN_COUNT]);
    bind_int(&st, 1, max);
    if (accounts_count)
        bind_ids(&st, 2, accounts, accounts_count);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool suggestions_tidy(struct db *db, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TIDY]);
    bind_instant(&st, 1, now);
    return db_exec(&st, err);
}

/* ---- merges and runs ---- */

bool merge_event_add(struct db *db, const struct merge_event *e, struct err *err)
{
    return record_insert(db, &merge_event_record, e, err);
}

bool merge_event_undone(struct db *db, rid id, rid by, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UNDONE]);
    bind_id(&st, 1, id);
    bind_id(&st, 2, by);
    return db_exec(&st, err);
}

static bool read_events(struct stmt *st, struct arena *a, struct merge_event_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&merge_event_record, st, a, merge_event_list_add(out, a));
    return db_ok(st, err);
}

bool merge_events_of(struct db *db, rid customer, int max, struct arena *a, struct merge_event_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_EVENTS_OF]);
    bind_id(&st, 1, customer);
    bind_int(&st, 2, max);
    return read_events(&st, a, out, err);
}

bool merge_events_of_run(struct db *db, rid run, str rule, struct arena *a, struct merge_event_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[rule.len ? Q_EVENTS_OF_RULE : Q_EVENTS_OF_RUN]);
    bind_id(&st, 1, run);
    if (rule.len)
        bind_text(&st, 2, rule);
    return read_events(&st, a, out, err);
}

bool run_save(struct db *db, const struct identity_run *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RUN_SAVE]);
    bind_id(&st, 1, r->id);
    bind_text(&st, 2, r->state);
    bind_int(&st, 3, r->sources_n);
    bind_int(&st, 4, r->merges_n);
    bind_int(&st, 5, r->splits_n);
    bind_int(&st, 6, r->suggestions_n);
    bind_instant(&st, 7, r->ended_at);
    return db_exec(&st, err);
}

/* ---- consents ---- */

bool runs_give_up(struct db *db, instant before, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RUNS_GIVE_UP]);
    bind_instant(&st, 1, before);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}

bool consents_of(struct db *db, const rid *customers, int count, struct arena *a, struct consent_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CONSENTS_OF]);
    bind_ids(&st, 1, customers, count);
    while (db_row(&st))
        record_scan(&consent_record, &st, a, consent_list_add(out, a));
    return db_ok(&st, err);
}

bool consents_void(struct db *db, rid event, rid by, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VOID]);
    bind_id(&st, 1, event);
    bind_id(&st, 2, by);
    return db_exec(&st, err);
}
