/* Photos of what came back: sent as they are, kept without what a camera writes beside them, shown to who may see the return. */
#include "accounts/audit.h"
#include "net/address.h"
#include "returns/media_store.h"
#include "returns/photo.h"
#include "returns/photo_store.h"
#include "returns/return_http.h"

#define PHOTOS_MAX 30                   /* of one return */

static bool row_seen(struct request *rq, rid *id, struct return_row *row, struct err *err)
{
    struct return_scope    scope = request_return_scope(rq);
    struct return_row_list rows  = { 0 };
    if (!path_id(rq, "id", id, err) || !return_rows_by_ids(rq->work.db, id, 1, &scope, rq->work.arena, &rows, err))
        return false;
    if (!rows.count)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
    *row = rows.at[0];
    return true;
}

static void write_photo(struct json_out *j, const char *key, const struct return_photo *p)
{
    json_begin(j, key, '{');
    json_id(j, "id", p->id);
    json_text(j, "type", p->type);
    json_number(j, "width", p->width);
    json_number(j, "height", p->height);
    json_number(j, "size", p->size);
    json_bool(j, "by_buyer", id_is_set(p->media_id));
    json_text(j, "by_name", p->by_name);
    json_instant(j, "at", p->at);
    json_end(j);
}

struct adding { struct work *w; struct return_photo row; str bytes; };

static bool add_tx(struct db *db, void *ctx, struct err *err)
{
    struct adding           *k    = ctx;
    struct return_photo_list list = { 0 };
    if (!photos_of(db, k->row.return_id, k->w->arena, &list, err))
        return false;
    int ours = 0;
    for (int i = 0; i < list.count; i++)
        ours += !id_is_set(list.at[i].media_id);
    if (ours >= PHOTOS_MAX)
        return err_set(err, ERR_LIMIT, "body", "a return has at most %d photos", PHOTOS_MAX);
    return photo_insert(db, &k->row, k->bytes, err) && audit_write(db, k->w, STR("return.photo"), STR("return"), k->row.return_id, STR(""), STR(""), err);
}

/* Reading the picture needs no database. */
static bool photo_first(struct request *rq, struct err *err)
{
    struct photo *p = ARENA_NEW(rq->work.arena, struct photo);
    rq->ready       = p;
    return photo_read(rq->work.arena, rq->body, p, err);
}

static bool photo_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct photo *p = rq->ready;
    struct return_row   row;
    rid                 id;
    if (!permission_in(rq->who.permissions, PERM_RETURNS_INSPECT) && !permission_in(rq->who.permissions, PERM_RETURNS_CREATE))
        return err_set(err, ERR_FORBIDDEN, "", "this needs the right \"%s\"", permission_names[PERM_RETURNS_INSPECT]);
    if (!row_seen(rq, &id, &row, err))
        return false;
    struct adding k = { &rq->work,
                        { .id = work_id(&rq->work), .return_id = id, .type = str_of(p->type), .width = p->width, .height = p->height,
                          .size = (int64_t)p->bytes.len, .by_id = rq->work.actor.id, .by_name = rq->work.actor.name, .at = rq->work.now },
                        p->bytes };
    if (!db_tx(rq->work.db, add_tx, &k, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    rp->status        = REPLY_CREATED;
    write_photo(&j, NULL, &k.row);
    return true;
}

/* What is not here: an address, when it may be opened by whoever looks. One on a strange host is named and no more. */
static void write_media(struct json_out *j, const struct return_media *m)
{
    json_begin(j, NULL, '{');
    json_id(j, "id", m->id);
    json_text(j, "kind", m->is_video ? STR("video") : STR("photo"));
    json_text(j, "state", str_of(media_state_names[m->state]));
    json_text(j, "host", url_host(m->url));
    json_text_or_null(j, "url", str_is(m->problem, "media.host") ? STR("") : m->url);
    json_text(j, "problem", m->problem);
    json_end(j);
}

static bool photos_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_photo_list list  = { 0 };
    struct return_media_list media = { 0 };
    struct return_row        row;
    rid                      id;
    if (!row_seen(rq, &id, &row, err) || !photos_of(rq->work.db, id, rq->work.arena, &list, err) ||
        !media_of(rq->work.db, id, rq->work.arena, &media, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++)
        write_photo(&j, NULL, &list.at[i]);
    json_end(&j);
    json_begin(&j, "links", '[');
    for (int i = 0; i < media.count; i++)
        if (media.at[i].state != MEDIA_HERE)
            write_media(&j, &media.at[i]);
    json_end(&j);
    json_end(&j);
    return true;
}

/* A photo never changes, so a browser keeps it; nobody else may. It is shown as what it is and as nothing else. */
static bool photo_show(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_photo p;
    struct return_row   row;
    rid                 id, photo;
    str                 bytes;
    if (!row_seen(rq, &id, &row, err) || !path_id(rq, "photo", &photo, err) ||
        !photo_get(rq->work.db, id, photo, rq->work.arena, &p, &bytes, err))
        return false;
    rp->type = p.type;
    rp->body = buf_in(rq->work.arena);
    buf_add(&rp->body, bytes);
    reply_header(rp, rq, STR("Cache-Control"), STR("private, max-age=86400"));
    return true;
}

struct removing { struct work *w; rid id, photo; };

static bool remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct removing *k = ctx;
    return photo_remove(db, k->id, k->photo, err) && audit_write(db, k->w, STR("return.photo_removed"), STR("return"), k->id, STR(""), STR(""), err);
}

static bool photo_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct removing   k = { .w = &rq->work };
    struct return_row row;
    if (!row_seen(rq, &k.id, &row, err) || !path_id(rq, "photo", &k.photo, err) || !db_tx(rq->work.db, remove_tx, &k, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route photo_routes[] = {
    { HTTP_GET, "/api/returns/{id}/photos", PERM_RETURNS_SEE, photos_get, .reply_schema = "ReturnPhotos", .tag = "returns",
      .doc = "Photos of the buyer and those that were taken of what came back" },
    { HTTP_POST, "/api/returns/{id}/photos", PERM_RETURNS_SEE, photo_post, .first = photo_first, .raw = true, .limit_bytes = PHOTO_BYTES_MAX,
      .reply_schema = "ReturnPhoto", .tag = "returns",
      .doc = "Add a photo: the body is a JPEG, PNG or WebP file; needs the right to inspect or to create" },
    { HTTP_GET, "/api/returns/{id}/photos/{photo}", PERM_RETURNS_SEE, photo_show, .types = "image/jpeg image/png image/webp", .tag = "returns", .doc = "The picture itself" },
    { HTTP_DELETE, "/api/returns/{id}/photos/{photo}", PERM_RETURNS_DECIDE, photo_delete, .tag = "returns", .doc = "Take a photo away" },
    { .method = HTTP_NONE },
};
