#include "app/example_store.h"

#include "deadlines/shop_store.h"

#define ACCOUNTS "example.accounts"
#define ADDRESS  "example.address"

enum {
    Q_FORGET, Q_GROUND, Q_SERVERS, Q_UNDER_WAY, Q_ORDERS, Q_RETURNS, Q_BUYERS, Q_SOURCES, Q_CARDS, Q_CONTACTS, Q_DIGESTS,
    Q_HOLD_CARD_CONSENTS, Q_HOLD_CARD_CUSTOMER_TAGS, Q_HOLD_CARD_CUSTOMER_NOTES, Q_HOLD_CARD_CUSTOMER_FIELDS, Q_HOLD_CARD_ERASE_REQUESTS,
    Q_HOLD_CARD_MERGE_EVENTS, Q_HOLD_SOURCE_IDENTITY_VERDICTS, Q_HOLD_SOURCE_PEOPLE_IMPORT_ROWS,
    Q_RETURN_RETURN_LINES, Q_RETURN_RETURN_HISTORY, Q_RETURN_RETURN_UNDO, Q_RETURN_RETURN_PHOTOS, Q_RETURN_RETURN_MEDIA,
    Q_RETURN_POSTINGS, Q_RETURN_REFUNDS, Q_RETURN_VIOLATIONS, Q_RETURN_NOTICE_READS, Q_RETURN_NOTICE_SENDS, Q_RETURN_NOTICE_PARTS, Q_RETURN_NOTICES,
    Q_RETURN_ESCALATIONS, Q_RETURN_RETURNS, Q_ORDER_ORDER_LINES, Q_ORDER_ORDER_HISTORY,
    Q_ORDER_ORDER_NOTES, Q_ORDER_TASKS, Q_ORDER_UNDO_STEPS, Q_ORDER_ORDER_HOLDS, Q_ORDER_ORDER_CHANGES, Q_ORDER_LABEL_FILES, Q_ORDER_LABELS,
    Q_ORDER_ORDER_OUTCOMES, Q_ORDER_IMPORT_ROWS, Q_ORDER_INTAKE_EVENTS, Q_ORDER_OUTBOX,
    Q_ORDER_VIOLATIONS, Q_ORDER_NOTICE_READS, Q_ORDER_NOTICE_SENDS, Q_ORDER_NOTICE_PARTS, Q_ORDER_NOTICES,
    Q_ORDER_ESCALATIONS, Q_ORDER_ORDERS,
    Q_ACCOUNT_WATCH_READS, Q_ACCOUNT_WATCH_SENDS, Q_ACCOUNT_WATCH_PARTS, Q_ACCOUNT_WATCH_NOTICES, Q_ACCOUNT_WATCH_ESCALATIONS, Q_ACCOUNT_WATCH_TASKS,
    Q_ACCOUNT_ALARMS, Q_ACCOUNT_CLAIM_CLOCKS, Q_ACCOUNT_CLAIM_HISTORY, Q_ACCOUNT_CLAIMS, Q_ACCOUNT_OUTBOX,
    Q_ACCOUNT_INTAKE_EVENTS, Q_ACCOUNT_NIGHT_FINDS, Q_ACCOUNT_NIGHT_RUNS, Q_ACCOUNT_WEBHOOK_ATTEMPTS, Q_ACCOUNT_WEBHOOK_DELIVERIES, Q_ACCOUNT_EVENTS,
    Q_ACCOUNT_NOTICE_READS, Q_ACCOUNT_NOTICE_SENDS, Q_ACCOUNT_NOTICE_PARTS, Q_ACCOUNT_NOTICES,
    Q_ACCOUNT_ESCALATIONS, Q_ACCOUNT_VIOLATIONS, Q_ACCOUNT_ORDER_TOTALS, Q_ACCOUNT_DAY_TOTALS,
    Q_ACCOUNT_STANDING_RATINGS, Q_ACCOUNT_POLICIES, Q_ACCOUNT_STREAM_CURSORS, Q_ACCOUNT_STATUS_MAPS,
    Q_ACCOUNT_CHANNEL_ACCOUNTS, Q_LEFT_SOURCE_IDENTITY_SUGGESTIONS, Q_LEFT_SOURCE_IDENTITY_LINKS,
    Q_LEFT_SOURCE_IDENTITY_KEYS, Q_LEFT_SOURCE_IDENTITY_BLOCKS, Q_LEFT_CARD_CUSTOMER_KEYS,
    Q_LEFT_CARD_CUSTOMERS,
    Q_COUNT
};
/* Claims and passed limits: what people are told of by the account, not by an order. */
#define ITS_WATCH "(object = 'claim' AND object_id IN (SELECT id FROM claims WHERE account_id IN ({ids:$1})) OR " \
                  " object = 'alarm' AND object_id IN (SELECT id FROM alarms WHERE account_id IN ({ids:$1})))"
