/* claim_clock_store.h - the running clocks of claims: by when we owe an answer or evidence, and when its zone changes next. A claim that
 * does not wait for us has no row. */
#pragma once
#include "db/work.h"
#include "returns/return.h"

struct claim_clock {
    rid     claim_id, account_id;
    instant promised_at;                /* the claim's own deadline that this clock was made for; not set: none */
    instant began, deadline_at, yellow_at, red_at;
    int64_t total_ms;
    enum sla_zone zone;
    instant zone_next_at;               /* not set: it will not change */
};
LIST(claim_clock)
/* *found false: there is none. */
MUST_CHECK bool claim_clock_get(struct db *, rid claim_id, struct claim_clock *out, bool *found, struct err *);
bool claim_clock_save(struct db *, const struct claim_clock *, struct err *);
bool claim_clock_drop(struct db *, rid claim_id, struct err *);
/* In the order of time. */
MUST_CHECK bool claim_clocks_due(struct db *, instant now, int max, struct arena *, struct claim_clock_list *out, struct err *);
MUST_CHECK bool account_channel(struct db *, rid account_id, struct arena *, str *out, struct err *);

/* A claim whose clock runs, with what people call it and who has it: the return's person, else the order's. */
struct claim_due { struct claim_clock clock; str number, channel; rid assignee_id; amount sum; str currency; };
LIST(claim_due)
MUST_CHECK bool claims_due_by_ids(struct db *, const rid *ids, int count, struct arena *, struct claim_due_list *out, struct err *);
