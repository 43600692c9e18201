/* Every cell of the required table, of the live codes and of the settled questions: status word of a market -> hub status. */
#include "channels/channel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define UNKNOWN HUB_STATUS_COUNT

struct cell {
    const char *channel, *key;
    enum hub_status to;                 /* UNKNOWN: parked */
    bool keeps;
    unsigned marks;
    enum cancel_side side;
};

/* clang-format off */
static const struct cell cells[] = {
    /* The customer's table. */
    { "kaspi", "НОВЫЙ", HUB_NEW },                    { "wildberries", "new", HUB_NEW },             { "ozon", "awaiting_packaging", HUB_NEW },
    { "kaspi", "ПРИНЯТ", HUB_CONFIRMED },             { "wildberries", "confirm", HUB_CONFIRMED },   { "ozon", "awaiting_deliver", HUB_CONFIRMED },
    { "kaspi", "СОБИРАЕТСЯ", HUB_ASSEMBLING },        { "wildberries", "sorted", HUB_ASSEMBLING },   { "ozon", "packaging", HUB_ASSEMBLING },
    { "kaspi", "ПЕРЕДАН_КУРЬЕРУ", HUB_IN_DELIVERY },  { "wildberries", "on_the_way", HUB_IN_DELIVERY }, { "ozon", "delivering", HUB_IN_DELIVERY },
    { "kaspi", "ДОСТАВЛЕН", HUB_COMPLETED },          { "wildberries", "sold", HUB_COMPLETED },      { "ozon", "delivered", HUB_COMPLETED },
    /* Kaspi's live codes and the settled ones. */
    { "kaspi", "APPROVED_BY_BANK", HUB_NEW },
    { "kaspi", "APPROVED_BY_BANK+sign_required", HUB_NEW, .marks = BIT(MARK_HOLD) },
    { "kaspi", "ACCEPTED_BY_MERCHANT", HUB_CONFIRMED },
    { "kaspi", "ACCEPTED_BY_MERCHANT+sign_required", HUB_NEW, .keeps = true, .marks = BIT(MARK_HOLD) },
    { "kaspi", "ACCEPTED_BY_MERCHANT+preorder", HUB_CONFIRMED, .marks = BIT(MARK_PREORDER) },
    { "kaspi", "ACCEPTED_BY_MERCHANT+assembled", HUB_READY_TO_SHIP },
    { "kaspi", "ACCEPTED_BY_MERCHANT+transmitted", HUB_IN_DELIVERY },
    { "kaspi", "ARRIVED", HUB_CONFIRMED },
    { "kaspi", "ASSEMBLE", HUB_READY_TO_SHIP },
    { "kaspi", "ASSEMBLED", HUB_READY_TO_SHIP },
    { "kaspi", "COMPLETED", HUB_COMPLETED },
    { "kaspi", "CANCELLING", HUB_NEW, true, BIT(MARK_CANCEL_REQUESTED) },
    { "kaspi", "CANCELLING+assembled", HUB_READY_TO_SHIP, true, BIT(MARK_CANCEL_REQUESTED) },
    { "kaspi", "CANCELLING+transmitted", HUB_IN_DELIVERY, true, BIT(MARK_CANCEL_REQUESTED) | BIT(MARK_RETURN_REQUESTED) },
    { "kaspi", "CANCELLED", HUB_CANCELLED },
    { "kaspi", "KASPI_DELIVERY_RETURN_REQUESTED", HUB_COMPLETED, true, BIT(MARK_RETURN_REQUESTED) },
    { "kaspi", "RETURN_ACCEPTED_BY_MERCHANT", HUB_COMPLETED, true, BIT(MARK_RETURN_REQUESTED) },
    { "kaspi", "ARRIVED_BACKWARD", HUB_COMPLETED, true, BIT(MARK_RETURN_REQUESTED) },
    { "kaspi", "RETURNED", HUB_RETURNED },
    { "kaspi", "SUSPENDED", UNKNOWN }, { "kaspi", "accepted_by_merchant", UNKNOWN }, { "kaspi", "", UNKNOWN },
    { "kaspi", "ACCEPTED_BY_MERCHANT+lost", UNKNOWN }, { "kaspi", "KASPI_DELIVERY_TRANSMITTED", UNKNOWN },
    /* Wildberries: pairs. */
    { "wildberries", "new/waiting", HUB_NEW },
    { "wildberries", "confirm/waiting", HUB_CONFIRMED },
    { "wildberries", "complete/waiting", HUB_IN_DELIVERY },
    { "wildberries", "cancel/waiting", HUB_CANCELLED, .side = CANCEL_SELLER },
    { "wildberries", "confirm/sorted", HUB_ASSEMBLING },
    { "wildberries", "complete/sorted", HUB_IN_DELIVERY },
    { "wildberries", "complete/ready_for_pickup", HUB_AT_PICKUP },
    { "wildberries", "confirm/ready_for_pickup", HUB_AT_PICKUP },
    { "wildberries", "complete/sold", HUB_COMPLETED },
    { "wildberries", "confirm/sold", HUB_COMPLETED },
    { "wildberries", "new/canceled", HUB_CANCELLED, .side = CANCEL_CHANNEL },
    { "wildberries", "cancel/canceled", HUB_CANCELLED, .side = CANCEL_SELLER },
    { "wildberries", "cancel/canceled_by_client", HUB_CANCELLED, .side = CANCEL_BUYER },
    { "wildberries", "cancel/declined_by_client", HUB_CANCELLED, .side = CANCEL_BUYER },
    { "wildberries", "new/canceled_by_client", HUB_CANCELLED, .side = CANCEL_BUYER },
    { "wildberries", "confirm/canceled_by_client", HUB_CANCELLED, .side = CANCEL_BUYER },
    { "wildberries", "complete/canceled_by_client", HUB_CANCELLED, false, BIT(MARK_RETURN_REQUESTED), CANCEL_BUYER },
    { "wildberries", "new/declined_by_client", HUB_CANCELLED, .side = CANCEL_BUYER },
    { "wildberries", "complete/declined_by_client", HUB_RETURNING },
    { "wildberries", "complete/defect", HUB_IN_DELIVERY, true, BIT(MARK_CLAIM) },
    { "wildberries", "complete/accepted_by_carrier", HUB_IN_DELIVERY },
    { "wildberries", "complete/sent_to_carrier", HUB_IN_DELIVERY },
    { "wildberries", "complete/postponed_delivery", HUB_IN_DELIVERY },
    { "wildberries", "complete/canceled_by_carrier", HUB_CANCELLED, .side = CANCEL_CARRIER },
    { "wildberries", "complete/on_the_way", HUB_IN_DELIVERY },
    { "wildberries", "cancel_carrier/waiting", HUB_CANCELLED, .side = CANCEL_CARRIER },
    { "wildberries", "cancel_missed_call/waiting", HUB_CANCELLED, .side = CANCEL_BUYER },
    { "wildberries", "receive/waiting", HUB_COMPLETED }, { "wildberries", "reject/waiting", HUB_RETURNING },
    { "wildberries", "deliver/waiting", HUB_IN_DELIVERY },
    { "wildberries", "complete", HUB_IN_DELIVERY }, { "wildberries", "cancel", HUB_CANCELLED, .side = CANCEL_SELLER },
    { "wildberries", "cancel/teleported", UNKNOWN }, { "wildberries", "teleported/sold", UNKNOWN }, { "wildberries", "*/sold", UNKNOWN },
    { "wildberries", "confirm/", UNKNOWN }, { "wildberries", "/sold", UNKNOWN }, { "wildberries", "complete/*", UNKNOWN }, { "wildberries", "waiting", UNKNOWN },
    /* Ozon. */
    { "ozon", "awaiting_registration", HUB_NEW, .marks = BIT(MARK_HOLD) },
    { "ozon", "acceptance_in_progress", HUB_NEW, .marks = BIT(MARK_HOLD) },
    { "ozon", "awaiting_approve", HUB_NEW, .marks = BIT(MARK_HOLD) },
    { "ozon", "awaiting_verification", HUB_NEW, .marks = BIT(MARK_HOLD) },
    { "ozon", "awaiting_deliver+boxed", HUB_READY_TO_SHIP },
    { "ozon", "driver_pickup", HUB_IN_DELIVERY }, { "ozon", "sent_by_seller", HUB_IN_DELIVERY },
    { "ozon", "arbitration", HUB_IN_DELIVERY, true, BIT(MARK_CLAIM) },
    { "ozon", "client_arbitration", HUB_IN_DELIVERY, true, BIT(MARK_CLAIM) },
    { "ozon", "not_accepted", HUB_CONFIRMED, true, BIT(MARK_PROBLEM) },
    { "ozon", "cancelled", HUB_CANCELLED },
    { "ozon", "cancelled_from_split_pending", HUB_CANCELLED, .side = CANCEL_CHANNEL },
    { "ozon", "awaiting_teleport", UNKNOWN }, { "ozon", "Delivered", UNKNOWN },
};
/* clang-format on */

