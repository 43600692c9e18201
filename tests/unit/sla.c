/* Deadlines and zones: every example of the domain handbook §5, and the corners of calendars. */
#include "base/arena.h"
#include "base/buf.h"
#include "deadlines/sla.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct arena arena;

static const char OFFICE[] = "[[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],"
                             "[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],"
                             "[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[],[]]";
static const char NIGHTS[] = "[[[\"00:00\",\"24:00\"]],[[\"00:00\",\"24:00\"]],[[\"00:00\",\"24:00\"]],[[\"00:00\",\"24:00\"]],"
                             "[[\"00:00\",\"24:00\"]],[[\"00:00\",\"24:00\"]],[[\"00:00\",\"24:00\"]]]";
static const char NEVER[] = "[[],[],[],[],[],[],[]]";

static struct calendar *calendar(const char *zone, const char *days, const char *holidays)
{
    struct err       err = { 0 };
    struct calendar *c   = ARENA_NEW(&arena, struct calendar);
    if (!calendar_read(&arena, str_of(zone), str_of(days), str_of(holidays), c, &err))
        fail_msg("%s: %s", err.item[0].field, err.item[0].text);
    return c;
}

/* "2026-12-18 17:30" of the zone. */
static instant local(const char *zone, const char *text)
{
    int64_t day = 0;
    str     s   = str_of(text);
    if (!date_parse(str_sub(s, 0, 10), &day) || s.len != 16)
        fail_msg("bad case \"%s\"", text);
    int hour = (s.at[11] - '0') * 10 + s.at[12] - '0', minute = (s.at[14] - '0') * 10 + s.at[15] - '0';
    return zone_instant(zone_find(str_of(zone)), day, hour * 3600 + minute * 60);
}

static instant utc(const char *text)
{
    instant t = { 0 };
    if (text[0] && !instant_parse(str_of(text), &t))
        fail_msg("bad case \"%s\"", text);
    return t;
}

static void same(const char *what, instant got, instant want)
{
    if (got.ms != want.ms)
        fail_msg("%s: got %.*s, want %.*s", what, STR_ARG(instant_text(&arena, got)), STR_ARG(instant_text(&arena, want)));
}

static struct sla_book *book(const struct policy *policies, int count)
{
    struct sla_book *b = ARENA_NEW(&arena, struct sla_book);
    for (int i = 0; i < count; i++)
        *policy_list_add(&b->policies, &arena) = policies[i];
    return b;
}

static struct policy rule(int64_t minutes, const struct calendar *c)
{
    return (struct policy){ .id = { 7 }, .name = STR("rule"), .minutes = minutes, .clock = c ? SLA_WORKING : SLA_WALL,
                            .calendar = c, .red_minutes = 120, .red_share_bp = 2000 };
}

static void the_examples_of_the_handbook_come_out(void **state)
{
    (void)state;
    static const struct { const char *start; int64_t minutes; const char *yellow, *red, *due; } cases[] = {
        { "2026-12-18 17:30", 120, "2026-12-21 09:30", "2026-12-21 10:06", "2026-12-21 10:30" },   /* Friday evening */
        { "2026-12-19 11:00", 60, "2026-12-21 09:30", "2026-12-21 09:48", "2026-12-21 10:00" },    /* Saturday */
        { "2026-12-15 12:45", 30, "2026-12-15 13:00", "2026-12-15 14:09", "2026-12-15 14:15" },    /* lunch */
        { "2026-12-15 09:00", 480, "2026-12-15 13:00", "2026-12-15 16:24", "2026-12-15 18:00" },   /* a day ends with the day */
        { "2026-12-15 18:00", 1, NULL, NULL, "2026-12-16 09:01" },                                 /* the end is not inside */
    };
    const char            *zones[] = { "Asia/Almaty", "Europe/Kyiv", "Europe/Moscow", "UTC" };
    for (int z = 0; z < COUNT_OF(zones); z++) {
        struct policy p = rule(0, calendar(zones[z], OFFICE, "[]"));
        for (int i = 0; i < COUNT_OF(cases); i++) {
            p.minutes = cases[i].minutes;
            struct sla_question q = { .start = local(zones[z], cases[i].start) };
            struct sla_answer   a = sla_ask(book(&p, 1), &q);
            same(cases[i].start, a.due, local(zones[z], cases[i].due));
            if (cases[i].yellow) {
                same(cases[i].start, a.yellow, local(zones[z], cases[i].yellow));
                same(cases[i].start, a.red, local(zones[z], cases[i].red));
            }
            assert_int_equal(a.total_ms, cases[i].minutes * MINUTE_MS);
            assert_int_equal(a.policy_id.v, 7);
        }
    }
}

