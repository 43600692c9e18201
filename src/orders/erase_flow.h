/* erase_flow.h - a person is forgotten: names become a random token, contacts and addresses empty, in every table; orders stay with
 * their sums, goods and city. The proof says when, by whom and how many orders, and whose: by ids. */
#pragma once
#include "orders/erase_store.h"

#define ERASED_PREFIX "erased-"         /* of the token that stands for a name */

struct erase_plan {
    rid     customer;
    int64_t version;
    bool    do_not_contact;
    rid     request;                    /* that this fulfils (erase_ask_flow.h); not set: none */
    str     reason, asked_name;
};
/* ERR_CONFLICT while an order is under way: it needs the address. ERR_VERSION_OLD; ERR_NOT_FOUND. */
MUST_CHECK bool customer_erase(struct work *, const struct erase_plan *, struct erasure *out, struct err *);
/* The same again in a restored copy: `done` is what had been erased. Records that the copy does not know are passed over. */
MUST_CHECK bool customer_erase_again(struct work *, const struct erasure *done, struct err *);
/* Does the order belong to somebody who was erased? What a market repeats of the person is not taken then. */
static inline bool order_is_erased(const struct order *o) { return str_starts(o->customer_name, STR(ERASED_PREFIX)); }
