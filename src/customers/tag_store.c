#include "customers/tag_store.h"

enum { Q_OF, Q_PUT, Q_NAME, Q_DROP, Q_NAMES, Q_FOLLOW, Q_BACK, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_OF] = { "tags.of", "SELECT customer_id, tag_hash, tag FROM customer_tags WHERE customer_id IN ({ids:$1}) ORDER BY customer_id, at, tag_hash", NULL },
    [Q_PUT] = { "tags.put",
        "INSERT INTO customer_tags (customer_id, tag_hash, tag, event_id, actor_id, actor_name, at) VALUES ($1, $2, $3, NULL, $4, $5, $6) "
        "ON CONFLICT (customer_id, tag_hash) DO UPDATE SET event_id = NULL", NULL },
    [Q_NAME] = { "tags.name", "INSERT INTO customer_tag_names (tag_hash, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING", NULL },
    [Q_DROP] = { "tags.drop", "DELETE FROM customer_tags WHERE tag_hash = $2 AND customer_id IN ({ids:$1})", NULL },
    [Q_NAMES] = { "tags.names",
        "SELECT tag FROM customer_tag_names n WHERE EXISTS (SELECT 1 FROM customer_tags t WHERE t.tag_hash = n.tag_hash) ORDER BY tag LIMIT $1", NULL },
    [Q_FOLLOW] = { "tags.follow",
        "INSERT INTO customer_tags (customer_id, tag_hash, tag, event_id, actor_id, actor_name, at) "
        "SELECT $1, tag_hash, tag, $3, actor_id, actor_name, at FROM customer_tags WHERE customer_id = $2 ON CONFLICT DO NOTHING", NULL },
    [Q_BACK] = { "tags.back", "DELETE FROM customer_tags WHERE event_id = $1", NULL },
};
/* clang-format on */

bool customer_tags_of(struct db *db, const rid *ids, int count, struct arena *a, struct customer_tag_list *out, struct err *err)
{
    if (!count)
        return true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        *customer_tag_list_add(out, a) = (struct customer_tag){ col_id(&st, 0), col_int(&st, 1), col_text_copy(&st, 2, a) };
    return db_ok(&st, err);
}

bool customer_tag_put(struct db *db, const struct work *w, const struct customer_tag *t, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_PUT]);
    bind_id(&st, 1, t->customer_id);
    bind_int(&st, 2, t->hash);
    bind_text(&st, 3, t->tag);
    bind_id(&st, 4, w->actor.id);
    bind_text(&st, 5, w->actor.name);
    bind_instant(&st, 6, w->now);
    if (!db_exec(&st, err))
        return false;
    CLEANUP(stmt_done) struct stmt name = db_query(db, &SQL[Q_NAME]);
    bind_int(&name, 1, t->hash);
    bind_text(&name, 2, t->tag);
    return db_exec(&name, err);
}

bool customer_tag_drop(struct db *db, const rid *ids, int count, int64_t hash, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_ids(&st, 1, ids, count);
    bind_int(&st, 2, hash);
    return db_exec(&st, err);
}

bool customer_tag_names(struct db *db, int max, struct arena *a, struct str_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NAMES]);
    bind_int(&st, 1, max);
    while (db_row(&st))
        *str_list_add(out, a) = col_text_copy(&st, 0, a);
    return db_ok(&st, err);
}

bool customer_tags_follow(struct db *db, rid kept, rid gone, rid event, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FOLLOW]);
    bind_id(&st, 1, kept);
    bind_id(&st, 2, gone);
    bind_id(&st, 3, event);
    return db_exec(&st, err);
}

bool customer_tags_back(struct db *db, rid event, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BACK]);
    bind_id(&st, 1, event);
    return db_exec(&st, err);
}
