#include "returns/return_store.h"

#include "base/fold.h"
#include "returns/return_reason.h"

/* clang-format off */
enum {
    Q_BY_EXTERNAL, Q_BY_IDS, Q_OF_ORDER, Q_ORPHANS, Q_LINES, Q_LINES_CLEAR, Q_STEPS, Q_STEPS_LAST, Q_REFUNDS, Q_REFUNDS_OF_ORDER, Q_CLAIMS,
    Q_REASONS, Q_WORDS, Q_GAPS, Q_WORD_SAVE, Q_WORD_APPLY, Q_WORD_SAYS, Q_TERMS, Q_ZONES_DUE, Q_ZONES_NEXT, Q_ZONES_AGAIN, Q_CLAIMS_AGAIN, Q_WAKE_DUE, Q_OPEN_AFTER, Q_DELIVERED, Q_HELD, Q_BY_LINE, Q_COUNT
};
#define TOO_FAR   "((zone = 'yellow' AND yellow_at > $1) OR (zone = 'red' AND red_at > $1) OR (zone = 'breached' AND deadline_at > $1))"
#define ZONE_NOW  "CASE WHEN yellow_at > $1 THEN 'green' WHEN red_at > $1 THEN 'yellow' ELSE 'red' END"
#define ZONE_NEXT "CASE WHEN yellow_at > $1 THEN yellow_at WHEN red_at > $1 THEN red_at ELSE deadline_at END"
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_EXTERNAL] = { "returns.by_external", "SELECT * FROM returns WHERE account_id = $1 AND external_id IN ({texts:$2})", NULL },
    [Q_BY_IDS] = { "returns.by_ids", "SELECT * FROM returns WHERE id IN ({ids:$1})", NULL },
    [Q_OF_ORDER] = { "returns.of_order", "SELECT * FROM returns WHERE order_id = $1 ORDER BY id", NULL },
    [Q_ORPHANS] = { "returns.orphans",
        "SELECT * FROM returns WHERE order_id IS NULL AND account_id = $1 AND order_external IN ({texts:$2}) ORDER BY id", NULL },
    [Q_LINES] = { "returns.lines", "SELECT * FROM return_lines WHERE return_id IN ({ids:$1}) ORDER BY return_id, line", NULL },
    [Q_LINES_CLEAR] = { "returns.lines_clear", "DELETE FROM return_lines WHERE return_id = $1", NULL },
    [Q_STEPS] = { "returns.steps", "SELECT * FROM return_history WHERE return_id = $1 ORDER BY seq", NULL },
    [Q_STEPS_LAST] = { "returns.steps_last",
        "SELECT return_id, MAX(seq) FROM return_history WHERE return_id IN ({ids:$1}) GROUP BY return_id", NULL },
    [Q_REFUNDS] = { "returns.refunds", "SELECT * FROM refunds WHERE return_id = $1 ORDER BY id", NULL },
    [Q_REFUNDS_OF_ORDER] = { "returns.refunds_of_order",
        "SELECT CAST(COALESCE(SUM(amount + points), 0) AS BIGINT), CAST(COALESCE(SUM(delivery), 0) AS BIGINT) "
        "  FROM refunds WHERE order_id = $1 AND return_id <> $2 AND state <> 'cancelled'", NULL },
    [Q_CLAIMS] = { "returns.claims", "SELECT * FROM claims WHERE return_id = $1 ORDER BY id", NULL },
    [Q_REASONS] = { "returns.reasons", "SELECT code, grp, fault, position FROM return_reasons ORDER BY position, code", NULL },
    [Q_WORDS] = { "returns.words", "SELECT channel, word, native, reason FROM return_reason_map ORDER BY channel, word", NULL },
    [Q_GAPS] = { "returns.gaps",
        "SELECT channel, external_reason, COUNT(*) FROM returns WHERE reason = '' AND external_reason <> '' "
        " GROUP BY channel, external_reason ORDER BY 3 DESC, 1, 2 LIMIT 200", NULL },
    [Q_WORD_SAVE] = { "returns.word_save",
        "INSERT INTO return_reason_map (channel, word, native, reason) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (channel, word) DO UPDATE SET native = excluded.native, reason = excluded.reason", NULL },
    [Q_WORD_APPLY] = { "returns.word_apply",
        "UPDATE returns SET reason = $3, version = version + 1, updated_at = $4 "
        " WHERE channel = $1 AND external_reason = $2 AND reason <> $3", NULL },
    [Q_WORD_SAYS] = { "returns.word_says",
        "SELECT DISTINCT channel, external_reason FROM returns WHERE ($1 = '' OR channel = $1) AND external_reason <> '' "
        "   AND (reason = '' OR external_reason = $2)", NULL },
    [Q_TERMS] = { "returns.terms", "SELECT channel, country, step, days, valid_from, valid_to, source FROM return_terms ORDER BY id", NULL },
    [Q_ZONES_DUE] = { "returns.zones_due",
        "SELECT * FROM returns WHERE zone_next_at IS NOT NULL AND zone_next_at <= $1 ORDER BY zone_next_at, id LIMIT $2", NULL },
    [Q_ZONES_AGAIN] = { "returns.zones_again",
        "UPDATE returns SET zone = " ZONE_NOW ", zone_next_at = " ZONE_NEXT ", version = version + 1, updated_at = $1 WHERE closed = 0 AND " TOO_FAR, NULL },
    [Q_CLAIMS_AGAIN] = { "returns.claims_again", "UPDATE claim_clocks SET zone = " ZONE_NOW ", zone_next_at = " ZONE_NEXT " WHERE " TOO_FAR, NULL },
    [Q_ZONES_NEXT] = { "returns.zones_next",
        "SELECT (SELECT z.zone_next_at FROM returns z WHERE z.zone_next_at IS NOT NULL ORDER BY z.zone_next_at, z.id LIMIT 1), "
        "       (SELECT k.wake_at FROM returns k WHERE k.wake_at IS NOT NULL ORDER BY k.wake_at, k.id LIMIT 1), "
        "       (SELECT c.zone_next_at FROM claim_clocks c WHERE c.zone_next_at IS NOT NULL ORDER BY c.zone_next_at, c.claim_id LIMIT 1)", NULL },
    [Q_OPEN_AFTER] = { "returns.open_after", "SELECT * FROM returns WHERE closed = 0 AND id > $1 ORDER BY id LIMIT $2", NULL },
    [Q_WAKE_DUE] = { "returns.wake_due",
        "SELECT * FROM returns WHERE wake_at IS NOT NULL AND wake_at <= $1 ORDER BY wake_at, id LIMIT $2", NULL },
    [Q_DELIVERED] = { "returns.delivered",
        "SELECT MIN(at) FROM order_history WHERE order_id = $1 AND flagged = 0 AND to_status IN ('delivered', 'completed')", NULL },
    [Q_HELD] = { "returns.held",                         /* what was refused or cancelled holds nothing */
        "SELECT l.order_line, CAST(SUM(l.qty) AS BIGINT), CAST(SUM(l.amount) AS BIGINT) FROM returns r "
        "  JOIN return_lines l ON l.return_id = r.id "
        " WHERE r.order_id = $1 AND r.id <> $2 AND r.state NOT IN ('rejected', 'rejected_after_check', 'cancelled', 'expired') "
        "   AND (r.state <> 'closed' OR r.refunded_at IS NOT NULL OR r.received_at IS NOT NULL) "
        " GROUP BY l.order_line ORDER BY l.order_line", NULL },
    [Q_BY_LINE] = { "returns.by_line",
        "SELECT l.external_id, l.order_id FROM order_lines l CROSS JOIN orders o "
        " WHERE o.id = l.order_id AND l.external_id <> '' AND l.external_id IN ({texts:$2}) AND o.account_id = $1", NULL },
};
/* clang-format on */