#define ITS_SOURCES "SELECT id FROM customer_sources WHERE account_id IN ({ids:$1})"
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_FORGET] = { "example.forget", "DELETE FROM settings WHERE key IN ('" ACCOUNTS "', '" ADDRESS "')", NULL },
    [Q_GROUND] = { "example.ground",
        "SELECT (SELECT COUNT(*) FROM channel_accounts), (SELECT COUNT(*) FROM (SELECT 1 FROM orders LIMIT 1) o), "
        "       (SELECT COUNT(*) FROM (SELECT 1 FROM customers LIMIT 1) c)", NULL },
    [Q_SERVERS] = { "example.servers", "SELECT COUNT(*) FROM servers WHERE lease_until > $1", NULL },
    [Q_UNDER_WAY] = { "example.under_way",
        "SELECT (SELECT COUNT(*) FROM stream_cursors WHERE account_id IN ({ids:$1}) AND lease_until > $2) + "
        "       (SELECT COUNT(*) FROM outbox WHERE account_id IN ({ids:$1}) AND state = 'sending' AND lease_until > $2)", NULL },
    [Q_ORDERS] = { "example.orders",
        "SELECT id FROM orders WHERE account_id IN ({ids:$1}) "
        "UNION SELECT exchange_order_id FROM returns WHERE account_id IN ({ids:$1}) AND exchange_order_id IS NOT NULL", NULL },
    [Q_RETURNS] = { "example.returns", "SELECT id FROM returns WHERE account_id IN ({ids:$1}) OR order_id IN ({ids:$2})", NULL },
    [Q_BUYERS] = { "example.buyers", "SELECT DISTINCT customer_id FROM orders WHERE id IN ({ids:$1}) AND customer_id IS NOT NULL", NULL },
    [Q_SOURCES] = { "example.sources", "SELECT * FROM customer_sources WHERE account_id IN ({ids:$1})", NULL },
    /* Also cards that are no more, because they were merged into another: who had only records of the example is the example's. */
    [Q_CARDS] = { "example.cards",
        "SELECT DISTINCT l.customer_id FROM identity_links l WHERE l.source_id IN (" ITS_SOURCES ") "
        "   AND NOT EXISTS (SELECT 1 FROM identity_links x WHERE x.customer_id = l.customer_id AND x.source_id NOT IN (" ITS_SOURCES ")) "
        "UNION SELECT s.customer_id FROM customer_sources s WHERE s.account_id IN ({ids:$1}) "
        "   AND NOT EXISTS (SELECT 1 FROM customer_sources o WHERE o.customer_id = s.customer_id AND NOT (o.account_id IN ({ids:$1}))) "
        "   AND NOT EXISTS (SELECT 1 FROM identity_links x WHERE x.customer_id = s.customer_id AND x.source_id NOT IN (" ITS_SOURCES "))", NULL },
    [Q_CONTACTS] = { "example.contacts",
        "SELECT phone FROM customers WHERE id IN ({ids:$1}) AND phone <> '' UNION SELECT email FROM customers WHERE id IN ({ids:$1}) AND email <> ''", NULL },
    [Q_DIGESTS] = { "example.digests",                   /* of which no part is left */
        "DELETE FROM notice_sends WHERE digest = 1 AND NOT EXISTS (SELECT 1 FROM notice_parts p WHERE p.send_id = notice_sends.id)", NULL },

    /* What goes, in the order in which it goes. */
    /* Before the records of people go: what would hold their cards. */
    [Q_HOLD_CARD_CONSENTS] = { "example.hold_card.consents", "DELETE FROM consents WHERE customer_id IN ({ids:$1})", NULL },
    [Q_HOLD_CARD_CUSTOMER_TAGS] = { "example.hold_card.customer_tags", "DELETE FROM customer_tags WHERE customer_id IN ({ids:$1})", NULL },
    [Q_HOLD_CARD_CUSTOMER_NOTES] = { "example.hold_card.customer_notes", "DELETE FROM customer_notes WHERE customer_id IN ({ids:$1})", NULL },
    [Q_HOLD_CARD_CUSTOMER_FIELDS] = { "example.hold_card.customer_fields", "DELETE FROM customer_fields WHERE customer_id IN ({ids:$1})", NULL },
    [Q_HOLD_CARD_ERASE_REQUESTS] = { "example.hold_card.erase_requests", "DELETE FROM erase_requests WHERE customer_id IN ({ids:$1})", NULL },
    [Q_HOLD_CARD_MERGE_EVENTS] = { "example.hold_card.merge_events",
        "DELETE FROM merge_events WHERE kept_id IN ({ids:$1}) OR gone_id IN ({ids:$1})", NULL },
    [Q_HOLD_SOURCE_IDENTITY_VERDICTS] = { "example.hold_source.identity_verdicts",
        "DELETE FROM identity_verdicts WHERE a_id IN ({ids:$1}) OR b_id IN ({ids:$1})", NULL },
    [Q_HOLD_SOURCE_PEOPLE_IMPORT_ROWS] = { "example.hold_source.people_import_rows",
        "DELETE FROM people_import_rows WHERE source_id IN ({ids:$1})", NULL },
    [Q_RETURN_RETURN_LINES] = { "example.return.return_lines", "DELETE FROM return_lines WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_RETURN_HISTORY] = { "example.return.return_history", "DELETE FROM return_history WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_RETURN_UNDO] = { "example.return.return_undo", "DELETE FROM return_undo WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_RETURN_PHOTOS] = { "example.return.return_photos", "DELETE FROM return_photos WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_RETURN_MEDIA] = { "example.return.return_media", "DELETE FROM return_media WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_POSTINGS] = { "example.return.postings", "DELETE FROM postings WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_REFUNDS] = { "example.return.refunds", "DELETE FROM refunds WHERE return_id IN ({ids:$1})", NULL },
    [Q_RETURN_VIOLATIONS] = { "example.return.violations", "DELETE FROM violations WHERE object = 'return' AND object_id IN ({ids:$1})", NULL },
    [Q_RETURN_NOTICE_READS] = { "example.return.notice_reads", "DELETE FROM notice_reads WHERE object = 'return' AND object_id IN ({ids:$1})", NULL },
    [Q_RETURN_NOTICE_SENDS] = { "example.return.notice_sends",
        "DELETE FROM notice_sends WHERE digest = 0 AND id IN (SELECT p.send_id FROM notice_parts p WHERE p.notice_id IN (SELECT id FROM notices WHERE object = 'return' AND object_id IN ({ids:$1})))", NULL },
    [Q_RETURN_NOTICE_PARTS] = { "example.return.notice_parts",
        "DELETE FROM notice_parts WHERE notice_id IN (SELECT id FROM notices WHERE object = 'return' AND object_id IN ({ids:$1}))", NULL },
    [Q_RETURN_NOTICES] = { "example.return.notices", "DELETE FROM notices WHERE object = 'return' AND object_id IN ({ids:$1})", NULL },
    [Q_RETURN_ESCALATIONS] = { "example.return.escalations", "DELETE FROM escalations WHERE object = 'return' AND object_id IN ({ids:$1})", NULL },
    [Q_RETURN_RETURNS] = { "example.return.returns", "DELETE FROM returns WHERE id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDER_LINES] = { "example.order.order_lines", "DELETE FROM order_lines WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDER_HISTORY] = { "example.order.order_history", "DELETE FROM order_history WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDER_NOTES] = { "example.order.order_notes", "DELETE FROM order_notes WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_TASKS] = { "example.order.tasks", "DELETE FROM tasks WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_UNDO_STEPS] = { "example.order.undo_steps", "DELETE FROM undo_steps WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDER_HOLDS] = { "example.order.order_holds", "DELETE FROM order_holds WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDER_CHANGES] = { "example.order.order_changes", "DELETE FROM order_changes WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_LABEL_FILES] = { "example.order.label_files", "DELETE FROM label_files WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_LABELS] = { "example.order.labels", "DELETE FROM labels WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDER_OUTCOMES] = { "example.order.order_outcomes", "DELETE FROM order_outcomes WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_IMPORT_ROWS] = { "example.order.import_rows", "DELETE FROM import_rows WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_INTAKE_EVENTS] = { "example.order.intake_events", "DELETE FROM intake_events WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_OUTBOX] = { "example.order.outbox", "DELETE FROM outbox WHERE order_id IN ({ids:$1})", NULL },
    [Q_ORDER_VIOLATIONS] = { "example.order.violations", "DELETE FROM violations WHERE object = 'order' AND object_id IN ({ids:$1})", NULL },
    [Q_ORDER_NOTICE_READS] = { "example.order.notice_reads", "DELETE FROM notice_reads WHERE object = 'order' AND object_id IN ({ids:$1})", NULL },
    [Q_ORDER_NOTICE_SENDS] = { "example.order.notice_sends",
        "DELETE FROM notice_sends WHERE digest = 0 AND id IN (SELECT p.send_id FROM notice_parts p WHERE p.notice_id IN (SELECT id FROM notices WHERE object = 'order' AND object_id IN ({ids:$1})))", NULL },
    [Q_ORDER_NOTICE_PARTS] = { "example.order.notice_parts",
        "DELETE FROM notice_parts WHERE notice_id IN (SELECT id FROM notices WHERE object = 'order' AND object_id IN ({ids:$1}))", NULL },
    [Q_ORDER_NOTICES] = { "example.order.notices", "DELETE FROM notices WHERE object = 'order' AND object_id IN ({ids:$1})", NULL },
    [Q_ORDER_ESCALATIONS] = { "example.order.escalations", "DELETE FROM escalations WHERE object = 'order' AND object_id IN ({ids:$1})", NULL },
    [Q_ORDER_ORDERS] = { "example.order.orders", "DELETE FROM orders WHERE id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_WATCH_READS] = { "example.watch.notice_reads", "DELETE FROM notice_reads WHERE " ITS_WATCH, NULL },
    [Q_ACCOUNT_WATCH_SENDS] = { "example.watch.notice_sends",
        "DELETE FROM notice_sends WHERE digest = 0 AND id IN (SELECT p.send_id FROM notice_parts p WHERE p.notice_id IN (SELECT id FROM notices WHERE " ITS_WATCH "))", NULL },
    [Q_ACCOUNT_WATCH_PARTS] = { "example.watch.notice_parts",
        "DELETE FROM notice_parts WHERE notice_id IN (SELECT id FROM notices WHERE " ITS_WATCH ")", NULL },
    [Q_ACCOUNT_WATCH_NOTICES] = { "example.watch.notices", "DELETE FROM notices WHERE " ITS_WATCH, NULL },
    [Q_ACCOUNT_WATCH_ESCALATIONS] = { "example.watch.escalations", "DELETE FROM escalations WHERE " ITS_WATCH, NULL },
    [Q_ACCOUNT_WATCH_TASKS] = { "example.watch.tasks",
        "DELETE FROM tasks WHERE rule IN (SELECT 'alarm:' || CAST(id AS TEXT) FROM alarms WHERE account_id IN ({ids:$1}))", NULL },
    [Q_ACCOUNT_ALARMS] = { "example.account.alarms", "DELETE FROM alarms WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_CLAIM_CLOCKS] = { "example.account.claim_clocks", "DELETE FROM claim_clocks WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_CLAIM_HISTORY] = { "example.account.claim_history",
        "DELETE FROM claim_history WHERE claim_id IN (SELECT id FROM claims WHERE account_id IN ({ids:$1}))", NULL },
    [Q_ACCOUNT_CLAIMS] = { "example.account.claims", "DELETE FROM claims WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_OUTBOX] = { "example.account.outbox", "DELETE FROM outbox WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_INTAKE_EVENTS] = { "example.account.intake_events", "DELETE FROM intake_events WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_NIGHT_FINDS] = { "example.account.night_finds",
        "DELETE FROM night_finds WHERE run_id IN (SELECT id FROM night_runs WHERE account_id IN ({ids:$1}))", NULL },
    [Q_ACCOUNT_NIGHT_RUNS] = { "example.account.night_runs", "DELETE FROM night_runs WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_WEBHOOK_ATTEMPTS] = { "example.account.webhook_attempts",
        "DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE event_id IN (SELECT id FROM events WHERE account_id IN ({ids:$1})))", NULL },
    [Q_ACCOUNT_WEBHOOK_DELIVERIES] = { "example.account.webhook_deliveries",
        "DELETE FROM webhook_deliveries WHERE event_id IN (SELECT id FROM events WHERE account_id IN ({ids:$1}))", NULL },
    [Q_ACCOUNT_EVENTS] = { "example.account.events",
        "DELETE FROM events WHERE account_id IN ({ids:$1}) AND id < (SELECT MAX(e.id) FROM events e)", NULL },
    [Q_ACCOUNT_NOTICE_READS] = { "example.account.notice_reads",
        "DELETE FROM notice_reads WHERE object = 'account' AND object_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_NOTICE_SENDS] = { "example.account.notice_sends",
        "DELETE FROM notice_sends WHERE digest = 0 AND id IN (SELECT p.send_id FROM notice_parts p WHERE p.notice_id IN (SELECT id FROM notices WHERE object = 'account' AND object_id IN ({ids:$1})))", NULL },
    [Q_ACCOUNT_NOTICE_PARTS] = { "example.account.notice_parts",
        "DELETE FROM notice_parts WHERE notice_id IN (SELECT id FROM notices WHERE object = 'account' AND object_id IN ({ids:$1}))", NULL },
    [Q_ACCOUNT_NOTICES] = { "example.account.notices", "DELETE FROM notices WHERE object = 'account' AND object_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_ESCALATIONS] = { "example.account.escalations", "DELETE FROM escalations WHERE object = 'account' AND object_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_VIOLATIONS] = { "example.account.violations", "DELETE FROM violations WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_ORDER_TOTALS] = { "example.account.order_totals", "DELETE FROM order_totals WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_DAY_TOTALS] = { "example.account.day_totals", "DELETE FROM day_totals WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_STANDING_RATINGS] = { "example.account.standing_ratings", "DELETE FROM standing_ratings WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_POLICIES] = { "example.account.policies", "DELETE FROM policies WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_STREAM_CURSORS] = { "example.account.stream_cursors", "DELETE FROM stream_cursors WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_STATUS_MAPS] = { "example.account.status_maps", "DELETE FROM status_maps WHERE account_id IN ({ids:$1})", NULL },
    [Q_ACCOUNT_CHANNEL_ACCOUNTS] = { "example.account.channel_accounts", "DELETE FROM channel_accounts WHERE id IN ({ids:$1})", NULL },
    /* Behind them: what is kept of records that are gone, for a shop that goes on knowing why. */
    [Q_LEFT_SOURCE_IDENTITY_SUGGESTIONS] = { "example.left_source.identity_suggestions",
        "DELETE FROM identity_suggestions WHERE a_id IN ({ids:$1}) OR b_id IN ({ids:$1})", NULL },
    [Q_LEFT_SOURCE_IDENTITY_LINKS] = { "example.left_source.identity_links", "DELETE FROM identity_links WHERE source_id IN ({ids:$1})", NULL },
    [Q_LEFT_SOURCE_IDENTITY_KEYS] = { "example.left_source.identity_keys", "DELETE FROM identity_keys WHERE source_id IN ({ids:$1})", NULL },
    [Q_LEFT_SOURCE_IDENTITY_BLOCKS] = { "example.left_source.identity_blocks", "DELETE FROM identity_blocks WHERE source_id IN ({ids:$1})", NULL },
    [Q_LEFT_CARD_CUSTOMER_KEYS] = { "example.left_card.customer_keys", "DELETE FROM customer_keys WHERE customer_id IN ({ids:$1})", NULL },
    [Q_LEFT_CARD_CUSTOMERS] = { "example.left_card.customers", "DELETE FROM customers WHERE id IN ({ids:$1})", NULL },
};

/* Which of them are asked with which ids. */
enum of { OF_ACCOUNTS, OF_ORDERS, OF_RETURNS, OF_SOURCES, OF_CARDS };
struct removal { int first, last; enum of of; };
static const struct removal rows[] = {
    { Q_HOLD_CARD_CONSENTS, Q_HOLD_CARD_MERGE_EVENTS, OF_CARDS },
    { Q_HOLD_SOURCE_IDENTITY_VERDICTS, Q_HOLD_SOURCE_PEOPLE_IMPORT_ROWS, OF_SOURCES },
    { Q_RETURN_RETURN_LINES, Q_RETURN_RETURNS, OF_RETURNS },
    { Q_ORDER_ORDER_LINES, Q_ORDER_ORDERS, OF_ORDERS },
    { Q_ACCOUNT_WATCH_READS, Q_ACCOUNT_CHANNEL_ACCOUNTS, OF_ACCOUNTS },
};
static const struct removal left[] = {
    { Q_LEFT_SOURCE_IDENTITY_SUGGESTIONS, Q_LEFT_SOURCE_IDENTITY_BLOCKS, OF_SOURCES },
    { Q_LEFT_CARD_CUSTOMER_KEYS, Q_LEFT_CARD_CUSTOMERS, OF_CARDS },
};
/* clang-format on */

bool example_load(struct db *db, struct arena *a, struct example *out, struct err *err)
{
    str list = { 0 }, id;
    *out = (struct example){ 0 };
    if (!setting_get(db, STR(ACCOUNTS), a, &list, err) || !setting_get(db, STR(ADDRESS), a, &out->address, err))
        return false;
    while (list.len && str_split(&list, ',', &id)) {
        int64_t n;
        if (str_to_int(id, &n))
            *int_list_add(&out->accounts, a) = n;
    }
    return true;
}

bool example_save(struct db *db, struct arena *a, const struct example *e, struct err *err)
{
    str *ids = ARENA_ARRAY(a, str, e->accounts.count + 1);
    for (int i = 0; i < e->accounts.count; i++)
        ids[i] = str_print(a, "%lld", (long long)e->accounts.at[i]);
    return setting_set(db, STR(ACCOUNTS), str_join(a, ids, e->accounts.count, STR(",")), err) && setting_set(db, STR(ADDRESS), e->address, err);
}

bool example_forget(struct db *db, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FORGET]);
    return db_exec(&st, err);
}

