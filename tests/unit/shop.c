/* Rules, calendars and settings as screens change them, and the snapshot that work reads, on both stores. */
#include "unit/people_ground.h"

static char *path_of(struct ground *g, const char *folder, str id)
{
    return str_zero(&g->a, str_print(&g->a, "/api/%s/%.*s", folder, STR_ARG(id)));
}

static void an_empty_database_is_a_nameless_shop(void **state)
{
    struct ground g;
    ground_init(&g, state);
    assert_true(!g.shop.name.len && str_is(g.shop.country, "KZ") && str_is(g.shop.currency, "KZT") && g.shop.hold_s == HOLD_S_DEFAULT);
    assert_true(str_is(zone_name(g.shop.zone), "Asia/Almaty") && !g.shop.book.policies.count);
    ground_done(&g);
}

static void a_new_shop_begins_with_rules_in_its_language(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer a     = ask(&g, &owner, HTTP_GET, "/api/policies", NULL);
    assert_int_equal(json_get(a.json, "items")->count, 9);
    assert_true(str_is(text_at(a, "items.0.name"), "Kaspi: подтвердить") && str_is(text_at(a, "items.0.minutes"), "1440") &&
                str_is(text_at(a, "items.0.clock"), "wall") && str_is(text_at(a, "items.0.pause_statuses.0"), "hold"));
    a = ask(&g, &owner, HTTP_GET, "/api/calendars", NULL);
    assert_true(str_is(text_at(a, "items.0.name"), "Рабочее время") && str_is(text_at(a, "items.0.days.0.1.0"), "14:00") &&
                str_is(text_at(a, "items.0.zone"), "Asia/Almaty"));
    const struct sla_question q = { .channel = STR("kaspi"), .start = g.now };
    struct sla_answer answer = sla_ask(&g.shop.book, &q);
    assert_true(answer.has && answer.due.ms == g.now.ms + DAY_MS && answer.policy->pause_marks == BIT(0));
    ground_done(&g);
}

static void a_rule_is_made_changed_and_removed(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer a     = ask(&g, &owner, HTTP_GET, "/api/calendars", NULL);
    str           calendar = text_at(a, "items.0.id");
    int           changes  = g.shop_changes;

    a = ask(&g, &owner, HTTP_POST, "/api/policies",
            "{\"name\":\"\",\"channel\":\"Каспи\",\"account_id\":\"5\",\"step\":\"fly\",\"minutes\":0,\"clock\":\"working\","
            "\"red_share_bp\":10001,\"pause_statuses\":[\"sleep\"],\"colour\":1}");
    need(a, 422, "all wrong");
    assert_true(has_error(a, "name") && has_error(a, "step") && has_error(a, "minutes") && has_error(a, "red_share_bp") &&
                has_error(a, "pause_statuses") && has_error(a, "colour"));
    need(ask(&g, &owner, HTTP_POST, "/api/policies", "{\"name\":\"x\",\"step\":\"confirm\",\"minutes\":60,\"clock\":\"working\"}"), 422,
         "without a calendar");
    need(ask(&g, &owner, HTTP_POST, "/api/policies", "{\"name\":\"x\",\"step\":\"confirm\",\"minutes\":60,\"clock\":\"working\",\"calendar_id\":\"7\"}"),
         422, "a calendar that is not there");
    need(ask(&g, &owner, HTTP_POST, "/api/policies", "{\"name\":\"x\",\"step\":\"confirm\",\"minutes\":60,\"clock\":\"wall\",\"account_id\":\"7\"}"),
         422, "an account that is not there");
    assert_int_equal(g.shop_changes, changes);

    a = ask(&g, &owner, HTTP_POST, "/api/policies",
            str_zero(&g.a, str_print(&g.a, "{\"name\":\"Office\",\"channel\":\"kaspi\",\"account_id\":null,\"scheme\":\"\",\"step\":\"confirm\","
                                           "\"minutes\":120,\"clock\":\"working\",\"calendar_id\":\"%.*s\","
                                           "\"pause_statuses\":[\"hold\",\"problem\"],\"active\":true}", STR_ARG(calendar))));
    need(a, 201, "made");
    assert_true(str_is(text_at(a, "red_minutes"), "120") && str_is(text_at(a, "pause_statuses.1"), "problem"));
    char *path = path_of(&g, "policies", text_at(a, "id"));
    struct sla_question q = { .channel = STR("kaspi"), .start = g.now };      /* Wednesday 09:00 */
    struct sla_answer answer = sla_ask(&g.shop.book, &q);
    assert_true(str_is(answer.policy->name, "Office") && answer.due.ms == g.now.ms + 2 * HOUR_MS && answer.policy->pause_marks == (BIT(0) | BIT(4)));
    need(ask(&g, &owner, HTTP_DELETE, path_of(&g, "calendars", calendar), NULL), 409, "a calendar in use");

    need(ask(&g, &owner, HTTP_PATCH, path, "{\"minutes\":60}"), 428, "without a version");
    owner.version = 1;
    a = ask(&g, &owner, HTTP_PATCH, path, "{\"minutes\":60,\"pause_statuses\":[]}");
    need(a, 200, "changed");
    assert_true(str_is(text_at(a, "version"), "2") && json_get(a.json, "pause_statuses")->count == 0);
    answer = sla_ask(&g.shop.book, &q);
    assert_true(answer.due.ms == g.now.ms + HOUR_MS && !answer.policy->pause_marks);
    a = ask(&g, &owner, HTTP_PATCH, path, "{\"minutes\":30}");
    need(a, 412, "an old version");
    assert_true(str_is(text_at(a, "current.minutes"), "60"));
    owner.version = 2;
    a = ask(&g, &owner, HTTP_PATCH, path, "{\"clock\":\"wall\"}");
    assert_true(json_is_null(json_get(a.json, "calendar_id")));
    owner.version = 3;
    need(ask(&g, &owner, HTTP_PATCH, path, "{\"active\":false}"), 200, "switched off");
    assert_int_equal(sla_ask(&g.shop.book, &q).due.ms, g.now.ms + DAY_MS);
    need(ask(&g, &owner, HTTP_DELETE, path, NULL), 204, "removed");
    need(ask(&g, &owner, HTTP_DELETE, path, NULL), 404, "gone");
    assert_int_equal(g.shop_changes, changes + 5);
    ground_done(&g);
}

