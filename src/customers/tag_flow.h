/* tag_flow.h - people put words on cards and take them off, on one or on many at once. */
#pragma once
#include "customers/customer_store.h"
#include "customers/tag_store.h"

#define TAGGED_MAX 500                  /* cards at once */

/* Cards that have it already (or do not) are passed over; `changed` gets the others. Each change is in the log of changes. Cards
 * that live no more, or that TAGS_MAX tags fill, are counted as left. */
struct tagged { rid *changed; int count, left; };
MUST_CHECK bool customers_tag(struct work *, const rid *customers, int count, str tag, bool on, struct tagged *out, struct err *);
