/* wildberries.h - between the reading and the writing half of Wildberries. */
#pragma once
#include "sandbox/market.h"

void wb_orders_new(struct ask *);
void wb_orders_list(struct ask *);
void wb_orders_status(struct ask *);
void wb_stickers(struct ask *);
void wb_error(struct ask *, int status, const char *code);
bool wb_page(struct ask *, int64_t *limit, int64_t *next);
const char *wb_supplier_status(const struct morder *);
const char *wb_market_status(const struct morder *);
bool wb_cancellable(const struct morder *);
