#include "customers/customer_store.h"

#include "base/buf.h"
#include "base/fold.h"

enum {
    Q_SOURCES_BY_EXTERNAL, Q_KEYS_FIND, Q_KEY_ADD, Q_SOURCE_SAVE, Q_FILL, Q_BUMP, Q_BY_TAIL, Q_BY_EMAIL, Q_BY_WORD,
    Q_BY_TWO_WORDS, Q_BY_THREE_WORDS, Q_SOURCES_OF, Q_CHANNELS, Q_IN_ACCOUNTS, Q_COUNT
};
static const struct sql SQL[Q_COUNT] = {
    [Q_SOURCES_BY_EXTERNAL] = { "customers.sources_by_external",
        /* Asked for one by one: with a plain IN (…) PostgreSQL may read all sources of the account and pick these out. */
        "SELECT * FROM customer_sources WHERE id IN (SELECT (SELECT s.id FROM customer_sources s "
        "        WHERE s.account_id = $1 AND s.external_id = list.value) FROM {texts:$2})", NULL },
    [Q_KEYS_FIND] = { "customers.keys_find",
        "SELECT kind, value, customer_id FROM customer_keys WHERE kind = $1 AND value IN ({texts:$2}) ORDER BY customer_id", NULL },
    [Q_KEY_ADD] = { "customers.key_add",
        "INSERT INTO customer_keys (kind, value, customer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", NULL },
    [Q_SOURCE_SAVE] = { "customers.source_save",
        "INSERT INTO customer_sources (id, account_id, external_id, customer_id, rule, name, phone, phone_raw, email, address, "
        "       city, masked, first_seen, last_seen) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
        "ON CONFLICT (account_id, external_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, "
        "       phone_raw = excluded.phone_raw, email = excluded.email, address = excluded.address, city = excluded.city, "
        "       masked = excluded.masked, last_seen = excluded.last_seen", NULL },
    [Q_FILL] = { "customers.fill",
        "UPDATE customers SET name = CASE WHEN name = '' THEN $2 ELSE name END, phone = CASE WHEN phone = '' THEN $3 ELSE phone END, "
        "       email = CASE WHEN email = '' THEN $4 ELSE email END, city = CASE WHEN city = '' THEN $5 ELSE city END, "
        "       version = version + 1, updated_at = $6 WHERE id = $1", NULL },
    [Q_BUMP] = { "customers.bump",
        "UPDATE customers SET orders_count = orders_count + $2, "
        "       net_spent = net_spent + CASE WHEN currency = '' OR currency = $4 THEN CAST($3 AS BIGINT) ELSE 0 END, "
        "       currency = CASE WHEN currency = '' THEN $4 ELSE currency END, "
        "       first_order_at = CASE WHEN first_order_at IS NULL OR first_order_at > $5 THEN COALESCE(CAST($5 AS BIGINT), first_order_at) ELSE first_order_at END, "
        "       last_order_at = CASE WHEN last_order_at IS NULL OR last_order_at < $6 THEN COALESCE(CAST($6 AS BIGINT), last_order_at) ELSE last_order_at END, "
        "       updated_at = $7 WHERE id = $1", NULL },
    [Q_BY_TAIL] = { "customers.by_tail",
        /* Few digits end many phones: of those only the newest people are looked at, for each costs a page. */
        "SELECT c.id FROM customers c WHERE c.id IN (SELECT k.customer_id FROM customer_keys k WHERE k.kind = 'phone' "
        "   AND k.value >= $1 AND k.value < $2 ORDER BY k.customer_id DESC LIMIT $4) ORDER BY c.last_order_at DESC, c.id DESC LIMIT $3", NULL },
    [Q_BY_EMAIL] = { "customers.by_email",
        "SELECT customer_id FROM customer_keys WHERE kind = 'email' AND value = $1 LIMIT $2", NULL },
    [Q_BY_WORD] = { "customers.by_word",
        "SELECT DISTINCT customer_id FROM customer_keys WHERE kind = 'word' AND value >= $1 AND value < $2 LIMIT $3", NULL },
    [Q_BY_TWO_WORDS] = { "customers.by_two_words",
        "SELECT DISTINCT a.customer_id FROM customer_keys a "
        " WHERE a.kind = 'word' AND a.value >= $1 AND a.value < $2 "
        "   AND EXISTS (SELECT 1 FROM customer_keys b WHERE b.customer_id = a.customer_id AND b.kind = 'word' "
        "                  AND b.value >= $3 AND b.value < $4) LIMIT $5", NULL },
    [Q_BY_THREE_WORDS] = { "customers.by_three_words",
        "SELECT DISTINCT a.customer_id FROM customer_keys a "
        " WHERE a.kind = 'word' AND a.value >= $1 AND a.value < $2 "
        "   AND EXISTS (SELECT 1 FROM customer_keys b WHERE b.customer_id = a.customer_id AND b.kind = 'word' "
        "                  AND b.value >= $3 AND b.value < $4) "
        "   AND EXISTS (SELECT 1 FROM customer_keys c WHERE c.customer_id = a.customer_id AND c.kind = 'word' "
        "                  AND c.value >= $5 AND c.value < $6) LIMIT $7", NULL },
    [Q_SOURCES_OF] = { "customers.sources_of", "SELECT * FROM customer_sources WHERE customer_id = $1 ORDER BY id", NULL },
    [Q_CHANNELS] = { "customers.channels",
        "SELECT DISTINCT s.customer_id, a.channel FROM customer_sources s JOIN channel_accounts a ON a.id = s.account_id "
        " WHERE s.customer_id IN ({ids:$1})", NULL },
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

bool customer_keys_find(struct db *db, str kind, const str *values, int count, struct arena *a, struct key_hit_list *out,
                        struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KEYS_FIND]);
    bind_text(&st, 1, kind);
    bind_texts(&st, 2, values, count);
    while (db_row(&st))
        *key_hit_list_add(out, a) = (struct key_hit){ kind, col_text_copy(&st, 1, a), col_id(&st, 2) };
    return db_ok(&st, err);
}

