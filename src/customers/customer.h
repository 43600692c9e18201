/* customer.h - people who buy, and the source records they are known from.
 *
 * A source record is a buyer as one channel account knows him: kept as received, changed only by a newer copy of the same source.
 * A customer is the person behind one or more sources. First cut: the same normalised phone or e-mail is one person; nothing is
 * guessed from names. Masked values are never keys and never overwrite known ones.
 */
#pragma once
#include "base/list.h"
#include "record/record.h"

struct customer {
    rid     id;
    str     name, phone, email, city, currency;
    int64_t orders_count;               /* not cancelled */
    amount  net_spent;                  /* in `currency`, the one of the first order; orders in others are not added */
    instant first_order_at, last_order_at;
    str     state;
    int64_t version;
    instant created_at, updated_at;
};
LIST(customer)
extern const struct record customer_record;

struct customer_source {
    rid     id, account_id;
    str     external_id;
    rid     customer_id;
    str     rule;                       /* "first" "phone" "email" */
    str     name, phone, phone_raw, email, address, city;
    bool    masked;
    instant first_seen, last_seen;
};
LIST(customer_source)
extern const struct record customer_source_record;

/* A buyer as told with one order. */
struct buyer {
    rid     account_id;
    str     external_id;                /* made from phone, e-mail or the order when the channel has none */
    str     name, phone, phone_raw, email, address, city;    /* phone, e-mail normalised or empty */
    bool    masked;
    instant seen;                       /* when the order was placed */
    int64_t orders;                     /* what a person made of this buyer begins with: 1 and the order's sum, or 0 */
    amount  sum;
    str     currency;
};
/* Nothing is known of the buyer: no record is made. */
static inline bool buyer_is_nobody(const struct buyer *b) { return !b->name.len && !b->phone.len && !b->email.len; }

/* Folded words of a name, at least two characters each, without repeats; at most 8. */
int name_words(struct arena *, str name, str *words);
