/* Local days and wall time, from the system's tz database. */
#include "base/arena.h"
#include "base/zone.h"
#include "base/zone_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static instant at(const char *text)
{
    instant t = { 0 };
    if (!instant_parse(str_of(text), &t))
        fail_msg("bad case \"%s\"", text);
    return t;
}

static int64_t day(const char *text)
{
    int64_t days = 0;
    if (!date_parse(str_of(text), &days))
        fail_msg("bad case \"%s\"", text);
    return days;
}

static const struct zone *need(const char *name)
{
    const struct zone *z = zone_find(str_of(name));
    if (!z)
        fail_msg("no zone %s", name);
    return z;
}

static void offsets_follow_the_tz_database(void **state)
{
    (void)state;
    static const struct { const char *zone, *at; int offset_min; } cases[] = {
        { "Asia/Almaty", "2024-02-29T17:59:59Z", 360 }, { "Asia/Almaty", "2024-02-29T18:00:00Z", 300 },
        { "Asia/Almaty", "2026-12-16T04:04:00Z", 300 }, { "Asia/Almaty", "2100-07-01T00:00:00Z", 300 },
        { "Europe/Kyiv", "2026-01-15T00:00:00Z", 120 }, { "Europe/Kyiv", "2026-07-15T00:00:00Z", 180 },
        { "Europe/Kyiv", "2026-03-29T00:59:59Z", 120 }, { "Europe/Kyiv", "2026-03-29T01:00:00Z", 180 },
        { "Europe/Kyiv", "2026-10-25T00:59:59Z", 180 }, { "Europe/Kyiv", "2026-10-25T01:00:00Z", 120 },
        { "Europe/Kyiv", "2090-07-15T00:00:00Z", 180 }, { "Europe/Kyiv", "2090-12-31T23:59:59Z", 120 },
        { "Europe/Moscow", "2026-07-01T00:00:00Z", 180 }, { "Europe/Moscow", "2012-07-01T00:00:00Z", 240 },
        { "UTC", "2026-07-01T00:00:00Z", 0 }, { "Asia/Kathmandu", "2026-07-01T00:00:00Z", 345 },
        { "America/New_York", "2095-07-01T00:00:00Z", -240 }, { "America/New_York", "2095-01-01T00:00:00Z", -300 },
        { "Australia/Sydney", "2095-01-01T00:00:00Z", 660 }, { "Australia/Sydney", "2095-07-01T00:00:00Z", 600 },
        { "Europe/Dublin", "2095-07-01T00:00:00Z", 60 }, { "Europe/Dublin", "2095-01-01T00:00:00Z", 0 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        int offset = zone_offset_s(need(cases[i].zone), at(cases[i].at));
        if (offset != cases[i].offset_min * 60)
            fail_msg("%s %s: %d", cases[i].zone, cases[i].at, offset);
    }
}

static void a_day_is_cut_at_local_midnight(void **state)
{
    (void)state;
    const struct zone *z = need("Asia/Almaty");
    assert_int_equal(zone_day(z, at("2026-12-15T18:59:59.999Z")), day("2026-12-15"));
    assert_int_equal(zone_day(z, at("2026-12-15T19:00:00Z")), day("2026-12-16"));
    assert_int_equal(zone_instant(z, day("2026-12-16"), 0).ms, at("2026-12-15T19:00:00Z").ms);
    assert_int_equal(zone_instant(z, day("2026-12-16"), 86400).ms, at("2026-12-16T19:00:00Z").ms);
    struct civil c = zone_civil(z, at("2026-12-16T04:04:05.678Z"));
    assert_true(c.year == 2026 && c.month == 12 && c.day == 16 && c.hour == 9 && c.minute == 4 && c.second == 5 && c.ms == 678);
    assert_true(str_is(zone_name(z), "Asia/Almaty"));
}

static void skipped_and_repeated_wall_time_has_one_meaning(void **state)
{
    (void)state;
    static const struct { const char *zone, *day; int second; const char *want; } cases[] = {
        { "Europe/Kyiv", "2026-03-29", 2 * 3600 + 3599, "2026-03-29T00:59:59Z" },
        { "Europe/Kyiv", "2026-03-29", 3 * 3600, "2026-03-29T01:00:00Z" },        /* 03:00-04:00 does not exist */
        { "Europe/Kyiv", "2026-03-29", 3 * 3600 + 1800, "2026-03-29T01:00:00Z" },
        { "Europe/Kyiv", "2026-03-29", 4 * 3600, "2026-03-29T01:00:00Z" },
        { "Europe/Kyiv", "2026-03-29", 5 * 3600, "2026-03-29T02:00:00Z" },
        { "Europe/Kyiv", "2026-10-25", 3 * 3600, "2026-10-25T00:00:00Z" },        /* 03:00-04:00 comes twice */
        { "Europe/Kyiv", "2026-10-25", 3 * 3600 + 1800, "2026-10-25T00:30:00Z" },
        { "Europe/Kyiv", "2026-10-25", 4 * 3600, "2026-10-25T02:00:00Z" },
        { "Europe/Kyiv", "2090-03-26", 3 * 3600 + 1, "2090-03-26T01:00:00Z" },    /* by the rule, beyond the table */
        { "Europe/Kyiv", "2090-10-29", 3 * 3600 + 1800, "2090-10-29T00:30:00Z" },
        { "Asia/Almaty", "2024-02-29", 23 * 3600 + 1800, "2024-02-29T17:30:00Z" },
        { "Asia/Almaty", "2024-03-01", 0, "2024-02-29T19:00:00Z" },
        { "America/New_York", "2026-03-08", 2 * 3600 + 60, "2026-03-08T07:00:00Z" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        instant t = zone_instant(need(cases[i].zone), day(cases[i].day), cases[i].second);
        if (t.ms != at(cases[i].want).ms)
            fail_msg("%s %s +%d: %lld", cases[i].zone, cases[i].day, cases[i].second, (long long)(t.ms - at(cases[i].want).ms));
    }
}

static void every_zone_we_serve_agrees_with_the_system_library(void **state)
{
    (void)state;
    static const char *const names[] = { "Asia/Almaty", "Asia/Qyzylorda", "Europe/Kyiv", "Europe/Moscow", "Asia/Yekaterinburg",
                                         "Europe/Minsk", "Asia/Bishkek", "Asia/Shanghai", "Europe/Berlin", "Europe/Dublin",
                                         "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca",
                                         "Pacific/Apia", "Asia/Gaza", "UTC", "Etc/GMT+5" };
    for (int i = 0; i < COUNT_OF(names); i++) {
        const struct zone *z = need(names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int64_t s = 1; s < INT64_C(4400000000); s += 3600 * 101 + 17) {
            struct tm tm;
            time_t    t = (time_t)s;
            localtime_r(&t, &tm);
            if (zone_offset_s(z, (instant){ s * 1000 }) != tm.tm_gmtoff)
                fail_msg("%s at %lld", names[i], (long long)s);
            struct civil c = zone_civil(z, (instant){ s * 1000 });
            assert_true(c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 && c.day == tm.tm_mday && c.hour == tm.tm_hour &&
                        c.minute == tm.tm_min && c.second == tm.tm_sec);
            instant back = zone_instant(z, zone_day(z, (instant){ s * 1000 }), c.hour * 3600 + c.minute * 60 + c.second);
            assert_true(back.ms <= s * 1000 && back.ms >= s * 1000 - 4 * HOUR_MS);
        }
    }
    unsetenv("TZ");
    tzset();
}

/* Asked in the order of days, as calendars do, and jumping about: what is kept must not outlive its stretch. */
static void the_near_way_finds_what_the_far_way_finds(void **state)
{
    (void)state;
    static const char *const names[] = { "Asia/Almaty", "Europe/Kyiv", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia",
                                         "Africa/Casablanca", "America/New_York", "UTC" };
    static const int seconds[] = { 0, 3600, 2 * 3600 + 1800, 3 * 3600, 23 * 3600 + 1800, 86400 };
    for (int i = 0; i < COUNT_OF(names); i++) {
        const struct zone  *z    = need(names[i]);
        struct zone_stretch near = { 0 };
        for (int64_t d = -400, jump = 0; d < 40000; d += jump++ % 1000 == 999 ? -700 : 1)
            for (int k = 0; k < COUNT_OF(seconds); k++)
                if (zone_instant_near(z, &near, d, seconds[k]).ms != zone_instant(z, d, seconds[k]).ms)
                    fail_msg("%s, day %lld, second %d", names[i], (long long)d, seconds[k]);
    }
}

static void names_that_are_no_zone_are_not_found(void **state)
{
    (void)state;
    static const str names[] = {
        STR_INIT(""), STR_INIT("Asia"), STR_INIT("Asia/"), STR_INIT("/Asia/Almaty"), STR_INIT("Asia//Almaty"), STR_INIT("../passwd"),
        STR_INIT("Asia/../Asia/Almaty"), STR_INIT("Asia/Nowhere"), STR_INIT("tzdata.zi"), STR_INIT("Asia/Almaty\0"),
        STR_INIT("zone1970.tab"), STR_INIT("leapseconds"), STR_INIT("Азия/Алматы"),
    };
    for (int i = 0; i < COUNT_OF(names); i++)
        if (zone_find(names[i]))
            fail_msg("found %.*s", STR_ARG(names[i]));
    assert_ptr_equal(need("Asia/Almaty"), need("Asia/Almaty"));
}

static void rules_that_are_not_posix_are_refused(void **state)
{
    (void)state;
    static const struct { const char *text; bool ok; } cases[] = {
        { "EET-2EEST,M3.5.0/3,M10.5.0/4", true }, { "<+05>-5", true }, { "UTC0", true }, { "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", true },
        { "IST-1GMT0,M10.5.0,M3.5.0/1", true }, { "XXX-2<+01>-1,0/0,J365/23", true }, { "NZST-12:45NZDT-13:45,J60/2:45:30,J300", true },
        { "", false }, { "EET", false }, { "E-2", false }, { "<+05-5", false }, { "<>5", false }, { "EET-2EEST", false },
        { "EET-2EEST,M3.5.0", false }, { "EET-2EEST,M13.5.0,M1.1.1", false }, { "EET-2EEST,M3.6.0,M1.1.1", false },
        { "EET-2EEST,M3.5.7,M1.1.1", false }, { "EET-2EEST,M3.5.0/3,M10.5.0/4x", false }, { "EET-200", false }, { "EET-2:60", false },
        { "EET-2EEST,J0,J1", false }, { "EET-2EEST,366,1", false }, { "EET-2EEST,M3.0.0,M10.5.0", false },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct zone_rule r;
        if (zone_rule_parse(str_of(cases[i].text), &r) != cases[i].ok)
            fail_msg("\"%s\"", cases[i].text);
        for (size_t len = 0; len < strlen(cases[i].text); len++)
            (void)!zone_rule_parse((str){ cases[i].text, len }, &r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_follow_the_tz_database),
        cmocka_unit_test(a_day_is_cut_at_local_midnight),
        cmocka_unit_test(skipped_and_repeated_wall_time_has_one_meaning),
        cmocka_unit_test(every_zone_we_serve_agrees_with_the_system_library),
        cmocka_unit_test(the_near_way_finds_what_the_far_way_finds),
        cmocka_unit_test(names_that_are_no_zone_are_not_found),
        cmocka_unit_test(rules_that_are_not_posix_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
