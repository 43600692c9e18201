/* People out of and into files, over HTTP. */
#include "orders/customers_http.h"

#include "base/phone.h"
#include "deadlines/shop.h"
#include "orders/people_export_flow.h"
#include "orders/people_import_flow.h"
#include "orders/transfer_http.h"

#define ITEMS_MAX 500                   /* of an import's answer */

/* Rights on files say that somebody may move much at once; those on people, that it may be people. */
static bool may_also(const struct request *rq, enum permission right, struct err *err)
{
    return permission_in(rq->who.permissions, right) ||
           err_set(err, ERR_FORBIDDEN, "", "this also needs the right %s", permission_names[right]);
}

/* ---- export ---- */

struct outflow {
    struct people_export x;
    struct people_filter filter;
    struct record_query  list;
    struct arena         arena;         /* of one page */
    str                  page;          /* what is left of it */
    bool                 more;
};

static int64_t outflow_read(void *ctx, char *into, size_t room, struct err *err)
{
    struct outflow *o = ctx;
    while (!o->page.len && o->more) {
        arena_reset(&o->arena);
        struct buf b = buf_in(&o->arena);
        if (!people_export_next(&o->x, &b, &o->more, err))
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
    people_export_end(&o->x);
    arena_done(&o->arena);
}

static bool rows_as_seen(void *ctx, struct customer *rows, int count, struct err *err)
{
    return customers_as_seen(ctx, rows, count, err);
}

/* Filters without what is only for the screen. */
static str filters_of(struct request *rq, str query)
{
    static const char *const screen[] = { "format", "sort", "limit", "after", "q", "view", NULL };
    struct buf b = buf_in(rq->work.arena);
    for (str rest = query, pair; rest.len && str_split(&rest, '&', &pair);) {
        str key = pair, name;
        str_split(&key, '=', &name);
        if (!name.len || name_find(screen, name) >= 0)
            continue;
        buf_add(&b, b.len ? STR("&") : STR(""));
        buf_add(&b, pair);
    }
    return buf_str(&b);
}

static bool export_get(struct request *rq, struct reply *rp, struct err *err)
{
    str             word = query_text(rq, "format"), query;
    struct outflow *o    = ARENA_NEW(rq->work.arena, struct outflow);
    struct row_view view = request_view(rq);
    bool            json = str_is(word, "jsonl");
    *o = (struct outflow){ .more = true };
    if (word.len && !json && !str_is(word, "csv"))
        return err_set(err, ERR_QUERY_INVALID, "format", "must be csv or jsonl");
    if (query_text(rq, "q").len)
        return err_set(err, ERR_QUERY_INVALID, "q", "what a search finds is not exported: use filters");
    if (!may_also(rq, PERM_CUSTOMERS_SEE, err) || !people_list_query(rq, &o->list, &query, err))
        return false;
    o->filter = (struct people_filter){ &o->list, filters_of(rq, query), rows_as_seen, rq };
    if (!people_export_start(&o->x, &rq->work, json ? PEOPLE_JSON : PEOPLE_CSV, &view, &o->filter, err))
        return false;
    struct civil day = zone_civil(rq->work.shop->zone, rq->work.now);
    rp->stream      = outflow_read;
    rp->stream_ctx  = o;
    rp->stream_done = outflow_done;
    rp->type        = json ? STR("application/jsonl") : STR("text/csv; charset=utf-8");
    reply_header(rp, rq, STR("Content-Disposition"),
                 str_print(rq->work.arena, "attachment; filename=\"customers-%04d-%02d-%02d.%s\"", day.year, day.month, day.day, json ? "jsonl" : "csv"));
    return true;
}

/* ---- import ---- */

struct answer { struct json_out j; struct buf buf; int items; };

static void told_row(void *ctx, const struct people_result *r)
{
    struct answer *a = ctx;
    if (r->fate == IMPORT_SAME || a->items++ >= ITEMS_MAX)
        return;
    json_begin(&a->j, NULL, '{');
    json_number(&a->j, "row", r->row->row);
    json_text(&a->j, "name", r->row->buyer.name);
    json_text(&a->j, "phone", r->row->buyer.phone.len ? r->row->buyer.phone : r->row->buyer.phone_raw);
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
    json_begin(&a->j, "problems", '[');
    for (int i = 0; i < r->row->troubles.count; i++) {
        json_begin(&a->j, NULL, '{');
        json_number(&a->j, "row", r->row->troubles.at[i].row);
        json_text_or_null(&a->j, "field", r->row->troubles.at[i].field);
        json_text(&a->j, "text", r->row->troubles.at[i].text);
        json_end(&a->j);
    }
    json_end(&a->j);
    json_end(&a->j);
}

static void texts_write(struct json_out *j, const char *key, const struct str_list *list)
{
    json_begin(j, key, '[');
    for (int i = 0; i < list->count; i++)
        json_text(j, NULL, list->at[i]);
    json_end(j);
}

static void outcome_write(struct json_out *j, const struct people_outcome *out, const struct answer *a, bool dry_run)
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
    texts_write(j, "headings", &out->sheet.headings);
    texts_write(j, "unknown_columns", &out->sheet.unknown);
    json_bool(j, "items_cut", a->items > ITEMS_MAX);
    json_raw(j, "items", buf_str(&a->buf));
    json_end(j);
}