static bool servers_count(struct db *db, instant now, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SERVERS]);
    bind_instant(&st, 1, now);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool example_look(struct db *db, instant now, struct example_ground *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GROUND]);
    *out = (struct example_ground){ 0 };
    if (db_row(&st))
        *out = (struct example_ground){ col_int(&st, 0), col_int(&st, 1), col_int(&st, 2), 0 };
    return db_ok(&st, err) && servers_count(db, now, &out->servers, err);
}

static rid *ids_of(struct arena *a, const struct int_list *list)
{
    rid *ids = ARENA_ARRAY(a, rid, list->count + 1);
    for (int i = 0; i < list->count; i++)
        ids[i] = (rid){ list->at[i] };
    return ids;
}

bool example_under_way(struct db *db, const struct int_list *accounts, instant now, int64_t *out, struct err *err)
{
    CLEANUP(arena_done) struct arena scratch = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UNDER_WAY]);
    bind_ids(&st, 1, ids_of(&scratch, accounts), accounts->count);
    bind_instant(&st, 2, now);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

static bool numbers(struct db *db, int which, const struct int_list *one, const struct int_list *two, struct arena *a, struct int_list *out,
                    struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_ids(&st, 1, ids_of(a, one), one->count);
    if (two)
        bind_ids(&st, 2, ids_of(a, two), two->count);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

static bool sources_read(struct db *db, const struct int_list *accounts, struct arena *a, struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES]);
    bind_ids(&st, 1, ids_of(a, accounts), accounts->count);
    while (db_row(&st))
        record_scan(&customer_source_record, &st, a, customer_source_list_add(out, a));
    return db_ok(&st, err);
}

