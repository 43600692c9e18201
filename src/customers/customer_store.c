#include "customers/customer_store.h"

#include "base/buf.h"
#include "base/fold.h"

enum {
    Q_SOURCES_BY_EXTERNAL, Q_KEY_ADD, Q_KEYS_CLEAR, Q_SOURCE_SAVE, Q_VALUES, Q_BUMP, Q_RECOUNT, Q_TOTALS, Q_BY_TAIL, Q_BY_EMAIL, Q_BY_EMAIL_START, Q_BY_WORD,
    Q_BY_TWO_WORDS, Q_BY_THREE_WORDS, Q_SOURCES_OF, Q_SOURCES_BY_IDS, Q_SOURCES_AFTER, Q_SOURCES_COUNT, Q_SOURCES_CHANGED, Q_CONTESTED, Q_CHANNELS, Q_IN_ACCOUNTS, Q_LIVING, Q_FIELDS_OF, Q_FIELD_SET, Q_FIELDS_CLEAR, Q_COUNT
};
/* What counts for a buyer, and in which currency: that of the first order that tells one. */
#define COUNTED  "FROM orders o WHERE o.customer_id = customers.id AND o.status <> 'cancelled'"
#define CURRENCY "COALESCE((SELECT o.currency " COUNTED " AND o.currency <> '' ORDER BY o.sort_at, o.id LIMIT 1), currency)"
static const struct sql SQL[Q_COUNT] = {
    [Q_SOURCES_BY_EXTERNAL] = { "customers.sources_by_external",
        /* Joined to the list for the reasons of record_sql.c, load_add. On PostgreSQL asked for one by one: with a plain IN (…) it may
         * read all sources of the account and pick these out. */
        "SELECT s.* FROM {texts:$2} CROSS JOIN customer_sources s ON s.account_id = $1 AND s.external_id = list.value",
        "SELECT * FROM customer_sources WHERE id IN (SELECT (SELECT s.id FROM customer_sources s "
        "        WHERE s.account_id = $1 AND s.external_id = list.value) FROM {texts:$2})" },
    [Q_KEY_ADD] = { "customers.key_add",
        "INSERT INTO customer_keys (kind, value, customer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", NULL },
    [Q_SOURCE_SAVE] = { "customers.source_save",
        "INSERT INTO customer_sources (id, account_id, external_id, customer_id, rule, name, phone, phone_raw, email, address, "
        "       city, masked, first_seen, last_seen, birth_date, contested) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0) "
        "ON CONFLICT (account_id, external_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, "
        "       phone_raw = excluded.phone_raw, email = excluded.email, address = excluded.address, city = excluded.city, "
        "       masked = excluded.masked, last_seen = excluded.last_seen, birth_date = excluded.birth_date", NULL },
    [Q_KEYS_CLEAR] = { "customers.keys_clear", "DELETE FROM customer_keys WHERE customer_id IN ({ids:$1})", NULL },
    [Q_VALUES] = { "customers.values",
        "UPDATE customers SET name = $2, phone = $3, email = $4, city = $5, birth_date = $6, manual = $7, version = version + 1, "
        "       updated_at = $8 WHERE id = $1 AND (name <> $2 OR phone <> $3 OR email <> $4 OR city <> $5 OR birth_date <> $6 OR manual <> $7)", NULL },
    [Q_BUMP] = { "customers.bump",
        /* An older order in another currency than the ones known so far changes the currency of the sum. */
        "UPDATE customers SET orders_count = orders_count + 1, "
        "       net_spent = CASE WHEN currency = '' OR currency = $3 THEN net_spent + CAST($2 AS BIGINT) WHEN $3 <> '' AND $4 < first_order_at "
        "           THEN COALESCE((SELECT CAST(SUM(o.grand_total) AS BIGINT) " COUNTED " AND o.has_total = 1 AND o.currency = $3), 0) ELSE net_spent END, "
        "       currency = CASE WHEN currency = '' OR ($3 <> '' AND $4 < first_order_at) THEN $3 ELSE currency END, "
        "       first_order_at = CASE WHEN first_order_at IS NULL OR first_order_at > $4 THEN $4 ELSE first_order_at END, "
        "       last_order_at = CASE WHEN last_order_at IS NULL OR last_order_at < $4 THEN $4 ELSE last_order_at END, "
        "       updated_at = $5 WHERE id = $1", NULL },
    [Q_RECOUNT] = { "customers.recount",
        "UPDATE customers SET orders_count = (SELECT COUNT(*) " COUNTED "), currency = " CURRENCY ", "
        "       net_spent = COALESCE((SELECT CAST(SUM(o.grand_total) AS BIGINT) " COUNTED " AND o.has_total = 1 AND o.currency = " CURRENCY "), 0), "
        "       first_order_at = (SELECT MIN(o.sort_at) " COUNTED "), last_order_at = (SELECT MAX(o.sort_at) " COUNTED "), "
        "       updated_at = $2 WHERE id IN ({ids:$1})", NULL },
    [Q_TOTALS] = { "customers.totals",
        "SELECT customer_id, currency, COUNT(*), CAST(SUM(CASE WHEN has_total = 1 THEN grand_total ELSE 0 END) AS BIGINT), MIN(sort_at), MAX(sort_at) "
        "  FROM orders WHERE customer_id IN ({ids:$1}) AND status <> 'cancelled' GROUP BY customer_id, currency ORDER BY 1, 2", NULL },
    [Q_BY_TAIL] = { "customers.by_tail",
        /* Few digits end many phones. They lie side by side in the index; which of them are wanted is found while reading. */
        "SELECT customer_id FROM customer_keys WHERE kind = 'phone' AND value >= $1 AND value < $2", NULL },
    [Q_BY_EMAIL] = { "customers.by_email",
        "SELECT customer_id FROM customer_keys WHERE kind = 'email' AND value = $1 LIMIT $2", NULL },
    [Q_BY_EMAIL_START] = { "customers.by_email_start",
        "SELECT customer_id FROM customer_keys WHERE kind = 'email' AND value >= $1 AND value < $2 LIMIT $3", NULL },
    [Q_BY_WORD] = { "customers.by_word",
        "SELECT customer_id FROM customer_keys WHERE kind = 'word' AND value >= $1 AND value < $2 LIMIT $3", NULL },
    [Q_BY_TWO_WORDS] = { "customers.by_two_words",
        "SELECT a.customer_id FROM customer_keys a "
        " WHERE a.kind = 'word' AND a.value >= $1 AND a.value < $2 "
        "   AND EXISTS (SELECT 1 FROM customer_keys b WHERE b.customer_id = a.customer_id AND b.kind = 'word' "
        "                  AND b.value >= $3 AND b.value < $4) LIMIT $5", NULL },
    [Q_BY_THREE_WORDS] = { "customers.by_three_words",
        "SELECT a.customer_id FROM customer_keys a "
        " WHERE a.kind = 'word' AND a.value >= $1 AND a.value < $2 "
        "   AND EXISTS (SELECT 1 FROM customer_keys b WHERE b.customer_id = a.customer_id AND b.kind = 'word' "
        "                  AND b.value >= $3 AND b.value < $4) "
        "   AND EXISTS (SELECT 1 FROM customer_keys c WHERE c.customer_id = a.customer_id AND c.kind = 'word' "
        "                  AND c.value >= $5 AND c.value < $6) LIMIT $7", NULL },
    [Q_SOURCES_OF] = { "customers.sources_of",
        "SELECT s.* FROM {texts:$1} CROSS JOIN customer_sources s ON s.customer_id = list.value ORDER BY s.id",
        "SELECT * FROM customer_sources WHERE customer_id IN ({ids:$1}) ORDER BY id" },
    [Q_SOURCES_BY_IDS] = { "customers.sources_by_ids", "SELECT * FROM customer_sources WHERE id IN ({ids:$1}) ORDER BY id", NULL },
    [Q_SOURCES_AFTER] = { "customers.sources_after", 
        "SELECT s.* FROM customer_sources s JOIN customers c ON c.id = s.customer_id WHERE s.id > $1 AND c.state = 'active' ORDER BY s.id LIMIT $2", NULL },
    [Q_SOURCES_CHANGED] = { "customers.sources_changed",
        "SELECT s.* FROM customer_sources s JOIN customers c ON c.id = s.customer_id "
        " WHERE s.id > $1 AND c.state = 'active' AND (s.contested = 1 OR c.updated_at >= $3) ORDER BY s.id LIMIT $2", NULL },
    [Q_SOURCES_COUNT] = { "customers.sources_count", "SELECT COUNT(*) FROM customer_sources", NULL },
    [Q_CONTESTED] = { "customers.contested", "UPDATE customer_sources SET contested = $2 WHERE id IN ({ids:$1}) AND contested <> $2", NULL },
    [Q_LIVING] = { "customers.living",
        /* Who went into whom, as often as that happened; more than a few steps are rare. */
        "WITH RECURSIVE way (id, next, step) AS (SELECT id, merged_into, 0 FROM customers WHERE id = $1 "
        "   UNION ALL SELECT c.id, c.merged_into, way.step + 1 FROM way JOIN customers c ON c.id = way.next WHERE way.step < 100) "
        "SELECT id FROM way WHERE next IS NULL", NULL },
    [Q_FIELDS_OF] = { "customers.fields_of", "SELECT customer_id, field, value FROM customer_fields WHERE customer_id IN ({ids:$1}) ORDER BY customer_id, field", NULL },
    [Q_FIELD_SET] = { "customers.field_set",
        "INSERT INTO customer_fields (customer_id, field, value, actor_kind, actor_id, actor_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
        "ON CONFLICT (customer_id, field) DO UPDATE SET value = excluded.value, actor_kind = excluded.actor_kind, "
        "       actor_id = excluded.actor_id, actor_name = excluded.actor_name, at = excluded.at", NULL },
    [Q_FIELDS_CLEAR] = { "customers.fields_clear", "DELETE FROM customer_fields WHERE customer_id = $1 AND field IN ({texts:$2})", NULL },
    [Q_CHANNELS] = { "customers.channels",
        /* Two texts for the reasons of record_sql.c, load_add. Few have two sources in one channel: what comes twice is left out while reading. */
        "SELECT s.customer_id, a.channel FROM {texts:$1} CROSS JOIN customer_sources s ON s.customer_id = list.value "
        "  CROSS JOIN channel_accounts a ON a.id = s.account_id",
        "SELECT DISTINCT s.customer_id, a.channel FROM customer_sources s JOIN channel_accounts a ON a.id = s.account_id "
        " WHERE s.customer_id IN ({ids:$1})" },
    [Q_IN_ACCOUNTS] = { "customers.in_accounts",
        "SELECT DISTINCT s.customer_id FROM customer_sources s "
        " WHERE s.customer_id IN ({ids:$1}) AND s.account_id + 0 IN ({ids:$2})", NULL },
};

