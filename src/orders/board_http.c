/* The pipeline: columns of open orders, the moves between them, how long a stage takes. */
#include "deadlines/shop.h"
#include "orders/board.h"
#include "orders/board_flow.h"
#include "orders/board_store.h"
#include "orders/order_flow.h"
#include "orders/queue_http.h"

#include <stdlib.h>

#define CARDS_DEFAULT 50

struct board {
    struct request          *rq;
    struct queue_filter      filter;
    struct queue_scope       scope;
    struct row_view          view;
    struct column_count_list counts;
    struct board_limits      limits;
    struct str_list          channels;
};

static int64_t column_size(const struct board *b, const char *status)
{
    int64_t n = 0;
    for (int i = 0; i < b->counts.count; i++)
        n += str_is(b->counts.at[i].status, status) ? b->counts.at[i].n : 0;
    return n;
}

static void sums_write(struct json_out *j, const struct board *b, const char *status)
{
    json_begin(j, "sums", '[');
    for (int i = 0; i < b->counts.count; i++) {
        const struct column_count *c = &b->counts.at[i];
        if (!str_is(c->status, status) || !c->currency.len)
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "currency", c->currency);
        json_number(j, "count", c->n);
        if (b->view.prices)
            json_amount_text(j, "sum", c->total);
        else
            json_null(j, "sum");
        json_end(j);
    }
    json_end(j);
}

static instant oldest_of(const struct board *b, const char *status)
{
    instant oldest = { 0 };
    for (int i = 0; i < b->counts.count; i++) {
        const struct column_count *c = &b->counts.at[i];
        if (str_is(c->status, status) && (!instant_is_set(oldest) || c->oldest.ms < oldest.ms))
            oldest = c->oldest;
    }
    return oldest;
}

static bool column_write(struct json_out *j, const struct board *b, enum hub_status status, struct err *err)
{
    const char           *name = hub_status_names[status];
    int64_t               n    = column_size(b, name);
    struct queue_filter   f    = b->filter;
    struct queue_row_list rows = { 0 };
    bool                  more = false;

    f.statuses = BIT(status);
    if (n && !queue_rows(b->rq->work.db, &f, &b->scope, b->rq->work.arena, &rows, &more, err))
        return false;
    json_begin(j, NULL, '{');
    json_text(j, "status", str_of(name));
    json_number(j, "count", n);
    sums_write(j, b, name);
    json_instant(j, "oldest_at", oldest_of(b, name));
    if (b->limits.of[status])
        json_number(j, "limit", b->limits.of[status]);
    else
        json_null(j, "limit");
    json_begin(j, "items", '[');
    for (int i = 0; i < rows.count; i++)
        queue_row_write(j, NULL, &rows.at[i], &b->view);
    json_end(j);
    json_text_or_null(j, "next", more ? queue_cursor(b->rq->work.arena, &rows.at[rows.count - 1]) : STR(""));
    json_end(j);
    return true;
}

static const char *task_of(enum order_action action)
{
    return action == ACT_CONFIRM ? "begins" : action == ACT_READY || action == ACT_CANCEL ? "ends" : "none";
}

static void move_write(struct json_out *j, const struct board *b, enum hub_status from, enum hub_status to)
{
    struct board_move m = board_move(from, to, b->rq->who.permissions);
    json_begin(j, NULL, '{');
    json_text(j, "from", str_of(hub_status_names[from]));
    json_text(j, "to", str_of(hub_status_names[to]));
    json_text_or_null(j, "action", m.why == BOARD_MAY ? str_of(order_action_names[m.action]) : STR(""));
    json_text_or_null(j, "why", str_of(board_why_names[m.why]));
    json_begin(j, "tells", '[');
    for (int i = 0; m.why == BOARD_MAY && i < b->channels.count; i++)
        if (order_action_told(b->rq->work.shop, b->channels.at[i], m.action))
            json_text(j, NULL, b->channels.at[i]);
    json_end(j);
    json_text(j, "task", str_of(m.why == BOARD_MAY ? task_of(m.action) : "none"));
    json_end(j);
}

