#include "app/rekey.h"

#include "accounts/audit.h"
#include "app/rekey_store.h"
#include "base/buf.h"
#include "base/crash.h"
#include "base/json_write.h"
#include "deadlines/shop_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define SETTING STR("key_mark")

/* Tells keys apart and tells nothing of them. */
static str mark_of(struct arena *a, const struct secret_key *key)
{
    str hash = secret_hmac_sha256(a, (str){ (const char *)key->bytes, sizeof key->bytes }, STR("sauda key mark"), (str){ 0 });
    return str_sub(secret_digest(a, hash), 0, 16);
}

static char *beside(struct arena *a, const char *path, str ending)
{
    return str_zero(a, str_print(a, "%s.%.*s", path, STR_ARG(ending)));
}

static bool folder_sync(struct arena *a, const char *path, struct err *err)
{
    char *folder = str_zero(a, str_of(path)), *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = 0;
    int  fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int  why = errno;
    if (fd >= 0)
        close(fd);
    return ok || err_set(err, ERR_FILE, NULL, "cannot flush the folder of %s: %s", path, strerror(why));
}

/* May be done again after dying anywhere in it. */
static bool files_change(struct arena *a, const char *path, str old_mark, str *kept, struct err *err)
{
    char *old = beside(a, path, old_mark), *next = beside(a, path, STR("next"));
    if (link(path, old) != 0 && errno != EEXIST)
        return err_set(err, ERR_FILE, NULL, "cannot keep the key of before as %s: %s", old, strerror(errno));
    if (rename(next, path) != 0)
        return err_set(err, ERR_FILE, NULL, "cannot put the new key in its place, %s: %s", path, strerror(errno));
    *kept = str_of(old);
    return folder_sync(a, path, err);
}

bool rekey_settle(struct db_pool *pool, const char *path, struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct secret_key now, next;
    str  meant = { 0 }, kept;
    char *beside_it = beside(&a, path, STR("next"));
    if (access(path, F_OK) != 0 || access(beside_it, F_OK) != 0)
        return true;
    if (!setting_get(db, SETTING, &a, &meant, err) || !secret_key_load(path, false, &now, err) || !secret_key_load(beside_it, false, &next, err))
        return false;
    bool is_next = meant.len && str_eq(meant, mark_of(&a, &next));
    return !is_next || files_change(&a, path, mark_of(&a, &now), &kept, err);
}

struct change { struct work *w; struct secret_key from, to; struct rekeyed *out; };

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct change  *c = ctx;
    struct arena   *a = c->w->arena;
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "key", mark_of(a, &c->to));
    json_end(&j);
    if (!rekey_rows(db, a, &c->from, &c->to, &c->out->count, err) || !setting_set(db, SETTING, mark_of(a, &c->to), err) ||
        !audit_write(db, c->w, STR("settings.key_rotate"), STR("settings"), (rid){ 0 }, (str){ 0 }, buf_str(&b), err))
        return false;
    crash_point("key.sealed");
    return true;
}

bool rekey(struct work *w, struct db_pool *pool, const char *path, struct rekeyed *out, struct err *err)
{
    struct change c = { .w = w, .out = out };
    if (!rekey_settle(pool, path, err) || !secret_key_load(path, false, &c.from, err) ||
        !secret_key_load(beside(w->arena, path, STR("next")), true, &c.to, err) || !db_tx(w->db, change_tx, &c, err))
        return false;
    crash_point("key.changed");
    return files_change(w->arena, path, mark_of(w->arena, &c.from), &out->kept, err);
}
