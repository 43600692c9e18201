/* pull.c - which Kaspi orders to ask for, and in which pages.
 *
 * Kaspi has no "changed since": orders are listed by tab (state) and by creation date, at most 14 days a request. So a run reads
 * whole tabs of the last 14 days, and orders that are older and still open are asked for one by one by their number, which needs
 * no window (sheet, section 3 and trap 2). Rows come in no order and the status filter is ignored for some shops: every page of
 * a window is read and the tab is compared again here.
 */
#include "channels/kaspi/kaspi.h"
#include "channels/memory.h"

#define WINDOW_MS   (14 * DAY_MS)
#define PAGE_ROWS   100
#define PAGES_MAX   2000
#define REFRESH_MS  (13 * DAY_MS)

static const char *const active_states[]  = { "NEW", "SIGN_REQUIRED", "PICKUP", "DELIVERY", "KASPI_DELIVERY", NULL };
static const char *const archive_states[] = { "ARCHIVE", NULL };

/* Where a run stands, between its steps. */
struct run {
    int64_t from_ms, to_ms;             /* all of the run */
    int64_t window_ms;                  /* start of the window being read */
    int64_t state, page;
    const struct json *codes;           /* refresh: numbers to ask for */
    int64_t code;
    const struct json *hold;            /* payloads of the last page whose lines must be asked for */
    int64_t held;
    bool    is_last_page;
};

static const struct memory_field run_memory[] = {
    { "from",   MEMORY_NUMBER, offsetof(struct run, from_ms) },
    { "to",     MEMORY_NUMBER, offsetof(struct run, to_ms) },
    { "window", MEMORY_NUMBER, offsetof(struct run, window_ms) },
    { "state",  MEMORY_NUMBER, offsetof(struct run, state) },
    { "page",   MEMORY_NUMBER, offsetof(struct run, page) },
    { "code",   MEMORY_NUMBER, offsetof(struct run, code) },
    { "held",   MEMORY_NUMBER, offsetof(struct run, held) },
    { "last",   MEMORY_FLAG,   offsetof(struct run, is_last_page) },
    { "codes",  MEMORY_JSON,   offsetof(struct run, codes) },
    { "hold",   MEMORY_JSON,   offsetof(struct run, hold) },
    { 0 }
};

static const char *const *states_of(const struct pull *pull)
{
    return strcmp(pull->stream->name, "archive") == 0 ? archive_states : active_states;
}

static int64_t window_end(const struct run *run)
{
    int64_t end = run->window_ms + WINDOW_MS;
    return end < run->to_ms ? end : run->to_ms;
}

static void ask_page(const struct call *call, const struct pull *pull, const struct run *run, struct http_request *out)
{
    struct buf url = buf_in(call->arena);
    buf_print(&url, "%.*s/v2/orders", STR_ARG(call->base_url));
    url_query_add(&url, STR("page[number]"), str_print(call->arena, "%lld", (long long)run->page));
    url_query_add(&url, STR("page[size]"), str_print(call->arena, "%d", PAGE_ROWS));
    url_query_add(&url, STR("filter[orders][state]"), str_of(states_of(pull)[run->state]));
    url_query_add(&url, STR("filter[orders][creationDate][$ge]"), str_print(call->arena, "%lld", (long long)run->window_ms));
    url_query_add(&url, STR("filter[orders][creationDate][$le]"), str_print(call->arena, "%lld", (long long)window_end(run)));
    url_query_add(&url, STR("include[orders]"), STR("entries"));
    kaspi_request(call, out, HTTP_GET, buf_str(&url));
}

static void ask_code(const struct call *call, const struct run *run, struct http_request *out)
{
    struct buf url = buf_in(call->arena);
    buf_print(&url, "%.*s/v2/orders", STR_ARG(call->base_url));
    url_query_add(&url, STR("filter[orders][code]"), json_str(json_at(run->codes, (int)run->code)));
    url_query_add(&url, STR("include[orders]"), STR("entries"));
    kaspi_request(call, out, HTTP_GET, buf_str(&url));
}

/* The numbers of `known` that the lists no longer show. */
static bool codes_of(const struct call *call, const struct pull *pull, struct run *run, struct err *err)
{
    str *codes = ARENA_ARRAY(call->arena, str, pull->known.count + 1);
    int  count = 0;
    for (int i = 0; i < pull->known.count; i++) {
        const struct known_order *k = &pull->known.at[i];
        if (!instant_is_set(k->placed_at) || call->now.ms - k->placed_at.ms > REFRESH_MS)
            codes[count++] = k->number;
    }
    return run_list(call, codes, count, &run->codes, err);
}

