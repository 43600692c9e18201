/* subject.h - whatever has a deadline of which people are told: an order, a return, a claim. Pure.
 *
 * The ladder, acknowledging, joining and every way to a person know subjects alone; what is behind one is known to subject_flow.c, which
 * loads them. A new kind is a row here and a loader there.
 */
#pragma once
#include "accounts/user.h"
#include "base/amount.h"
#include "base/list.h"
#include "deadlines/sla.h"

enum subject_kind { SUBJECT_ORDER, SUBJECT_RETURN, SUBJECT_CLAIM, SUBJECT_KIND_COUNT };
extern const char *const subject_kind_names[];           /* "order" "return" "claim": as events, notices and addresses of screens say */

struct subject {
    enum subject_kind kind;
    rid      id;
    str      number;                    /* as people call it */
    str      channel;
    rid      account_id, assignee_id, policy_id;
    str      step;                      /* what is owed */
    str      term;                      /* which deadline of it: the step, and for claims its day, because each answer asked for has its own */
    instant  deadline_at;
    enum sla_zone zone;
    bool     closed;
    amount   sum;                       /* at stake */
    str      currency;
};
LIST(subject)

/* Yellow, red or over. */
bool subject_is_hot(const struct subject *);
/* The right of those who do what the step asks for. */
enum permission subject_right(const struct subject *);
/* The kind of an event or a notice; false: none that has a deadline. */
bool subject_kind_of(str name, enum subject_kind *out);
/* Where the screens show it: "/orders/17". */
str subject_path(struct arena *, enum subject_kind, rid id);
