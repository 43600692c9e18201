/* period.h - days of a report: "from" and "to", both included, in the shop's time zone. Pure. */
#pragma once
#include "base/err.h"
#include "base/zone.h"

struct period { int64_t first, last; instant from, until; };    /* until: the first moment that is outside */
/* Texts such as "2026-12-07"; both empty: the week before this one, Monday to Sunday. ERR_QUERY_INVALID, also for more than `max` days. */
MUST_CHECK bool period_of(const struct zone *, instant now, str from, str to, int max, struct period *out, struct err *);
