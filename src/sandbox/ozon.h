/* ozon.h - between the reading, the writing and the describing part of Ozon. */
#pragma once
#include "sandbox/market.h"

void ozon_list(struct ask *);
void ozon_unfulfilled(struct ask *);
void ozon_get(struct ask *);
void ozon_label_create(struct ask *);
void ozon_label_get(struct ask *);
void ozon_label_file(struct ask *);
extern const struct rule ozon_label_rules[], ozon_task_rules[];
void ozon_error(struct ask *, int status, int code, const char *message);
struct morder *ozon_posting(struct ask *);              /* of body.posting_number; NULL: it has answered */
const char *ozon_status(const struct morder *);
void ozon_posting_write(struct json_out *, const char *key, const struct ask *, const struct morder *,
                        bool v4);
void ozon_returns_list(struct ask *);
void ozon_rating_summary(struct ask *);
void ozon_rfbs_list(struct ask *);
void ozon_rfbs_get(struct ask *);
void ozon_rfbs_set(struct ask *);
extern const struct rule ozon_returns_rules[], ozon_rfbs_rules[], ozon_rfbs_get_rules[], ozon_rfbs_set_rules[];
extern const struct rule ozon_list_rules[], ozon_unfulfilled_rules[], ozon_get_rules[];
