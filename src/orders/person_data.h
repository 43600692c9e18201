/* person_data.h - all that is kept of one person, as one file: JSON, or a page to read. Pure. */
#pragma once
#include "accounts/audit.h"
#include "customers/link.h"
#include "customers/customer.h"
#include "orders/order.h"

struct person_data {
    struct customer              who;
    struct customer_source_list  sources;
    struct identity_row_link_list links;
    struct order_list            orders;
    struct order_line_list       lines;
    struct consent_list          consents;
    struct merge_event_list      merges;                 /* decided by rules or people: who counts as this person */
    struct audit_entry          *seen;                   /* who looked at, changed or exported this card */
    int                          seen_n;
    instant                      at;
};
void person_data_json(struct buf *, const struct person_data *);
void person_data_page(struct buf *, const struct person_data *, str language);
