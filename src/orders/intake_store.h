/* intake_store.h - what the markets told us, as received: event rows, parked ones, cursors of the streams. */
#pragma once
#include "base/list.h"
#include "db/work.h"
#include "record/record.h"

struct intake_row {
    rid     id, account_id;
    str     stream, event_key, external_id;
    rid     order_id;
    str     state;                      /* "applied" "parked" "dropped" */
    int64_t tries;
    str     problem_code, problem, status_key;
    instant received_at;
    str     payload;
};
LIST(intake_row)
extern const struct record intake_record;

/* known[i] says whether the account has an event with keys[i] already. */
MUST_CHECK bool intake_known(struct db *, rid account_id, const str *keys, int count, struct arena *, bool *known, struct err *);
/* A key that exists already changes nothing. */
bool intake_add(struct db *, const struct intake_row *, struct err *);
/* Writes state, tries, problem, order of an existing row. */
bool intake_settle(struct db *, const struct intake_row *, struct err *);
MUST_CHECK bool intake_parked(struct db *, rid account_id, str status_key, int max, struct arena *, struct intake_row_list *out, struct err *);
/* A page of what is parked at these accounts (one at least), oldest first, behind `after`. */
MUST_CHECK bool intake_parked_page(struct db *, const rid *accounts, int count, rid after, int max, struct arena *, struct intake_row_list *out,
                                   struct err *);
MUST_CHECK bool intake_get(struct db *, rid id, struct arena *, struct intake_row *out, struct err *);
/* The order's newest applied event counts as not known any more: the market may tell it again. */
bool intake_hear_again(struct db *, rid order_id, struct err *);
/* The same of its parked events: what was not understood is heard again when the market says it again. */
bool intake_hear_parked(struct db *, rid order_id, struct err *);
/* Is an event of the order parked? */
MUST_CHECK bool intake_order_waits(struct db *, rid order_id, bool *out, struct err *);
struct newest_event { rid order_id, event_id; };
LIST(newest_event)
/* The newest event of each order that was applied. */
MUST_CHECK bool intake_newest(struct db *, const rid *orders, int count, struct arena *, struct newest_event_list *out, struct err *);
/* The newest full payload of an order (status-only refreshes are passed over); empty when forgotten. */
MUST_CHECK bool intake_last_payload(struct db *, rid order_id, struct arena *, str *out, struct err *);
struct parked_count { rid account_id; str status_key, problem_code; int64_t n; };
LIST(parked_count)
MUST_CHECK bool intake_parked_counts(struct db *, struct arena *, struct parked_count_list *out, struct err *);
/* Empties payloads of applied events that are older than `before`, but keeps the newest of each open order. */
MUST_CHECK bool intake_forget(struct db *, instant before, struct err *);

bool cursor_save(struct db *, rid account_id, str stream, str cursor, struct err *);