bool customer_key_add(struct db *db, str kind, str value, rid customer_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KEY_ADD]);
    bind_text(&st, 1, kind);
    bind_text(&st, 2, value);
    bind_id(&st, 3, customer_id);
    return db_exec(&st, err);
}

bool customer_source_save(struct db *db, const struct customer_source *s, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCE_SAVE]);
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
    return db_exec(&st, err);
}

bool customer_insert(struct db *db, const struct customer *c, struct err *err)
{
    return record_insert(db, &customer_record, c, err);
}

bool customer_fill(struct db *db, rid id, const struct buyer *b, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FILL]);
    bind_id(&st, 1, id);
    bind_text(&st, 2, b->name);
    bind_text(&st, 3, b->phone);
    bind_text(&st, 4, b->email);
    bind_text(&st, 5, b->city);
    bind_instant(&st, 6, now);
    return db_exec(&st, err);
}

bool customer_bump(struct db *db, rid id, int64_t orders, amount sum, str currency, instant first, instant last, instant now,
                   struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BUMP]);
    bind_id(&st, 1, id);
    bind_int(&st, 2, orders);
    bind_amount(&st, 3, sum);
    bind_text(&st, 4, currency);
    bind_instant(&st, 5, first);
    bind_instant(&st, 6, last);
    bind_instant(&st, 7, now);
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

static bool read_ids(struct stmt *st, struct arena *a, struct int_list *out, struct err *err)
{
    while (db_row(st)) {
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
    bind_text(&st, 1, reversed);
    bind_text(&st, 2, behind_prefix(a, reversed));
    bind_int(&st, 3, max);
    bind_int(&st, 4, max * 2);
    return read_ids(&st, a, out, err);
}

bool customer_by_email(struct db *db, str email, int max, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_EMAIL]);
    bind_text(&st, 1, email);
    bind_int(&st, 2, max);
    return read_ids(&st, a, out, err);
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
    bind_int(&st, n, max);
    return read_ids(&st, a, out, err);
}

bool customer_sources_of(struct db *db, rid customer_id, struct arena *a, struct customer_source_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SOURCES_OF]);
    bind_id(&st, 1, customer_id);
    while (db_row(&st))
        record_scan(&customer_source_record, &st, a, customer_source_list_add(out, a));
    return db_ok(&st, err);
}

bool customer_channels(struct db *db, const rid *ids, int count, struct arena *a, struct customer_channel_list *out,
                       struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHANNELS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        *customer_channel_list_add(out, a) = (struct customer_channel){ col_id(&st, 0), col_text_copy(&st, 1, a) };
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
    if (!read_ids(&st, a, &known, err))
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
