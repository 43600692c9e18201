/* A clock that runs while everything changes: marks that pause it come and go, the rule gets other minutes, another calendar, other
 * pauses, stands off and comes back. Each step is compared with a reference that counts the open minutes of the running time one by
 * one. The cases are the same in every run; SAUDA_SEED gives others. */
#include "base/arena.h"
#include "orders/order.h"

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

static const char *const zones[] = { "Asia/Almaty", "Europe/Kyiv", "Europe/Moscow", "UTC", "America/New_York" };
static const char *const days[]  = { "2024-02-29", "2026-03-28", "2026-10-24", "2026-12-16" };
/* None of these is open at night, when clocks change: whether a minute is open is then a question of the wall clock alone. */
static const char *const weeks[] = {
    "[[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],"
    "[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]],[],[]]",
    "[[[\"08:30\",\"20:15\"]],[[\"08:30\",\"20:15\"]],[[\"08:30\",\"20:15\"]],[[\"08:30\",\"20:15\"]],[[\"08:30\",\"20:15\"]],"
    "[[\"10:00\",\"16:00\"]],[[\"10:00\",\"16:00\"]]]",
    "[[[\"05:00\",\"24:00\"]],[[\"05:00\",\"24:00\"]],[[\"05:00\",\"24:00\"]],[[\"05:00\",\"24:00\"]],[[\"05:00\",\"24:00\"]],"
    "[[\"05:00\",\"24:00\"]],[[\"05:00\",\"24:00\"]]]",
};

static struct calendar random_calendar(struct arena *a, int64_t day, const struct zone *zone)
{
    struct calendar c = { 0 };
    struct err      e = { 0 };
    str holidays = chance(2) ? STR("[]")
        : str_print(a, "[{\"date\":\"%.*s\",\"intervals\":[[\"09:00\",\"12:00\"]]},{\"date\":\"%.*s\",\"intervals\":[]}]",
                    STR_ARG(date_text(a, day)), STR_ARG(date_text(a, day + 1)));
    if (!calendar_read(a, zone_name(zone), str_of(weeks[chance(COUNT_OF(weeks))]), holidays, &c, &e))
        fail_msg("%s", e.item[0].text);
    return c;
}

static bool is_open(const struct calendar *c, int64_t minute)
{
    struct civil l   = zone_civil(c->zone, (instant){ minute * MINUTE_MS });
    int64_t      day = civil_to_days(l.year, l.month, l.day);
    int          s   = l.hour * 3600 + l.minute * 60;
    const struct calendar_day *d = &c->week[weekday_of_days(day)];
    for (int i = 0; i < c->special_count; i++)
        if (c->special[i].day == day)
            d = &c->special[i].hours;
    for (int i = 0; i < d->count; i++)
        if (s >= d->at[i].from_s && s < d->at[i].to_s)
            return true;
    return false;
}

/* Open minutes from one minute to another; and the minute by which so many are over. */
static int64_t slow_used(const struct calendar *c, int64_t from, int64_t to)
{
    int64_t n = 0;
    for (int64_t m = from; m < to; m++)
        n += !c || is_open(c, m);
    return n;
}

static int64_t slow_due(const struct calendar *c, int64_t from, int64_t wanted)
{
    int64_t m = from;
    for (int64_t n = 0; n < wanted; m++)
        n += !c || is_open(c, m);
    return m;
}

struct play {
    struct arena    arena;
    struct calendar calendar;
    struct policy   rule;
    struct order    order;
    int64_t         now, running_from, kept;                 /* minutes; running_from -1 while the clock stands */
};

static void rule_random(struct play *p, int64_t day, const struct zone *zone)
{
    p->calendar = random_calendar(&p->arena, day, zone);
    p->rule     = (struct policy){ .id = { 1 + (int64_t)chance(9) }, .minutes = 30 + (int64_t)chance(1500), .red_minutes = 120, .red_share_bp = 2000,
                                   .clock = SLA_WORKING, .calendar = &p->calendar, .pause_marks = BIT(MARK_HOLD) };
    if (chance(5) == 0) {
        p->rule.clock    = SLA_WALL;
        p->rule.calendar = NULL;
    }
    if (chance(3) == 0)
        p->rule.pause_marks |= BIT(MARK_PROBLEM);
}

/* What has been used stays used, on the clock of the time; what runs is counted from its beginning on the clock of now. */
static void reference_step(struct play *p)
{
    bool stands = (p->rule.pause_marks & (unsigned)p->order.marks) != 0;
    if (stands && p->running_from >= 0) {
        p->kept += slow_used(p->rule.calendar, p->running_from, p->now);
        p->running_from = -1;
    } else if (!stands && p->running_from < 0) {
        p->running_from = p->now;
    }
}

