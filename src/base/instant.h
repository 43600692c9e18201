/* instant.h - a moment: UTC milliseconds since 1970; 0 = not set.
 *
 * Text form is RFC 3339 with Z: "2026-12-16T04:04:00Z", with ".123" only when the milliseconds are not zero.
 * Days and working hours are local: zone.h.
 */
#pragma once
#include "base/str.h"

typedef struct {
    int64_t ms;
} instant;

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* RFC 3339 with Z or an offset, 0 to 9 decimals of a second (cut to ms). Years 1970 to 9999. */
MUST_CHECK bool instant_parse(str, instant *out);
str  instant_text(struct arena *, instant);              /* "" when not set */
void instant_write(char out[32], instant, size_t *len);
static inline instant instant_add(instant t, int64_t ms) { return (instant){ t.ms + ms }; }
static inline bool    instant_is_set(instant t) { return t.ms != 0; }
static inline instant instant_min(instant a, instant b) { return a.ms < b.ms ? a : b; }

/* Civil dates, proleptic Gregorian. Day number 0 = 1970-01-01. */
struct civil { int year, month, day, hour, minute, second, ms; };   /* month 1-12, day 1-31 */
int64_t      civil_to_days(int year, int month, int day);
struct civil civil_of_days(int64_t days);
int          weekday_of_days(int64_t days);              /* 0 = Monday */
/* "2026-12-16" */
MUST_CHECK bool date_parse(str, int64_t *days);
str  date_text(struct arena *, int64_t days);
