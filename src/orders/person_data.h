/* person_data.h - all that is kept of one person, as one file: JSON, or a page to read. Pure. */
#pragma once
#include "accounts/audit.h"
#include "customers/card_note.h"
#include "customers/link.h"
#include "customers/tag.h"
#include "customers/customer.h"
#include "orders/order.h"

/* What the person has sent back, as far as it tells of him: his words, our answer, a decision made by a rule and what it looked at. */
struct sent_back {
    rid     id;
    str     order_number, title, state, reason, external_reason, buyer_text, decision_text, rule, rule_inputs;
    instant requested_at;
    int64_t photos;
};
LIST(sent_back)

struct person_data {
    struct customer              who;
    struct customer_source_list  sources;
    struct identity_row_link_list links;
    struct order_list            orders;
    struct order_line_list       lines;
    struct sent_back_list        sent_back;
    struct consent_list          consents;
    struct customer_tag_list     tags;
    struct card_note_list        notes;
    struct merge_event_list      merges;                 /* decided by rules or people: who counts as this person */
    struct audit_entry          *seen;                   /* who looked at, changed or exported this card */
    int                          seen_n;
    instant                      at;
};
void person_data_json(struct buf *, const struct person_data *);
void person_data_page(struct buf *, const struct person_data *, str language);
