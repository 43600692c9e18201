/* changes_store.h - what a marketplace changed in an order after it had come, for the eyes of whoever works on it.
 *
 * A row per field and version of the order, with the value before and after as text: amounts "15200.00", times ISO 8601, a phone
 * masked. It is news until somebody says that it has been seen.
 */
#pragma once
#include "db/work.h"
#include "orders/order.h"

struct field_change {
    rid     order_id;
    int64_t version;
    str     field;
    instant at;
    str     was, became;
    instant seen_at;
    rid     seen_by;
};
LIST(field_change)
extern const struct record field_change_record;

/* What people must hear of: sum, address, recipient, delivery, promised time, comment of the buyer, contents. A value that was not
 * known before is no news. */
void order_changes_of(struct arena *, const struct order *old, const struct order *now, struct field_change_list *out);
/* Of the record's field: may whoever sees no contacts, or no prices, see it? */
bool field_change_shown(str field, bool contacts, bool prices);

bool changes_add(struct db *, const struct field_change *, int count, struct err *);
/* Oldest first, the newest hundred. */
MUST_CHECK bool changes_of(struct db *, rid order_id, struct arena *, struct field_change_list *out, struct err *);
bool changes_see(struct db *, rid order_id, int64_t version, instant now, rid by, struct err *);