static bool read_returns(struct stmt *st, struct arena *a, struct rma_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&return_record, st, a, rma_list_add(out, a));
    return db_ok(st, err);
}

bool returns_by_external(struct db *db, rid account_id, const str *ids, int count, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_EXTERNAL]);
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, ids, count);
    return read_returns(&st, a, out, err);
}

bool returns_by_ids(struct db *db, const rid *ids, int count, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_IDS]);
    bind_ids(&st, 1, ids, count);
    return read_returns(&st, a, out, err);
}

bool return_get(struct db *db, rid id, struct arena *a, struct rma *out, struct err *err)
{
    return record_get(db, &return_record, id, a, out, err);
}

bool returns_of_order(struct db *db, rid order_id, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF_ORDER]);
    bind_id(&st, 1, order_id);
    return read_returns(&st, a, out, err);
}

bool returns_orphans(struct db *db, rid account_id, const str *ids, int count, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ORPHANS]);
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, ids, count);
    return read_returns(&st, a, out, err);
}

bool return_insert(struct db *db, const struct rma *r, struct err *err) { return record_insert(db, &return_record, r, err); }

bool return_update(struct db *db, const struct rma *old, struct rma *now, struct err *err)
{
    uint64_t set = record_diff(&return_record, old, now);
    now->version = old->version;
    if (!set)
        return true;
    if (!record_update(db, &return_record, now, set, err))
        return false;
    now->version = old->version + 1;
    return true;
}

