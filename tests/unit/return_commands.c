/* Decisions on returns in each market's own words: which answer is given where several are offered, by its name or by the account's setting. */
#include "channel_talk.h"

#define O_ASK "POST /v2/returns/rfbs/get"
#define O_SET "POST /v1/returns/rfbs/action/set"
#define O_SAYS(state, actions) "{\"returns\":{\"return_id\":7100,\"available_actions\":[" actions "],\"state\":{\"state\":\"" state "\"}," \
                               "\"rejection_reason\":[{\"id\":3,\"is_comment_required\":false},{\"id\":7,\"is_comment_required\":true}]}}"
#define ACTION(id, name) "{\"id\":" id ",\"name\":\"" name "\"}"
#define REFUSALS ACTION("-1", "Отклонить заявку") "," ACTION("1020", "Компенсировать часть стоимости")

static struct receipt play(struct talk *t, const char *channel, const char *setting, const char *value, const struct command *cmd,
                           const struct turn *turns, int count)
{
    talk_begin(t, channel);
    if (setting)
        *setting_value_list_add(&t->settings, &t->arena) = (struct setting_value){ str_of(setting), str_of(value) };
    return talk_command(t, cmd, turns, count);
}

static struct command ozon(enum order_op op)
{
    return (struct command){ .op = op, .key = STR("k1"), .external_id = STR("60-1-1"), .number = STR("60-1-1"), .return_id = STR("rfbs:7100"),
                             .comment = STR("Следов брака нет") };
}

/* Names in the language of the cabinet, with the number that is to be sent. */
static void ozon_actions_are_found_by_the_words_of_their_names(void **state)
{
    static const struct { enum order_op op; const char *state, *offered, *sent; } cases[] = {
        { OP_RETURN_APPROVE, "OnSellerApproval", ACTION("11", "Одобрить заявку"), "11" },
        { OP_RETURN_APPROVE, "OnSellerApproval", ACTION("12", "Approve the request"), "12" },
        { OP_RETURN_KEEP, "OnSellerApproval", ACTION("13", "Одобрить заявку") "," ACTION("51", "Вернуть деньги без возврата товара"), "51" },
        { OP_RETURN_RECEIVE, "MovingToSeller", ACTION("21", "Подтвердить получение товара"), "21" },
        { OP_RETURN_PAY, "ReceivedBySeller", ACTION("52", "Вернуть деньги без возврата товара") "," ACTION("41", "Вернуть деньги"), "41" },
        { OP_RETURN_PAY, "ReceivedBySeller", ACTION("42", "Return money"), "42" },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        char           body[200], before[800];
        struct talk    t;
        struct command cmd = ozon(cases[i].op);
        snprintf(body, sizeof body, "{\"return_id\":7100,\"id\":%s,\"comment\":\"Следов брака нет\"}", cases[i].sent);
        snprintf(before, sizeof before, O_SAYS("%s", "%s," REFUSALS), cases[i].offered, cases[i].state);
        const struct turn turns[] = { { O_ASK, NULL, 200, before }, { O_SET, body, 200, "{}" } };
        struct receipt r = play(&t, "ozon", NULL, NULL, &cmd, turns, COUNT_OF(turns));
        if (r.kind != RECEIPT_DONE)
            fail_msg("case %d: receipt %d %.*s", i, (int)r.kind, STR_ARG(r.text));
        talk_end(&t);
    }
}

static void ozon_takes_the_number_that_the_account_names_and_no_other(void **state)
{
    static const struct turn named[] = {
        { O_ASK, NULL, 200, O_SAYS("OnSellerApproval", ACTION("10", "Одобрить заявку") "," ACTION("77", "Согласиться") "," REFUSALS) },
        { O_SET, "{\"return_id\":7100,\"id\":77,\"comment\":\"Следов брака нет\"}", 200, "{}" },
    };
    static const struct turn absent[] = { { O_ASK, NULL, 200, O_SAYS("OnSellerApproval", ACTION("10", "Одобрить заявку") "," REFUSALS) } };
    struct command cmd = ozon(OP_RETURN_APPROVE);
    struct talk    t;
    (void)state;
    assert_int_equal(play(&t, "ozon", "rfbs_approve", " 77 ", &cmd, named, COUNT_OF(named)).kind, RECEIPT_DONE);
    talk_end(&t);
    /* It is named and not offered: another one that sounds alike is not taken for it. */
    assert_int_equal(play(&t, "ozon", "rfbs_approve", "77", &cmd, absent, COUNT_OF(absent)).kind, RECEIPT_REFUSED);
    talk_end(&t);
    /* A refusal and a partial payment are never sent for an approval, whatever somebody has written into the settings. */
    static const struct turn wrong[] = { { O_ASK, NULL, 200, O_SAYS("OnSellerApproval", ACTION("10", "Одобрить заявку") "," REFUSALS) } };
    assert_int_equal(play(&t, "ozon", "rfbs_approve", "-1", &cmd, wrong, COUNT_OF(wrong)).kind, RECEIPT_REFUSED);
    talk_end(&t);
    assert_int_equal(play(&t, "ozon", "rfbs_approve", "1020", &cmd, wrong, COUNT_OF(wrong)).kind, RECEIPT_REFUSED);
    talk_end(&t);
}