static bool import_post(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const known[] = { "dry_run", "map", "name", NULL };
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct people_outcome out;
    struct answer         a = { .buf = buf_in(&arena) };

    for (str rest = rq->query, pair, key; rest.len && str_split(&rest, '&', &pair);)
        if (str_split(&pair, '=', &key) && key.len && name_find(known, key) < 0)
            return err_set(err, ERR_QUERY_INVALID, "query", "\"%.*s\" is not known here", STR_ARG(utf8_cut(key, 40)));
    /* A row may join or change any card: that is for who sees them all. */
    if (!may_also(rq, PERM_CUSTOMERS_MERGE, err) || !may_also(rq, PERM_CONTACTS_SEE, err))
        return false;
    if (rq->who.accounts_count)
        return err_set(err, ERR_FORBIDDEN, "", "who sees some accounts only cannot bring people");
    if (!rq->body.len)
        return err_set(err, ERR_BODY_SYNTAX, NULL, "the file is empty");
    str dry = query_text(rq, "dry_run"), name = query_text(rq, "name");
    a.j = json_out(&a.buf);
    json_begin(&a.j, NULL, '[');
    struct people_plan plan = {
        .bytes = rq->body, .file_name = name.len ? name : STR("(uploaded)"), .dry_run = dry.len && !str_is(dry, "0"),
        .options = { .map = query_text(rq, "map") }, .told = told_row, .ctx = &a,
    };
    if (!people_import(&rq->work, &plan, &out, err))
        return false;
    json_end(&a.j);
    struct json_out j = reply_json(rq, rp);
    outcome_write(&j, &out, &a, plan.dry_run);
    return true;
}

static const struct query_param export_params[] = {
    { "format", "csv (default) or jsonl" }, { "view", "and every other filter of the list of people" }, { 0 }
};
static const struct query_param import_params[] = {
    { "dry_run", "1: say what would change, change nothing" }, { "map", "our column = heading of the file, comma between: phone=Тел" },
    { "name", "of the file, for the list of imports" }, { 0 }
};
const struct route people_file_routes[] = {
    { HTTP_GET, "/api/export/customers", PERM_EXPORT, export_get, .query = export_params, .types = "text/csv application/jsonl", .tag = "Files",
      .doc = "People of a filter as CSV or JSON lines, streamed; masked by the rights of who asks" },
    { HTTP_POST, "/api/import/customers", PERM_IMPORT, import_post, .raw = true, .limit_bytes = IMPORT_BODY_BYTES_MAX, .query = import_params,
      .reply_schema = "PeopleImported", .tag = "Files", .doc = "People from the body: CSV or TSV, columns by their headings" },
    { 0 }
};
