/* Random calendars against a reference that walks the minutes one by one and knows nothing but the wall clock. The cases are the same
 * in every run; SAUDA_SEED gives others. */
#include "base/arena.h"
#include "base/buf.h"
#include "deadlines/sla.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state_of_chance;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static const char *const zones[] = { "Asia/Almaty", "Europe/Kyiv", "Europe/Moscow", "UTC", "America/Sao_Paulo", "Australia/Lord_Howe",
                                     "America/New_York", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia" };
/* Days near which the clocks of these zones change, so that chance meets them often. */
static const char *const days_of_change[] = { "2024-02-29", "2026-03-29", "2026-10-25", "2018-02-17", "2018-11-04", "2026-04-05",
                                              "2026-03-08", "2011-12-30", "2026-12-16" };

static struct calendar_day random_hours(void)
{
    struct calendar_day d = { 0 };
    int at = 0, wanted = (int)chance(4);
    while (d.count < wanted) {
        int from = at + (int)chance(600), to = from + 1 + (int)chance(600);
        if (to > 1440)
            break;
        d.at[d.count++] = (struct interval){ from * 60, to * 60 };
        at = to;
    }
    if (chance(10) == 0)
        d = (struct calendar_day){ 1, { { 0, 86400 } } };
    return d;
}

static int64_t base_day(void)
{
    int64_t day;
    assert_true(date_parse(str_of(days_of_change[chance(COUNT_OF(days_of_change))]), &day));
    return day;
}

static struct calendar random_calendar(struct arena *a, int64_t day)
{
    struct calendar c = { .zone = zone_find(str_of(zones[chance(COUNT_OF(zones))])) };
    assert_non_null(c.zone);
    for (int i = 0; i < 7; i++)
        c.week[i] = random_hours();
    c.special = ARENA_ARRAY(a, struct special_day, 8);
    for (int64_t d = day - 3 + (int64_t)chance(3); c.special_count < (int)chance(4); d += 1 + (int64_t)chance(3))
        c.special[c.special_count++] = (struct special_day){ .day = d, .hours = random_hours() };
    return c;
}

static const struct calendar_day *hours_at(const struct calendar *c, int64_t day)
{
    for (int i = 0; i < c->special_count; i++)
        if (c->special[i].day == day)
            return &c->special[i].hours;
    return &c->week[weekday_of_days(day)];
}

/* The reference: the latest wall time that was seen says where we are. A clock that goes back does not open a shop twice. */
struct walker { const struct calendar *c; int64_t minute, latest; };

static int64_t wall_minute(const struct calendar *c, int64_t minute)
{
    struct civil l = zone_civil(c->zone, (instant){ minute * MINUTE_MS });
    return civil_to_days(l.year, l.month, l.day) * 1440 + l.hour * 60 + l.minute;
}

static struct walker walker_at(const struct calendar *c, int64_t minute)
{
    struct walker w = { c, minute - 3000, 0 };
    while (w.minute <= minute) {
        int64_t wall = wall_minute(c, w.minute++);
        w.latest = wall > w.latest ? wall : w.latest;
    }
    w.minute = minute;
    return w;
}

static bool works_now(const struct walker *w)
{
    const struct calendar_day *d = hours_at(w->c, w->latest / 1440);
    int second = (int)(w->latest % 1440) * 60;
    for (int i = 0; i < d->count; i++)
        if (second >= d->at[i].from_s && second < d->at[i].to_s)
            return true;
    return false;
}

static void step(struct walker *w)
{
    int64_t wall = wall_minute(w->c, ++w->minute);
    w->latest = wall > w->latest ? wall : w->latest;
}

static int64_t slow_between(const struct calendar *c, int64_t a, int64_t b)
{
    int64_t sum = 0;
    for (struct walker w = walker_at(c, a); w.minute < b; step(&w))
        sum += works_now(&w);
    return sum;
}

/* The minute at which `minutes` have passed, or -1 within the horizon. */
static int64_t slow_after(const struct calendar *c, int64_t start, int64_t minutes, int64_t horizon)
{
    int64_t used = 0;
    for (struct walker w = walker_at(c, start); w.minute < start + horizon; step(&w)) {
        bool works = works_now(&w);
        if (minutes == 0 ? works : used == minutes)
            return w.minute;
        used += works;
    }
    return -1;
}