static void a_calendar_is_changed_as_a_whole_or_not_at_all(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer a     = ask(&g, &owner, HTTP_POST, "/api/calendars",
                          "{\"name\":\"Night\",\"zone\":\"Europe/Kyiv\",\"days\":[[],[],[],[],[],[],[[\"00:00\",\"24:00\"]]]}");
    need(a, 201, "made");
    char *path = path_of(&g, "calendars", text_at(a, "id"));
    owner.version = 1;
    a = ask(&g, &owner, HTTP_PUT, path, "{\"name\":\"\",\"zone\":\"Mars\",\"days\":[[[\"10:00\",\"09:00\"]],[],[],[],[],[],[]],\"holidays\":[{\"date\":\"x\"}]}");
    need(a, 422, "wrong");
    assert_true(has_error(a, "name") && has_error(a, "days.0.0") && has_error(a, "holidays.0.date"));
    a = ask(&g, &owner, HTTP_PUT, path, "{\"zone\":\"Mars\"}");
    assert_true(has_error(a, "zone"));
    a = ask(&g, &owner, HTTP_PUT, path, "{\"name\":\"Nights\",\"zone\":\"Europe/Kyiv\",\"days\":[[[\"22:00\",\"24:00\"]],[],[],[],[],[],[]],"
            "\"holidays\":[{\"date\":\"2027-01-01\",\"name\":\"Новый год\",\"intervals\":[]}]}");
    need(a, 200, "changed");
    assert_true(str_is(text_at(a, "holidays.0.name"), "Новый год") && str_is(text_at(a, "days.0.0.1"), "24:00") && str_is(text_at(a, "version"), "2"));
    need(ask(&g, &owner, HTTP_PUT, path, "{\"name\":\"x\"}"), 412, "an old version");
    need(ask(&g, &owner, HTTP_DELETE, path, NULL), 204, "removed");
    ground_done(&g);
}

static void settings_change_at_once_for_everybody(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer a     = ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"country\":\"kz\",\"currency\":\"ABC\",\"time_zone\":\"Mars\"}");
    need(a, 422, "wrong");
    assert_true(has_error(a, "country") && has_error(a, "currency") && has_error(a, "time_zone"));
    need(ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"hold_s\":16}"), 422, "too long");
    a = ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"hold_s\":0,\"time_zone\":\"Europe/Kyiv\",\"currency\":\"UAH\",\"country\":\"UA\"}");
    need(a, 200, "changed");
    assert_true(str_is(text_at(a, "shop_name"), "Карапуз") && str_is(text_at(a, "hold_s"), "0"));
    assert_true(g.shop.hold_s == 0 && str_is(zone_name(g.shop.zone), "Europe/Kyiv") && str_is(g.shop.currency, "UAH"));
    a = ask(&g, &owner, HTTP_GET, "/api/settings", NULL);
    assert_true(str_is(text_at(a, "country"), "UA"));
    ground_done(&g);
}

static void the_records_fit_the_columns(void **state)
{
    struct ground g;
    ground_init(&g, state);
    static const struct record *const records[] = { &policy_record, &calendar_record, &user_record, &session_record };
    for (int i = 0; i < COUNT_OF(records); i++)
        if (!record_check(g.db, records[i], &g.err))
            fail_msg("%s: %s", records[i]->name, g.err.item[0].text);
    ground_done(&g);
}

static void the_api_document_describes_every_route(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct err   err = { 0 };
    struct buf   out = buf_in(&a);
    struct openapi_schema all[40] = { 0 };
    int n = 0;
    for (const struct openapi_schema *s = accounts_schemas; s->name; s++)
        all[n++] = *s;
    for (const struct openapi_schema *s = deadlines_schemas; s->name; s++)
        all[n++] = *s;
    static const struct route *const tables[] = { session_routes, user_routes, key_routes, view_routes, audit_routes, setup_routes,
                                                  deadline_routes, NULL };
    if (!openapi_write(tables, all, &out, &err))
        fail_msg("%s: %s", err.item[0].field, err.item[0].text);
    const struct json *json;
    for (int i = 0; i < n; i++)
        if (!json_read(&a, str_of(all[i].json), 1 << 20, &json, &err))
            fail_msg("schema %s is no JSON: %s", all[i].name, err.item[0].text);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_database_is_a_nameless_shop),
        cmocka_unit_test(a_new_shop_begins_with_rules_in_its_language),
        cmocka_unit_test(a_rule_is_made_changed_and_removed),
        cmocka_unit_test(a_calendar_is_changed_as_a_whole_or_not_at_all),
        cmocka_unit_test(settings_change_at_once_for_everybody),
        cmocka_unit_test(the_records_fit_the_columns),
        cmocka_unit_test(the_api_document_describes_every_route),
    };
    return test_stores(tests, COUNT_OF(tests));
}
