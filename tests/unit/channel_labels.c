/* Conversations about labels with each market, scripted: what is asked, what comes back, what becomes of each order. And when none is
 * asked for at all. */
#include "channel_talk.h"

struct ask { struct talk talk; struct label_order orders[3]; struct label_told told[3]; struct label_talk l; struct err err; };

static void ask_begin(struct ask *a, const char *channel, const char *const *ids, int count, const char *memory)
{
    memset(a, 0, sizeof *a);
    talk_begin(&a->talk, channel);
    for (int i = 0; i < count; i++)
        a->orders[i] = (struct label_order){ str_of(ids[i]), str_of(ids[i]), STR(""), HUB_READY_TO_SHIP, SCHEME_FBS };
    a->l = (struct label_talk){ .orders = a->orders, .count = count, .memory = str_of(memory), .told = a->told };
}

/* Plays the turns to the end of the conversation; false with a->err when the last reply is no answer. */
static bool play(struct ask *a, const struct turn *turns, int count)
{
    struct http_reply        reply;
    const struct http_reply *given = NULL;
    for (int i = 0; i <= count; i++) {
        struct http_request out = { 0 };
        a->err = (struct err){ 0 };
        if (!a->talk.call.channel->labels_step(&a->talk.call, &a->l, given, &out, &a->err))
            return false;
        if (i == count) {
            assert_int_equal(out.method, HTTP_NONE);
            break;
        }
        turn_expect(&a->talk, &turns[i], &out);
        for (int k = 0; k < out.headers.count; k++)         /* a file on another host is asked for without a key */
            assert_false(str_has(str_of(turns[i].request), STR("/media/")) && str_has(out.headers.at[k].value, STR("secret")));
        reply = turn_reply(&a->talk, &turns[i]);
        given = &reply;
    }
    return true;
}
#define PLAY(a, turns) play(a, turns, COUNT_OF(turns))

static void assert_told(const struct label_told *t, enum label_fate fate, const char *file, const char *words)
{
    if (t->fate != fate)
        fail_msg("fate is %d (%.*s), not %d", (int)t->fate, STR_ARG(t->words), (int)fate);
    assert_true(str_eq(t->file, str_of(file)));
    if (!str_has(t->words, str_of(words)))
        fail_msg("it says \"%.*s\", not \"%s\"", STR_ARG(t->words), words);
}

/* ---- Wildberries ---- */

#define W_ASK "POST /api/v3/orders/stickers?type=png&width=58&height=40"
static const char *const three[] = { "101", "102", "103" };

static void stickers_of_many_come_at_once_and_those_that_are_missing_are_asked_for_again(void **state)
{
    static const struct turn turns[] = {
        { W_ASK, "{\"orders\":[101,102,103]}", 200,
          "{\"stickers\":[{\"orderId\":103,\"file\":\"dHdv\"},{\"orderId\":101,\"file\":\"b25l\"},{\"orderId\":999,\"file\":\"b25l\"},{\"orderId\":102,\"file\":\"***\"},7,null]}" },
    };
    struct ask a;
    (void)state;
    ask_begin(&a, "wildberries", three, 3, "");
    assert_true(PLAY(&a, turns));
    assert_told(&a.told[0], LABEL_HERE, "one", "");
    assert_told(&a.told[1], LABEL_LATER, "", "");           /* its file is no base64: as if it were not there */
    assert_told(&a.told[2], LABEL_HERE, "two", "");
    assert_int_equal(a.l.width_mm, 58);
    assert_int_equal(a.l.height_mm, 40);
    assert_true(a.told[1].wait_s > 0);
    talk_end(&a.talk);
}