static bool contacts_read(struct db *db, const struct int_list *cards, struct arena *a, struct str_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CONTACTS]);
    bind_ids(&st, 1, ids_of(a, cards), cards->count);
    while (db_row(&st))
        *str_list_add(out, a) = col_text_copy(&st, 0, a);
    return db_ok(&st, err);
}

bool example_rows(struct db *db, const struct int_list *accounts, struct arena *a, struct example_rows *out, struct err *err)
{
    *out = (struct example_rows){ 0 };
    return numbers(db, Q_ORDERS, accounts, NULL, a, &out->orders, err) && numbers(db, Q_RETURNS, accounts, &out->orders, a, &out->returns, err) &&
           numbers(db, Q_BUYERS, &out->orders, NULL, a, &out->buyers, err) && sources_read(db, accounts, a, &out->sources, err) &&
           numbers(db, Q_CARDS, accounts, NULL, a, &out->cards, err) && contacts_read(db, &out->cards, a, &out->contacts, err);
}

static bool remove_all(struct db *db, struct arena *a, const struct removal *list, int count, const struct int_list *accounts,
                       const struct example_rows *r, struct err *err)
{
    rid *sources = ARENA_ARRAY(a, rid, r->sources.count + 1);
    for (int i = 0; i < r->sources.count; i++)
        sources[i] = r->sources.at[i].id;
    const struct { const rid *ids; int count; } bound[] = {
        [OF_ACCOUNTS] = { accounts ? ids_of(a, accounts) : NULL, accounts ? accounts->count : 0 },
        [OF_ORDERS] = { ids_of(a, &r->orders), r->orders.count }, [OF_RETURNS] = { ids_of(a, &r->returns), r->returns.count },
        [OF_SOURCES] = { sources, r->sources.count }, [OF_CARDS] = { ids_of(a, &r->cards), r->cards.count },
    };
    for (int i = 0; i < count; i++)
        for (int q = list[i].first; q <= list[i].last; q++) {
            CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
            bind_ids(&st, 1, bound[list[i].of].ids, bound[list[i].of].count);
            if (!db_exec(&st, err))
                return false;
        }
    return true;
}

bool example_rows_remove(struct db *db, struct arena *a, const struct int_list *accounts, const struct example_rows *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DIGESTS]);
    return remove_all(db, a, rows, COUNT_OF(rows), accounts, r, err) && db_exec(&st, err);
}

bool example_cards_remove(struct db *db, struct arena *a, const struct example_rows *r, struct err *err)
{
    return remove_all(db, a, left, COUNT_OF(left), NULL, r, err);
}