bool return_lines_of(struct db *db, const rid *returns, int count, struct arena *a, struct rma_line_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LINES]);
    bind_ids(&st, 1, returns, count);
    while (db_row(&st))
        record_scan(&return_line_record, &st, a, rma_line_list_add(out, a));
    return db_ok(&st, err);
}

bool return_lines_save(struct db *db, rid return_id, bool is_new, const struct rma_line *lines, int count, struct err *err)
{
    if (!is_new) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LINES_CLEAR]);
        bind_id(&st, 1, return_id);
        if (!db_exec(&st, err))
            return false;
    }
    return !count || record_insert_many(db, &return_line_record, lines, count, err);
}

bool return_steps_of(struct db *db, rid return_id, struct arena *a, struct rma_step_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_STEPS]);
    bind_id(&st, 1, return_id);
    while (db_row(&st))
        record_scan(&return_step_record, &st, a, rma_step_list_add(out, a));
    return db_ok(&st, err);
}

/* One number a return, in the order of the ids; 0: no history. */
bool return_steps_last(struct db *db, const rid *returns, int count, struct arena *a, struct int_list *seqs, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_STEPS_LAST]);
    bind_ids(&st, 1, returns, count);
    for (int i = 0; i < count; i++)
        *int_list_add(seqs, a) = 0;
    while (db_row(&st))
        for (int i = 0; i < count; i++)
            if (id_eq(returns[i], col_id(&st, 0)))
                seqs->at[i] = col_int(&st, 1);
    return db_ok(&st, err);
}

bool return_step_add(struct db *db, const struct rma_step *s, struct err *err) { return record_insert(db, &return_step_record, s, err); }

bool refunds_of(struct db *db, rid return_id, struct arena *a, struct refund_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REFUNDS]);
    bind_id(&st, 1, return_id);
    while (db_row(&st))
        record_scan(&refund_record, &st, a, refund_list_add(out, a));
    return db_ok(&st, err);
}

bool refunds_of_order(struct db *db, rid order_id, rid except_return, amount *out, amount *delivery, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REFUNDS_OF_ORDER]);
    bind_id(&st, 1, order_id);
    bind_int(&st, 2, except_return.v);
    *out = *delivery = (amount){ 0 };
    if (db_row(&st)) {
        *out      = col_amount(&st, 0);
        *delivery = col_amount(&st, 1);
    }
    return db_ok(&st, err);
}

bool refund_insert(struct db *db, const struct refund *r, struct err *err) { return record_insert(db, &refund_record, r, err); }

bool refund_update(struct db *db, const struct refund *old, struct refund *now, struct err *err)
{
    uint64_t set = record_diff(&refund_record, old, now);
    return !set || record_update(db, &refund_record, now, set, err);
}

bool claims_of(struct db *db, rid return_id, struct arena *a, struct claim_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLAIMS]);
    bind_id(&st, 1, return_id);
    while (db_row(&st))
        record_scan(&claim_record, &st, a, claim_list_add(out, a));
    return db_ok(&st, err);
}

bool reasons_all(struct db *db, struct arena *a, struct reason_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REASONS]);
    while (db_row(&st))
        *reason_list_add(out, a) = (struct reason){ col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_int(&st, 3) };
    return db_ok(&st, err);
}

bool reason_words(struct db *db, struct arena *a, struct reason_word_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WORDS]);
    while (db_row(&st))
        *reason_word_list_add(out, a) = (struct reason_word){
            col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_text_copy(&st, 3, a),
        };
    return db_ok(&st, err);
}

bool reason_gaps(struct db *db, struct arena *a, struct reason_gap_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GAPS]);
    while (db_row(&st))
        *reason_gap_list_add(out, a) = (struct reason_gap){ col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_int(&st, 2) };
    return db_ok(&st, err);
}

bool reason_word_save(struct db *db, const struct reason_word *w, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WORD_SAVE]);
    bind_text(&st, 1, w->channel);
    bind_text(&st, 2, w->word);
    bind_text(&st, 3, w->native);
    bind_text(&st, 4, w->reason);
    return db_exec(&st, err);
}