bool customer_sources_by_external(struct db *db, rid account_id, const str *ids, int count, struct arena *a,
                                  struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_BY_EXTERNAL]);
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, ids, count);
    while (db_row(&st))
        record_scan(&customer_source_record, &st, a, customer_source_list_add(out, a));
    return db_ok(&st, err);
}

bool customer_key_add(struct db *db, str kind, str value, rid customer_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_KEY_ADD]);
    bind_text(&st, 1, kind);
    bind_text(&st, 2, value);
    bind_id(&st, 3, customer_id);
    return db_exec(&st, err);
}

bool customer_source_save(struct db *db, const struct customer_source *s, bool is_new, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = is_new ? db_insert(db, &SQL[Q_SOURCE_SAVE]) : db_query(db, &SQL[Q_SOURCE_SAVE]);
    bind_id(&st, 1, s->id);
    bind_id(&st, 2, s->account_id);
    bind_text(&st, 3, s->external_id);
    bind_id(&st, 4, s->customer_id);
    bind_text(&st, 5, s->rule);
    bind_text(&st, 6, s->name);
    bind_text(&st, 7, s->phone);
    bind_text(&st, 8, s->phone_raw);
    bind_text(&st, 9, s->email);
    bind_text(&st, 10, s->address);
    bind_text(&st, 11, s->city);
    bind_bool(&st, 12, s->masked);
    bind_instant(&st, 13, s->first_seen);
    bind_instant(&st, 14, s->last_seen);
    bind_text(&st, 15, s->birth_date);
    return db_exec(&st, err);
}

