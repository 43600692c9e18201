/* no_contact_flow.h - whom not to write to. Only salted digests of telephones and e-mails are kept: the list says of a contact that is at
 * hand whether it stands there, and nobody can read it out. It outlives the erasing of a person. */
#pragma once
#include "customers/customer_store.h"
#include "orders/erase_store.h"

/* Contacts are normalised; empty ones are passed over. Inside db_tx. */
MUST_CHECK bool no_contact_add(struct db *, const struct work *, const str *contacts, int count, struct err *);
MUST_CHECK bool no_contact_remove(struct db *, const struct work *, const str *contacts, int count, struct err *);
/* Which of them stand on the list: out[i]. Two statements at most, however many. */
MUST_CHECK bool no_contact_known(struct db *, struct arena *, const str *contacts, int count, bool *out, struct err *);
/* Which of these cards have a contact on the list; `sources` may be NULL. */
MUST_CHECK bool no_contact_cards(struct db *, struct arena *, const struct customer *, int count, const struct customer_source_list *sources,
                                 struct int_list *out, struct err *);
