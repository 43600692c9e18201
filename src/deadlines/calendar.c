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

int64_t calendar_between(const struct calendar *c, instant a, instant b)
{
    int64_t sum = 0;
    if (b.ms <= a.ms)
        return 0;
    if (!c)
        return b.ms - a.ms;
    /* One day more than b's: a clock that goes back over midnight has two beginnings of that day. */
    for (int64_t day = zone_day(c->zone, a), last = zone_day(c->zone, b) + 1; day <= last; day++) {
        const struct calendar_day *hours = hours_of(c, day);
        for (int i = 0; i < hours->count; i++) {
            int64_t from = zone_instant(c->zone, day, hours->at[i].from_s).ms;
            if (from >= b.ms)
                return sum;
            int64_t to = zone_instant(c->zone, day, hours->at[i].to_s).ms;
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

instant calendar_after(const struct calendar *c, instant start, int64_t ms)
{
    if (!c)
        return instant_add(start, ms);
    int64_t day = zone_day(c->zone, start);
    for (int64_t last = horizon(c, day); day <= last; day++) {
        const struct calendar_day *hours = hours_of(c, day);
        for (int i = 0; i < hours->count; i++) {
            int64_t from = zone_instant(c->zone, day, hours->at[i].from_s).ms;
            int64_t to = zone_instant(c->zone, day, hours->at[i].to_s).ms;
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
    *out = made;
    return true;
}
