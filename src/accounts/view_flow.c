#include "accounts/view_flow.h"

#include "accounts/audit.h"

struct viewing {
    struct work *w;
    struct view *io;
    const struct view_edit *e;
};

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct viewing *v = ctx;
    int64_t n;
    if (!views_count(db, v->io->owner_id, &n, err))
        return false;
    if (n >= VIEWS_MAX)
        return err_set(err, ERR_LIMIT, "", "at most %d views", VIEWS_MAX);
    return record_insert(db, &view_record, v->io, err) &&
           audit_write(db, v->w, STR("view.create"), STR("view"), v->io->id, (str){ 0 },
                       audit_json(v->w->arena, &view_record, v->io), err);
}

bool view_create(struct work *w, struct view *io, struct err *err)
{
    struct viewing v = { .w = w, .io = io };
    io->id = work_id(w);
    io->owner_id = w->actor.id;
    io->version = 1;
    io->created_at = io->updated_at = w->now;
    return db_tx(w->db, create_tx, &v, err);
}

static bool view_mine(struct db *db, const struct viewing *v, struct view *out, struct err *err)
{
    if (!record_get(db, &view_record, v->e->id, v->w->arena, out, err))
        return false;
    bool is_mine = v->e->any || id_eq(out->owner_id, v->e->user_id);
    return (is_mine && str_eq(out->screen, v->e->screen)) ||
           err_set(err, ERR_NOT_FOUND, "id", "there is no such view of yours");
}

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct viewing *v = ctx;
    struct view old = { 0 };
    uint64_t set = 0;
    if (!view_mine(db, v, &old, err))
        return false;
    struct view now = old;
    *v->io = old;
    if (v->e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!record_read_json(&view_record, v->e->json, READ_UPDATE, v->w->arena, &now, &set, err))
        return false;
    now.updated_at = v->w->now;
    set |= UINT64_C(1) << (record_field(&view_record, STR("updated_at")) - view_record.fields);
    if (!record_update(db, &view_record, &now, set, err))
        return false;
    now.version++;
    *v->io = now;
    return audit_write(db, v->w, STR("view.edit"), STR("view"), now.id,
                       audit_json(v->w->arena, &view_record, &old),
                       audit_json(v->w->arena, &view_record, &now), err);
}

bool view_change(struct work *w, const struct view_edit *e, struct view *out, struct err *err)
{
    struct viewing v = { w, out, e };
    return db_tx(w->db, change_tx, &v, err);
}

static bool remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct viewing *v = ctx;
    struct view old = { 0 };
    return view_mine(db, v, &old, err) &&
           record_delete(db, &view_record, old.id, v->e->version ? v->e->version : old.version, err) &&
           audit_write(db, v->w, STR("view.delete"), STR("view"), old.id,
                       audit_json(v->w->arena, &view_record, &old), (str){ 0 }, err);
}

bool view_remove(struct work *w, const struct view_edit *e, struct err *err)
{
    struct viewing v = { .w = w, .e = e };
    return db_tx(w->db, remove_tx, &v, err);
}