static void ozon_refuses_with_the_reason_that_takes_words(void **state)
{
    static const struct turn turns[] = {
        { O_ASK, NULL, 200, O_SAYS("OnSellerApproval", ACTION("10", "Одобрить заявку") "," REFUSALS) },
        { O_SET, "{\"return_id\":7100,\"id\":-1,\"comment\":\"Следов брака нет\",\"rejection_reason_id\":7}", 200, "{}" },
    };
    struct command cmd = ozon(OP_RETURN_REJECT);
    struct talk    t;
    (void)state;
    assert_int_equal(play(&t, "ozon", NULL, NULL, &cmd, turns, COUNT_OF(turns)).kind, RECEIPT_DONE);
    talk_end(&t);
}

/* What is offered to the buyer is a number with two digits, never a text and never of another step. */
static void ozon_offers_a_part_of_the_price_by_its_own_number_alone(void **state)
{
    static const struct turn turns[] = {
        { O_ASK, NULL, 200, O_SAYS("OnSellerApproval", ACTION("51", "Вернуть деньги без возврата товара") "," REFUSALS) },
        { O_SET, "{\"return_id\":7100,\"id\":1020,\"comment\":\"Следов брака нет\",\"compensation_amount\":350.50}", 200, "{}" },
    };
    static const struct turn offered[] = { { O_ASK, NULL, 200, O_SAYS("OfferedPartialCompensation", ACTION("-10", "Отклонить")) } };
    static const struct turn absent[]  = { { O_ASK, NULL, 200, O_SAYS("OnSellerApproval", ACTION("-1", "Отклонить")) } };
    struct command cmd = ozon(OP_RETURN_PART);
    struct talk    t;
    (void)state;
    cmd.sum = (amount){ 35050 };
    assert_int_equal(play(&t, "ozon", NULL, NULL, &cmd, turns, COUNT_OF(turns)).kind, RECEIPT_DONE);
    talk_end(&t);
    assert_int_equal(play(&t, "ozon", NULL, NULL, &cmd, offered, COUNT_OF(offered)).kind, RECEIPT_DONE_BEFORE);
    talk_end(&t);
    assert_int_equal(play(&t, "ozon", NULL, NULL, &cmd, absent, COUNT_OF(absent)).kind, RECEIPT_REFUSED);
    talk_end(&t);
}

#define W_ASK "GET /api/v1/claims?is_archive=false&id=c1&limit=1&offset=0"
#define W_SET "PATCH /api/v1/claim"
#define W_SAYS(status, actions) "{\"claims\":[{\"id\":\"c1\",\"status\":" status ",\"status_ex\":0,\"actions\":[" actions "]}]}"

static void wb_approves_with_the_answer_that_the_account_names_where_it_is_offered(void **state)
{
    static const struct { const char *setting, *offered, *sent; } cases[] = {
        { NULL, "\"approve1\",\"approve2\",\"rejectcustom\"", "approve2" },
        { NULL, "\"approve1\",\"rejectcustom\"", "approve1" },
        { "approve1", "\"approve1\",\"approve2\",\"rejectcustom\"", "approve1" },
        { "approve1", "\"approve2\",\"rejectcustom\"", "approve2" },
        { "approve7", "\"approve7\",\"rejectcustom\"", "approve7" },
    };
    struct command cmd = { .op = OP_RETURN_APPROVE, .key = STR("k1"), .external_id = STR("4400"), .number = STR("4400"), .return_id = STR("c1") };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        char        body[100], claim[200];
        struct talk t;
        snprintf(body, sizeof body, "{\"id\":\"c1\",\"action\":\"%s\"}", cases[i].sent);
        snprintf(claim, sizeof claim, W_SAYS("0", "%s"), cases[i].offered);
        const struct turn turns[] = { { W_ASK, NULL, 200, claim }, { W_SET, body, 200, "{}" } };
        struct receipt r = play(&t, "wildberries", "claim_answer", cases[i].setting, &cmd, turns, COUNT_OF(turns));
        if (r.kind != RECEIPT_DONE)
            fail_msg("case %d: receipt %d %.*s", i, (int)r.kind, STR_ARG(r.text));
        talk_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ozon_actions_are_found_by_the_words_of_their_names),
        cmocka_unit_test(ozon_takes_the_number_that_the_account_names_and_no_other),
        cmocka_unit_test(ozon_refuses_with_the_reason_that_takes_words),
        cmocka_unit_test(ozon_offers_a_part_of_the_price_by_its_own_number_alone),
        cmocka_unit_test(wb_approves_with_the_answer_that_the_account_names_where_it_is_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