/* Every pair of columns, and cancelling, which is a place to drop on but no column. */
static void moves_write(struct json_out *j, const struct board *b)
{
    json_begin(j, "moves", '[');
    for (const enum hub_status *from = board_columns; *from != HUB_STATUS_COUNT; from++) {
        for (const enum hub_status *to = board_columns; *to != HUB_STATUS_COUNT; to++)
            if (*from != *to)
                move_write(j, b, *from, *to);
        move_write(j, b, *from, HUB_CANCELLED);
    }
    json_end(j);
}

static bool board_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct board b = { .rq = rq, .scope = request_scope(rq), .view = request_view(rq) };
    if (!request_filter(rq, rq->query, &b.filter, err))
        return false;
    b.filter.open_only = true;
    b.filter.sort      = SORT_URGENCY;
    if (b.filter.has_after)
        return err_set(err, ERR_QUERY_INVALID, "after", "columns go on with /api/queue");
    if (!query_has(rq, "limit"))
        b.filter.limit = CARDS_DEFAULT;
    if (!queue_columns(rq->work.db, &b.filter, &b.scope, rq->work.arena, &b.counts, err) ||
        !board_limits_load(rq->work.db, rq->work.arena, &b.limits, err) ||
        !shop_channels(rq->work.db, &b.scope, rq->work.arena, &b.channels, err))
        return false;

    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", rq->work.now);
    json_begin(&j, "columns", '[');
    for (const enum hub_status *s = board_columns; *s != HUB_STATUS_COUNT; s++)
        if (!column_write(&j, &b, *s, err))
            return false;
    json_end(&j);
    moves_write(&j, &b);
    json_end(&j);
    return true;
}

static int by_ms(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void stage_write(struct json_out *j, struct arena *a, const struct stage_time_list *times, enum hub_status status)
{
    int64_t *ms = ARENA_ARRAY(a, int64_t, times->count + 1);
    int      n  = 0;
    for (int i = 0; i < times->count; i++)
        if (str_is(times->at[i].status, hub_status_names[status]))
            ms[n++] = times->at[i].ms;
    if (!n)
        return;
    qsort(ms, (size_t)n, sizeof *ms, by_ms);
    json_begin(j, NULL, '{');
    json_text(j, "status", str_of(hub_status_names[status]));
    json_number(j, "median_s", ms[n / 2] / SECOND_MS);
    json_number(j, "orders", n);
    json_end(j);
}

static bool times_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_scope     scope = request_scope(rq);
    struct stage_time_list times = { 0 };
    int64_t                orders;
    if (!stage_times(rq->work.db, &scope, rq->work.arena, &times, &orders, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "orders", orders);
    json_begin(&j, "stages", '[');
    for (const enum hub_status *s = board_columns; *s != HUB_STATUS_COUNT; s++)
        stage_write(&j, rq->work.arena, &times, *s);
    json_end(&j);
    json_end(&j);
    return true;
}

static bool is_column(int status)
{
    for (const enum hub_status *s = board_columns; *s != HUB_STATUS_COUNT; s++)
        if ((int)*s == status)
            return true;
    return false;
}

static bool limits_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct board_limits limits = { 0 };
    bool                fine   = true;
    JSON_EACH(e, rq->json) {
        int     status = name_find(hub_status_names, e->key);
        int64_t n      = 0;
        if (!is_column(status))
            fine = err_add(err, "status", "\"%.*s\" is no column", STR_ARG(utf8_cut(e->key, 40)));
        else if (!json_is_null(e) && (!json_int(e, &n) || n < 1 || n > BOARD_LIMIT_MAX))
            fine = err_add(err, hub_status_names[status], "must be 1 to %d, or null for none", BOARD_LIMIT_MAX);
        else
            limits.of[status] = n;
    }
    if (!fine || !board_limits_save(&rq->work, &limits, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route board_routes[] = {
    { HTTP_GET, "/api/board", PERM_ORDERS_SEE, board_get, .reply_schema = "Board", .query = queue_filters, .tag = "orders",
      .doc = "The pipeline: open orders by status, the most urgent cards of each column, the moves between columns" },
    { HTTP_GET, "/api/board/times", PERM_ORDERS_SEE, times_get, .reply_schema = "BoardTimes", .tag = "orders",
      .doc = "How long orders stay in a column: the median over the newest orders" },
    { HTTP_PUT, "/api/board/limits", PERM_SETTINGS, limits_put, .json = true, .tag = "orders",
      .doc = "How many cards a column should hold, by status; what is left out has no limit" },
    { .method = HTTP_NONE },
};