bool customer_insert(struct db *db, const struct customer *c, struct err *err)
{
    return record_insert_many(db, &customer_record, c, 1, err);
}

bool customer_values_save(struct db *db, const struct customer *c, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VALUES]);
    bind_id(&st, 1, c->id);
    bind_text(&st, 2, c->name);
    bind_text(&st, 3, c->phone);
    bind_text(&st, 4, c->email);
    bind_text(&st, 5, c->city);
    bind_text(&st, 6, c->birth_date);
    bind_text(&st, 7, c->manual);
    bind_instant(&st, 8, now);
    return db_exec(&st, err);
}

bool customer_bump(struct db *db, rid id, amount sum, str currency, instant placed, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BUMP]);
    bind_id(&st, 1, id);
    bind_amount(&st, 2, sum);
    bind_text(&st, 3, currency);
    bind_instant(&st, 4, placed);
    bind_instant(&st, 5, now);
    return db_exec(&st, err);
}

bool customers_recount(struct db *db, const rid *ids, int count, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RECOUNT]);
    bind_ids(&st, 1, ids, count);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}

bool customers_totals(struct db *db, const rid *ids, int count, struct arena *a, struct customer_total_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TOTALS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        *customer_total_list_add(out, a) = (struct customer_total){
            col_id(&st, 0), col_text_copy(&st, 1, a), col_int(&st, 2), col_amount(&st, 3), col_instant(&st, 4), col_instant(&st, 5),
        };
    return db_ok(&st, err);
}