static void every_cell_maps_as_written(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT_OF(cells); i++) {
        const struct cell *c = &cells[i];
        const struct status_row *row = status_row_find(channel_find(str_of(c->channel))->statuses, str_of(c->key));
        if (c->to == UNKNOWN ? row != NULL : !row)
            fail_msg("%s %s: %s", c->channel, c->key, row ? "is mapped" : "is not mapped");
        if (!row)
            continue;
        if (row->to != c->to || row->keeps != c->keeps || row->marks != c->marks || row->cancel_side != c->side)
            fail_msg("%s %s: is %s keeps %d marks %x side %d by row %s", c->channel, c->key, hub_status_names[row->to], row->keeps,
                     row->marks, (int)row->cancel_side, row->key);
    }
}

static void every_row_is_reached_by_some_key_and_says_what_it_means(void **state)
{
    (void)state;
    for (int i = 0; channels[i]; i++)
        for (const struct status_row *row = channels[i]->statuses; row->key; row++) {
            bool is_reached = false;
            assert_true(row->note && *row->note);
            assert_true(row->to < HUB_STATUS_COUNT);
            for (int c = 0; c < COUNT_OF(cells); c++)
                is_reached = is_reached || (strcmp(cells[c].channel, channels[i]->name) == 0 &&
                                            status_row_find(channels[i]->statuses, str_of(cells[c].key)) == row);
            if (!is_reached && strcmp(row->key, "awaiting registration") != 0 && strncmp(row->key, "deliver/", 8) != 0)
                fail_msg("%s %s: no cell of this test reaches it", channels[i]->name, row->key);
        }
}