static void a_wall_clock_day_is_yellow_at_half_and_red_two_hours_before(void **state)
{
    (void)state;
    struct policy       p = rule(24 * 60, NULL);
    struct sla_question q = { .start = utc("2026-12-18T12:30:00Z") };
    struct sla_answer   a = sla_ask(book(&p, 1), &q);
    same("due", a.due, utc("2026-12-19T12:30:00Z"));
    same("yellow", a.yellow, utc("2026-12-19T00:30:00Z"));
    same("red", a.red, utc("2026-12-19T10:30:00Z"));
}

static void seven_of_a_morning_s_orders_are_red(void **state)
{
    (void)state;
    /* 129 orders whose deadlines lie anywhere from the night before to the next evening; with T of ten hours or more red are
     * exactly those of (09:00, 11:00]. */
    instant nine = local("Asia/Almaty", "2026-12-16 09:00");
    int     red = 0, breached = 0;
    for (int i = 0; i < 129; i++) {
        int64_t due_min = i < 7 ? 1 + i * 119 / 6 : 121 + (i - 7) * 11;         /* 1, 20, … 120, then behind 11:00 */
        struct policy       p = rule(600 + i * 7, NULL);
        struct sla_question q = { .start = instant_add(nine, (due_min - p.minutes) * MINUTE_MS) };
        struct sla_answer   a = sla_ask(book(&p, 1), &q);
        same("due", a.due, instant_add(nine, due_min * MINUTE_MS));
        red += sla_zone_at(&a, nine) == ZONE_RED;
        breached += sla_zone_at(&a, nine) == ZONE_BREACHED;
    }
    assert_int_equal(red, 7);
    assert_int_equal(breached, 0);
}

static void zones_change_at_the_exact_millisecond(void **state)
{
    (void)state;
    struct policy       p = rule(120, calendar("Asia/Almaty", OFFICE, "[]"));
    struct sla_question q = { .start = local("Asia/Almaty", "2026-12-18 17:30") };
    struct sla_answer   a = sla_ask(book(&p, 1), &q);
    const struct { instant at; enum sla_zone before, after; } changes[] = {
        { a.yellow, ZONE_GREEN, ZONE_YELLOW }, { a.red, ZONE_YELLOW, ZONE_RED }, { a.due, ZONE_RED, ZONE_BREACHED }
    };
    for (int i = 0; i < COUNT_OF(changes); i++) {
        assert_int_equal(sla_zone_at(&a, instant_add(changes[i].at, -1)), changes[i].before);
        assert_int_equal(sla_zone_at(&a, changes[i].at), changes[i].after);
        same("next", sla_next_change(&a, instant_add(changes[i].at, -1)), changes[i].at);
    }
    same("none left", sla_next_change(&a, a.due), (instant){ 0 });
    struct sla_answer none = { 0 };
    assert_int_equal(sla_zone_at(&none, q.start), ZONE_NONE);
    same("no rule", sla_next_change(&none, q.start), (instant){ 0 });
}

