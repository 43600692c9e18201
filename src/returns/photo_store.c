#include "returns/photo_store.h"

enum { Q_ADD, Q_OF, Q_GET, Q_REMOVE, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_ADD] = { "photos.add",
        "INSERT INTO return_photos (id, return_id, type, width, height, size, bytes, by_id, by_name, at, media_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        NULL },
    [Q_OF] = { "photos.of", "SELECT id, return_id, type, width, height, size, by_id, by_name, at, media_id FROM return_photos WHERE return_id = $1 ORDER BY id", NULL },
    [Q_GET] = { "photos.get",
        "SELECT id, return_id, type, width, height, size, by_id, by_name, at, media_id, bytes FROM return_photos WHERE id = $1 AND return_id = $2", NULL },
    [Q_REMOVE] = { "photos.remove", "DELETE FROM return_photos WHERE id = $1 AND return_id = $2 RETURNING id", NULL },
};
/* clang-format on */

bool photo_insert(struct db *db, const struct return_photo *p, str bytes, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_id(&st, 1, p->id);
    bind_id(&st, 2, p->return_id);
    bind_text(&st, 3, p->type);
    bind_int(&st, 4, p->width);
    bind_int(&st, 5, p->height);
    bind_int(&st, 6, p->size);
    bind_bytes(&st, 7, bytes);
    bind_id(&st, 8, p->by_id);
    bind_text(&st, 9, p->by_name);
    bind_instant(&st, 10, p->at);
    bind_id(&st, 11, p->media_id);
    return db_exec(&st, err);
}

static struct return_photo read_row(struct stmt *st, struct arena *a)
{
    return (struct return_photo){ col_id(st, 0), col_id(st, 1), col_text_copy(st, 2, a), col_int(st, 3), col_int(st, 4), col_int(st, 5), col_id(st, 6),
                                  col_text_copy(st, 7, a), col_instant(st, 8), col_id(st, 9) };
}

bool photos_of(struct db *db, rid return_id, struct arena *a, struct return_photo_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_id(&st, 1, return_id);
    while (db_row(&st))
        *return_photo_list_add(out, a) = read_row(&st, a);
    return db_ok(&st, err);
}

bool photo_get(struct db *db, rid return_id, rid id, struct arena *a, struct return_photo *out, str *bytes, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
    bind_id(&st, 1, id);
    bind_id(&st, 2, return_id);
    if (!db_row(&st))
        return db_ok(&st, err) && err_set(err, ERR_NOT_FOUND, "photo", "there is no such photo");
    *out   = read_row(&st, a);
    *bytes = col_bytes(&st, 10, a);
    return db_ok(&st, err);
}

bool photo_remove(struct db *db, rid return_id, rid id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REMOVE]);
    bind_id(&st, 1, id);
    bind_id(&st, 2, return_id);
    bool there = db_row(&st);
    return db_ok(&st, err) && (there || err_set(err, ERR_NOT_FOUND, "photo", "there is no such photo"));
}