static void every_name_table_is_whole(void **state)
{
    static const struct { const char *const *names; int count; } tables[] = {
        { hub_status_names, HUB_STATUS_COUNT }, { payment_status_names, PAY_STATUS_COUNT }, { order_scheme_names, SCHEME_COUNT },
        { order_mark_names, MARK_COUNT },       { cancel_side_names, CANCEL_SIDE_COUNT },   { order_op_names, COMMAND_OP_COUNT },
    };
    (void)state;
    for (int t = 0; t < COUNT_OF(tables); t++) {
        assert_null(tables[t].names[tables[t].count]);
        for (int i = 0; i < tables[t].count; i++) {
            assert_non_null(tables[t].names[i]);
            assert_int_equal(name_find(tables[t].names, str_of(tables[t].names[i])), i);
        }
        assert_int_equal(name_find(tables[t].names, STR("nonsense")), -1);
    }
}

static void every_channel_is_found_by_name_and_is_whole(void **state)
{
    (void)state;
    for (int i = 0; channels[i]; i++) {
        const struct channel *c = channels[i];
        assert_ptr_equal(channel_find(str_of(c->name)), c);
        assert_non_null(c->title);
        assert_non_null(c->settings->name);
        assert_non_null(c->streams->name);
        assert_non_null(c->pace->family);
        assert_non_null(c->cancel_reasons->code);
        assert_true(c->pull_step && c->order_read && c->page_read && c->returns_read && c->command_step && c->check_step);
        assert_true(str_starts(str_of(c->base_url), STR("https://")));
        for (const struct channel_setting *s = c->settings; s->name; s++)
            assert_true(s->doc && *s->doc && !(s->required && s->fallback));
    }
    assert_null(channel_find(STR("amazon")));
    assert_null(channel_find((str){ 0 }));
}

static void a_setting_is_the_given_value_or_the_fallback_of_its_channel(void **state)
{
    struct arena arena = { 0 };
    struct setting_value_list given = { 0 };
    struct call call = { .arena = &arena, .settings = &given, .channel = channel_find(STR("kaspi")) };
    (void)state;
    assert_true(str_is(call_setting(&call, "history_days"), "14"));
    call.channel = channel_find(STR("ozon"));
    assert_true(str_is(call_setting(&call, "history_days"), "30"));
    assert_int_equal(call_setting(&call, "api_key").len, 0);
    *setting_value_list_add(&given, &arena) = (struct setting_value){ STR("history_days"), STR("3") };
    assert_true(str_is(call_setting(&call, "history_days"), "3"));
    arena_done(&arena);
}

static void a_star_stands_only_for_words_of_its_own_table(void **state)
{
    static const struct status_row own[] = { { .key = "a/*", .to = HUB_NEW }, { .key = "b/x", .to = HUB_CONFIRMED }, { 0 } };
    (void)state;
    assert_ptr_equal(status_row_find(own, STR("a/x")), &own[0]);
    assert_ptr_equal(status_row_find(own, STR("b/x")), &own[1]);
    assert_null(status_row_find(own, STR("a/y")));
    assert_null(status_row_find(own, STR("c/x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_maps_as_written),
        cmocka_unit_test(every_row_is_reached_by_some_key_and_says_what_it_means),
        cmocka_unit_test(every_name_table_is_whole),
        cmocka_unit_test(every_channel_is_found_by_name_and_is_whole),
        cmocka_unit_test(a_setting_is_the_given_value_or_the_fallback_of_its_channel),
        cmocka_unit_test(a_star_stands_only_for_words_of_its_own_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
