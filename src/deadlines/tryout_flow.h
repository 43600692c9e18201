/* tryout_flow.h - by when would it be due? A rule or a calendar is tried on a moment before anybody saves it.
 *
 * The answer comes from sla_ask over the rules as they stand, with what was changed in their place, so that it is what will happen
 * after saving. Reads, never writes.
 */
#pragma once
#include "deadlines/policy.h"
#include "deadlines/shop_store.h"
#include "db/work.h"

struct tryout {
    struct sla_book     book;           /* what was asked: one rule, or all that stand */
    struct sla_question question;
    struct sla_answer   answer;
    const struct zone  *zone;           /* in which moments are told: the rule's calendar, or the shop */
};

/* {"at":…, "rule":{…as in /api/policies, with "id" of the one that is being changed}, "calendar":{"id","zone","days","holidays"},
 *  "step","channel","scheme","account_id"}. With a rule, it alone; without, the tightest of the shop's. A calendar takes the
 * place of the stored one with its id. All mistakes at once. */
MUST_CHECK bool tryout_ask(struct work *, const struct json *, struct tryout *out, struct err *);

/* The rules as they will stand once {"rule":{…}} is saved, for whoever has orders to lay them on; without a rule, as they stand. */
struct tryout_rules {
    struct sla_book   book;
    bool              has;
    struct policy_row rule;             /* id not set: a new one */
    int               changed;          /* its place in the book; -1: it is not there, or switched off */
};
MUST_CHECK bool tryout_rules(struct work *, const struct json *, struct tryout_rules *out, struct err *);