static void working_time_agrees_with_counting_minutes(void **state)
{
    (void)state;
    for (int round = 0; round < 250; round++) {
        struct arena    arena = { 0 };
        int64_t         day = base_day();
        struct calendar c   = random_calendar(&arena, day);
        int64_t a = (day - 2) * 1440 + (int64_t)chance(4320), b = a + (int64_t)chance(6000), minutes = (int64_t)chance(1500);
        int64_t fast = calendar_between(&c, (instant){ a * MINUTE_MS }, (instant){ b * MINUTE_MS });
        if (fast != slow_between(&c, a, b) * MINUTE_MS)
            fail_msg("round %d, %.*s: between %lld and %lld: %lld ms", round, STR_ARG(zone_name(c.zone)), (long long)a, (long long)b,
                     (long long)fast);
        int64_t slow = slow_after(&c, a, minutes, 12000);
        instant got  = calendar_after(&c, (instant){ a * MINUTE_MS }, minutes * MINUTE_MS);
        if (slow >= 0 && got.ms != slow * MINUTE_MS)
            fail_msg("round %d, %.*s: %lld min after %lld: %lld, not %lld", round, STR_ARG(zone_name(c.zone)), (long long)minutes,
                     (long long)a, (long long)(got.ms / MINUTE_MS), (long long)slow);
        if (slow < 0 && instant_is_set(got) && got.ms < (a + 12000) * MINUTE_MS)
            fail_msg("round %d: too early", round);
        arena_done(&arena);
    }
}

/* The calendar as a person would have typed it in, read back: with the marks that spare a walk over years. */
static void hours_write(struct buf *b, const struct calendar_day *d)
{
    buf_add_char(b, '[');
    for (int i = 0; i < d->count; i++)
        buf_print(b, "%s[\"%02d:%02d\",\"%02d:%02d\"]", i ? "," : "", d->at[i].from_s / 3600, d->at[i].from_s / 60 % 60,
                  d->at[i].to_s / 3600, d->at[i].to_s / 60 % 60);
    buf_add_char(b, ']');
}

static struct calendar read_back(struct arena *a, const struct calendar *c)
{
    struct buf      days = buf_in(a), holidays = buf_in(a);
    struct calendar out  = { 0 };
    struct err      err  = { 0 };
    buf_add_char(&days, '[');
    for (int i = 0; i < 7; i++) {
        buf_add(&days, i ? STR(",") : STR(""));
        hours_write(&days, &c->week[i]);
    }
    buf_add_char(&days, ']');
    buf_add_char(&holidays, '[');
    for (int i = 0; i < c->special_count; i++) {
        buf_print(&holidays, "%s{\"date\":\"%.*s\",\"intervals\":", i ? "," : "", STR_ARG(date_text(a, c->special[i].day)));
        hours_write(&holidays, &c->special[i].hours);
        buf_add_char(&holidays, '}');
    }
    buf_add_char(&holidays, ']');
    if (!calendar_read(a, zone_name(c->zone), buf_str(&days), buf_str(&holidays), &out, &err))
        fail_msg("%s", err.item[0].text);
    assert_non_null(out.marks);
    return out;
}

/* Anywhere in fifty years, so that spans begin and end before, inside and behind what the marks cover. */
static void a_span_of_years_is_what_walking_its_days_gives(void **state)
{
    (void)state;
    for (int round = 0; round < 40; round++) {
        struct arena    arena = { 0 };
        int64_t         day   = base_day();
        struct calendar slow  = random_calendar(&arena, day), fast = read_back(&arena, &slow);
        slow = fast;
        slow.marks = NULL;
        for (int i = 0; i < 60; i++) {
            instant a = { (INT64_C(16071) + (int64_t)chance(16500)) * DAY_MS + (int64_t)chance((uint64_t)DAY_MS) };
            if (chance(3) == 0)
                a.ms = (day - 20 + (int64_t)chance(30)) * DAY_MS + (int64_t)chance((uint64_t)DAY_MS);
            instant b  = instant_add(a, (int64_t)chance((uint64_t)(chance(4) ? 60 : 1500) * DAY_MS));
            int64_t ms = chance(8) ? (int64_t)chance((uint64_t)(chance(3) ? 30 : 500) * DAY_MS) : (int64_t)chance(2);
            int64_t worked = calendar_between(&slow, a, b);
            if (calendar_between(&fast, a, b) != worked)
                fail_msg("round %d, %.*s: between %lld and %lld", round, STR_ARG(zone_name(fast.zone)), (long long)a.ms, (long long)b.ms);
            if (calendar_after(&fast, a, ms).ms != calendar_after(&slow, a, ms).ms)
                fail_msg("round %d, %.*s: %lld ms after %lld", round, STR_ARG(zone_name(fast.zone)), (long long)ms, (long long)a.ms);
            /* Sums that end with the end of an interval, where one millisecond decides over a weekend. */
            if (calendar_after(&fast, a, worked).ms != calendar_after(&slow, a, worked).ms)
                fail_msg("round %d, %.*s: to the end of %lld", round, STR_ARG(zone_name(fast.zone)), (long long)b.ms);
        }
        arena_done(&arena);
    }
}

