#include "accounts/api_key_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "base/secret.h"

#define KEY_BYTES 32

struct keying {
    struct work *w;
    struct api_key *k;
    rid id;
};

static str key_audit(struct arena *a, const struct api_key *k)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    api_key_write(&j, NULL, k, (str){ 0 });
    return buf_str(&b);
}

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct keying *m = ctx;
    return record_insert(db, &api_key_record, m->k, err) &&
           audit_write(db, m->w, STR("key.create"), STR("key"), m->k->id, (str){ 0 },
                       key_audit(m->w->arena, m->k), err);
}

bool api_key_create(struct work *w, const struct grantor *by, struct api_key *io, str *secret,
                    struct err *err)
{
    struct keying m = { .w = w, .k = io };
    if (!io->scopes.len)
        return err_add(err, "scopes", "must name at least one right");
    if (!grant_check(by, "scopes", bits_read(permission_names, io->scopes), w->arena, io->accounts, err))
        return false;
    str made = str_print(w->arena, API_KEY_PREFIX "%.*s", STR_ARG(secret_token(w->arena, KEY_BYTES)));
    io->id = work_id(w);
    io->name = str_trim(io->name);
    io->digest = secret_digest(w->arena, made);
    io->created_by = w->actor.id;
    io->created_at = w->now;
    if (!db_tx(w->db, create_tx, &m, err))
        return false;
    *secret = made;
    return true;
}

static bool revoke_tx(struct db *db, void *ctx, struct err *err)
{
    struct keying *m = ctx;
    struct api_key old = { 0 };
    return record_get(db, &api_key_record, m->id, m->w->arena, &old, err) &&
           api_key_revoke_row(db, m->id, m->w->now, err) &&
           audit_write(db, m->w, STR("key.revoke"), STR("key"), m->id, key_audit(m->w->arena, &old),
                       (str){ 0 }, err);
}

bool api_key_revoke(struct work *w, rid id, struct err *err)
{
    struct keying m = { .w = w, .id = id };
    return db_tx(w->db, revoke_tx, &m, err);
}

static bool touch_tx(struct db *db, void *ctx, struct err *err)
{
    struct keying *m = ctx;
    return api_key_used(db, m->id, m->w->now, err);
}

void api_key_touch(struct work *w, rid id)
{
    struct err ignored = { 0 };
    struct keying m = { .w = w, .id = id };
    if (!db_tx(w->db, touch_tx, &m, &ignored))
        err_clear(&ignored); /* a full disk must not keep programs from reading */
}