bool customer_living(struct db *db, rid id, rid *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIVING]);
    bind_id(&st, 1, id);
    *out = db_row(&st) ? col_id(&st, 0) : (rid){ 0 };
    return db_ok(&st, err);
}

bool customer_fields_of(struct db *db, const rid *ids, int count, struct arena *a, struct customer_field_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIELDS_OF]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st)) {
        enum customer_value v = customer_value_find(col_text(&st, 1));
        if (v < VALUE_COUNT)
            *customer_field_list_add(out, a) = (struct customer_field){ col_id(&st, 0), v, col_text_copy(&st, 2, a) };
    }
    return db_ok(&st, err);
}

bool customer_field_set(struct db *db, const struct work *w, const struct customer_field *f, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIELD_SET]);
    bind_id(&st, 1, f->customer_id);
    bind_text(&st, 2, str_of(customer_value_names[f->field]));
    bind_text(&st, 3, f->value);
    bind_text(&st, 4, str_of(actor_kind_names[w->actor.kind]));
    bind_id(&st, 5, w->actor.id);
    bind_text(&st, 6, w->actor.name);
    bind_instant(&st, 7, w->now);
    return db_exec(&st, err);
}

bool customer_fields_clear(struct db *db, rid id, unsigned values, struct err *err)
{
    str names[VALUE_COUNT];
    int n = 0;
    for (int v = 0; v < VALUE_COUNT; v++)
        if (values & BIT(v))
            names[n++] = str_of(customer_value_names[v]);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIELDS_CLEAR]);
    bind_id(&st, 1, id);
    bind_texts(&st, 2, names, n);
    return db_exec(&st, err);
}

bool customer_keys_clear(struct db *db, const rid *ids, int count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KEYS_CLEAR]);
    bind_ids(&st, 1, ids, count);
    return db_exec(&st, err);
}

/* The first text that is greater than every text with this prefix, by bytes. */
static str behind_prefix(struct arena *a, str prefix)
{
    char *at = str_zero(a, prefix);
    for (size_t n = prefix.len; n > 0; n--) {
        unsigned char c = (unsigned char)at[n - 1];
        if (c < 0xf4 && !(c & 0x80)) {
            at[n - 1] = (char)(c + 1);
            return (str){ at, n };
        }
        if (c & 0x80)           /* inside a multi-byte character: U+10FFFF sorts behind every letter */
            return str_print(a, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(prefix));
    }
    return STR("\xf4\x8f\xbf\xbf");
}

static bool read_ids(struct stmt *st, int max, struct arena *a, struct int_list *out, struct err *err)
{
    while (out->count < max && db_row(st)) {
        int64_t id   = col_int(st, 0);
        bool    seen = false;
        for (int i = 0; i < out->count && !seen; i++)
            seen = out->at[i] == id;
        if (!seen)
            *int_list_add(out, a) = id;
    }
    return db_ok(st, err);
}

bool customer_by_phone_tail(struct db *db, str reversed, int max, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_TAIL]);
    int64_t *ids = ARENA_ARRAY(a, int64_t, max + 1);
    bind_text(&st, 1, reversed);
    bind_text(&st, 2, behind_prefix(a, reversed));
    int count = db_greatest(&st, ids, max);
    for (int i = 0; i < count; i++)
        if (i == 0 || ids[i] != ids[i - 1])              /* a person may have two such telephones */
            *int_list_add(out, a) = ids[i];
    return db_ok(&st, err);
}

