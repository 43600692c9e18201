/* board_flow.h - how many cards a column of the pipeline should hold, as the shop has set it. */
#pragma once
#include "db/work.h"
#include "orders/order_status.h"

#define BOARD_LIMIT_MAX 100000
struct board_limits { int64_t of[HUB_STATUS_COUNT]; };       /* 0: none */

MUST_CHECK bool board_limits_load(struct db *, struct arena *, struct board_limits *out, struct err *);
MUST_CHECK bool board_limits_save(struct work *, const struct board_limits *, struct err *);
