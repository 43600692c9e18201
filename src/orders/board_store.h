/* board_store.h - what the pipeline shows beside its cards. */
#pragma once
#include "orders/queue_store.h"

#define STAGE_ORDERS_MAX 1000
struct stage_time { str status; int64_t ms; };
LIST(stage_time)
/* How long each of the newest STAGE_ORDERS_MAX orders stayed in each status that it has left; *orders says how many there were. */
MUST_CHECK bool stage_times(struct db *, const struct queue_scope *, struct arena *, struct stage_time_list *out, int64_t *orders, struct err *);
/* Channels that the shop has accounts of, each once. */
MUST_CHECK bool shop_channels(struct db *, const struct queue_scope *, struct arena *, struct str_list *out, struct err *);