static void a_refusal_that_names_no_order_makes_each_be_asked_for_alone_and_once(void **state)
{
    static const struct turn many[]  = { { W_ASK, NULL, 409, "{\"code\":\"CustomsDeclarationIsRequired\",\"message\":\"Нужна декларация\"}" } };
    static const struct turn alone[] = { { W_ASK, "{\"orders\":[102]}", 409, "{\"code\":\"CustomsDeclarationIsRequired\",\"message\":\"Нужна декларация\"}" } };
    struct ask a;
    (void)state;
    ask_begin(&a, "wildberries", three, 3, "");
    assert_true(PLAY(&a, many));
    for (int i = 0; i < 3; i++) {
        assert_told(&a.told[i], LABEL_LATER, "", "");
        assert_true(str_is(a.told[i].memory, three[i]));
    }
    talk_end(&a.talk);
    ask_begin(&a, "wildberries", &three[1], 1, "102");
    assert_true(PLAY(&a, alone));
    assert_told(&a.told[0], LABEL_NEVER, "", "декларация");
    talk_end(&a.talk);
}

static void an_order_without_a_number_of_wildberries_is_never_asked_for(void **state)
{
    static const char *const odd[] = { "1; DROP", "102" };
    static const struct turn turns[] = { { W_ASK, "{\"orders\":[102]}", 200, "{\"stickers\":[]}" } };
    struct ask a;
    (void)state;
    ask_begin(&a, "wildberries", odd, 2, "");
    assert_true(PLAY(&a, turns));
    assert_told(&a.told[0], LABEL_NEVER, "", "number");
    assert_told(&a.told[1], LABEL_LATER, "", "");
    talk_end(&a.talk);
    ask_begin(&a, "wildberries", odd, 1, "");
    assert_true(play(&a, NULL, 0));                         /* nothing is left to ask for */
    talk_end(&a.talk);
}

/* ---- Ozon ---- */

#define O_MAKE "POST /v3/posting/fbs/package-label/create"
#define O_ASK  "POST /v2/posting/fbs/package-label/get"
#define O_TASKS "{\"tasks\":[{\"task_id\":8,\"task_type\":\"small_label\"},{\"task_id\":7,\"task_type\":\"big_label\"}]}"
#define O_DONE(url) "{\"file_url\":\"" url "\",\"status\":{\"code\":\"completed\",\"unprinted_postings\":[]},\"error\":{}}"
#define O_NOT(text) "{\"file_url\":\"\",\"status\":{\"code\":\"completed\",\"unprinted_postings\":[{\"posting_number\":\"0147-1\",\"message\":\"" text "\"}]}}"
static const char *const posting[] = { "0147-1" };

static void a_label_of_ozon_is_ordered_asked_after_and_fetched_without_a_key(void **state)
{
    static const struct turn first[] = { { O_MAKE, "{\"posting_numbers\":[\"0147-1\"]}", 200, O_TASKS }, { O_ASK, "{\"task_id\":7}", 200, "{\"status\":{\"code\":\"in_progress\"}}" } };
    static const struct turn again[] = { { O_ASK, "{\"task_id\":7}", 200, O_DONE("https://cdn1.ozone.ru/s3/a.pdf") }, { "GET /media/cdn1.ozone.ru/s3/a.pdf", NULL, 200, "%PDF" } };
    struct ask a;
    (void)state;
    ask_begin(&a, "ozon", posting, 1, "");
    assert_true(PLAY(&a, first));
    assert_told(&a.told[0], LABEL_LATER, "", "");
    str memory = str_copy(&a.talk.arena, a.told[0].memory);
    assert_true(memory.len && a.told[0].wait_s > 0);
    struct ask b;
    ask_begin(&b, "ozon", posting, 1, str_zero(&a.talk.arena, memory));     /* the task is not ordered a second time */
    assert_true(PLAY(&b, again));
    assert_told(&b.told[0], LABEL_HERE, "%PDF", "");
    talk_end(&b.talk);
    talk_end(&a.talk);
}