/* A word of the channel itself goes before the same word of any channel. */
str reason_of_word(struct arena *a, const struct reason_word_list *words, str channel, str native)
{
    str word = fold_search(a, native), any = STR("");
    if (!native.len)
        return any;
    for (int i = 0; i < words->count; i++) {
        if (!str_eq(words->at[i].word, word))
            continue;
        if (str_eq(words->at[i].channel, channel))
            return words->at[i].reason;
        if (!words->at[i].channel.len)
            any = words->at[i].reason;
    }
    return any.len ? any : return_reason_code(a, native);
}

static bool word_set(struct db *db, str channel, str native, str reason, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WORD_APPLY]);
    bind_text(&st, 1, channel);
    bind_text(&st, 2, native);
    bind_text(&st, 3, reason);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}

/* The word is one in any spelling that folds to it; the map itself says whether this explanation is the one that counts. */
bool reason_word_apply(struct db *db, const struct reason_word *w, instant now, struct arena *a, struct err *err)
{
    struct reason_word_list words = { 0 };
    struct reason_gap_list  said  = { 0 };
    if (!reason_words(db, a, &words, err))
        return false;
    {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WORD_SAYS]);
        bind_text(&st, 1, w->channel);
        bind_text(&st, 2, w->native);
        while (db_row(&st))
            *reason_gap_list_add(&said, a) = (struct reason_gap){ col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), 0 };
        if (!db_ok(&st, err))
            return false;
    }
    for (int i = 0; i < said.count; i++) {
        const struct reason_gap *s = &said.at[i];
        bool means = str_eq(fold_search(a, s->native), w->word) && str_eq(reason_of_word(a, &words, s->channel, s->native), w->reason);
        if (means && !word_set(db, s->channel, s->native, w->reason, now, err))
            return false;
    }
    return true;
}

bool return_terms_load(struct db *db, struct arena *a, struct return_term_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TERMS]);
    while (db_row(&st))
        *return_term_list_add(out, a) = (struct return_term){
            col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_int(&st, 3), { col_int(&st, 4) },
            col_instant(&st, 5), col_text_copy(&st, 6, a),
        };
    return db_ok(&st, err);
}

bool returns_zone_due(struct db *db, instant now, int max, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ZONES_DUE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, max);
    return read_returns(&st, a, out, err);
}

bool returns_zone_next(struct db *db, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ZONES_NEXT]);
    *out = (instant){ 0 };
    if (db_row(&st))
        for (int i = 0; i < 3; i++) {
            instant at = col_instant(&st, i);
            if (instant_is_set(at) && (!instant_is_set(*out) || at.ms < out->ms))
                *out = at;
        }
    return db_ok(&st, err);
}

bool returns_zone_again(struct db *db, instant now, struct err *err)
{
    static const int queries[] = { Q_ZONES_AGAIN, Q_CLAIMS_AGAIN };
    for (int i = 0; i < COUNT_OF(queries); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[queries[i]]);
        bind_instant(&st, 1, now);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool returns_open_after(struct db *db, rid after, int max, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN_AFTER]);
    bind_int(&st, 1, after.v);           /* an id that is not set would be NULL */
    bind_int(&st, 2, max);
    return read_returns(&st, a, out, err);
}

bool returns_wake_due(struct db *db, instant now, int max, struct arena *a, struct rma_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WAKE_DUE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, max);
    return read_returns(&st, a, out, err);
}

bool order_delivered_at(struct db *db, rid order_id, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DELIVERED]);
    bind_id(&st, 1, order_id);
    *out = (instant){ 0 };
    if (db_row(&st))
        *out = col_instant(&st, 0);
    return db_ok(&st, err);
}

bool order_lines_held(struct db *db, rid order_id, rid except_return, struct arena *a, struct line_held_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HELD]);
    bind_id(&st, 1, order_id);
    bind_int(&st, 2, except_return.v);
    while (db_row(&st))
        *line_held_list_add(out, a) = (struct line_held){ col_int(&st, 0), col_int(&st, 1), { col_int(&st, 2) } };
    return db_ok(&st, err);
}

bool orders_by_line(struct db *db, rid account_id, const str *ids, int count, struct arena *a, struct line_order_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_LINE]);
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, ids, count);
    while (db_row(&st))
        *line_order_list_add(out, a) = (struct line_order){ col_text_copy(&st, 0, a), col_id(&st, 1) };
    return db_ok(&st, err);
}
