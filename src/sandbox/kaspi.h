/* kaspi.h - between the reading and the writing half of Kaspi. */
#pragma once
#include "sandbox/market.h"

void kaspi_orders_list(struct ask *);
void kaspi_order_get(struct ask *);
void kaspi_entries_get(struct ask *);
const char *kaspi_status(const struct morder *);
void kaspi_order_write(struct json_out *, const char *key, const struct ask *, const struct morder *);
void kaspi_order_reply(struct ask *, const struct morder *);
struct mline *kaspi_entry_find(struct ask *, str id, struct morder **order);