static void what_ozon_does_not_draw_is_later_or_never_by_its_words(void **state)
{
    static const struct { struct turn turns[2]; int count; enum label_fate fate; const char *words; } cases[] = {
        { { { O_MAKE, NULL, 400, "{\"code\":3,\"message\":\"The next postings aren't ready\"}" } }, 1, LABEL_LATER, "aren't ready" },
        { { { O_MAKE, NULL, 404, "{\"code\":5,\"message\":\"POSTING_NOT_FOUND\"}" } }, 1, LABEL_NEVER, "NOT_FOUND" },
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 200, O_NOT("The next postings aren't ready") } }, 2, LABEL_LATER, "aren't ready" },
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 200, O_NOT("label not allowed for delivered postings") } }, 2, LABEL_NEVER, "not allowed" },
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 200, "{\"status\":{\"code\":\"error\"},\"error\":{\"message\":\"something\"}}" } }, 2, LABEL_LATER, "something" },
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 404, "{\"message\":\"task not found\"}" } }, 2, LABEL_LATER, "not found" },
        /* Addresses that are nobody's business of ours. */
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 200, O_DONE("http://127.0.0.1/a.pdf") } }, 2, LABEL_NEVER, "127.0.0.1" },
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 200, O_DONE("https://evil.test/a.pdf") } }, 2, LABEL_NEVER, "evil.test" },
        { { { O_MAKE, NULL, 200, O_TASKS }, { O_ASK, NULL, 200, O_DONE("https://cdn1.ozone.ru.evil.test/a.pdf") } }, 2, LABEL_NEVER, "evil.test" },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct ask a;
        ask_begin(&a, "ozon", posting, 1, "");
        assert_true(play(&a, cases[i].turns, cases[i].count));
        assert_told(&a.told[0], cases[i].fate, "", cases[i].words);
        talk_end(&a.talk);
    }
}

static void an_answer_of_ozon_that_is_none_ends_the_conversation_with_a_reason(void **state)
{
    static const struct { const char *reply; int status; enum err_code code; } cases[] = {
        { "{\"tasks\":[]}", 200, ERR_CHANNEL_PAYLOAD }, { "{\"tasks\":[{\"task_id\":-7},{\"task_id\":\"x\"},5]}", 200, ERR_CHANNEL_PAYLOAD },
        { "<html>", 200, ERR_CHANNEL_PAYLOAD }, { "", 503, ERR_CHANNEL_DOWN }, { "{\"message\":\"role\"}", 403, ERR_CHANNEL_AUTH }, { "", 429, ERR_CHANNEL_BUSY },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        const struct turn turns[] = { { O_MAKE, NULL, cases[i].status, cases[i].reply } };
        struct ask a;
        ask_begin(&a, "ozon", posting, 1, "");
        assert_false(PLAY(&a, turns));
        assert_int_equal(a.err.code, cases[i].code);
        talk_end(&a.talk);
    }
}

/* ---- Kaspi ---- */

#define K_READ "GET /v2/orders/NTEw%3D"
#define K_ORDER(status, waybill) "{\"data\":{\"attributes\":{\"status\":\"" status "\",\"kaspiDelivery\":{\"waybill\":" waybill "}}}}"
static const char *const kaspi_id[] = { "NTEw=" };

static void a_waybill_is_where_the_order_says_and_the_key_goes_to_kaspis_own_door_alone(void **state)
{
    static const struct { struct turn turns[2]; int count; enum label_fate fate; const char *file, *words; } cases[] = {
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "null") } }, 1, LABEL_LATER, "", "" },
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "\"https://kaspi.kz/shop/api/waybill/1.pdf\"") }, { "GET /waybill/1.pdf", NULL, 200, "%PDF" } }, 2, LABEL_HERE, "%PDF", "" },
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "\"https://files.kaspi.kz/w/1.pdf\"") }, { "GET /media/files.kaspi.kz/w/1.pdf", NULL, 200, "%PDF" } }, 2, LABEL_HERE, "%PDF", "" },
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "\"https://kaspi.kz/shop/api/waybill/1.pdf\"") }, { "GET /waybill/1.pdf", NULL, 404, "" } }, 2, LABEL_LATER, "", "404" },
        { { { K_READ, NULL, 200, K_ORDER("CANCELLED", "null") } }, 1, LABEL_NEVER, "", "CANCELLED" },
        { { { K_READ, NULL, 404, "{\"errors\":[{\"title\":\"no such order\"}]}" } }, 1, LABEL_NEVER, "", "no such order" },
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "\"https://kaspi.kz.evil.test/shop/api/waybill/1.pdf\"") } }, 1, LABEL_NEVER, "", "evil.test" },
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "\"https://kaspi.kz/shop/apix/1.pdf\"") }, { "GET /media/kaspi.kz/shop/apix/1.pdf", NULL, 200, "x" } }, 2, LABEL_HERE, "x", "" },
        { { { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "\"file:///etc/passwd\"") } }, 1, LABEL_NEVER, "", "passwd" },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct ask a;
        ask_begin(&a, "kaspi", kaspi_id, 1, "");
        assert_true(play(&a, cases[i].turns, cases[i].count));
        assert_told(&a.told[0], cases[i].fate, cases[i].file, cases[i].words);
        talk_end(&a.talk);
    }
}

