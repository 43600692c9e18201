/* kaspi.h - between the reading, the writing and the describing part of Kaspi. */
#pragma once
#include "sandbox/market.h"

#define KASPI_TYPE "application/vnd.api+json;charset=UTF-8"

struct kaspi_words { const char *state, *status; };     /* "KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT" */
struct kaspi_words kaspi_words(const struct morder *);
const char *kaspi_status(const struct morder *);
str  kaspi_entry_id(struct arena *, const struct morder *, int i);
void kaspi_order_write(struct json_out *, const char *key, const struct ask *, const struct morder *);
void kaspi_entry_write(struct json_out *, const char *key, const struct ask *, const struct morder *, int i);

bool kaspi_waybill_drawn(const struct ask *, const struct morder *);
void kaspi_orders_list(struct ask *);
void kaspi_order_get(struct ask *);
void kaspi_entries_get(struct ask *);
void kaspi_order_reply(struct ask *, const struct morder *);
struct mline *kaspi_entry_find(struct ask *, str id, struct morder **order);
