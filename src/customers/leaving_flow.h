/* leaving_flow.h - records that go for good, of a person who is forgotten or of a file that is taken back.
 *
 * Whom they had kept apart may be one now, a block that they have left may make pairs again, and what they alone held together comes
 * apart: the cards around are settled in the same transaction (settle_flow.h), so nobody waits for the night.
 */
#pragma once
#include "customers/customer_store.h"
#include "customers/settle_flow.h"

struct records_gone {
    const struct customer_source_list *was;     /* as they were */
    const struct customer_source_list *back;    /* those of them that stay and are this again; may be NULL */
    const rid                         *cards;   /* whose other records are to be looked at */
    int                                cards_n;
    str                                country;
};
/* Inside db_tx, when their rows are gone or changed: their keys go too. */
MUST_CHECK bool records_left(struct db *, const struct work *, const struct records_gone *, struct err *);
