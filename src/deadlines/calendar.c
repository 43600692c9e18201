/* Working calendars: spans of real time made from local intervals, day by day. Declared in sla.h.
 *
 * An interval begins at the first moment that has its local time and ends at the first moment that has its end; thus a night
 * with a clock change counts what it really lasted, and an interval inside a skipped hour counts nothing. */
#include "deadlines/sla.h"

#include "base/json_read.h"

#include <stdio.h>
#include <stdlib.h>

#define CALENDAR_JSON_BYTES ((size_t)256 << 10)
#define HORIZON_DAYS        3660 /* ten years */

/* Working time up to every eighth day of forty years is summed when a calendar is read, so that a term of a year is not walked day
 * by day: 15 KB a calendar. */
#define MARK_DAYS           8
#define MARK_FIRST          2055 /* times MARK_DAYS: 5 January 2015 */
#define MARK_COUNT          1826

/* ---- reckoning ---- */

static const struct special_day *special_find(const struct calendar *c, int64_t day)
{
    int low = 0, high = c->special_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (c->special[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->special_count && c->special[low].day == day ? &c->special[low] : NULL;
}

static const struct calendar_day *hours_of(const struct calendar *c, int64_t day)
{
    const struct special_day *s = special_find(c, day);
    return s ? &s->hours : &c->week[weekday_of_days(day)];
}

static int64_t day_sum(const struct calendar *c, struct zone_stretch *near, int64_t day)
{
    const struct calendar_day *hours = hours_of(c, day);
    int64_t sum = 0;
    for (int i = 0; i < hours->count; i++) {
        int64_t from = zone_instant_near(c->zone, near, day, hours->at[i].from_s).ms;
        sum += zone_instant_near(c->zone, near, day, hours->at[i].to_s).ms - from;
    }
    return sum;
}

static const int64_t *marks_made(struct arena *a, const struct calendar *c)
{
    int64_t *marks = ARENA_ARRAY(a, int64_t, MARK_COUNT), sum = 0;
    struct zone_stretch near = { 0 };
    for (int i = 0; i < MARK_COUNT; i++) {
        marks[i] = sum;
        for (int64_t day = (MARK_FIRST + i) * MARK_DAYS, end = day + MARK_DAYS; day < end; day++)
            sum += day_sum(c, &near, day);
    }
    return marks;
}

/* Which mark stands before this day; -1: none does. */
static int64_t mark_of(const struct calendar *c, int64_t day)
{
    int64_t mark = day / MARK_DAYS - MARK_FIRST;
    return c->marks && day % MARK_DAYS == 0 && mark >= 0 && mark < MARK_COUNT ? mark : -1;
}

int64_t calendar_between(const struct calendar *c, instant a, instant b)
{
    int64_t sum = 0;
    if (b.ms <= a.ms)
        return 0;
    if (!c)
        return b.ms - a.ms;
    /* One day more than b's: a clock that goes back over midnight has two beginnings of that day. For the same reason the days next
     * to a and b are walked even where marks stand. */
    struct zone_stretch near = { 0 };
    int64_t first = zone_day(c->zone, a), end = zone_day(c->zone, b);
    for (int64_t day = first; day <= end + 1; day++) {
        int64_t mark = mark_of(c, day), last = (end - 1) / MARK_DAYS - MARK_FIRST;
        last = last < MARK_COUNT ? last : MARK_COUNT - 1;
        if (mark >= 0 && last > mark && day >= first + 2) {
            sum += c->marks[last] - c->marks[mark];
            day = (MARK_FIRST + last) * MARK_DAYS;
        }
        const struct calendar_day *hours = hours_of(c, day);
        for (int i = 0; i < hours->count; i++) {
            int64_t from = zone_instant_near(c->zone, &near, day, hours->at[i].from_s).ms;
            if (from >= b.ms)
                return sum;
            int64_t to = zone_instant_near(c->zone, &near, day, hours->at[i].to_s).ms;
            from = from < a.ms ? a.ms : from;
            to = to > b.ms ? b.ms : to;
            sum += to > from ? to - from : 0;
        }
    }
    return sum;
}

/* The last day worth looking at: without working weekdays only the special days have any time. */
static int64_t horizon(const struct calendar *c, int64_t day)
{
    for (int i = 0; i < 7; i++)
        if (c->week[i].count)
            return day + HORIZON_DAYS;
    int64_t last = c->special_count ? c->special[c->special_count - 1].day : day - 1;
    return last < day + HORIZON_DAYS ? last : day + HORIZON_DAYS;
}

/* The last mark before which less than `ms` pass from `mark` on. */
static int64_t mark_jump(const struct calendar *c, int64_t mark, int64_t ms)
{
    int64_t low = mark, high = MARK_COUNT - 1;
    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        if (c->marks[middle] - c->marks[mark] < ms)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

instant calendar_after(const struct calendar *c, instant start, int64_t ms)
{
    if (!c)
        return instant_add(start, ms);
    struct zone_stretch near = { 0 };
    int64_t first = zone_day(c->zone, start), last = horizon(c, first);
    for (int64_t day = first; day <= last; day++) {
        int64_t mark = mark_of(c, day);
        if (mark >= 0 && day >= first + 2) {
            int64_t to = mark_jump(c, mark, ms);
            ms -= c->marks[to] - c->marks[mark];
            day = (MARK_FIRST + to) * MARK_DAYS;
            if (day > last)
                break;
        }
        const struct calendar_day *hours = hours_of(c, day);
        for (int i = 0; i < hours->count; i++) {
            int64_t from = zone_instant_near(c->zone, &near, day, hours->at[i].from_s).ms;
            int64_t to = zone_instant_near(c->zone, &near, day, hours->at[i].to_s).ms;
            from = from < start.ms ? start.ms : from;
            if (from >= to)
                continue;
            if (ms <= to - from)
                return (instant){ from + ms };
            ms -= to - from;
        }
    }
    return (instant){ 0 };
}

/* ---- reading ---- */

struct reading {
    struct arena *arena;
    struct err *err;
    bool ok;
};

static void wrong(struct reading *r, const struct json *at, const char *root, const char *text)
{
    str where = json_where(r->arena, at), dot = where.len ? STR(".") : STR("");
    char field[64];
    snprintf(field, sizeof field, "%s%.*s%.*s", root, STR_ARG(dot), STR_ARG(where));
    err_add(r->err, field, "%s", text);
    r->ok = false;
}

/* "09:00" to "24:00" */
static bool time_read(str s, int *out)
{
    for (size_t i = 0; i < s.len; i++)
        if (i != 2 && (s.at[i] < '0' || s.at[i] > '9'))
            return false;
    if (s.len != 5 || s.at[2] != ':')
        return false;
    int hour = (s.at[0] - '0') * 10 + s.at[1] - '0', minute = (s.at[3] - '0') * 10 + s.at[4] - '0';
    *out = hour * 3600 + minute * 60;
    return minute < 60 && *out <= 86400;
}

static void hours_read(struct reading *r, const struct json *list, const char *root, struct calendar_day *out)
{
    int before = 0;
    if (!list || list->kind != JSON_ARRAY || list->count > CALENDAR_INTERVALS_MAX) {
        wrong(r, list, root, "must be a list of at most 8 intervals");
        return;
    }
    JSON_EACH(pair, list) {
        struct interval in = { 0 };
        bool text = pair->kind == JSON_ARRAY && pair->count == 2 && pair->first->kind == JSON_TEXT &&
                    pair->first->next->kind == JSON_TEXT;
        if (!text || !time_read(pair->first->text, &in.from_s) ||
            !time_read(pair->first->next->text, &in.to_s)) {
            wrong(r, pair, root, "must be two times of the day, such as [\"09:00\", \"18:00\"]");
            continue;
        }
        if (in.from_s >= in.to_s)
            wrong(r, pair, root, "must begin before it ends");
        else if (in.from_s < before)
            wrong(r, pair, root, "must not begin before the interval above it ends");
        before = in.to_s > before ? in.to_s : before;
        out->at[out->count++] = in;
    }
}

static void week_read(struct reading *r, const struct json *days, struct calendar *out)
{
    if (days->kind != JSON_ARRAY || days->count != 7) {
        wrong(r, days, "days", "must be seven lists, Monday first");
        return;
    }
    JSON_EACH(day, days)
        hours_read(r, day, "days", &out->week[day->index]);
}

static int by_day(const void *a, const void *b)
{
    const struct special_day *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static void special_read(struct reading *r, const struct json *row, struct special_day *out)
{
    if (row->kind != JSON_OBJECT) {
        wrong(r, row, "holidays", "must be an object with date, name and intervals");
        return;
    }
    JSON_EACH(member, row) {
        if (!str_is(member->key, "date") && !str_is(member->key, "name") && !str_is(member->key, "intervals"))
            wrong(r, member, "holidays", "is not known");
    }
    const struct json *date = json_get(row, "date"), *name = json_get(row, "name"),
                      *hours = json_get(row, "intervals");
    if (!date || date->kind != JSON_TEXT || !date_parse(date->text, &out->day))
        wrong(r, date ? date : row, "holidays", "must have a date such as \"2026-12-16\"");
    if (name && name->kind != JSON_NULL && (name->kind != JSON_TEXT || name->text.len > 200))
        wrong(r, name, "holidays", "must be a text of at most 200 bytes");
    out->name = str_copy(r->arena, json_str(name));
    if (hours && hours->kind != JSON_NULL)
        hours_read(r, hours, "holidays", &out->hours);
}

static void specials_read(struct reading *r, const struct json *list, struct calendar *out)
{
    if (list->kind != JSON_ARRAY || list->count > CALENDAR_DAYS_MAX) {
        wrong(r, list, "holidays", "must be a list of at most 400 days");
        return;
    }
    out->special = ARENA_ARRAY(r->arena, struct special_day, list->count + 1);
    JSON_EACH(row, list)
        special_read(r, row, &out->special[out->special_count++]);
    if (!r->ok)
        return;
    qsort(out->special, (size_t)out->special_count, sizeof *out->special, by_day);
    for (int i = 1; i < out->special_count; i++)
        if (out->special[i].day == out->special[i - 1].day) {
            err_add(r->err, "holidays", "has %.*s twice", STR_ARG(date_text(r->arena, out->special[i].day)));
            r->ok = false;
        }
}

bool calendar_read(struct arena *a, str zone, str days_json, str holidays_json, struct calendar *out,
                   struct err *err)
{
    struct reading r = { a, err, true };
    struct calendar made = { .zone = zone_find(zone) };
    const struct json *days = NULL, *holidays = NULL;

    if (!made.zone) {
        err_add(err, "zone", "is not a time zone such as \"Asia/Almaty\"");
        r.ok = false;
    }
    if (!json_read(a, days_json, CALENDAR_JSON_BYTES, &days, err) ||
        !json_read(a, holidays_json.len ? holidays_json : STR("[]"), CALENDAR_JSON_BYTES, &holidays, err))
        return false;
    week_read(&r, days, &made);
    specials_read(&r, holidays, &made);
    if (!r.ok)
        return false;
    made.id = out->id;
    made.name = out->name;
    made.marks = marks_made(a, &made);
    *out = made;
    return true;
}
