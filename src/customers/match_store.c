#include "customers/match_store.h"

enum { Q_FIND, Q_ADD, Q_DROP, Q_RECIPE, Q_RECIPE_SET, Q_CLEAR, Q_COUNT };
/* A list of pairs goes as texts of fixed width: two numbers of twenty characters. */
#define PAIRS "CAST(substr(list.value, 1, 20) AS BIGINT), CAST(substr(list.value, 21, 20) AS BIGINT)"
static const struct sql SQL[Q_COUNT] = {
    [Q_FIND] = { "match.find",
        "SELECT k.key, k.source_id, s.customer_id FROM identity_keys k JOIN customer_sources s ON s.id = k.source_id "
        " WHERE k.key IN (SELECT CAST(list.value AS BIGINT) FROM {texts:$1} WHERE (SELECT COUNT(*) FROM (SELECT 1 FROM identity_keys h "
        "       WHERE h.key = CAST(list.value AS BIGINT) LIMIT $2) t) < $2) ORDER BY k.source_id, k.key", NULL },
    [Q_ADD] = { "match.add",
        "INSERT INTO identity_keys (key, source_id) SELECT " PAIRS " FROM {texts:$1} WHERE true ON CONFLICT DO NOTHING", NULL },
    [Q_DROP] = { "match.drop",
        "DELETE FROM identity_keys WHERE (key, source_id) IN (SELECT " PAIRS " FROM {texts:$1})", NULL },
    [Q_RECIPE] = { "match.recipe", "SELECT value FROM settings WHERE key = 'identity.keys'", NULL },
    [Q_RECIPE_SET] = { "match.recipe_set",
        "INSERT INTO settings (key, value) VALUES ('identity.keys', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", NULL },
    [Q_CLEAR] = { "match.clear", "DELETE FROM identity_keys", NULL },
};

bool match_keys_find(struct db *db, const uint64_t *keys, int count, int hot, struct arena *a, struct key_member_list *out, struct err *err)
{
    str *texts = ARENA_ARRAY(a, str, count + 1);
    for (int i = 0; i < count; i++)
        texts[i] = str_print(a, "%lld", (long long)keys[i]);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIND]);
    bind_texts(&st, 1, texts, count);
    bind_int(&st, 2, hot + 1);
    while (db_row(&st))
        *key_member_list_add(out, a) = (struct key_member){ (uint64_t)col_int(&st, 0), col_id(&st, 1), col_id(&st, 2) };
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

bool match_keys_add(struct db *db, const struct key_of *keys, int count, struct arena *a, struct err *err)
{
    return pairs_run(db, Q_ADD, keys, count, a, err);
}

bool match_keys_drop(struct db *db, const struct key_of *keys, int count, struct arena *a, struct err *err)
{
    return pairs_run(db, Q_DROP, keys, count, a, err);
}

bool match_recipe(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RECIPE]);
    *out = 0;
    if (db_row(&st) && !str_to_int(col_text(&st, 0), out))
        *out = 0;
    return db_ok(&st, err);
}

bool match_recipe_set(struct db *db, int64_t recipe, struct arena *a, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RECIPE_SET]);
    bind_text(&st, 1, str_print(a, "%lld", (long long)recipe));
    return db_exec(&st, err);
}

bool match_keys_clear(struct db *db, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLEAR]);
    return db_exec(&st, err);
}
