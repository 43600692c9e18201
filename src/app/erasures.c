#include "app/erasures.h"

#include "base/json_read.h"
#include "orders/erase_flow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 << 20)

static const char *path_of(const struct app *app, struct arena *a)
{
    return str_zero(a, str_print(a, "%.*s/erased.jsonl", STR_ARG(app->config->home)));
}

static bool file_read(const struct app *app, struct arena *a, struct erasure_list *out, struct err *err)
{
    const char *path = path_of(app, a);
    struct buf  b    = buf_in(a);
    FILE       *f    = fopen(path, "rbe");
    if (!f)
        return errno == ENOENT || err_set(err, ERR_FILE, NULL, "cannot read %s", path);
    for (size_t n = 1; n && b.len < FILE_MAX;) {
        char *at = buf_reserve(&b, 65536);
        n = fread(at, 1, 65536, f);
        b.len += n;
    }
    fclose(f);
    str rest = buf_str(&b), line;
    while (str_split(&rest, '\n', &line)) {
        const struct json *j;
        struct erasure     e = { 0 };
        struct err         skip = { 0 };
        if (!line.len || !json_read(a, line, 1 << 20, &j, &skip) || !id_parse(json_str(json_get(j, "id")), &e.id))
            continue;                   /* the last line may be torn: it is written again from the database */
        e.customers      = json_str(json_get(j, "customers"));
        e.sources        = json_str(json_get(j, "sources"));
        e.actor_kind     = json_str(json_get(j, "actor_kind"));
        e.actor_name     = json_str(json_get(j, "actor_name"));
        e.reason         = json_str(json_get(j, "reason"));
        e.asked_name     = json_str(json_get(j, "asked_name"));
        e.do_not_contact = json_true(json_get(j, "do_not_contact"));
        if (!instant_parse(json_str(json_get(j, "at")), &e.at))
            e.at = (instant){ 0 };
        *erasure_list_add(out, a) = e;
    }
    return true;
}

static bool has(const struct erasure_list *list, rid id)
{
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].id, id))
            return true;
    return false;
}

static bool stored_read(struct db *db, struct arena *a, struct erasure_list *out, struct err *err)
{
    int before = -1;
    while (before != out->count) {
        before = out->count;
        rid after = out->count ? out->at[out->count - 1].id : (rid){ 0 };
        if (!erasures_after(db, after, 1000, a, out, err))
            return false;
    }
    return true;
}

static bool file_add(const struct app *app, struct arena *a, const struct erasure_list *all, const struct erasure_list *kept, struct err *err)
{
    struct buf b = buf_in(a);
    for (int i = 0; i < all->count; i++) {
        const struct erasure *e = &all->at[i];
        if (has(kept, e->id))
            continue;
        struct json_out j = json_out(&b);
        json_begin(&j, NULL, '{');
        json_id(&j, "id", e->id);
        json_instant(&j, "at", e->at);
        json_text(&j, "actor_kind", e->actor_kind);
        json_text(&j, "actor_name", e->actor_name);
        json_text(&j, "customers", e->customers);
        json_text(&j, "sources", e->sources);
        json_text(&j, "reason", e->reason);
        json_text(&j, "asked_name", e->asked_name);
        json_bool(&j, "do_not_contact", e->do_not_contact);
        json_end(&j);
        buf_add_char(&b, '\n');
    }
    if (!b.len)
        return true;
    const char *path = path_of(app, a);
    int  fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, b.at, b.len) == (ssize_t)b.len && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok || err_set(err, ERR_FILE, NULL, "cannot write %s", path);
}

bool erasures_keep(const struct app *app, struct db *db, struct arena *a, struct err *err)
{
    struct erasure_list stored = { 0 }, kept = { 0 };
    return stored_read(db, a, &stored, err) && (!stored.count || (file_read(app, a, &kept, err) && file_add(app, a, &stored, &kept, err)));
}

bool erasures_settle(struct app *app, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct erasure_list stored = { 0 }, kept = { 0 };
    struct work w;
    app_work(app, &arena, &w);
    bool ok = stored_read(w.db, &arena, &stored, err) && file_read(app, &arena, &kept, err);
    for (int i = 0; ok && i < kept.count; i++)
        if (!has(&stored, kept.at[i].id))
            ok = customer_erase_again(&w, &kept.at[i], err);
    ok = ok && file_add(app, &arena, &stored, &kept, err);
    app_work_done(&w);
    return ok;
}
