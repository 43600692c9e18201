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
    need(ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"hold_s\":0}"), 428, "without a version");
    owner.version       = 1;
    struct answer a     = ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"country\":\"kz\",\"currency\":\"ABC\",\"time_zone\":\"Mars\"}");
    need(a, 422, "wrong");
    assert_true(has_error(a, "country") && has_error(a, "currency") && has_error(a, "time_zone"));
    need(ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"hold_s\":16}"), 422, "too long");
    a = ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"hold_s\":0,\"time_zone\":\"Europe/Kyiv\",\"currency\":\"UAH\",\"country\":\"UA\"}");
    need(a, 200, "changed");
    assert_true(str_is(text_at(a, "version"), "2"));
    assert_true(str_is(text_at(a, "shop_name"), "Карапуз") && str_is(text_at(a, "hold_s"), "0"));
    assert_true(g.shop.hold_s == 0 && str_is(zone_name(g.shop.zone), "Europe/Kyiv") && str_is(g.shop.currency, "UAH"));
    a = ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"hold_s\":7}");
    need(a, 412, "somebody saved meanwhile");
    assert_true(str_is(text_at(a, "current.hold_s"), "0") && str_is(text_at(a, "current.version"), "2"));
    a = ask(&g, &owner, HTTP_GET, "/api/settings", NULL);
    assert_true(str_is(text_at(a, "country"), "UA") && str_is(text_at(a, "hold_s"), "0"));
    ground_done(&g);
}

#define OFFICE "[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]]"
#define WEEK   "[" OFFICE "," OFFICE "," OFFICE "," OFFICE "," OFFICE ",[],[]]"

/* "due, yellow, red, parts" of what would be. */
static void tried(struct ground *g, struct client *who, const char *body, const char *want)
{
    struct answer a = ask(g, who, HTTP_POST, "/api/deadlines/try", body);
    need(a, 200, body);
    struct buf b = buf_in(&g->a);
    str due = text_at(a, "due_at"), yellow = text_at(a, "yellow_at"), red = text_at(a, "red_at");
    buf_add(&b, str_print(&g->a, "%.*s %.*s %.*s", STR_ARG(due), STR_ARG(yellow), STR_ARG(red)));
    const struct json *parts = json_get(json_get(a.json, "explain"), "parts");
    JSON_EACH(part, parts) {
        str day = json_str(json_get(part, "day"));
        int64_t minutes = 0;
        assert_true(json_int(json_get(part, "minutes"), &minutes));
        buf_add(&b, str_print(&g->a, " %.*s:%lld", STR_ARG(day), (long long)minutes));
    }
    if (!str_is(buf_str(&b), want))
        fail_msg("%s\n gave %.*s\n  not %s", body, STR_ARG(buf_str(&b)), want);
}

