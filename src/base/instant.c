#include "base/instant.h"

#include "base/arena.h"

#define INSTANT_MS_END INT64_C(253402300800000)      /* 10000-01-01T00:00:00Z */

/* Days from civil and back: H. Hinnant, "chrono-compatible low-level date algorithms". A year begins in March there, so
 * that the leap day is its last; an era is 400 years. */
int64_t civil_to_days(int year, int month, int day)
{
    int64_t y      = (int64_t)year - (month <= 2);
    int64_t era    = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_of_days(int64_t days)
{
    int64_t z       = days + 719468;
    int64_t era     = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day     = z - era * 146097;
    int64_t year    = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month   = (5 * of_year + 2) / 153;
    struct civil c  = { .day = (int)(of_year - (153 * month + 2) / 5 + 1), .month = (int)(month < 10 ? month + 3 : month - 9) };
    c.year = (int)(year + era * 400 + (c.month <= 2));
    return c;
}

int weekday_of_days(int64_t days) { return (int)(((days + 3) % 7 + 7) % 7); }      /* 1970-01-01 was a Thursday */

static bool number_at(str s, size_t from, size_t count, int *out)
{
    int n = 0;
    if (from + count > s.len)
        return false;
    for (size_t i = from; i < from + count; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        n = n * 10 + (s.at[i] - '0');
    }
    *out = n;
    return true;
}

static bool char_at(str s, size_t at, char c) { return at < s.len && s.at[at] == c; }

static int month_days(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && is_leap);
}

bool date_parse(str s, int64_t *days)
{
    int year, month, day;
    if (s.len != 10 || !number_at(s, 0, 4, &year) || !char_at(s, 4, '-') || !number_at(s, 5, 2, &month) ||
        !char_at(s, 7, '-') || !number_at(s, 8, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month))
        return false;
    *days = civil_to_days(year, month, day);
    return true;
}

/* "Z", "+05:00", "-03:30" and nothing behind it. */
static bool offset_parse(str s, int *minutes)
{
    int hour, minute;
    if (s.len == 1 && (*s.at == 'Z' || *s.at == 'z')) {
        *minutes = 0;
        return true;
    }
    if (s.len != 6 || (*s.at != '+' && *s.at != '-') || !number_at(s, 1, 2, &hour) || s.at[3] != ':' ||
        !number_at(s, 4, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = (*s.at == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

bool instant_parse(str s, instant *out)
{
    int64_t days;
    int     hour, minute, second, offset, milli = 0;
    if (!date_parse(str_sub(s, 0, 10), &days) || s.len < 20 || (s.at[10] != 'T' && s.at[10] != 't' && s.at[10] != ' '))
        return false;
    if (!number_at(s, 11, 2, &hour) || s.at[13] != ':' || !number_at(s, 14, 2, &minute) || s.at[16] != ':' ||
        !number_at(s, 17, 2, &second))
        return false;
    /* 60 is a leap second: it counts as the first of the next minute. */
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    size_t at = 19;
    if (s.at[at] == '.') {
        int weight = 100;
        for (at++; at < s.len && at < 29 && s.at[at] >= '0' && s.at[at] <= '9'; at++) {
            milli += (s.at[at] - '0') * weight;
            weight /= 10;
        }
        if (at == 20)
            return false;
    }
    if (!offset_parse(str_sub(s, at, s.len), &offset))
        return false;
    int64_t ms = days * DAY_MS + (hour * 60 + minute - offset) * MINUTE_MS + second * SECOND_MS + milli;
    if (ms < 0 || ms >= INSTANT_MS_END)
        return false;
    out->ms = ms;
    return true;
}

static char *digits_put(char *at, int n, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + n % 10);
        n /= 10;
    }
    return at + count;
}

static char *date_put(char *at, int64_t days)
{
    struct civil c = civil_of_days(days);
    at    = digits_put(at, c.year, 4);
    *at++ = '-';
    at    = digits_put(at, c.month, 2);
    *at++ = '-';
    return digits_put(at, c.day, 2);
}

void instant_write(char out[32], instant t, size_t *len)
{
    /* Arithmetic may leave the years that have four digits; the text must stay one that can be read back. */
    int64_t ms  = t.ms < 0 ? 0 : t.ms >= INSTANT_MS_END ? INSTANT_MS_END - 1 : t.ms;
    int     day = (int)(ms % DAY_MS), milli = day % 1000;
    char   *at  = date_put(out, ms / DAY_MS);
    *at++ = 'T';
    at    = digits_put(at, day / 3600000, 2);
    *at++ = ':';
    at    = digits_put(at, day / 60000 % 60, 2);
    *at++ = ':';
    at    = digits_put(at, day / 1000 % 60, 2);
    if (milli) {
        *at++ = '.';
        at    = digits_put(at, milli, 3);
    }
    *at++ = 'Z';
    *len  = (size_t)(at - out);
}

str instant_text(struct arena *a, instant t)
{
    char   text[32];
    size_t len;
    if (!instant_is_set(t))
        return (str){ 0 };
    instant_write(text, t, &len);
    return (str){ arena_copy(a, text, len), len };
}

str date_text(struct arena *a, int64_t days)
{
    char   text[16];
    size_t len = (size_t)(date_put(text, days) - text);
    return (str){ arena_copy(a, text, len), len };
}
