/* return_rule.h - what a rule decides about a return by itself, and the numbers people set for returns. Pure.
 *
 * Approved without a person (domain handbook §6): the reason's group is listed, the window is open, the dearest unit is not above the
 * limit, the buyer sends back less than the share of his orders in the period or has few of them, nothing is disputed, and the goods
 * are not among those that are not taken back. All that was looked at is kept with the decision.
 */
#pragma once
#include "base/amount.h"
#include "base/err.h"
#include "base/instant.h"
#include "base/json_read.h"
#include "base/list.h"
#include "returns/return_words.h"

#define RETURN_RULE_APPROVE "auto_approve"

struct return_rules {
    bool     active;
    amount   price_limit;               /* of one unit; in the shop's currency */
    unsigned groups;                    /* BIT(GROUP_…) */
    int64_t  share_bp, few_orders, period_days;
    struct str_list not_returnable;     /* articles */
    amount   refund_limit;              /* above it a second person approves; in the shop's currency */
    int64_t  silent_days;               /* a buyer who does not answer */
    int64_t  dropoff_days;              /* goods that were never handed in */
    int64_t  forgotten_days;            /* units here that nobody has decided on */
    int64_t  lost_days;                 /* goods on their way, or paid back by the market and never seen */
    int64_t  version;
};
struct return_rules return_rules_default(void);
/* The stored text; what is missing or does not read is the default's. */
struct return_rules return_rules_read(struct arena *, str json);
/* A change as people send it: every error at once, what did not come stays. */
MUST_CHECK bool return_rules_take(struct arena *, const struct json *, struct return_rules *io, struct err *);
str return_rules_text(struct arena *, const struct return_rules *);

struct return_case {
    str     group;                      /* empty: the reason is not known */
    instant requested_at, window_until;
    str     window_source, currency, shop_currency;
    amount  unit_price;                 /* the dearest */
    int64_t orders, returns;            /* of the buyer in the period, this one left out */
    int64_t open_claims;
    bool    buyer_known;
    str     banned;                     /* an article of this return that is not taken back */
};
enum return_why { WHY_OK, WHY_OFF, WHY_REASON, WHY_WINDOW, WHY_PRICE, WHY_CURRENCY, WHY_ABUSE, WHY_CLAIM, WHY_BANNED, RETURN_WHY_COUNT };
extern const char *const return_why_names[];             /* "" "off" "reason" "window" "price" "currency" "abuse" "claim" "not_returnable" */
enum return_why return_rule_ask(const struct return_rules *, const struct return_case *);
/* The decision with all it was made of, as it is stored and shown. */
str return_rule_inputs(struct arena *, const struct return_rules *, const struct return_case *, enum return_why);