static void a_rule_is_tried_on_any_moment_before_it_is_saved(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    str calendar = text_at(ask(&g, &owner, HTTP_GET, "/api/calendars", NULL), "items.0.id");
    int changes  = g.shop_changes;
    /* The examples of the handbook §5; Almaty is five hours ahead. */
    static const struct { const char *at; int minutes; const char *want; } cases[] = {
        { "2026-12-18T12:30:00Z", 120, "2026-12-21T05:30:00Z 2026-12-21T04:30:00Z 2026-12-21T05:06:00Z 2026-12-18:30 2026-12-21:90" },
        { "2026-12-19T06:00:00Z", 60, "2026-12-21T05:00:00Z 2026-12-21T04:30:00Z 2026-12-21T04:48:00Z 2026-12-21:60" },
        { "2026-12-15T07:45:00Z", 30, "2026-12-15T09:15:00Z 2026-12-15T08:00:00Z 2026-12-15T09:09:00Z 2026-12-15:30" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        tried(&g, &owner, str_zero(&g.a, str_print(&g.a, "{\"at\":\"%s\",\"rule\":{\"name\":\"\",\"step\":\"confirm\",\"minutes\":%d,"
              "\"clock\":\"working\",\"calendar_id\":\"%.*s\"}}", cases[i].at, cases[i].minutes, STR_ARG(calendar))), cases[i].want);
    tried(&g, &owner, "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"step\":\"confirm\",\"minutes\":1440,\"clock\":\"wall\"}}",
          "2026-12-19T12:30:00Z 2026-12-19T00:30:00Z 2026-12-19T10:30:00Z");

    /* A calendar as it stands on the screen: Monday became a day off. */
    tried(&g, &owner, str_zero(&g.a, str_print(&g.a, "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"step\":\"confirm\",\"minutes\":120,"
          "\"clock\":\"working\",\"calendar_id\":\"%.*s\"},\"calendar\":{\"id\":\"%.*s\",\"zone\":\"Asia/Almaty\",\"days\":" WEEK ","
          "\"holidays\":[{\"date\":\"2026-12-21\",\"name\":\"\",\"intervals\":[]}]}}", STR_ARG(calendar), STR_ARG(calendar))),
          "2026-12-22T05:30:00Z 2026-12-22T04:30:00Z 2026-12-22T05:06:00Z 2026-12-18:30 2026-12-22:90");

    /* Without a rule the tightest of the shop's answers; a channel without one has none. */
    tried(&g, &owner, "{\"at\":\"2026-12-18T12:30:00Z\",\"step\":\"confirm\",\"channel\":\"kaspi\"}",
          "2026-12-19T12:30:00Z 2026-12-19T00:30:00Z 2026-12-19T10:30:00Z");
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/deadlines/try", "{\"at\":\"2026-12-18T12:30:00Z\",\"channel\":\"site\"}");
    need(a, 200, "no rule");
    assert_true(json_is_null(json_get(a.json, "due_at")) && json_is_null(json_get(a.json, "explain")));

    /* A rule that is being changed is tried over what is stored, and nothing is written. */
    a = ask(&g, &owner, HTTP_GET, "/api/policies", NULL);
    str rule = text_at(a, "items.0.id");
    tried(&g, &owner, str_zero(&g.a, str_print(&g.a, "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"id\":\"%.*s\",\"minutes\":60}}", STR_ARG(rule))),
          "2026-12-18T13:30:00Z 2026-12-18T13:00:00Z 2026-12-18T13:18:00Z");
    assert_true(str_is(text_at(ask(&g, &owner, HTTP_GET, "/api/policies", NULL), "items.0.minutes"), "1440"));
    assert_int_equal(g.shop_changes, changes);
    ground_done(&g);
}

static void what_cannot_be_tried_is_named_at_its_field(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    static const struct { const char *body, *field; } bad[] = {
        { "{}", "at" }, { "{\"at\":\"Friday\"}", "at" }, { "{\"at\":5}", "at" }, { "{\"at\":\"2026-12-18T12:30:00Z\",\"colour\":1}", "colour" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"step\":\"fly\"}", "step" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":7}", "rule" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"step\":\"confirm\",\"clock\":\"wall\"}}", "minutes" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"minutes\":0,\"clock\":\"wall\"}}", "minutes" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"minutes\":60,\"clock\":\"working\"}}", "calendar_id" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"minutes\":60,\"clock\":\"working\",\"calendar_id\":\"9\"}}", "calendar_id" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"calendar\":[]}", "calendar" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"calendar\":{\"zone\":\"Mars\",\"days\":" WEEK "}}", "zone" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"calendar\":{\"zone\":\"UTC\",\"days\":[[[\"9\",\"10\"]],[],[],[],[],[],[]]}}", "days.0.0" },
        { "{\"at\":\"2026-12-18T12:30:00Z\",\"account_id\":\"x\"}", "account_id" },
    };
    for (int i = 0; i < COUNT_OF(bad); i++) {
        struct answer a = ask(&g, &owner, HTTP_POST, "/api/deadlines/try", bad[i].body);
        need(a, 422, bad[i].body);
        if (!has_error(a, bad[i].field))
            fail_msg("%s: %.*s", bad[i].body, STR_ARG(a.body));
    }
    need(ask(&g, &owner, HTTP_POST, "/api/deadlines/try", "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"id\":\"9\",\"minutes\":60}}"), 404, "no such rule");
    /* A calendar without any working time never gets there. */
    tried(&g, &owner, "{\"at\":\"2026-12-18T12:30:00Z\",\"rule\":{\"minutes\":60,\"clock\":\"working\",\"calendar_id\":\"1\"},"
          "\"calendar\":{\"id\":\"1\",\"zone\":\"UTC\",\"days\":[[],[],[],[],[],[],[]]}}", "  ");
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
        cmocka_unit_test(a_rule_is_tried_on_any_moment_before_it_is_saved),
        cmocka_unit_test(what_cannot_be_tried_is_named_at_its_field),
        cmocka_unit_test(the_records_fit_the_columns),
        cmocka_unit_test(the_api_document_describes_every_route),
    };
    return test_shops(tests, COUNT_OF(tests));
}
