/* return_report_store.h - the rows that a report of returns is summed from. */
#pragma once
#include "db/work.h"
#include "returns/return_report.h"

/* Of returns asked for in [from, until). */
MUST_CHECK bool report_lines(struct db *, instant from, instant until, struct return_report *, struct err *);
/* Units of orders delivered in [from, until), and what came back of them. */
MUST_CHECK bool report_cohort(struct db *, instant from, instant until, struct return_report *, struct err *);
/* How many returns had each reason in [from, until). */
struct reason_count { str reason; int64_t n; };
LIST(reason_count)
MUST_CHECK bool report_reasons(struct db *, instant from, instant until, const struct report_plan *, struct arena *, struct reason_count_list *,
                               struct err *);
struct report_account { rid id; str channel, name; };
LIST(report_account)
MUST_CHECK bool report_accounts(struct db *, struct arena *, struct report_account_list *, struct err *);
