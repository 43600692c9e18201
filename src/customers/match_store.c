#include "customers/match_store.h"

#include <stdlib.h>

enum { Q_FIND, Q_ADD, Q_ADD_ONE, Q_DROP, Q_NUMBER, Q_NUMBER_SET, Q_CLEAR, Q_SPARED, Q_BLOCKS, Q_BLOCK, Q_BLOCKS_DROP, Q_BLOCK_ADD,
       Q_BLOCK_DECIDE, Q_COUNT };
/* A list of pairs goes as texts of fixed width: two numbers of twenty characters. */
#define PAIRS "CAST(substr(list.value, 1, 20) AS BIGINT), CAST(substr(list.value, 21, 20) AS BIGINT)"
static const struct sql SQL[Q_COUNT] = {
    [Q_FIND] = { "match.find",
        /* Two texts for the reasons of record_sql.c, load_add. The keys are asked for once each. */
        "SELECT k.key, k.source_id, s.customer_id FROM {texts:$1} CROSS JOIN identity_keys k ON k.key = list.value "
        " CROSS JOIN customer_sources s ON s.id = k.source_id "
        " WHERE (SELECT h.source_id FROM identity_keys h WHERE h.key = list.value LIMIT 1 OFFSET $2) IS NULL OR "
        "       ((SELECT h.source_id FROM identity_keys h WHERE h.key = list.value LIMIT 1 OFFSET $3) IS NULL AND EXISTS "
        "        (SELECT 1 FROM identity_blocks b WHERE b.key = CAST(list.value AS BIGINT) AND b.state = 'spared'))",
        "SELECT k.key, k.source_id, s.customer_id FROM identity_keys k JOIN customer_sources s ON s.id = k.source_id "
        " WHERE k.key IN (SELECT CAST(list.value AS BIGINT) FROM {texts:$1} WHERE (SELECT h.source_id FROM identity_keys h "
        "       WHERE h.key = CAST(list.value AS BIGINT) LIMIT 1 OFFSET $2) IS NULL OR "
        "       ((SELECT h.source_id FROM identity_keys h WHERE h.key = CAST(list.value AS BIGINT) LIMIT 1 OFFSET $3) IS NULL AND EXISTS "
        "        (SELECT 1 FROM identity_blocks b WHERE b.key = CAST(list.value AS BIGINT) AND b.state = 'spared')))" },
    [Q_ADD] = { "match.add",
        "INSERT INTO identity_keys (key, source_id) SELECT " PAIRS " FROM {texts:$1} WHERE true ON CONFLICT DO NOTHING", NULL },
    [Q_ADD_ONE] = { "match.add_one", "INSERT INTO identity_keys (key, source_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", NULL },
    [Q_DROP] = { "match.drop",
        "DELETE FROM identity_keys WHERE (key, source_id) IN (SELECT " PAIRS " FROM {texts:$1})", NULL },
    [Q_NUMBER] = { "match.number", "SELECT value FROM settings WHERE key = $1", NULL },
    [Q_NUMBER_SET] = { "match.number_set",
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", NULL },
    [Q_SPARED] = { "match.spared", "SELECT key FROM identity_blocks WHERE state = 'spared' ORDER BY key", NULL },
    [Q_BLOCKS] = { "match.blocks", "SELECT key, kind, state, members, source_id, at, actor_name, decided_at FROM identity_blocks "
        " ORDER BY members DESC, key LIMIT $1", NULL },
    [Q_BLOCK] = { "match.block", "SELECT key, kind, state, members, source_id, at, actor_name, decided_at FROM identity_blocks WHERE key = $1", NULL },
    [Q_BLOCKS_DROP] = { "match.blocks_drop", "DELETE FROM identity_blocks WHERE state = 'hub'", NULL },
    [Q_BLOCK_ADD] = { "match.block_add",
        "INSERT INTO identity_blocks (key, kind, state, members, source_id, at, actor_name) VALUES ($1, $2, 'hub', $3, $4, $5, '') "
        "ON CONFLICT (key) DO UPDATE SET members = excluded.members, source_id = excluded.source_id, at = excluded.at", NULL },
    [Q_BLOCK_DECIDE] = { "match.block_decide", "UPDATE identity_blocks SET state = $2, actor_name = $3, decided_at = $4 WHERE key = $1", NULL },
    [Q_CLEAR] = { "match.clear", "DELETE FROM identity_keys", NULL },
};

static int by_key(const void *a, const void *b)
{
    int64_t x = ((const rid *)a)->v, y = ((const rid *)b)->v;
    return x < y ? -1 : x > y;
}

static int by_member(const void *pa, const void *pb)
{
    const struct key_member *a = pa, *b = pb;
    if (!id_eq(a->source_id, b->source_id))
        return a->source_id.v < b->source_id.v ? -1 : 1;
    return (int64_t)a->key < (int64_t)b->key ? -1 : a->key != b->key;
}

bool match_keys_find(struct db *db, const uint64_t *keys, int count, struct arena *a, struct key_member_list *out, struct err *err)
{
    rid *each = ARENA_ARRAY(a, rid, count + 1);
    int  n    = 0;
    for (int i = 0; i < count; i++)
        each[i] = (rid){ (int64_t)keys[i] };
    qsort(each, (size_t)count, sizeof *each, by_key);
    for (int i = 0; i < count; i++)
        if (i == 0 || each[i].v != each[n - 1].v)
            each[n++] = each[i];
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIND]);
    bind_ids(&st, 1, each, n);
    bind_int(&st, 2, BLOCK_HOT);
    bind_int(&st, 3, BLOCK_SPARED);
    while (db_row(&st))
        *key_member_list_add(out, a) = (struct key_member){ (uint64_t)col_int(&st, 0), col_id(&st, 1), col_id(&st, 2) };
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, by_member);
    return db_ok(&st, err);
}

