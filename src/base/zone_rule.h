/* zone_rule.h - the yearly rule at the end of a TZif file: POSIX TZ with the extensions of RFC 8536. For zone.c only. */
#pragma once
#include "base/str.h"

struct zone_date {
    char kind;                  /* 'M' month, week, weekday; 'J' day 1-365 without 29 February; 'N' day 0-365 */
    int  month, week, day;      /* weekday 0 = Sunday as POSIX counts */
    int  time_s;                /* local time of the change, -167 h to 167 h */
};
struct zone_rule {
    bool             is_set, has_summer;
    int              offset_s, summer_offset_s;     /* east of UTC */
    struct zone_date summer, winter;                /* when summer time begins and ends */
};

MUST_CHECK bool zone_rule_parse(str, struct zone_rule *out);
/* The offset in force at that UTC second, and the second at which it may change next. */
int zone_rule_offset(const struct zone_rule *, int64_t second, int64_t *until);
