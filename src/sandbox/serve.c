/* serve.c - one request to a market: faults first, then the market's door (key, limits), its rules for the
 * body, its method.
 *
 * What a method reports by ask_heard is journalled with the status of the reply before the reply leaves.
 */
#include "sandbox/market.h"

#include <time.h>

const struct market_def *const market_defs[MARKET_COUNT] = {
    [MARKET_KASPI] = &kaspi_market, [MARKET_WB] = &wb_market, [MARKET_OZON] = &ozon_market,
};

static const struct op *op_of(const struct market_def *m, const struct request *rq)
{
    const char *path = rq->route->path + strlen(m->prefix);
    for (const struct op *op = m->ops; op->method != HTTP_NONE; op++)
        if (op->method == rq->method && strcmp(op->path, path) == 0)
            return op;
    return NULL;
}

const struct route *market_routes(struct sandbox *sb)
{
    int count = 0;
    for (int m = 0; m < MARKET_COUNT; m++)
        for (const struct op *op = market_defs[m]->ops; op->method != HTTP_NONE; op++)
            count++;
    struct route *routes = ARENA_ARRAY(&sb->arena, struct route, count + 1), *r = routes;
    for (int m = 0; m < MARKET_COUNT; m++)
        for (const struct op *op = market_defs[m]->ops; op->method != HTTP_NONE; op++, r++) {
            str path = str_print(&sb->arena, "%s%s", market_defs[m]->prefix, op->path);
            *r = (struct route){ .method = op->method,
                                 .path = str_zero(&sb->arena, path),
                                 .permission = PERM_PUBLIC,
                                 .run = market_serve,
                                 .raw = true,
                                 .no_csrf = true,
                                 .limit_bytes = 1 << 20,
                                 .doc = "as the marketplace describes it",
                                 .tag = market_names[m] };
        }
    return routes;
}

enum market ask_market(const struct ask *a)
{
    return a->market == &kaspi_market ? MARKET_KASPI : a->market == &wb_market ? MARKET_WB : MARKET_OZON;
}

str ask_header(const struct ask *a, const char *name)
{
    return http_header_get(&a->rq->headers, name);
}

void ask_heard(struct ask *a, const char *op, str order_id, bool applied, str detail)
{
    struct mheard *h = mheard_list_add(&a->heard, a->arena);
    *h = (struct mheard){ .market = ask_market(a), .op = str_of(op), .order_id = utf8_cut(order_id, 500),
                          .detail = utf8_cut(detail, 500), .at = a->now, .applied = applied };
}

/* Copies what was heard into the sandbox's memory and its journal. */
static void heard_keep(struct ask *a)
{
    for (int i = 0; i < a->heard.count; i++) {
        struct mheard *h = mheard_list_add(&a->sb->heard, &a->sb->arena);
        *h = a->heard.at[i];
        h->op = str_copy(&a->sb->arena, h->op);
        h->order_id = str_copy(&a->sb->arena, h->order_id);
        h->detail = str_copy(&a->sb->arena, h->detail);
        h->status = a->rp->status ? a->rp->status : REPLY_OK;
        journal_heard(a->sb, h);
    }
}

static bool body_read(struct ask *a)
{
    if (!a->op->rules && a->rq->method == HTTP_GET)
        return true;
    struct err err = { 0 };
    if (a->rq->body.len && !json_read(a->arena, a->rq->body, 1 << 20, &a->body, &err)) {
        a->market->refuse(a, 400, "syntax", str_zero(a->arena, err_line(a->arena, &err)));
        return false;
    }
    if (!a->op->rules)
        return true;
    str where;
    bool missing = false;
    const struct rule *broken = a->body && a->body->kind == JSON_OBJECT
                                    ? rules_broken(a->op->rules, a->body, a->arena, &where, &missing)
                                    : a->op->rules;
    if (!broken)
        return true;
    if (!a->body || a->body->kind != JSON_OBJECT)
        where = (str){ 0 };
    a->market->refuse(a, 400, missing ? "missing" : "value",
                      broken->text ? broken->text : str_zero(a->arena, where));
    return false;
}

/* The door, the limits, the body, the method. */
static void market_answer(struct ask *a)
{
    if (!a->op->run) {
        a->market->retired(a);
        return;
    }
    if (!a->op->open && !a->market->admit(a))
        return;
    struct bucket *b = NULL;
    if (!a->op->open && a->sb->limits_on && a->market->buckets) {
        b = bucket_of(a->sb, &a->market->buckets[a->op->bucket], a->account, a->now);
        if (!bucket_take(b, 1)) {
            a->market->limited(a, b, bucket_wait_ms(b, a->now));
            return;
        }
    }
    if (body_read(a))
        a->op->run(a);
    if (b) {
        if (a->rp->status >= 400 && a->rp->status < 500 && b->def->penalty)
            b->left -= b->def->penalty - 1;
        a->market->allowed(a, b);
    }
}

/* "Wed, 16 Dec 2026 04:04:00 GMT": the played market's own time, not that of the machine under it. */
static str date_header(struct arena *a, instant now)
{
    static const char *const week[]   = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int64_t      days = now.ms / DAY_MS, second = now.ms % DAY_MS / SECOND_MS;
    struct civil day  = civil_of_days(days);
    return str_print(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", week[(days + 4) % 7], day.day, months[day.month - 1], day.year,
                     (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

bool market_serve(struct request *rq, struct reply *rp, struct err *err)
{
    struct sandbox *sb = rq->app;
    struct ask a = { .sb = sb, .rq = rq, .rp = rp, .arena = rq->work.arena };
    for (int m = 0; m < MARKET_COUNT; m++)
        if (str_starts(str_of(rq->route->path), str_of(market_defs[m]->prefix)))
            a.market = market_defs[m];
    a.op = op_of(a.market, rq);
    if (!a.op)
        return err_set(err, ERR_NOT_FOUND, NULL, "no such method");
    pthread_mutex_lock(&sb->lock);
    life_tick(sb);
    a.now = clock_now(&sb->clock);
    reply_header(rp, rq, STR("Date"), date_header(a.arena, a.now));
    struct fault fault = { 0 };
    struct fault *found = fault_next(sb, ask_market(&a), rq->path);
    if (found) {
        fault = *found;                 /* the list may grow while we are outside the lock */
        a.fault = &fault;
    }
    if (!found || !fault_before(&a, &fault)) {
        market_answer(&a);
        heard_keep(&a);
        if (found)
            fault_after(&a, &fault);
    }
    pthread_mutex_unlock(&sb->lock);
    if (found && fault.kind == FAULT_SLOW) {
        struct timespec pause = { .tv_sec = fault.delay_ms / 1000,
                                  .tv_nsec = fault.delay_ms % 1000 * 1000000 };
        nanosleep(&pause, NULL);        /* the only waiting there is: asked for by the test */
    }
    return true;
}
