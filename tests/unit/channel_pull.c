/* Pull runs, connection checks and pushes of each market, scripted. */
#include "channel_talk.h"

#define NOW_MS INT64_C(1795154400000)       /* 2026-11-20T06:00:00Z, as in channel_talk.h */

static const struct stream *stream_of(const struct talk *t, const char *name)
{
    for (const struct stream *s = t->call.channel->streams; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    fail_msg("no stream %s", name);
    return NULL;
}

/* Plays one run to its end; all events are gathered. Returns the error code of the last step. */
static enum err_code run(struct talk *t, struct pull *pull, const struct turn *turns, int count)
{
    struct http_reply reply;
    const struct http_reply *given = NULL;
    struct raw_event_list all = { 0 };
    for (int i = 0; i <= count; i++) {
        struct http_request out = { 0 };
        struct err err = { 0 };
        bool ok = t->call.channel->pull_step(&t->call, pull, given, &out, &err);
        for (int e = 0; e < pull->events.count; e++)
            *raw_event_list_add(&all, &t->arena) = pull->events.at[e];
        pull->events = (struct raw_event_list){ 0 };
        if (!ok || i == count) {
            if (ok && out.method != HTTP_NONE)
                fail_msg("the run goes on with %.*s", STR_ARG(out.url));
            pull->events = all;
            return err.code;
        }
        if (out.method == HTTP_NONE)
            fail_msg("the run ended before %s", turns[i].request);
        turn_expect(t, &turns[i], &out);
        reply = turn_reply(t, &turns[i]);
        given = &reply;
    }
    return ERR_NONE;
}
#define RUN(t, pull, turns) run(t, pull, turns, COUNT_OF(turns))

static struct pull pull_begin(struct talk *t, const char *channel, const char *stream, const char *cursor)
{
    talk_begin(t, channel);
    assert_int_equal(t->call.now.ms, NOW_MS);
    return (struct pull){ .stream = stream_of(t, stream), .cursor = str_of(cursor) };
}

/* ---- Kaspi ---- */

#define K_EMPTY "{\"data\":[],\"included\":[],\"meta\":{\"pageCount\":0,\"totalCount\":0}}"
#define K_PAGE(state, page) "GET /v2/orders?page%5Bnumber%5D=" #page "&page%5Bsize%5D=100&filter%5Borders%5D%5Bstate%5D=" state \
    "&filter%5Borders%5D%5BcreationDate%5D%5B%24ge%5D=1793944800000&filter%5Borders%5D%5BcreationDate%5D%5B%24le%5D=1795154400000" \
    "&include%5Borders%5D=entries"
#define K_ROW(id, state, lines) "{\"type\":\"orders\",\"id\":\"" id "\",\"attributes\":{\"code\":\"1\",\"state\":\"" state "\",\"status\":\"APPROVED_BY_BANK\"}," \
    "\"relationships\":{\"entries\":{\"data\":[" lines "]}}}"
#define K_LINE(id) "{\"type\":\"orderentries\",\"id\":\"" id "\"}"
#define K_ENTRY(id) "{\"type\":\"orderentries\",\"id\":\"" id "\",\"attributes\":{\"quantity\":1,\"basePrice\":5.0,\"totalPrice\":5.0}}"

static void kaspi_reads_all_pages_of_all_tabs_of_fourteen_days(void **state)
{
    static const struct turn turns[] = {
        { K_PAGE("NEW", 0), NULL, 200, "{\"data\":[" K_ROW("A", "NEW", K_LINE("a1")) "],\"included\":[" K_ENTRY("a1") "],\"meta\":{\"pageCount\":2,\"totalCount\":2}}" },
        { K_PAGE("NEW", 1), NULL, 200, "{\"data\":[" K_ROW("B", "NEW", K_LINE("b1")) "],\"included\":[" K_ENTRY("b1") "],\"meta\":{\"pageCount\":2,\"totalCount\":2}}" },
        { K_PAGE("SIGN_REQUIRED", 0), NULL, 200, K_EMPTY },
        { K_PAGE("PICKUP", 0), NULL, 200, K_EMPTY },
        { K_PAGE("DELIVERY", 0), NULL, 200, K_EMPTY },
        { K_PAGE("KASPI_DELIVERY", 0), NULL, 200, K_EMPTY },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "kaspi", "active", "");
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 2);
    assert_true(str_is(pull.events.at[0].external_id, "A"));
    assert_true(str_is(pull.cursor, "{\"seen\":1795154400000}"));
    assert_false(str_eq(pull.events.at[0].event_key, pull.events.at[1].event_key));
    talk_end(&t);
}

