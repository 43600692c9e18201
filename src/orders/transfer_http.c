#include "orders/transfer_http.h"

#include "accounts/audit.h"
#include "deadlines/shop.h"
#include "orders/export_flow.h"
#include "orders/import_flow.h"
#include "orders/queue_http.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define ITEMS_MAX 500                   /* of an import's answer */

/* ---- export ---- */

struct outflow {
    struct export *x;
    struct arena   arena;               /* of one page */
    str            page;                /* what is left of it */
    bool           more;
    int            fd;                  /* of a spreadsheet; -1: none */
};

static int64_t outflow_read(void *ctx, char *into, size_t room, struct err *err)
{
    struct outflow *o = ctx;
    if (o->fd >= 0) {
        ssize_t n = read(o->fd, into, room);
        if (n < 0)
            err_set(err, ERR_FILE, NULL, "the spreadsheet cannot be read: %s", strerror(errno));
        return n;
    }
    while (!o->page.len && o->more) {
        arena_reset(&o->arena);
        struct buf b = buf_in(&o->arena);
        if (!export_next(o->x, &b, &o->more, err))
            return -1;
        o->page = buf_str(&b);
    }
    size_t n = o->page.len < room ? o->page.len : room;
    memcpy(into, o->page.at ? o->page.at : "", n);
    o->page = str_sub(o->page, n, SIZE_MAX);
    return (int64_t)n;
}

static void outflow_done(void *ctx)
{
    struct outflow *o = ctx;
    export_end(o->x);
    arena_done(&o->arena);
    if (o->fd >= 0)
        close(o->fd);
    o->fd = -1;
}

static bool sheet_make(struct outflow *o, struct err *err)
{
    char path[64];
    o->fd = memfd_create("sauda-export", MFD_CLOEXEC);
    if (o->fd < 0)
        return err_set(err, ERR_FILE, NULL, "no room for a spreadsheet: %s", strerror(errno));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", o->fd);
    if (!export_xlsx(o->x, path, err))
        return false;
    return lseek(o->fd, 0, SEEK_SET) == 0 || err_set(err, ERR_FILE, NULL, "the spreadsheet cannot be read");
}

struct told { const struct request *rq; str format; };

static bool export_audit(struct db *db, void *ctx, struct err *err)
{
    const struct told *t = ctx;
    struct buf      b = buf_in(t->rq->work.arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "format", t->format);
    json_text(&j, "filter", t->rq->query);
    json_end(&j);
    return audit_write(db, &t->rq->work, STR("orders.export"), STR("orders"), (rid){ 0 }, (str){ 0 }, buf_str(&b), err);
}

static bool export_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct export_plan plan = { .filter_text = rq->query, .scope = request_scope(rq), .view = request_view(rq) };
    str  word = query_text(rq, "format");
    int  n    = name_find(export_format_names, word.len ? word : STR("csv"));
    if (n < 0)
        return err_set(err, ERR_QUERY_INVALID, "format", "must be csv, xlsx or jsonl");
    plan.format = (enum export_format)n;
    if (!request_filter(rq, rq->query, &plan.filter, err))
        return false;
    struct told told = { rq, str_of(export_format_names[n]) };
    if (!db_tx(rq->work.db, export_audit, &told, err))
        return false;
    struct outflow *o = ARENA_NEW(rq->work.arena, struct outflow);
    *o = (struct outflow){ .more = true, .fd = -1 };
    if (!export_start(&rq->work, &plan, &o->x, err))
        return false;
    rp->stream      = outflow_read;
    rp->stream_ctx  = o;
    rp->stream_done = outflow_done;
    rp->type        = str_of(export_types[n]);
    struct civil day = zone_civil(rq->work.shop->zone, rq->work.now);
    reply_header(rp, rq, STR("Content-Disposition"),
                 str_print(rq->work.arena, "attachment; filename=\"orders-%04d-%02d-%02d.%s\"", day.year, day.month, day.day,
                           export_format_names[n]));
    return plan.format != EXPORT_XLSX || sheet_make(o, err);
}

/* ---- import ---- */

struct answer { struct json_out j; struct buf buf; int items; };

static void troubles_write(struct json_out *j, const struct import_order *o)
{
    json_begin(j, "problems", '[');
    for (int i = 0; i < o->troubles.count; i++) {
        json_begin(j, NULL, '{');
        json_number(j, "row", o->troubles.at[i].row);
        json_text_or_null(j, "field", o->troubles.at[i].field);
        json_text(j, "text", o->troubles.at[i].text);
        json_end(j);
    }
    json_end(j);
}

static void told_order(void *ctx, const struct import_result *r)
{
    struct answer *a = ctx;
    if (r->fate == IMPORT_SAME || a->items++ >= ITEMS_MAX)
        return;
    json_begin(&a->j, NULL, '{');
    json_number(&a->j, "row", r->order->row);
    json_text(&a->j, "number", r->order->draft.number);
    json_text(&a->j, "fate", str_of(import_fate_names[r->fate]));
    json_begin(&a->j, "changes", '[');
    for (int i = 0; i < r->diffs.count; i++) {
        json_begin(&a->j, NULL, '{');
        json_text(&a->j, "field", r->diffs.at[i].field);
        json_text(&a->j, "before", r->diffs.at[i].before);
        json_text(&a->j, "after", r->diffs.at[i].after);
        json_end(&a->j);
    }
    json_end(&a->j);
    troubles_write(&a->j, r->order);
    json_end(&a->j);
}

