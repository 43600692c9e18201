/* record_groups.h - what a list comes to, told beside it. */
#pragma once
#include "base/list.h"
#include "record/record.h"

/* Of the rows of a filter, at most `max` of them, how many there are and the sum of a number, for each value of a text: for what is told
 * beside a list. Its page and order say nothing here. One statement. */
struct record_group { str value; int64_t count, sum; };
LIST(record_group)
struct record_grouping { const char *by, *of; int64_t max; };
MUST_CHECK bool record_groups(struct db *, const struct record *, const struct record_query *, str url_query, const struct record_grouping *,
                              struct arena *, struct record_group_list *out, struct err *);