static void nights_with_a_clock_change_count_what_they_last(void **state)
{
    (void)state;
    static const struct { const char *zone, *days, *from, *to; int64_t minutes; } cases[] = {
        { "Europe/Kyiv", NIGHTS, "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z", 23 * 60 },       /* 29 March has 23 hours */
        { "Europe/Kyiv", NIGHTS, "2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z", 25 * 60 },
        { "Asia/Almaty", NIGHTS, "2024-02-28T18:00:00Z", "2024-02-29T19:00:00Z", 25 * 60 },       /* the country moved */
        { "America/Sao_Paulo", NIGHTS, "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z", 25 * 60 }, /* changes at midnight */
        { "Asia/Almaty", OFFICE, "2024-02-29T00:00:00Z", "2024-03-01T23:00:00Z", 960 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        const struct calendar *c = calendar(cases[i].zone, cases[i].days, "[]");
        instant a = utc(cases[i].from), b = utc(cases[i].to);
        assert_int_equal(calendar_between(c, a, b) / MINUTE_MS, cases[i].minutes);
    }
    /* An interval over the change: 02:30 to 05:00 has an hour and a half in spring, three and a half in autumn. */
    const char *early = "[[],[],[],[],[],[],[[\"02:30\",\"05:00\"]]]";
    const struct calendar *c = calendar("Europe/Kyiv", early, "[]");
    assert_int_equal(calendar_between(c, utc("2026-03-28T22:00:00Z"), utc("2026-03-29T12:00:00Z")) / MINUTE_MS, 90);
    assert_int_equal(calendar_between(c, utc("2026-10-24T21:00:00Z"), utc("2026-10-25T12:00:00Z")) / MINUTE_MS, 210);
    /* 03:00 to 04:00 does not exist on the spring night. */
    c = calendar("Europe/Kyiv", "[[],[],[],[],[],[],[[\"03:00\",\"04:00\"]]]", "[]");
    assert_int_equal(calendar_between(c, utc("2026-03-28T22:00:00Z"), utc("2026-03-29T12:00:00Z")), 0);
    same("the Sunday after", calendar_after(c, utc("2026-03-28T22:00:00Z"), 0), local("Europe/Kyiv", "2026-04-05 03:00"));
}

static void holidays_and_short_days_take_the_place_of_the_weekday(void **state)
{
    (void)state;
    const struct calendar *c = calendar("Asia/Almaty", OFFICE,
        "[{\"date\":\"2026-12-18\",\"name\":\"short\",\"intervals\":[[\"09:00\",\"12:00\"]]},"
        " {\"date\":\"2026-12-16\",\"name\":\"Independence\",\"intervals\":[]}, {\"date\":\"2026-12-17\"},"
        " {\"date\":\"2026-12-19\",\"name\":\"worked Saturday\",\"intervals\":[[\"10:00\",\"11:00\"]]}]");
    assert_int_equal(c->special_count, 4);
    same("over two free days", calendar_after(c, local("Asia/Almaty", "2026-12-15 17:00"), 90 * MINUTE_MS),
         local("Asia/Almaty", "2026-12-18 09:30"));
    same("a worked Saturday", calendar_after(c, local("Asia/Almaty", "2026-12-18 11:30"), 60 * MINUTE_MS),
         local("Asia/Almaty", "2026-12-19 10:30"));
    assert_int_equal(calendar_between(c, local("Asia/Almaty", "2026-12-14 00:00"), local("Asia/Almaty", "2026-12-21 00:00")),
                     (2 * 480 + 180 + 60) * MINUTE_MS);
}

static void a_calendar_without_time_gives_no_deadline(void **state)
{
    (void)state;
    const struct calendar *never = calendar("Asia/Almaty", NEVER, "[]");
    const struct calendar *once  = calendar("Asia/Almaty", NEVER, "[{\"date\":\"2027-01-02\",\"intervals\":[[\"10:00\",\"11:00\"]]}]");
    instant start = local("Asia/Almaty", "2026-12-18 17:30");
    same("never", calendar_after(never, start, 0), (instant){ 0 });
    same("once", calendar_after(once, start, 60 * MINUTE_MS), local("Asia/Almaty", "2027-01-02 11:00"));
    same("too much", calendar_after(once, start, 60 * MINUTE_MS + 1), (instant){ 0 });
    assert_int_equal(calendar_between(never, start, instant_add(start, 900 * DAY_MS)), 0);

    struct policy       p = rule(60, never);
    struct sla_question q = { .start = start };
    struct sla_answer   a = sla_ask(book(&p, 1), &q);
    assert_false(a.has);
    q.channel_by = instant_add(start, HOUR_MS);
    a = sla_ask(book(&p, 1), &q);
    assert_true(a.has && a.from_channel && !a.policy);
}

static void the_tightest_matching_rule_wins(void **state)
{
    (void)state;
    struct policy p[] = { rule(1440, NULL), rule(600, NULL), rule(60, NULL), rule(30, NULL), rule(10, NULL), rule(600, NULL) };
    for (int i = 0; i < COUNT_OF(p); i++)
        p[i].id = (rid){ i + 1 };
    p[1].channel    = STR("kaspi");
    p[2].account_id = (rid){ 42 };
    p[3].scheme     = STR("fbs");
    p[4].step       = SLA_ASSEMBLE;
    static const struct { str channel, scheme; int64_t account; enum sla_step step; int64_t wins; } cases[] = {
        { STR_INIT("ozon"), STR_INIT(""), 1, SLA_CONFIRM, 2 },           /* made to match below: any channel */
        { STR_INIT("kaspi"), STR_INIT("dbs"), 1, SLA_CONFIRM, 2 },       { STR_INIT("kaspi"), STR_INIT("dbs"), 42, SLA_CONFIRM, 3 },
        { STR_INIT("kaspi"), STR_INIT("fbs"), 42, SLA_CONFIRM, 4 },      { STR_INIT("kaspi"), STR_INIT("fbs"), 42, SLA_ASSEMBLE, 5 },
        { STR_INIT("kaspi"), STR_INIT("fbs"), 42, SLA_HAND_OVER, 0 },
    };
    for (int i = 1; i < COUNT_OF(cases); i++) {
        struct sla_question q = { cases[i].channel, cases[i].scheme, { cases[i].account }, cases[i].step,
                                  { 0 }, utc("2026-12-18T00:00:00Z"), 0, { 0 }, 0 };
        assert_int_equal(sla_ask(book(p, COUNT_OF(p)), &q).policy_id.v, cases[i].wins);
    }
    struct sla_question q = { .channel = cases[0].channel, .start = utc("2026-12-18T00:00:00Z") };
    assert_int_equal(sla_ask(book(p, 5), &q).policy_id.v, 1);
}

static void the_earlier_of_the_market_s_time_and_ours_counts(void **state)
{
    (void)state;
    struct policy       p     = rule(24 * 60, NULL);
    instant             start = utc("2026-12-18T00:00:00Z");
    struct sla_question q     = { .start = start, .channel_by = utc("2026-12-18T10:00:00Z") };
    struct sla_answer   a     = sla_ask(book(&p, 1), &q);
    assert_true(a.from_channel);
    assert_int_equal(a.policy_id.v, 7);
    assert_int_equal(a.total_ms, 10 * HOUR_MS);
    same("due", a.due, q.channel_by);
    same("yellow", a.yellow, utc("2026-12-18T05:00:00Z"));
    same("red", a.red, utc("2026-12-18T08:00:00Z"));
    q.channel_by = utc("2026-12-20T00:00:00Z");
    a = sla_ask(book(&p, 1), &q);
    assert_false(a.from_channel);
    same("ours", a.due, utc("2026-12-19T00:00:00Z"));

    /* The market's time alone. */
    q.channel_by = utc("2026-12-18T05:00:00Z");
    a = sla_ask(book(NULL, 0), &q);
    assert_true(a.has && a.from_channel && !a.policy && !id_is_set(a.policy_id));
    same("red at a fifth", a.red, utc("2026-12-18T04:00:00Z"));
    q.channel_by = utc("2026-12-17T00:00:00Z");                       /* told when it was over already */
    a = sla_ask(book(NULL, 0), &q);
    assert_int_equal(sla_zone_at(&a, start), ZONE_BREACHED);
    assert_int_equal(a.total_ms, 0);
    same("over", sla_next_change(&a, start), (instant){ 0 });

    /* A market's time on a Sunday: no working time till then, so the wall clock gives the zones. */
    p = rule(480, calendar("Asia/Almaty", OFFICE, "[]"));
    q = (struct sla_question){ .start = local("Asia/Almaty", "2026-12-19 10:00"), .channel_by = local("Asia/Almaty", "2026-12-20 20:00") };
    a = sla_ask(book(&p, 1), &q);
    assert_int_equal(a.total_ms, 34 * HOUR_MS);
    same("yellow", a.yellow, local("Asia/Almaty", "2026-12-20 03:00"));
    same("red", a.red, local("Asia/Almaty", "2026-12-20 18:00"));
}

static void a_clock_that_stood_goes_on_where_it_was(void **state)
{
    (void)state;
    struct policy p = rule(120, calendar("Asia/Almaty", OFFICE, "[]"));
    p.pause_marks   = BIT(0);
    struct sla_question q = { .start = local("Asia/Almaty", "2026-12-18 17:30"), .marks = BIT(0) | BIT(3) };
    struct sla_answer   a = sla_ask(book(&p, 1), &q);
    assert_true(a.has && a.paused);
    assert_int_equal(a.policy_id.v, 7);
    assert_int_equal(sla_zone_at(&a, q.start), ZONE_NONE);
    same("stands", sla_next_change(&a, q.start), (instant){ 0 });

    q = (struct sla_question){ .start = local("Asia/Almaty", "2026-12-21 12:00"), .used_ms = 70 * MINUTE_MS, .marks = BIT(3) };
    a = sla_ask(book(&p, 1), &q);
    assert_false(a.paused);
    same("due", a.due, local("Asia/Almaty", "2026-12-21 12:50"));
    same("yellow was before", a.yellow, q.start);
    same("red", a.red, local("Asia/Almaty", "2026-12-21 12:26"));
    q.used_ms = 200 * MINUTE_MS;
    a = sla_ask(book(&p, 1), &q);
    assert_int_equal(sla_zone_at(&a, q.start), ZONE_BREACHED);
}

static void the_market_s_time_runs_on_while_our_clock_stands(void **state)
{
    (void)state;
    struct policy p = rule(120, calendar("Asia/Almaty", OFFICE, "[]"));
    p.pause_marks   = BIT(0);
    struct sla_question q = { .began = utc("2026-12-18T00:00:00Z"), .start = utc("2026-12-18T03:00:00Z"), .used_ms = HOUR_MS,
                              .channel_by = utc("2026-12-18T10:00:00Z"), .marks = BIT(0) };
    struct sla_answer   a = sla_ask(book(&p, 1), &q);
    assert_true(a.has && a.paused && a.from_channel);
    assert_int_equal(a.total_ms, 10 * HOUR_MS);                       /* of the step, however long our clock has stood */
    same("due", a.due, q.channel_by);
    same("yellow", a.yellow, utc("2026-12-18T05:00:00Z"));
    same("red", a.red, utc("2026-12-18T08:00:00Z"));
    assert_int_equal(sla_zone_at(&a, utc("2026-12-18T09:00:00Z")), ZONE_RED);
    same("next", sla_next_change(&a, utc("2026-12-18T09:00:00Z")), q.channel_by);
}

static void a_wide_red_zone_leaves_no_yellow(void **state)
{
    (void)state;
    struct policy p = rule(100, NULL);
    p.red_share_bp  = 8000;
    struct sla_question q = { .start = utc("2026-12-18T00:00:00Z") };
    struct sla_answer   a = sla_ask(book(&p, 1), &q);
    same("red", a.red, utc("2026-12-18T00:20:00Z"));
    same("next", sla_next_change(&a, q.start), a.red);
    same("then", sla_next_change(&a, a.red), a.due);
}

static void wrong_intervals_are_all_named_at_once(void **state)
{
    (void)state;
    struct err      err = { 0 };
    struct calendar c   = { 0 };
    const char *days = "[[[\"09:00\",\"08:00\"]],[[\"09:00\",\"12:00\"],[\"11:00\",\"13:00\"]],[[\"9:00\",\"12:00\"]],[[\"00:00\",\"24:01\"]],"
                       "[[\"10:60\",\"12:00\"]],7,[[\"09:00\"]]]";
    assert_false(calendar_read(&arena, STR("Mars/Base"), str_of(days), STR("[{\"date\":\"2026-02-30\"},{\"day\":1},3]"), &c, &err));
    assert_int_equal(err.code, ERR_BODY_INVALID);
    static const char *const fields[] = { "zone", "days.0.0", "days.1.1", "days.2.0", "days.3.0", "days.4.0", "days.5", "days.6.0",
                                          "holidays.0.date", "holidays.1.day", "holidays.1", "holidays.2" };
    assert_int_equal(err.count, COUNT_OF(fields));
    for (int i = 0; i < err.count; i++)
        assert_string_equal(err.item[i].field, fields[i]);
    static const struct { const char *days, *holidays; } bad[] = {
        { "[]", "[]" }, { "{}", "[]" }, { "", "[]" }, { "[[],[],[],[],[],[],[],[]]", "[]" }, { NEVER, "{}" }, { NEVER, "[" },
        { NEVER, "[{\"date\":\"2026-01-01\"},{\"date\":\"2026-01-01\"}]" }, { NEVER, "[{\"date\":\"2026-01-01\",\"x\":1}]" },
        { NEVER, "[{\"date\":\"2026-01-01\",\"name\":5}]" },
        { "[[[\"00:00\",\"01:00\"],[\"01:00\",\"02:00\"],[\"02:00\",\"03:00\"],[\"03:00\",\"04:00\"],[\"04:00\",\"05:00\"],"
          "[\"05:00\",\"06:00\"],[\"06:00\",\"07:00\"],[\"07:00\",\"08:00\"],[\"08:00\",\"09:00\"]],[],[],[],[],[],[]]", "[]" },
    };
    for (int i = 0; i < COUNT_OF(bad); i++) {
        err_clear(&err);
        if (calendar_read(&arena, STR("Asia/Almaty"), str_of(bad[i].days), str_of(bad[i].holidays), &c, &err) || !err_is_set(&err))
            fail_msg("taken: %s %s", bad[i].days, bad[i].holidays);
    }
    assert_null(c.zone);
}

static void the_reason_names_the_days_that_counted(void **state)
{
    (void)state;
    struct policy       p = rule(120, calendar("Asia/Almaty", OFFICE, "[]"));
    struct sla_question q = { .start = local("Asia/Almaty", "2026-12-18 17:30") };
    struct sla_book    *b = book(&p, 1);
    struct sla_answer   a = sla_ask(b, &q);
    struct buf          text = buf_in(&arena);
    struct json_out     j    = json_out(&text);
    json_begin(&j, NULL, '{');
    sla_explain(b, &q, &a, &j, "explain");
    json_end(&j);
    assert_true(str_has(buf_str(&text), STR("\"until\":\"2026-12-21T05:30:00Z\"")));
    assert_true(str_has(buf_str(&text), STR("\"policy\":\"rule\"")));
    assert_true(str_has(buf_str(&text), STR("\"source\":\"policy\"")));
    assert_true(str_has(buf_str(&text),
                        STR("\"parts\":[{\"day\":\"2026-12-18\",\"minutes\":30},{\"day\":\"2026-12-21\",\"minutes\":90}]")));
}

static int forget(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_handbook_come_out),
        cmocka_unit_test(a_wall_clock_day_is_yellow_at_half_and_red_two_hours_before),
        cmocka_unit_test(seven_of_a_morning_s_orders_are_red),
        cmocka_unit_test(zones_change_at_the_exact_millisecond),
        cmocka_unit_test(nights_with_a_clock_change_count_what_they_last),
        cmocka_unit_test(holidays_and_short_days_take_the_place_of_the_weekday),
        cmocka_unit_test(a_calendar_without_time_gives_no_deadline),
        cmocka_unit_test(the_tightest_matching_rule_wins),
        cmocka_unit_test(the_earlier_of_the_market_s_time_and_ours_counts),
        cmocka_unit_test(a_clock_that_stood_goes_on_where_it_was),
        cmocka_unit_test(the_market_s_time_runs_on_while_our_clock_stands),
        cmocka_unit_test(a_wide_red_zone_leaves_no_yellow),
        cmocka_unit_test(wrong_intervals_are_all_named_at_once),
        cmocka_unit_test(the_reason_names_the_days_that_counted),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
