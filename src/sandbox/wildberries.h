/* wildberries.h - between the reading and the writing half of Wildberries. */
#pragma once
#include "sandbox/market.h"

void wb_orders_new(struct ask *);
void wb_orders_list(struct ask *);
void wb_orders_status(struct ask *);
void wb_stickers(struct ask *);
void wb_error(struct ask *, int status, const char *code);
bool wb_page(struct ask *, int64_t *limit, int64_t *next);
void wb_claims(struct ask *);
void wb_claim_patch(struct ask *);
void wb_goods_return(struct ask *);
void wb_rating(struct ask *);
extern const struct rule wb_claim_rules[];
const char *wb_supplier_status(const struct morder *);
const char *wb_market_status(const struct morder *);
bool wb_cancellable(const struct morder *);