/* ---- when none is asked for ---- */

static void an_order_says_by_itself_whether_its_label_may_be_asked_for(void **state)
{
    static const struct { const char *channel, *external; enum hub_status status; enum order_scheme scheme; enum label_wait wait; } cases[] = {
        { "wildberries", "new/waiting", HUB_NEW, SCHEME_FBS, LABEL_AFTER_CONFIRM }, { "wildberries", "confirm/waiting", HUB_CONFIRMED, SCHEME_FBS, LABEL_MAY },
        { "wildberries", "complete/waiting", HUB_IN_DELIVERY, SCHEME_FBS, LABEL_MAY }, { "wildberries", "", HUB_CONFIRMED, SCHEME_DBS, LABEL_NONE },
        { "wildberries", "cancel/canceled", HUB_CANCELLED, SCHEME_FBS, LABEL_OVER }, { "kaspi", "", HUB_NEW, SCHEME_FBS, LABEL_AFTER_READY },
        { "kaspi", "", HUB_ASSEMBLING, SCHEME_FBS, LABEL_AFTER_READY }, { "kaspi", "", HUB_READY_TO_SHIP, SCHEME_FBS, LABEL_MAY },
        { "kaspi", "", HUB_READY_TO_SHIP, SCHEME_PICKUP, LABEL_NONE }, { "kaspi", "", HUB_COMPLETED, SCHEME_FBS, LABEL_OVER },
        { "ozon", "awaiting_packaging", HUB_NEW, SCHEME_FBS, LABEL_AFTER_READY }, { "ozon", "awaiting_packaging", HUB_CONFIRMED, SCHEME_FBS, LABEL_AFTER_READY },
        { "ozon", "awaiting_packaging", HUB_READY_TO_SHIP, SCHEME_FBS, LABEL_MAY }, { "ozon", "awaiting_deliver", HUB_CONFIRMED, SCHEME_FBS, LABEL_MAY },
        { "ozon", "delivered", HUB_COMPLETED, SCHEME_FBS, LABEL_OVER },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        const struct label_order o = { STR("1"), STR("1"), str_of(cases[i].external), cases[i].status, cases[i].scheme };
        if (channel_find(str_of(cases[i].channel))->label_wait(&o) != cases[i].wait)
            fail_msg("%s %s %s", cases[i].channel, cases[i].external, hub_status_names[cases[i].status]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stickers_of_many_come_at_once_and_those_that_are_missing_are_asked_for_again),
        cmocka_unit_test(a_refusal_that_names_no_order_makes_each_be_asked_for_alone_and_once),
        cmocka_unit_test(an_order_without_a_number_of_wildberries_is_never_asked_for),
        cmocka_unit_test(a_label_of_ozon_is_ordered_asked_after_and_fetched_without_a_key),
        cmocka_unit_test(what_ozon_does_not_draw_is_later_or_never_by_its_words),
        cmocka_unit_test(an_answer_of_ozon_that_is_none_ends_the_conversation_with_a_reason),
        cmocka_unit_test(a_waybill_is_where_the_order_says_and_the_key_goes_to_kaspis_own_door_alone),
        cmocka_unit_test(an_order_says_by_itself_whether_its_label_may_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
