/* erase_ask_store.h - requests to erase a person. */
#pragma once
#include "db/work.h"
#include "record/record.h"

struct erase_request {
    rid     id, customer_id;
    str     reason;
    bool    do_not_contact;
    str     state;                      /* "waiting" "done" "refused" */
    rid     asked_id;
    str     asked_name;
    instant at;
    rid     decided_id;
    str     decided_name;
    instant decided_at;
    rid     erasure_id;
    int64_t version;
};
extern const struct record erase_request_record;

MUST_CHECK bool erase_request_of(struct db *, rid customer, struct arena *, struct erase_request *out, bool *found, struct err *);
/* ERR_CONFLICT when somebody has decided it meanwhile. */
MUST_CHECK bool erase_request_decide(struct db *, const struct erase_request *, struct err *);
