/* claim_store.h - claims and their history. */
#pragma once
#include "db/work.h"
#include "returns/return.h"

struct claim_step { rid claim_id; int64_t seq; instant at; str from_state, to_state, actor_kind; rid actor_id; str actor_name, note, before; };
LIST(claim_step)
extern const struct record claim_step_record;

MUST_CHECK bool claim_get(struct db *, rid id, struct arena *, struct claim *out, struct err *);
MUST_CHECK bool claims_by_ids(struct db *, const rid *ids, int count, struct arena *, struct claim_list *out, struct err *);
/* Those that wait for us, in the order of their ids, behind this one. */
MUST_CHECK bool claims_waiting_after(struct db *, rid after, int max, struct arena *, struct claim_list *out, struct err *);
/* *made false: the return has a claim of this subject. */
MUST_CHECK bool claim_make(struct db *, const struct claim *, bool *made, struct err *);
MUST_CHECK bool claim_save(struct db *, const struct claim *old, struct claim *now, struct err *);
bool claim_step_add(struct db *, const struct claim_step *, struct err *);
MUST_CHECK bool claim_steps_of(struct db *, rid claim_id, struct arena *, struct claim_step_list *out, struct err *);

struct claim_row {
    struct claim c;
    str          channel, order_number, title, customer_name;
    struct { instant due, yellow, red; enum sla_zone zone; } clock;     /* of one that waits for us; ZONE_NONE: none runs */
};
/* What was found by matching, and nobody has touched by hand, is named with this. */
#define CLAIM_FOUND "own:"
#define CLAIM_BY_HAND "hand:"
LIST(claim_row)
struct claim_ask {
    bool       closed;                  /* those that have ended, the newest first; else the others, by their clocks, then the largest sum */
    unsigned   states, sides, zones;    /* bits; 0 = any */
    bool       found;                   /* those that matching has made */
    struct str_list channels, subjects;
    rid        id, order_id, return_id;
    const rid *accounts;
    int        accounts_count;
    instant    now;                     /* by which zones are told */
    int        limit;
    bool       has_after;
    int64_t    after_due, after_sum;    /* after_due: of those that have ended when they were made */
    rid        after_id;
};
MUST_CHECK bool claim_rows(struct db *, const struct claim_ask *, struct arena *, struct claim_row_list *out, bool *more, struct err *);
struct claim_count { str state, currency; bool found; int64_t n; amount total; };
LIST(claim_count)
/* Of those that have not ended. */
MUST_CHECK bool claim_counts(struct db *, const rid *accounts, int count, struct arena *, struct claim_count_list *out, struct err *);
/* ERR_NOT_FOUND. */
MUST_CHECK bool claim_account_channel(struct db *, rid account_id, struct arena *, str *out, struct err *);
/* When the parcel was given away, as far as the order's history knows. */
MUST_CHECK bool order_handed_over_at(struct db *, rid order_id, instant *out, struct err *);