static void compare(const struct play *p, int round, int turn)
{
    const struct order *o = &p->order;
    if (p->running_from < 0) {
        if (instant_is_set(o->deadline_at) || o->zone != ZONE_NONE || o->deadline_used != p->kept * MINUTE_MS)
            fail_msg("round %d, turn %d: stands, used %lld, not %lld", round, turn, (long long)(o->deadline_used / MINUTE_MS), (long long)p->kept);
        return;
    }
    int64_t left = p->rule.minutes - p->kept, due = slow_due(p->rule.calendar, p->running_from, left > 0 ? left : 0);
    int64_t used = p->kept + slow_used(p->rule.calendar, p->running_from, p->now);
    int64_t red  = p->rule.minutes * 20 / 100 < 120 ? p->rule.minutes * 2000 / 100 : 12000;      /* hundredths of a minute */
    enum sla_zone zone = used >= p->rule.minutes ? ZONE_BREACHED : (p->rule.minutes - used) * 100 <= red ? ZONE_RED
                         : used * 2 >= p->rule.minutes ? ZONE_YELLOW : ZONE_GREEN;
    if (o->deadline_at.ms != due * MINUTE_MS)
        fail_msg("round %d, turn %d: due at minute %lld, not %lld", round, turn, (long long)(o->deadline_at.ms / MINUTE_MS), (long long)due);
    if (o->zone != zone)
        fail_msg("round %d, turn %d: zone %s, not %s", round, turn, sla_zone_names[o->zone], sla_zone_names[zone]);
}

static void a_running_clock_keeps_its_time_through_every_change(void **state)
{
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct play p = { 0 };
        int64_t     day;
        const struct zone *zone = zone_find(str_of(zones[chance(COUNT_OF(zones))]));
        assert_true(date_parse(str_of(days[chance(COUNT_OF(days))]), &day));
        rule_random(&p, day, zone);
        p.now = p.running_from = day * 1440 + (int64_t)chance(2880);
        p.order = (struct order){ .id = { 1 }, .status = HUB_NEW, .channel = STR("kaspi"), .placed_at = { p.now * MINUTE_MS } };
        order_derive(&p.order, &p.arena);
        for (int turn = 0; turn < 12; turn++) {
            struct sla_book book = { 0 };
            unsigned what = (unsigned)chance(4);
            if (turn && what == 0)
                p.order.marks ^= BIT(MARK_HOLD);
            else if (turn && what == 1)
                p.order.marks ^= BIT(MARK_PROBLEM);
            else if (turn && what == 2)
                rule_random(&p, day, zone);
            reference_step(&p);
            *policy_list_add(&book.policies, &p.arena) = p.rule;
            order_deadline(&p.order, &book, (instant){ p.now * MINUTE_MS });
            compare(&p, round, turn);
            p.now += (int64_t)chance(700);
        }
        arena_done(&p.arena);
    }
}

/* The clock of the machine was set back: nothing that was used is given back, and no sum runs below nothing. */
static void a_clock_set_back_gives_nothing_back(void **state)
{
    (void)state;
    struct arena    arena = { 0 };
    struct sla_book book  = { 0 };
    *policy_list_add(&book.policies, &arena) = (struct policy){ .id = { 1 }, .minutes = 120, .red_minutes = 120, .red_share_bp = 2000,
                                                                .pause_marks = BIT(MARK_HOLD) };
    struct order o = { .id = { 1 }, .status = HUB_NEW, .channel = STR("kaspi"), .placed_at = { 1000 * HOUR_MS } };
    order_derive(&o, &arena);
    order_deadline(&o, &book, (instant){ 1000 * HOUR_MS + 70 * MINUTE_MS });
    assert_int_equal(o.zone, ZONE_YELLOW);
    o.marks = BIT(MARK_HOLD);
    order_deadline(&o, &book, (instant){ 1000 * HOUR_MS + 70 * MINUTE_MS });
    assert_int_equal(o.deadline_used, 70 * MINUTE_MS);
    order_deadline(&o, &book, (instant){ 999 * HOUR_MS });
    assert_int_equal(o.deadline_used, 70 * MINUTE_MS);
    o.marks = 0;
    order_deadline(&o, &book, (instant){ 999 * HOUR_MS });
    assert_int_equal(o.deadline_at.ms, 999 * HOUR_MS + 50 * MINUTE_MS);
    o.marks = BIT(MARK_HOLD);                                 /* and set back once more, behind the moment at which it went on */
    order_deadline(&o, &book, (instant){ 998 * HOUR_MS });
    assert_int_equal(o.deadline_used, 70 * MINUTE_MS);
    arena_done(&arena);
}

int main(void)
{
    const char *wanted = getenv("SAUDA_SEED");
    state_of_chance    = wanted ? strtoull(wanted, NULL, 10) : 20261122;
    printf("SAUDA_SEED=%llu\n", (unsigned long long)state_of_chance);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_clock_keeps_its_time_through_every_change),
        cmocka_unit_test(a_clock_set_back_gives_nothing_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
