#include "orders/period.h"

bool period_of(const struct zone *zone, instant now, str from, str to, int max, struct period *out, struct err *err)
{
    int64_t today = zone_day(zone, now);
    *out = (struct period){ .last = today - weekday_of_days(today) - 1 };
    out->first = out->last - 6;
    if (from.len && !date_parse(from, &out->first))
        return err_set(err, ERR_QUERY_INVALID, "from", "must be a day such as 2026-12-07");
    if (to.len && !date_parse(to, &out->last))
        return err_set(err, ERR_QUERY_INVALID, "to", "must be a day such as 2026-12-13");
    if (from.len && !to.len)
        out->last = out->first > today ? out->first : today;
    if (out->last < out->first)
        return err_set(err, ERR_QUERY_INVALID, "to", "must not be before the first day");
    if (out->last - out->first >= max)
        return err_set(err, ERR_QUERY_INVALID, "to", "at most %d days at once", max);
    out->from  = zone_instant(zone, out->first, 0);
    out->until = zone_instant(zone, out->last + 1, 0);
    return true;
}