/* First step of a run. After a long stop the windows reach back to what was missed. */
static bool run_begin(const struct call *call, const struct pull *pull, struct run *run, struct err *err)
{
    if (pull->stream->refresh)
        return codes_of(call, pull, run, err);
    int64_t days = setting_number(call, kaspi_settings, "history_days", 1, 365, 14), seen = run_seen(call, pull);
    run->to_ms     = call->now.ms;
    run->from_ms   = pull->cursor.len ? (seen ? seen : run->to_ms) - WINDOW_MS : run->to_ms - days * DAY_MS;
    run->window_ms = run->from_ms;
    return true;
}

/* Moves on after a page; false when the run is at its end. */
static bool run_advance(const struct pull *pull, struct run *run)
{
    if (run->codes)
        return ++run->code < run->codes->count;
    if (!run->is_last_page) {
        run->page++;
        return true;
    }
    run->page = 0;
    if (states_of(pull)[++run->state])
        return true;
    run->state     = 0;
    run->window_ms = window_end(run);
    return run->window_ms < run->to_ms;
}

/* The payloads of orders as one list, or NULL. */
static bool payloads_of(const struct call *call, const struct raw_event_list *events, const struct json **out, struct err *err)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    *out = NULL;
    if (!events->count)
        return true;
    json_begin(&j, NULL, '[');
    for (int i = 0; i < events->count; i++)
        json_raw(&j, NULL, events->at[i].payload);
    json_end(&j);
    return json_read(call->arena, buf_str(&buf), REPLY_BYTES_MAX, out, err);
}

/* Takes the rows of a page: events, and orders to ask the lines of. */
static bool take_page(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root;
    struct raw_event_list hold = { 0 };
    int64_t pages;
    const char *state = run->codes ? NULL : states_of(pull)[run->state];
    if (!reply_read_json(call, reply, &root, err) || !kaspi_page_events(call, root, state, &pull->events, &hold, err) ||
        !payloads_of(call, &hold, &run->hold, err))
        return false;
    int rows = json_get(root, "data")->count;
    if (!json_int(json_path(root, "meta.pageCount"), &pages))
        pages = rows < PAGE_ROWS ? 0 : run->page + 2;
    run->is_last_page = run->page + 1 >= pages || rows == 0;
    if (run->page >= PAGES_MAX)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "meta.pageCount", "the pages of a window do not end");
    return true;
}

/* Takes the lines of a held order. Without any, the order goes on as it is and its lines come later. */
static bool take_entries(const struct call *call, struct pull *pull, struct run *run, const struct http_reply *reply, struct err *err)
{
    const struct json *root, *entries = NULL, *order = json_get(json_at(run->hold, (int)run->held), "order");
    if (reply->fate != HTTP_ANSWERED || reply->status != 404) {
        if (!reply_read_json(call, reply, &root, err))
            return false;
        entries = json_get(root, "data");
    }
    if (entries && entries->kind != JSON_ARRAY)
        entries = NULL;
    raw_event_add(&pull->events, call->arena, json_str(json_get(order, "id")), kaspi_payload(call->arena, order, entries), (str){ 0 });
    run->held++;
    return true;
}

/* Is there an order whose lines are to be asked for? */
static bool is_holding(const struct run *run)
{
    return run->hold && run->held < run->hold->count;
}

bool kaspi_pull_step(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    struct run run = { 0 };
    bool more = true;
    if (!reply) {
        if (!run_begin(call, pull, &run, err))
            return false;
        more = !run.codes || run.codes->count;
    } else {
        if (!memory_read(call->arena, run_memory, pull->memory, &run, "memory of a kaspi run", err))
            return false;
        if (!(is_holding(&run) ? take_entries(call, pull, &run, reply, err) : take_page(call, pull, &run, reply, err)))
            return false;
        if (!is_holding(&run)) {
            run.hold = NULL;
            run.held = 0;
            more     = run_advance(pull, &run);
        }
    }
    if (!more) {
        run_end(call, pull, run.to_ms);
        return true;
    }
    if (is_holding(&run)) {
        str id = json_str(json_path(json_at(run.hold, (int)run.held), "order.id"));
        kaspi_request(call, out, HTTP_GET, kaspi_order_url(call, id, "/entries"));
    } else if (run.codes) {
        ask_code(call, &run, out);
    } else {
        ask_page(call, pull, &run, out);
    }
    pull->memory = memory_text(call->arena, run_memory, &run);
    return true;
}