static void kaspi_asks_for_lines_that_the_page_leaves_out(void **state)
{
    static const struct turn turns[] = {
        { K_PAGE("ARCHIVE", 0), NULL, 200, "{\"data\":[" K_ROW("A==", "ARCHIVE", K_LINE("a1")) "," K_ROW("B", "ARCHIVE", K_LINE("b1") "," K_LINE("b2")) "],"
                                           "\"included\":[" K_ENTRY("b1") "],\"meta\":{\"pageCount\":1,\"totalCount\":2}}" },
        { "GET /v2/orders/A%3D%3D/entries", NULL, 200, "{\"data\":[" K_ENTRY("a1") "]}" },
        { "GET /v2/orders/B/entries", NULL, 404, "{\"errors\":[{\"title\":\"Resource not found\"}]}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "kaspi", "archive", "");
    struct order_draft draft = { 0 };
    struct err err = { 0 };
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 2);
    assert_true(t.call.channel->order_read(&t.call, pull.events.at[0].payload, &draft, &err));
    assert_int_equal(draft.lines.count, 1);
    draft = (struct order_draft){ 0 };
    assert_true(t.call.channel->order_read(&t.call, pull.events.at[1].payload, &draft, &err));
    assert_true(!draft.has_lines && (draft.marks & BIT(MARK_LINES_PENDING)));
    talk_end(&t);
}

static void kaspi_leaves_rows_of_another_tab_to_that_tab(void **state)
{
    static const struct turn turns[] = {
        { K_PAGE("ARCHIVE", 0), NULL, 200, "{\"data\":[" K_ROW("A", "NEW", K_LINE("a1")) "," K_ROW("B", "ARCHIVE", K_LINE("b1")) "," K_ROW("C", "UNHEARD_OF", K_LINE("c1")) ",7],"
                                           "\"included\":[" K_ENTRY("a1") "," K_ENTRY("b1") "," K_ENTRY("c1") "],\"meta\":{\"pageCount\":1}}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "kaspi", "archive", "");
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 3);
    assert_true(str_is(pull.events.at[0].external_id, "B"));
    assert_true(str_is(pull.events.at[1].external_id, "C"));
    assert_true(pull.events.at[2].problem.len > 0);
    talk_end(&t);
}

static void kaspi_cuts_a_long_stop_into_windows(void **state)
{
    struct talk t;
    struct pull pull = pull_begin(&t, "kaspi", "archive", "{\"seen\":1793858400000}");      /* 15 days ago: from 29 days ago */
    struct http_reply reply = { .status = 200, .body = STR(K_EMPTY) };
    int64_t windows = 0;
    struct http_request out = { 0 };
    struct err err = { 0 };
    (void)state;
    assert_true(t.call.channel->pull_step(&t.call, &pull, NULL, &out, &err));
    while (out.method != HTTP_NONE) {
        windows++;
        assert_true(windows < 10);
        out = (struct http_request){ 0 };
        assert_true(t.call.channel->pull_step(&t.call, &pull, &reply, &out, &err));
    }
    assert_int_equal(windows, 3);
    talk_end(&t);
}

static void kaspi_refreshes_old_open_orders_by_number(void **state)
{
    static const struct turn turns[] = {
        { "GET /v2/orders?filter%5Borders%5D%5Bcode%5D=111&include%5Borders%5D=entries", NULL, 200,
          "{\"data\":[" K_ROW("A", "ARCHIVE", K_LINE("a1")) "],\"included\":[" K_ENTRY("a1") "]}" },
        { "GET /v2/orders?filter%5Borders%5D%5Bcode%5D=333&include%5Borders%5D=entries", NULL, 200, "{\"data\":[]}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "kaspi", "refresh", "");
    static const struct { const char *number; int64_t days; } orders[] = { { "111", 14 }, { "222", 2 }, { "333", 40 } };
    (void)state;
    for (int i = 0; i < COUNT_OF(orders); i++)
        *known_order_list_add(&pull.known, &t.arena) =
            (struct known_order){ str_of(orders[i].number), str_of(orders[i].number), { NOW_MS - orders[i].days * DAY_MS } };
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 1);
    assert_int_equal(pull.cursor.len, 0);
    pull.known = (struct known_order_list){ 0 };
    pull.events = (struct raw_event_list){ 0 };
    assert_int_equal(run(&t, &pull, NULL, 0), ERR_NONE);
    talk_end(&t);
}

static void the_same_order_read_twice_has_the_same_event_key(void **state)
{
    static const struct turn turns[] = {
        { K_PAGE("ARCHIVE", 0), NULL, 200, "{\"data\":[" K_ROW("A", "ARCHIVE", K_LINE("a1")) "],\"included\":[" K_ENTRY("a1") "],\"meta\":{\"pageCount\":1}}" } };
    struct talk t, again;
    struct pull pull = pull_begin(&t, "kaspi", "archive", ""), twin = pull_begin(&again, "kaspi", "archive", "");
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(RUN(&again, &twin, turns), ERR_NONE);
    assert_true(str_eq(pull.events.at[0].event_key, twin.events.at[0].event_key));
    talk_end(&t);
    talk_end(&again);
}

/* ---- replies that are no pages ---- */

static void a_failed_reply_ends_the_run_with_its_own_error_and_an_old_cursor(void **state)
{
    static const struct { struct turn turn; enum err_code code; int wait_s; } cases[] = {
        { { NULL, NULL, 401, "{\"errors\":[{\"title\":\"x\"}]}" }, ERR_CHANNEL_AUTH, 0 },
        { { NULL, NULL, 403, "" }, ERR_CHANNEL_AUTH, 0 },
        { { NULL, NULL, 429, "{}", .header = "Retry-After: 90" }, ERR_CHANNEL_BUSY, 90 },
        { { NULL, NULL, 429, "{}", .header = "X-Ratelimit-Retry: 10299" }, ERR_CHANNEL_BUSY, 10299 },
        { { NULL, NULL, 429, "{}", .header = "X-Ratelimit-Retry: 0.4" }, ERR_CHANNEL_BUSY, 1 },
        { { NULL, NULL, 429, "{}", .header = "Retry-After: Fri, 20 Nov 2026 06:01:00 GMT" }, ERR_CHANNEL_BUSY, 60 },
        { { NULL, NULL, 500, "" }, ERR_CHANNEL_DOWN, 0 },
        { { NULL, NULL, 503, "busy", .header = "Retry-After: 5" }, ERR_CHANNEL_DOWN, 5 },
        { { NULL, NULL, 400, "{\"errors\":[{\"title\":\"bad window\"}]}" }, ERR_CHANNEL_REFUSED, 0 },
        { { NULL, NULL, 404, "{\"message\":\"method not found\"}" }, ERR_CHANNEL_RETIRED, 0 },
        { { NULL, NULL, 410, "" }, ERR_CHANNEL_RETIRED, 0 },
        { { NULL, .kind = TURN_SILENT }, ERR_CHANNEL_DOWN, 0 },
        { { NULL, .kind = TURN_CUT }, ERR_CHANNEL_DOWN, 0 },
        { { NULL, .kind = TURN_NOT_SENT }, ERR_CHANNEL_DOWN, 0 },
        { { NULL, NULL, 200, "<html>Добро пожаловать</html>" }, ERR_CHANNEL_PAYLOAD, 0 },
        { { NULL, NULL, 200, "{\"orders\":null}" }, ERR_CHANNEL_PAYLOAD, 0 },
    };
    static const struct { const char *channel, *stream; } lists[] = { { "kaspi", "archive" }, { "wildberries", "list" }, { "ozon", "list" } };
    (void)state;
    for (int l = 0; l < COUNT_OF(lists); l++)
        for (int i = 0; i < COUNT_OF(cases); i++) {
            struct talk t;
            struct pull pull = pull_begin(&t, lists[l].channel, lists[l].stream, "{\"seen\":1795150000000}");
            struct http_request out = { 0 };
            struct err err = { 0 };
            assert_true(t.call.channel->pull_step(&t.call, &pull, NULL, &out, &err));
            struct http_reply reply = turn_reply(&t, &cases[i].turn);
            assert_false(t.call.channel->pull_step(&t.call, &pull, &reply, &out, &err));
            if (err.code != cases[i].code || err.retry_after_s != cases[i].wait_s)
                fail_msg("%s, case %d: error %d after %d s: %s", lists[l].channel, i, (int)err.code, err.retry_after_s, err.item[0].text);
            assert_true(str_is(pull.cursor, "{\"seen\":1795150000000}"));
            assert_int_equal(pull.events.count, 0);
            talk_end(&t);
        }
}

/* ---- Wildberries ---- */

#define W_STATUS "POST /api/v3/orders/status"

static void wb_joins_new_orders_with_their_statuses(void **state)
{
    static const struct turn turns[] = {
        { "GET /api/v3/orders/new", NULL, 200, "{\"orders\":[{\"id\":11,\"article\":\"a\"},{\"id\":12,\"article\":\"b\"},{\"id\":\"x\"}]}" },
        { W_STATUS, "{\"orders\":[11,12]}", 200, "{\"orders\":[{\"id\":12,\"supplierStatus\":\"new\",\"wbStatus\":\"waiting\"}]}" },
    };
    static const struct turn none[] = { { "GET /api/v3/orders/new", NULL, 200, "{\"orders\":[]}" } };
    struct talk t;
    struct pull pull = pull_begin(&t, "wildberries", "new", "");
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 3);
    assert_true(str_is(pull.events.at[0].payload, "{\"id\":11,\"article\":\"a\"}"));
    assert_true(str_is(pull.events.at[1].payload, "{\"id\":12,\"article\":\"b\",\"supplierStatus\":\"new\",\"wbStatus\":\"waiting\"}"));
    assert_true(pull.events.at[2].problem.len > 0);
    pull.events = (struct raw_event_list){ 0 };
    assert_int_equal(RUN(&t, &pull, none), ERR_NONE);
    talk_end(&t);
}

/* /orders/new has no pages; the statuses call takes a thousand ids. */
static void wb_asks_for_the_statuses_of_more_orders_than_one_call_takes(void **state)
{
    struct talk t;
    struct pull pull = pull_begin(&t, "wildberries", "new", "");
    struct http_request out = { 0 };
    struct err err = { 0 };
    struct buf rows = buf_in(&t.arena), first = buf_in(&t.arena);
    (void)state;
    for (int i = 1; i <= 1002; i++) {
        buf_print(&rows, "%s{\"id\":%d}", i > 1 ? "," : "", i);
        if (i <= 1000)
            buf_print(&first, "%s%d", i > 1 ? "," : "", i);
    }
    struct http_reply list = { .status = 200, .body = str_print(&t.arena, "{\"orders\":[%.*s]}", STR_ARG(buf_str(&rows))) };
    struct http_reply one  = { .status = 200, .body = STR("{\"orders\":[{\"id\":1000,\"supplierStatus\":\"new\",\"wbStatus\":\"waiting\"}]}") };
    struct http_reply two  = { .status = 200, .body = STR("{\"orders\":[{\"id\":1002,\"supplierStatus\":\"new\",\"wbStatus\":\"waiting\"}]}") };
    assert_true(t.call.channel->pull_step(&t.call, &pull, NULL, &out, &err));
    out = (struct http_request){ 0 };
    assert_true(t.call.channel->pull_step(&t.call, &pull, &list, &out, &err));
    assert_true(str_eq(out.body, str_print(&t.arena, "{\"orders\":[%.*s]}", STR_ARG(buf_str(&first)))));
    out = (struct http_request){ 0 };
    assert_true(t.call.channel->pull_step(&t.call, &pull, &one, &out, &err));
    assert_int_equal(pull.events.count, 1000);
    assert_true(str_has(pull.events.at[999].payload, STR("\"supplierStatus\":\"new\"")));
    assert_true(str_is(out.body, "{\"orders\":[1001,1002]}"));
    pull.events = (struct raw_event_list){ 0 };
    out = (struct http_request){ 0 };
    assert_true(t.call.channel->pull_step(&t.call, &pull, &two, &out, &err));
    assert_int_equal(out.method, HTTP_NONE);
    assert_int_equal(pull.events.count, 2);
    assert_true(str_has(pull.events.at[1].payload, STR("\"supplierStatus\":\"new\"")));
    talk_end(&t);
}

static void wb_pages_the_list_from_the_cursor_with_an_overlap(void **state)
{
    /* Seen until 05:00: 15 minutes of overlap. */
    static const struct turn turns[] = {
        { "GET /api/v3/orders?limit=1000&next=0&dateFrom=1795149900&dateTo=1795154400", NULL, 200, "{\"next\":12,\"orders\":[{\"id\":11},{\"id\":12}]}" },
        { W_STATUS, "{\"orders\":[11,12]}", 200, "{\"orders\":[]}" },
        { "GET /api/v3/orders?limit=1000&next=12&dateFrom=1795149900&dateTo=1795154400", NULL, 200, "{\"next\":12,\"orders\":[]}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "wildberries", "list", "{\"seen\":1795150800000}");
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 2);
    assert_true(str_is(pull.cursor, "{\"seen\":1795154400000}"));
    talk_end(&t);
}

static void wb_reads_thirty_days_at_first_and_a_day_more_at_night(void **state)
{
    static const struct turn first[] = { { "GET /api/v3/orders?limit=1000&next=0&dateFrom=1792562400&dateTo=1795154400", NULL, 200, "{\"next\":0,\"orders\":[]}" } };
    static const struct turn deep[]  = { { "GET /api/v3/orders?limit=1000&next=0&dateFrom=1795060800&dateTo=1795154400", NULL, 200, "{\"next\":0,\"orders\":[]}" } };
    struct talk t;
    struct pull pull = pull_begin(&t, "wildberries", "list", "");
    (void)state;
    assert_int_equal(RUN(&t, &pull, first), ERR_NONE);
    talk_end(&t);
    pull = pull_begin(&t, "wildberries", "list", "{\"seen\":1795150800000}");
    pull.deep = true;
    assert_int_equal(RUN(&t, &pull, deep), ERR_NONE);
    talk_end(&t);
}

static void wb_refresh_tells_only_the_pair_and_sends_only_numbers(void **state)
{
    static const struct turn turns[] = {
        { W_STATUS, "{\"orders\":[11,12]}", 200, "{\"orders\":[{\"id\":11,\"supplierStatus\":\"complete\",\"wbStatus\":\"sorted\",\"isCancellable\":false}]}" } };
    struct talk t;
    struct pull pull = pull_begin(&t, "wildberries", "refresh", "");
    struct order_draft draft = { 0 };
    struct err err = { 0 };
    (void)state;
    static const char *const ids[] = { "11", "abc", "12" };
    for (int i = 0; i < COUNT_OF(ids); i++)
        known_order_list_add(&pull.known, &t.arena)->external_id = str_of(ids[i]);
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 1);
    assert_true(str_is(pull.events.at[0].payload, "{\"id\":11,\"supplierStatus\":\"complete\",\"wbStatus\":\"sorted\"}"));
    assert_true(t.call.channel->order_read(&t.call, pull.events.at[0].payload, &draft, &err));
    assert_true(!draft.has_lines && !draft.has_total && str_is(draft.status_key, "complete/sorted"));
    talk_end(&t);
}

/* ---- Ozon ---- */

#define O_LIST(cursor) "{\"cursor\":\"" cursor "\",\"limit\":100,\"sort_dir\":\"ASC\",\"filter\":{\"since\":\"2025-11-21T06:00:00Z\",\"to\":\"2026-11-20T06:00:00Z\"," \
    "\"last_changed_status_date\":{\"from\":\"2026-11-20T04:45:00Z\",\"to\":\"2026-11-20T06:00:00Z\"}},\"with\":{\"analytics_data\":true,\"barcodes\":true,\"financial_data\":false}}"

static void ozon_lists_what_changed_since_the_cursor(void **state)
{
    static const struct turn turns[] = {
        { "POST /v4/posting/fbs/list", O_LIST(""), 200, "{\"postings\":[{\"posting_number\":\"1-1-1\",\"status\":\"delivering\"},5],\"cursor\":\"c2\",\"has_next\":true}" },
        { "POST /v4/posting/fbs/list", O_LIST("c2"), 200, "{\"postings\":[{\"posting_number\":\"1-1-2\",\"status\":\"delivered\"}],\"cursor\":\"c3\",\"has_next\":false}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "ozon", "list", "{\"seen\":1795150800000}");
    (void)state;
    assert_int_equal(RUN(&t, &pull, turns), ERR_NONE);
    assert_int_equal(pull.events.count, 3);
    assert_true(str_is(pull.cursor, "{\"seen\":1795154400000}"));
    talk_end(&t);
}

/* Had the run ended here, the next one would begin behind what was never read. */
static void ozon_does_not_take_a_list_for_read_that_goes_on(void **state)
{
    static const struct turn nowhere[] = {
        { "POST /v4/posting/fbs/list", O_LIST(""), 200, "{\"postings\":[{\"posting_number\":\"1-1-1\",\"status\":\"delivering\"}],\"cursor\":\"\",\"has_next\":true}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "ozon", "list", "{\"seen\":1795150800000}");
    (void)state;
    assert_int_equal(RUN(&t, &pull, nowhere), ERR_CHANNEL_PAYLOAD);
    assert_true(str_is(pull.cursor, "{\"seen\":1795150800000}"));
    talk_end(&t);
}

static void ozon_reads_the_unfulfilled_and_refreshes_by_number(void **state)
{
    static const struct turn waiting[] = {
        { "POST /v4/posting/fbs/unfulfilled/list", NULL, 200, "{\"postings\":[{\"posting_number\":\"1-1-1\",\"status\":\"awaiting_packaging\"}],\"cursor\":\"\",\"has_next\":false,\"count\":1}" } };
    static const struct turn by_number[] = {
        { "POST /v3/posting/fbs/get", "{\"posting_number\":\"1-1-1\",\"with\":{\"analytics_data\":true,\"barcodes\":true}}", 200,
          "{\"result\":{\"posting_number\":\"1-1-1\",\"status\":\"delivered\"}}" },
        { "POST /v3/posting/fbs/get", NULL, 404, "{\"code\":5,\"message\":\"POSTING_NOT_FOUND\"}" },
        { "POST /v3/posting/fbs/get", NULL, 200, "{\"result\":{\"posting_number\":\"1-1-3\",\"status\":\"cancelled\"}}" },
    };
    struct talk t;
    struct pull pull = pull_begin(&t, "ozon", "unfulfilled", "");
    (void)state;
    assert_int_equal(RUN(&t, &pull, waiting), ERR_NONE);
    assert_int_equal(pull.events.count, 1);
    talk_end(&t);
    pull = pull_begin(&t, "ozon", "refresh", "");
    static const char *const ids[] = { "1-1-1", "1-1-2", "1-1-3" };
    for (int i = 0; i < COUNT_OF(ids); i++)
        known_order_list_add(&pull.known, &t.arena)->external_id = str_of(ids[i]);
    assert_int_equal(RUN(&t, &pull, by_number), ERR_NONE);
    assert_int_equal(pull.events.count, 2);
    talk_end(&t);
}

/* ---- ratings ---- */

#define OZON_RATING(value) "{\"groups\":[{\"group_name\":\"\",\"items\":[{\"rating\":\"rating_on_time\",\"current_value\":98.5}," \
    "{\"rating\":\"rating_review_avg_score_total\",\"current_value\":" value ",\"value_type\":\"REVIEW_SCORE\"}]}]}"

/* A key that may not ask for the rating sells all the same; what is no rating out of five is none. */
static void a_rating_is_read_where_the_market_tells_one_and_no_key_suffers_for_it(void **state)
{
    (void)state;
    static const struct { const char *channel, *request; int status; const char *reply; int64_t rating; enum err_code code; } rows[] = {
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("4.55"), 455, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("4.9961"), 500, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("5"), 500, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("4.7"), 470, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("98.5"), 0, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("-1"), 0, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, OZON_RATING("\"none\""), 0, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 200, "{\"groups\":null}", 0, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 403, "{\"code\":7,\"message\":\"Api-Key is missing a required role\"}", 0, ERR_NONE },
        { "ozon", "POST /v1/rating/summary", 503, "", 0, ERR_CHANNEL_DOWN },
        { "wildberries", "GET /api/common/v1/rating", 200, "{\"feedbackCount\":12355,\"valuation\":4.554}", 455, ERR_NONE },
        { "wildberries", "GET /api/common/v1/rating", 200, "{\"feedbackCount\":0,\"valuation\":0}", 0, ERR_NONE },
        { "wildberries", "GET /api/common/v1/rating", 401, "{\"title\":\"unauthorized\"}", 0, ERR_NONE },
    };
    for (int i = 0; i < COUNT_OF(rows); i++) {
        struct talk t;
        struct pull pull = pull_begin(&t, rows[i].channel, "rating", "");
        const struct turn turns[] = { { rows[i].request, NULL, rows[i].status, rows[i].reply } };
        assert_int_equal(RUN(&t, &pull, turns), rows[i].code);
        assert_int_equal(pull.rating, rows[i].rating);
        assert_int_equal(pull.events.count, 0);
        talk_end(&t);
    }
}

/* ---- checks ---- */

static const struct check_item *item_of(const struct check *check, const char *name)
{
    for (int i = 0; i < check->items.count; i++)
        if (str_is(check->items.at[i].name, name))
            return &check->items.at[i];
    return NULL;
}

static void check_run(struct talk *t, struct check *check, const struct turn *turns, int count)
{
    struct http_reply reply;
    const struct http_reply *given = NULL;
    for (int i = 0; i <= count; i++) {
        struct http_request out = { 0 };
        struct err err = { 0 };
        assert_true(t->call.channel->check_step(&t->call, check, given, &out, &err));
        if (i == count) {
            assert_int_equal(out.method, HTTP_NONE);
            return;
        }
        turn_expect(t, &turns[i], &out);
        reply = turn_reply(t, &turns[i]);
        given = &reply;
    }
}

#define K_CHECK(state) "GET /v2/orders?page%5Bnumber%5D=0&page%5Bsize%5D=20&filter%5Borders%5D%5Bstate%5D=" state \
    "&filter%5Borders%5D%5BcreationDate%5D%5B%24ge%5D=1795068000000&filter%5Borders%5D%5BcreationDate%5D%5B%24le%5D=1795154400000&include%5Borders%5D=entries"

static void a_good_connection_passes_every_named_check(void **state)
{
    static const struct turn kaspi[] = {
        { K_CHECK("NEW"), NULL, 200, K_EMPTY, .header = "Date: Fri, 20 Nov 2026 06:00:01 GMT" },
        { K_CHECK("KASPI_DELIVERY"), NULL, 200, "{\"data\":[" K_ROW("A", "KASPI_DELIVERY", K_LINE("a1")) "],\"included\":[" K_ENTRY("a1") "]}" },
    };
    static const struct turn wb[] = {
        { "GET /api/v3/orders/new", NULL, 200, "{\"orders\":[{\"id\":11,\"article\":\"a\",\"convertedFinalPrice\":100,\"convertedCurrencyCode\":398}]}",
          .header = "Date: Fri, 20 Nov 2026 06:00:01 GMT" },
        { W_STATUS, "{\"orders\":[11]}", 200, "{\"orders\":[{\"id\":11,\"supplierStatus\":\"new\",\"wbStatus\":\"waiting\"}]}" },
    };
    static const struct turn ozon[] = {
        { "POST /v1/roles", "{}", 200, "{\"expires_at\":\"2026-12-20T06:00:00Z\",\"roles\":[]}", .header = "Date: Fri, 20 Nov 2026 06:00:01 GMT" },
        { "POST /v4/posting/fbs/unfulfilled/list", NULL, 200, "{\"postings\":[{\"posting_number\":\"1-1-1\",\"status\":\"awaiting_packaging\"}],\"has_next\":false}" },
    };
    static const struct { const char *channel; const struct turn *turns; } cases[] = { { "kaspi", kaspi }, { "wildberries", wb }, { "ozon", ozon } };
    static const char *const names[] = { "key", "clock", "orders", "statuses", "sample" };
    (void)state;
    for (int c = 0; c < COUNT_OF(cases); c++) {
        struct talk t;
        struct check check = { 0 };
        talk_begin(&t, cases[c].channel);
        check_run(&t, &check, cases[c].turns, 2);
        for (int n = 0; n < COUNT_OF(names); n++) {
            const struct check_item *item = item_of(&check, names[n]);
            if (!item || !item->ok || !item->code.len)
                fail_msg("%s %s: %.*s", cases[c].channel, names[n], STR_ARG(item ? item->text : STR("not checked")));
        }
        talk_end(&t);
    }
}

static void a_bad_connection_says_what_is_wrong(void **state)
{
    static const struct { const char *channel; struct turn turn; const char *item, *text; } cases[] = {
        { "kaspi", { K_CHECK("NEW"), NULL, 401, "{\"errors\":[{\"title\":\"No token\"}]}" }, "key", "No token" },
        { "kaspi", { K_CHECK("NEW"), NULL, .kind = TURN_SILENT }, "key", "User-Agent" },
        { "kaspi", { K_CHECK("NEW"), NULL, 200, "{\"data\":[{\"type\":\"orders\",\"id\":\"A\",\"attributes\":{\"status\":\"SUSPENDED\"}}]}" }, "statuses", "SUSPENDED" },
        { "kaspi", { K_CHECK("NEW"), NULL, 200, "{\"data\":[{\"type\":\"orders\",\"id\":\"A\",\"attributes\":{\"status\":\"CANCELLED\"}}]}",
                     .header = "Date: Fri, 20 Nov 2026 06:05:00 GMT" }, "clock", "behind 300" },
        { "kaspi", { K_CHECK("NEW"), NULL, 400, "{\"errors\":[{\"title\":\"bad window\"}]}" }, "orders", "bad window" },
        { "wildberries", { "GET /api/v3/orders/new", NULL, 401, "{\"title\":\"unauthorized\",\"detail\":\"token problem\"}" }, "key", "token problem" },
        { "ozon", { "POST /v1/roles", NULL, 403, "{\"code\":7,\"message\":\"Invalid Api-Key, please contact support\"}" }, "key", "Invalid Api-Key" },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct talk t;
        struct check check = { 0 };
        talk_begin(&t, cases[i].channel);
        check_run(&t, &check, &cases[i].turn, 1);
        const struct check_item *item = item_of(&check, cases[i].item);
        str said = item ? str_print(&t.arena, "%.*s %lld %.*s %.*s", STR_ARG(item->code), (long long)item->n, STR_ARG(item->about), STR_ARG(item->text))
                        : STR("not checked");
        if (!item || item->ok || !str_has(said, str_of(cases[i].text)))
            fail_msg("case %d: %s is %.*s", i, cases[i].item, STR_ARG(said));
        talk_end(&t);
    }
}

static void a_wb_token_that_has_run_out_is_not_even_sent(void **state)
{
    struct talk t;
    struct check check = { 0 };
    (void)state;
    talk_begin(&t, "wildberries");
    t.settings.at[0].value = STR("eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2ln");      /* {"exp":1700000000} */
    check_run(&t, &check, NULL, 0);
    assert_false(item_of(&check, "key")->ok);
    assert_true(str_is(item_of(&check, "key")->code, "expired"));
    talk_end(&t);
}

/* ---- push ---- */

static void ozon_push_is_a_hint_and_gets_the_answer_it_wants(void **state)
{
    static const struct { const char *body, *answer; int status, hints; } cases[] = {
        { "{\"message_type\":\"TYPE_PING\",\"time\":\"2026-11-20T06:00:00Z\"}", "{\"version\":\"1.0\",\"name\":\"Sauda\",\"time\":\"2026-11-20T06:00:00Z\"}", 200, 0 },
        { "{\"message_type\":\"TYPE_NEW_POSTING\",\"posting_number\":\"1-1-1\"}", "{\"result\":true}", 200, 1 },
        { "{\"message_type\":\"TYPE_STOCKS_CHANGED\",\"items\":[]}", "{\"result\":true}", 200, 0 },
        { "{\"message_type\":\"TYPE_OF_NEXT_YEAR\"}", "{\"result\":true}", 200, 0 },
        { "{\"message_type\":\"TYPE_STATE_CHANGED\"}", NULL, 400, 0 },
        { "{}", NULL, 400, 0 },
        { "\xff", NULL, 400, 0 },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct talk t;
        struct hook_result out = { 0 };
        struct http_header_list none = { 0 };
        struct err err = { 0 };
        talk_begin(&t, "ozon");
        bool ok = t.call.channel->hook_read(&t.call, &none, str_of(cases[i].body), &out, &err);
        assert_int_equal(ok, cases[i].status == 200);
        assert_int_equal(out.status, cases[i].status);
        assert_int_equal(out.hints.count, cases[i].hints);
        assert_true(cases[i].answer ? str_is(out.body, cases[i].answer) : str_has(out.body, STR("ERROR_PARAMETER_VALUE_MISSED")));
        talk_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kaspi_reads_all_pages_of_all_tabs_of_fourteen_days),
        cmocka_unit_test(kaspi_asks_for_lines_that_the_page_leaves_out),
        cmocka_unit_test(kaspi_leaves_rows_of_another_tab_to_that_tab),
        cmocka_unit_test(kaspi_cuts_a_long_stop_into_windows),
        cmocka_unit_test(kaspi_refreshes_old_open_orders_by_number),
        cmocka_unit_test(the_same_order_read_twice_has_the_same_event_key),
        cmocka_unit_test(a_failed_reply_ends_the_run_with_its_own_error_and_an_old_cursor),
        cmocka_unit_test(wb_joins_new_orders_with_their_statuses),
        cmocka_unit_test(wb_asks_for_the_statuses_of_more_orders_than_one_call_takes),
        cmocka_unit_test(wb_pages_the_list_from_the_cursor_with_an_overlap),
        cmocka_unit_test(wb_reads_thirty_days_at_first_and_a_day_more_at_night),
        cmocka_unit_test(wb_refresh_tells_only_the_pair_and_sends_only_numbers),
        cmocka_unit_test(ozon_lists_what_changed_since_the_cursor),
        cmocka_unit_test(ozon_does_not_take_a_list_for_read_that_goes_on),
        cmocka_unit_test(ozon_reads_the_unfulfilled_and_refreshes_by_number),
        cmocka_unit_test(a_rating_is_read_where_the_market_tells_one_and_no_key_suffers_for_it),
        cmocka_unit_test(a_good_connection_passes_every_named_check),
        cmocka_unit_test(a_bad_connection_says_what_is_wrong),
        cmocka_unit_test(a_wb_token_that_has_run_out_is_not_even_sent),
        cmocka_unit_test(ozon_push_is_a_hint_and_gets_the_answer_it_wants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
