/* return_report.h - returns of a period, summed by product, channel, reason or day; reasons that grow. Pure.
 *
 * Rows come line by line, those of one return one after the other. Sums are in the shop's currency; what was in another is only counted.
 */
#pragma once
#include "base/zone.h"
#include "returns/return.h"

enum report_by { BY_REASON, BY_PRODUCT, BY_CHANNEL, BY_DAY, REPORT_BY_COUNT };
extern const char *const report_by_names[];              /* "reason" "product" "channel" "day" */
enum report_what { WHAT_RETURNS, WHAT_REFUSALS, WHAT_CANCELLATIONS, WHAT_ALL, REPORT_WHAT_COUNT };
extern const char *const report_what_names[];            /* "returns" "refusals" "cancellations" "all" */

struct report_line {
    rid     return_id, account_id;
    str     channel, reason, currency, article, title;       /* article and title: of the line, or of the return when it has none */
    unsigned kind, state;
    instant requested_at;
    int64_t units, refund, qty, amount;                      /* of the return; of its line */
};
struct report_group {
    str     key, label;                 /* the article and its title; the account; the code; the day */
    rid     account_id;
    int64_t returns, units, sum, foreign;                    /* foreign: returns in another currency */
    int64_t delivered, came_back;       /* units of the cohort that was delivered in the period */
    rid     last;                       /* return that was counted last */
};
LIST(report_group)
/* A reason behind more than 20 % of the at least ten returns of a product. */
struct report_alarm { str article, title, reason; int64_t count, all; };
LIST(report_alarm)
#define ALARM_RETURNS_MIN 10
#define ALARM_SHARE_BP    2000

struct report_plan {
    const struct zone *zone;
    str                currency;        /* of the shop */
    enum report_by     by;
    enum report_what   what;
    const rid         *accounts;        /* scope; count 0: all */
    int                accounts_count;
    unsigned           states;          /* bits; 0: all */
};
struct return_report;
struct return_report *return_report_new(struct arena *, const struct report_plan *);
bool report_takes(const struct report_plan *, rid account, unsigned kind, unsigned state);
void return_report_add(struct return_report *, const struct report_line *);
/* Units delivered in the period, and how many of those came back until today. */
void return_report_cohort(struct return_report *, rid account, str article, int64_t delivered, int64_t came_back);
struct report_group return_report_total(const struct return_report *);
/* The most returns first; days in their order. */
void return_report_groups(struct return_report *, struct report_group_list *);
void return_report_alarms(struct return_report *, struct report_alarm_list *);