static bool pairs_run(struct db *db, int which, const struct key_of *keys, int count, struct arena *a, struct err *err)
{
    str *texts = ARENA_ARRAY(a, str, count + 1);
    if (!count)
        return true;
    for (int i = 0; i < count; i++)
        texts[i] = str_print(a, "%+020lld%+020lld", (long long)keys[i].key, (long long)keys[i].source_id.v);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_texts(&st, 1, texts, count);
    return db_exec(&st, err);
}

/* A list of pairs costs SQLite three times the rows: it is cut, turned into numbers and put into a table of its own. On PostgreSQL each
 * statement is a message. */
bool match_keys_add(struct db *db, const struct key_of *keys, int count, struct arena *a, struct err *err)
{
    for (int i = 0; i < count && !db_is_postgres(db_pool_of(db)); i++) {
        CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_ADD_ONE]);
        bind_int(&st, 1, (int64_t)keys[i].key);
        bind_id(&st, 2, keys[i].source_id);
        if (!db_exec(&st, err))
            return false;
    }
    return !db_is_postgres(db_pool_of(db)) || pairs_run(db, Q_ADD, keys, count, a, err);
}

bool match_keys_drop(struct db *db, const struct key_of *keys, int count, struct arena *a, struct err *err)
{
    return pairs_run(db, Q_DROP, keys, count, a, err);
}

static const char *const numbers[] = { "identity.keys", "identity.keys_making", "identity.keys_at", "identity.night",
                                      "search.sounds", "search.sounds_making", "search.sounds_at", "search.sounds_card", NULL };
_Static_assert(COUNT_OF(numbers) == MATCH_NUMBER_COUNT + 1, "a name per number");

bool match_number(struct db *db, enum match_number which, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NUMBER]);
    bind_text(&st, 1, str_of(numbers[which]));
    *out = 0;
    if (db_row(&st) && !str_to_int(col_text(&st, 0), out))
        *out = 0;
    return db_ok(&st, err);
}

bool match_number_set(struct db *db, enum match_number which, int64_t value, struct arena *a, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NUMBER_SET]);
    bind_text(&st, 1, str_of(numbers[which]));
    bind_text(&st, 2, str_print(a, "%lld", (long long)value));
    return db_exec(&st, err);
}

bool match_keys_clear(struct db *db, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLEAR]);
    return db_exec(&st, err);
}

static int by_unsigned(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

bool blocks_spared(struct db *db, struct arena *a, struct block_rules *out, struct err *err)
{
    struct int_list list = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SPARED]);
    while (db_row(&st))
        *int_list_add(&list, a) = col_int(&st, 0);
    uint64_t *keys = ARENA_ARRAY(a, uint64_t, list.count + 1);
    for (int i = 0; i < list.count; i++)
        keys[i] = (uint64_t)list.at[i];
    qsort(keys, (size_t)list.count, sizeof *keys, by_unsigned);
    out->spared       = keys;
    out->spared_count = list.count;
    return db_ok(&st, err);
}

static void block_read(struct stmt *st, struct arena *a, struct block *b)
{
    *b = (struct block){ (uint64_t)col_int(st, 0), col_text_copy(st, 1, a), col_text_copy(st, 2, a), col_int(st, 3), col_id(st, 4),
                         col_instant(st, 5), col_text_copy(st, 6, a), col_instant(st, 7) };
}

bool blocks_list(struct db *db, int max, struct arena *a, struct block_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BLOCKS]);
    bind_int(&st, 1, max);
    while (db_row(&st))
        block_read(&st, a, block_list_add(out, a));
    return db_ok(&st, err);
}

bool block_find(struct db *db, uint64_t key, struct arena *a, struct block *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BLOCK]);
    bind_int(&st, 1, (int64_t)key);
    bool found = db_row(&st);
    if (found)
        block_read(&st, a, out);
    return db_ok(&st, err) && (found || err_set(err, ERR_NOT_FOUND, "key", "no run has counted this key as too common"));
}

bool blocks_replace(struct db *db, const struct block *blocks, int count, instant now, struct err *err)
{
    {
        CLEANUP(stmt_done) struct stmt drop = db_query(db, &SQL[Q_BLOCKS_DROP]);
        if (!db_exec(&drop, err))
            return false;
    }
    for (int i = 0; i < count; i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BLOCK_ADD]);
        bind_int(&st, 1, (int64_t)blocks[i].key);
        bind_text(&st, 2, blocks[i].kind);
        bind_int(&st, 3, blocks[i].members);
        bind_id(&st, 4, blocks[i].source);
        bind_instant(&st, 5, now);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool block_decide(struct db *db, uint64_t key, str state, str by, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BLOCK_DECIDE]);
    bind_int(&st, 1, (int64_t)key);
    bind_text(&st, 2, state);
    bind_text(&st, 3, by);
    bind_instant(&st, 4, now);
    return db_exec(&st, err);
}
