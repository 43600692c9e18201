#include "base/zone_rule.h"

#include "base/instant.h"

#define DAY_S INT64_C(86400)

static bool take(str *s, char c)
{
    if (s->len == 0 || *s->at != c)
        return false;
    *s = (str){ s->at + 1, s->len - 1 };
    return true;
}

static bool take_number(str *s, int max, int *out)
{
    int    n = 0;
    size_t i = 0;
    for (; i < s->len && i < 3 && s->at[i] >= '0' && s->at[i] <= '9'; i++)
        n = n * 10 + (s->at[i] - '0');
    if (i == 0 || n > max)
        return false;
    *s   = (str){ s->at + i, s->len - i };
    *out = n;
    return true;
}

/* "EET" or "<+05>". */
static bool take_name(str *s)
{
    size_t i = 0;
    if (take(s, '<')) {
        while (i < s->len && s->at[i] != '>')
            i++;
        bool closed = i < s->len && i > 0;
        *s = closed ? (str){ s->at + i + 1, s->len - i - 1 } : *s;
        return closed;
    }
    while (i < s->len && (s->at[i] | 32) >= 'a' && (s->at[i] | 32) <= 'z')
        i++;
    *s = (str){ s->at + i, s->len - i };
    return i >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(str *s, int *out)
{
    bool is_negative = take(s, '-');
    int  hour, minute = 0, second = 0;
    if (!is_negative)
        (void)take(s, '+');
    if (!take_number(s, 167, &hour))
        return false;
    if (take(s, ':')) {
        if (!take_number(s, 59, &minute))
            return false;
        if (take(s, ':') && !take_number(s, 59, &second))
            return false;
    }
    *out = (hour * 3600 + minute * 60 + second) * (is_negative ? -1 : 1);
    return true;
}

/* "M3.5.0/3", "J60", "59/2:30". */
static bool take_date(str *s, struct zone_date *out)
{
    struct zone_date d = { .time_s = 2 * 3600 };
    if (take(s, 'M')) {
        d.kind = 'M';
        if (!take_number(s, 12, &d.month) || !take(s, '.') || !take_number(s, 5, &d.week) || !take(s, '.') ||
            !take_number(s, 6, &d.day) || d.month < 1 || d.week < 1)
            return false;
    } else {
        d.kind = take(s, 'J') ? 'J' : 'N';
        if (!take_number(s, 365, &d.day) || (d.kind == 'J' && d.day < 1))
            return false;
    }
    if (take(s, '/') && !take_time(s, &d.time_s))
        return false;
    *out = d;
    return true;
}

bool zone_rule_parse(str s, struct zone_rule *out)
{
    struct zone_rule r = { .is_set = true };
    if (!take_name(&s) || !take_time(&s, &r.offset_s))
        return false;
    r.offset_s = -r.offset_s;                   /* POSIX counts west of Greenwich */
    if (s.len) {
        r.has_summer      = true;
        r.summer_offset_s = r.offset_s + 3600;
        if (!take_name(&s))
            return false;
        if (s.len && *s.at != ',') {
            if (!take_time(&s, &r.summer_offset_s))
                return false;
            r.summer_offset_s = -r.summer_offset_s;
        }
        if (!take(&s, ',') || !take_date(&s, &r.summer) || !take(&s, ',') || !take_date(&s, &r.winter) || s.len)
            return false;
    }
    *out = r;
    return true;
}

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/* UTC second of the change in that year, when `offset_s` was in force before it. */
static int64_t date_second(const struct zone_date *d, int year, int offset_s)
{
    int64_t day = civil_to_days(year, 1, 1);
    if (d->kind == 'M') {
        int64_t first   = civil_to_days(year, d->month, 1);
        int64_t next    = d->month == 12 ? civil_to_days(year + 1, 1, 1) : civil_to_days(year, d->month + 1, 1);
        int     weekday = (weekday_of_days(first) + 1) % 7;
        day = first + (d->day - weekday + 7) % 7 + (d->week - 1) * 7;
        if (day >= next)                        /* week 5 is the last one */
            day -= 7;
    } else if (d->kind == 'J') {
        day += d->day - 1 + (is_leap(year) && d->day >= 60);
    } else {
        day += d->day;
    }
    return day * DAY_S + d->time_s - offset_s;
}

/* Of all changes of the years around, the last one up to `second` says what is in force and the first one after it what
 * ends that. A summer that lasts over the new year needs no case of its own this way. */
int zone_rule_offset(const struct zone_rule *r, int64_t second, int64_t *until)
{
    *until = INT64_MAX;
    if (!r->has_summer)
        return r->offset_s;
    int     year = civil_of_days(second / DAY_S - (second % DAY_S < 0)).year, offset = r->offset_s;
    int64_t last = INT64_MIN;
    for (int y = year - 1; y <= year + 1; y++) {
        int64_t change[2]  = { date_second(&r->summer, y, r->offset_s), date_second(&r->winter, y, r->summer_offset_s) };
        int     becomes[2] = { r->summer_offset_s, r->offset_s };
        for (int i = 0; i < 2; i++) {
            if (change[i] > second) {
                *until = change[i] < *until ? change[i] : *until;
            } else if (change[i] >= last) {
                last   = change[i];
                offset = becomes[i];
            }
        }
    }
    return offset;
}
