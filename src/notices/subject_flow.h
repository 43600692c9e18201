/* subject_flow.h - loads subjects of a kind: one statement, however many. */
#pragma once
#include "db/work.h"
#include "notices/subject.h"

/* In no order; one that is gone, or whose clock does not run any more, may be missing. */
MUST_CHECK bool subjects_load(struct db *, enum subject_kind, const rid *ids, int count, struct arena *, struct subject_list *out, struct err *);
/* The calendar by which working minutes of its deadline count; NULL: wall time. */
const struct calendar *subject_calendar(const struct work *, const struct subject *);