bool customer_by_email(struct db *db, str email, int max, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_EMAIL]);
    bind_text(&st, 1, email);
    bind_int(&st, 2, max);
    return read_ids(&st, max, a, out, err);
}

bool customer_by_email_start(struct db *db, str start, int max, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_EMAIL_START]);
    bind_text(&st, 1, start);
    bind_text(&st, 2, behind_prefix(a, start));
    bind_int(&st, 3, max);
    return read_ids(&st, max, a, out, err);
}

bool customer_by_words(struct db *db, const str *words, int count, int max, struct arena *a, struct int_list *out,
                       struct err *err)
{
    int first = 0;                      /* the longest word leads: it has the fewest people */
    if (count > 3)
        count = 3;
    if (count == 0)
        return true;
    for (int i = 1; i < count; i++)
        if (words[i].len > words[first].len)
            first = i;

    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_WORD + count - 1]);
    int n = 1;
    for (int k = 0; k < count; k++) {
        str w = words[(first + k) % count];
        bind_text(&st, n++, w);
        bind_text(&st, n++, behind_prefix(a, w));
    }
    bind_int(&st, n, max * 2);          /* two words of one name may both begin so */
    return read_ids(&st, max, a, out, err);
}

static bool read_sources(struct stmt *st, struct arena *a, struct customer_source_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&customer_source_record, st, a, customer_source_list_add(out, a));
    return db_ok(st, err);
}

bool customer_sources_of(struct db *db, const rid *customers, int count, struct arena *a, struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_OF]);
    rid last = { 0 };
    bind_ids(&st, 1, customers, count);
    while (db_row(&st)) {
        struct customer_source s = { 0 };
        record_scan(&customer_source_record, &st, a, &s);
        if (!id_eq(s.id, last))                          /* a customer named twice is still one */
            *customer_source_list_add(out, a) = s;
        last = s.id;
    }
    return db_ok(&st, err);
}

bool customer_sources_by_ids(struct db *db, const rid *ids, int count, struct arena *a, struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_BY_IDS]);
    bind_ids(&st, 1, ids, count);
    return read_sources(&st, a, out, err);
}

bool customer_sources_after(struct db *db, rid after, int max, struct arena *a, struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_AFTER]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    return read_sources(&st, a, out, err);
}

bool customer_sources_changed(struct db *db, rid after, instant since, int max, struct arena *a, struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_CHANGED]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    bind_instant(&st, 3, since);
    return read_sources(&st, a, out, err);
}

bool customer_sources_count(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_COUNT]);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool customer_sources_contest(struct db *db, const rid *ids, int count, bool contested, struct err *err)
{
    if (!count)
        return true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CONTESTED]);
    bind_ids(&st, 1, ids, count);
    bind_bool(&st, 2, contested);
    return db_exec(&st, err);
}

bool customer_channels(struct db *db, const rid *ids, int count, struct arena *a, struct customer_channel_list *out,
                       struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHANNELS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st)) {
        rid  id   = col_id(&st, 0);
        str  name = col_text(&st, 1);
        bool told = false;
        for (int i = 0; i < out->count && !told; i++)
            told = id_eq(out->at[i].customer_id, id) && str_eq(out->at[i].channel, name);
        if (!told)
            *customer_channel_list_add(out, a) = (struct customer_channel){ id, str_copy(a, name) };
    }
    return db_ok(&st, err);
}

bool customers_in_accounts(struct db *db, const rid *accounts, int accounts_count, struct arena *a, struct int_list *io, struct err *err)
{
    struct int_list known = { 0 };
    rid            *ids   = ARENA_ARRAY(a, rid, io->count + 1);
    int             kept  = 0;
    if (!accounts_count || !io->count)
        return true;
    for (int i = 0; i < io->count; i++)
        ids[i] = (rid){ io->at[i] };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_IN_ACCOUNTS]);
    bind_ids(&st, 1, ids, io->count);
    bind_ids(&st, 2, accounts, accounts_count);
    if (!read_ids(&st, io->count, a, &known, err))
        return false;
    for (int i = 0; i < io->count; i++) {
        bool is_known = false;
        for (int k = 0; k < known.count && !is_known; k++)
            is_known = known.at[k] == io->at[i];
        if (is_known)
            io->at[kept++] = io->at[i];
    }
    io->count = kept;
    return true;
}
