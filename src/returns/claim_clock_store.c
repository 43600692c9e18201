#include "returns/claim_clock_store.h"

enum { Q_GET, Q_SAVE, Q_DROP, Q_DUE, Q_CHANNEL, Q_BY_IDS, Q_COUNT };
#define COLUMNS "k.claim_id, k.account_id, k.promised_at, k.began, k.deadline_at, k.yellow_at, k.red_at, k.total_ms, k.zone, k.zone_next_at"
#define DUE_COLUMNS \
    COLUMNS ", CASE WHEN COALESCE(o.number, r.order_number, '') <> '' THEN COALESCE(o.number, r.order_number) ELSE c.external_id END, " \
            "COALESCE(n.channel, ''), COALESCE(r.assignee_id, o.assignee_id), c.amount, c.currency "
#define DUE_FROM \
    "  FROM claim_clocks k JOIN claims c ON c.id = k.claim_id LEFT JOIN returns r ON r.id = c.return_id LEFT JOIN orders o ON o.id = c.order_id " \
    "  LEFT JOIN channel_accounts n ON n.id = k.account_id "
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_GET] = { "claim_clocks.get", "SELECT " COLUMNS " FROM claim_clocks k WHERE k.claim_id = $1", NULL },
    [Q_SAVE] = { "claim_clocks.save",
        "INSERT INTO claim_clocks (claim_id, account_id, promised_at, began, deadline_at, yellow_at, red_at, total_ms, zone, zone_next_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (claim_id) DO UPDATE SET promised_at = excluded.promised_at, "
        "       began = excluded.began, deadline_at = excluded.deadline_at, yellow_at = excluded.yellow_at, red_at = excluded.red_at, "
        "       total_ms = excluded.total_ms, zone = excluded.zone, zone_next_at = excluded.zone_next_at", NULL },
    [Q_DROP] = { "claim_clocks.drop", "DELETE FROM claim_clocks WHERE claim_id = $1", NULL },
    [Q_DUE] = { "claim_clocks.due",
        "SELECT " COLUMNS " FROM claim_clocks k WHERE k.zone_next_at IS NOT NULL AND k.zone_next_at <= $1 ORDER BY k.zone_next_at, k.claim_id LIMIT $2",
        NULL },
    [Q_CHANNEL] = { "claim_clocks.channel", "SELECT channel FROM channel_accounts WHERE id = $1", NULL },
    [Q_BY_IDS] = { "claim_clocks.by_ids", "SELECT " DUE_COLUMNS DUE_FROM "WHERE k.claim_id IN ({ids:$1})", NULL },
};
/* clang-format on */

static int scan_clock(struct stmt *st, struct claim_clock *k)
{
    int zone = name_find(sla_zone_names, col_text(st, 8));
    *k = (struct claim_clock){
        .claim_id = col_id(st, 0), .account_id = col_id(st, 1), .promised_at = col_instant(st, 2), .began = col_instant(st, 3),
        .deadline_at = col_instant(st, 4), .yellow_at = col_instant(st, 5), .red_at = col_instant(st, 6), .total_ms = col_int(st, 7),
        .zone = zone < 0 ? ZONE_NONE : (enum sla_zone)zone, .zone_next_at = col_instant(st, 9),
    };
    return 10;
}

static void scan_due(struct stmt *st, struct arena *a, struct claim_due_list *out)
{
    struct claim_due *d = claim_due_list_add(out, a);
    int               i = scan_clock(st, &d->clock);
    d->number      = col_text_copy(st, i++, a);
    d->channel     = col_text_copy(st, i++, a);
    d->assignee_id = col_id(st, i++);
    d->sum         = col_amount(st, i++);
    d->currency    = col_text_copy(st, i++, a);
}

bool claim_clock_get(struct db *db, rid claim_id, struct claim_clock *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
    bind_id(&st, 1, claim_id);
    *found = db_row(&st);
    if (*found)
        (void)scan_clock(&st, out);
    return db_ok(&st, err);
}

bool claim_clock_save(struct db *db, const struct claim_clock *k, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SAVE]);
    bind_id(&st, 1, k->claim_id);
    bind_id(&st, 2, k->account_id);
    bind_instant(&st, 3, k->promised_at);
    bind_instant(&st, 4, k->began);
    bind_instant(&st, 5, k->deadline_at);
    bind_instant(&st, 6, k->yellow_at);
    bind_instant(&st, 7, k->red_at);
    bind_int(&st, 8, k->total_ms);
    bind_text(&st, 9, str_of(sla_zone_names[k->zone]));
    bind_instant(&st, 10, k->zone_next_at);
    return db_exec(&st, err);
}

bool claim_clock_drop(struct db *db, rid claim_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_id(&st, 1, claim_id);
    return db_exec(&st, err);
}

bool claim_clocks_due(struct db *db, instant now, int max, struct arena *a, struct claim_clock_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DUE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, max);
    while (db_row(&st))
        (void)scan_clock(&st, claim_clock_list_add(out, a));
    return db_ok(&st, err);
}

bool account_channel(struct db *db, rid account_id, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHANNEL]);
    bind_id(&st, 1, account_id);
    *out = db_row(&st) ? col_text_copy(&st, 0, a) : (str){ 0 };
    return db_ok(&st, err);
}

bool claims_due_by_ids(struct db *db, const rid *ids, int count, struct arena *a, struct claim_due_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_IDS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        scan_due(&st, a, out);
    return db_ok(&st, err);
}
