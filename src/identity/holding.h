/* holding.h - records by the phone or e-mail they hold, sorted so that holders of one value lie together. */
#pragma once
#include "identity/person.h"

struct holding { uint64_t value; uint32_t record, unused; };
struct holdings { struct holding *at; int count; };

void holdings_sort(struct arena *, struct holdings *);        /* by value, in place or anew in the arena */
struct holdings holdings_of_phones(struct arena *, const struct person *, int count);
struct holdings holdings_of_emails(struct arena *, const struct person *, int count);
struct holdings holdings_of_flats(struct arena *, const struct person *, int count);
struct holdings holdings_of_sources(struct arena *, const struct person *, int count);
/* The end of the group that begins at `i`. */
int  holdings_end(const struct holdings *, int i);
/* Puts a group into the order of the records' ids, so that what is learnt from the first of it does not hang on the file's. */
void holdings_settle(struct holdings *, int from, int end, const struct person *);