/* Spreadsheets are read from a path: the body becomes a nameless file. */
static bool body_file(str body, char path[64], int *fd, struct err *err)
{
    *fd = memfd_create("sauda-import", MFD_CLOEXEC);
    if (*fd < 0)
        return err_set(err, ERR_FILE, NULL, "no room for the file: %s", strerror(errno));
    (void)snprintf(path, 64, "/proc/self/fd/%d", *fd);
    for (size_t done = 0; done < body.len;) {
        ssize_t n = write(*fd, body.at + done, body.len - done);
        if (n <= 0)
            return err_set(err, ERR_FILE, NULL, "no room for the file: %s", strerror(errno));
        done += (size_t)n;
    }
    return true;
}

static void outcome_write(struct json_out *j, const struct import_outcome *out, const struct answer *a, bool dry_run)
{
    json_begin(j, NULL, '{');
    json_id(j, "id", out->job_id);
    json_bool(j, "dry_run", dry_run);
    json_begin(j, "account", '{');
    json_id(j, "id", out->account.id);
    json_text(j, "name", out->account.name);
    json_text(j, "channel", out->account.channel);
    json_end(j);
    for (int i = 0; i < IMPORT_FATE_COUNT; i++)
        json_number(j, import_fate_names[i], out->fates[i]);
    json_number(j, "rows", out->sheet.rows);
    json_begin(j, "unknown_columns", '[');
    for (int i = 0; i < out->sheet.unknown.count; i++)
        json_text(j, NULL, out->sheet.unknown.at[i]);
    json_end(j);
    json_bool(j, "items_cut", a->items > ITEMS_MAX);
    json_raw(j, "items", buf_str(&a->buf));
    json_end(j);
}

static bool import_post(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const known[] = { "dry_run", "account", "map", "name", NULL };
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct import_outcome out;
    struct answer a = { .buf = buf_in(&arena) };
    char  path[64] = "";
    int   fd = -1;

    for (str rest = rq->query, pair, key; rest.len && str_split(&rest, '&', &pair);)
        if (str_split(&pair, '=', &key) && key.len && name_find(known, key) < 0)
            return err_set(err, ERR_QUERY_INVALID, "query", "\"%.*s\" is not known here", STR_ARG(utf8_cut(key, 40)));
    if (!rq->body.len)
        return err_set(err, ERR_BODY_SYNTAX, NULL, "the file is empty");
    str dry = query_text(rq, "dry_run"), name = query_text(rq, "name");
    a.j = json_out(&a.buf);
    json_begin(&a.j, NULL, '[');
    struct import_plan plan = {
        .bytes = rq->body, .path = path, .file_name = name.len ? name : STR("(uploaded)"), .account = query_text(rq, "account"),
        .dry_run = dry.len && !str_is(dry, "0"), .options = { .map = query_text(rq, "map") }, .accounts = rq->who.accounts,
        .accounts_count = rq->who.accounts_count, .told = told_order, .ctx = &a,
    };
    bool ok = (import_format_of(rq->body) != IMPORT_XLSX || body_file(rq->body, path, &fd, err)) &&
              import_orders(&rq->work, &plan, &out, err);
    if (fd >= 0)
        close(fd);
    if (!ok)
        return false;
    json_end(&a.j);
    struct json_out j = reply_json(rq, rp);
    outcome_write(&j, &out, &a, plan.dry_run);
    return true;
}

static bool import_in_scope(struct request *rq, rid id, struct err *err)
{
    struct import_job job = { 0 };
    bool allowed = rq->who.accounts_count == 0;
    if (allowed)
        return true;
    if (!record_get(rq->work.db, &import_job_record, id, rq->work.arena, &job, err))
        return false;
    for (int i = 0; i < rq->who.accounts_count; i++)
        allowed |= id_eq(rq->who.accounts[i], job.account_id);
    return allowed || err_set(err, ERR_NOT_FOUND, "import", "there is no such import");
}

static bool undo_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct import_undone undone;
    rid id;
    if (!path_id(rq, "id", &id, err) || !import_in_scope(rq, id, err) || !import_undo(&rq->work, id, &undone, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "removed", undone.removed);
    json_number(&j, "restored", undone.restored);
    json_number(&j, "kept", undone.kept);
    json_end(&j);
    return true;
}

static const struct query_param export_params[] = {
    { "format", "csv (default), xlsx or jsonl" }, { "status", "and every other filter of the list of orders" }, { 0 }
};
static const struct query_param import_params[] = {
    { "dry_run", "1: say what would change, change nothing" }, { "account", "name or id; empty: orders by hand" },
    { "map", "our column = heading of the file, comma between: number=Заказ" }, { "name", "of the file, for the list of imports" }, { 0 }
};
const struct route transfer_routes[] = {
    { HTTP_GET, "/api/export/orders", PERM_EXPORT, export_get, .query = export_params,
      .types = "text/csv application/x-ndjson application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", .tag = "Files",
      .doc = "All orders of a filter as CSV, XLSX or JSON lines, streamed; masked by the rights of who asks" },
    { HTTP_POST, "/api/import/orders", PERM_IMPORT, import_post, .raw = true, .limit_bytes = IMPORT_BODY_BYTES_MAX,
      .query = import_params, .tag = "Files", .doc = "Orders from the body: CSV, XLSX or JSON lines" },
    { HTTP_POST, "/api/imports/{id}/undo", PERM_IMPORT, undo_post, .tag = "Files",
      .doc = "Removes what an import added, restores what it changed, leaves what was touched since" },
    { 0 }
};
