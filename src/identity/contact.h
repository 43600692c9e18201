/* contact.h - phones and e-mails of a record as numbers, for person.c. */
#pragma once
#include "identity/person.h"

/* Up to PERSON_PHONES_MAX numbers, or what a mask leaves; sets marks. */
void contact_phones(struct arena *, str raw, str country, struct person *);
void contact_email(struct arena *, str raw, struct person *);
/* Digits that are known on both sides and agree, counting an operator's three as one; -1 when one contradicts. `mask` as
 * person.phone_mask. */
int  mask_agreement(uint64_t mask, uint64_t phone);
int  masks_agreement(uint64_t, uint64_t);