static void a_calendar_that_never_opens_gives_a_clear_answer_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        struct arena    arena = { 0 };
        int64_t         day   = base_day();
        struct calendar made  = { .zone = zone_find(str_of(zones[chance(COUNT_OF(zones))])) }, c;
        int64_t         open  = 0;
        made.special = ARENA_ARRAY(&arena, struct special_day, 4);
        for (int i = 0; i < (int)chance(4); i++) {            /* but for a few days, perhaps in its past */
            made.special[i] = (struct special_day){ .day = day + 40 * i, .hours = { 1, { { 36000, 39600 } } } };
            made.special_count++;
        }
        c = read_back(&arena, &made);
        instant start = { day * DAY_MS + (int64_t)chance((uint64_t)(100 * DAY_MS)) };
        open = calendar_between(&c, start, instant_add(start, 4000 * DAY_MS));
        assert_true(open <= made.special_count * HOUR_MS);
        assert_int_equal(calendar_after(&c, start, open + 1).ms, 0);
        if (open)
            assert_int_equal(calendar_between(&c, start, calendar_after(&c, start, open)), open);
        struct policy        p    = { .minutes = open / MINUTE_MS + 1, .clock = SLA_WORKING, .calendar = &c };
        struct sla_book      book = { 0 };
        *policy_list_add(&book.policies, &arena) = p;
        struct sla_question q = { .start = start };
        assert_false(sla_ask(&book, &q).has);
        q.channel_by = instant_add(start, DAY_MS);            /* the market's time still counts */
        struct sla_answer a = sla_ask(&book, &q);
        assert_true(a.has && a.from_channel && a.due.ms == q.channel_by.ms);
        arena_done(&arena);
    }
}

static void a_deadline_leaves_exactly_its_working_time(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct arena    arena = { 0 };
        int64_t         day   = base_day();
        struct calendar c     = random_calendar(&arena, day);
        struct policy   p     = { .minutes = 1 + (int64_t)chance(20000), .clock = SLA_WORKING, .calendar = &c,
                                  .red_minutes = (int64_t)chance(300), .red_share_bp = (int64_t)chance(10001) };
        struct sla_book book  = { 0 };
        *policy_list_add(&book.policies, &arena) = p;
        struct sla_question q = { .start = { day * DAY_MS + (int64_t)chance((uint64_t)DAY_MS) } };
        struct sla_answer   r = sla_ask(&book, &q);
        if (!r.has) {
            arena_done(&arena);
            continue;
        }
        assert_int_equal(calendar_between(&c, q.start, r.due), p.minutes * MINUTE_MS);
        if (chance(3) == 0)             /* a market's own moment, anywhere before ours */
            q.channel_by = instant_add(q.start, (int64_t)chance((uint64_t)(r.due.ms - q.start.ms) + 1));
        r = sla_ask(&book, &q);
        assert_true(r.yellow.ms <= r.red.ms && r.red.ms <= r.due.ms && r.yellow.ms >= q.start.ms);
        /* By the definition of the zones, one millisecond before and at each change. */
        int64_t share = r.total_ms * p.red_share_bp / 10000, left = p.red_minutes * MINUTE_MS;
        left = share < left ? share : left;
        const instant at[] = { r.yellow, r.red, r.due };
        for (int i = 0; i < 6 && !r.from_channel; i++) {
            instant now = instant_add(at[i / 2], i % 2 - 1);
            if (now.ms < q.start.ms)
                continue;
            int64_t e = calendar_between(&c, q.start, now);
            enum sla_zone want = r.total_ms - e <= 0 ? ZONE_BREACHED : r.total_ms - e <= left ? ZONE_RED
                                 : 2 * e >= r.total_ms ? ZONE_YELLOW : ZONE_GREEN;
            assert_int_equal(sla_zone_at(&r, now), want);
        }
        /* Walking from change to change meets every zone once, in rising urgency. */
        instant now = instant_add(q.start, -1);
        int     hops = 0;
        for (instant next; (next = sla_next_change(&r, now)).ms; now = next, hops++)
            assert_true(next.ms > now.ms && sla_zone_at(&r, next) < sla_zone_at(&r, now));
        assert_true(hops <= 3 && sla_zone_at(&r, now) == ZONE_BREACHED);
        arena_done(&arena);
    }
}

int main(void)
{
    const char *wanted = getenv("SAUDA_SEED");
    state_of_chance    = wanted ? strtoull(wanted, NULL, 10) : 20261122;
    printf("SAUDA_SEED=%llu\n", (unsigned long long)state_of_chance);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_time_agrees_with_counting_minutes),
        cmocka_unit_test(a_span_of_years_is_what_walking_its_days_gives),
        cmocka_unit_test(a_calendar_that_never_opens_gives_a_clear_answer_at_once),
        cmocka_unit_test(a_deadline_leaves_exactly_its_working_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
