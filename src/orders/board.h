/* board.h - the pipeline: its columns, and what moving a card from one to another means. Pure.
 *
 * A column is a status that still needs work. A card moves by a person's action (order.h); where there is none, `enum board_why`
 * says why not, in one word that screens turn into a sentence.
 */
#pragma once
#include "base/permission.h"
#include "orders/order.h"

/* Columns from left to right; ends with HUB_STATUS_COUNT. */
extern const enum hub_status board_columns[];

enum board_why {
    BOARD_MAY,
    BOARD_SAME,             /* it is there already */
    BOARD_STEPS,            /* only through the columns between */
    BOARD_MARKET,           /* the marketplace or the carrier says when */
    BOARD_BACK,             /* no way back */
    BOARD_RIGHT,            /* the person may not */
    BOARD_WHY_COUNT
};
extern const char *const board_why_names[];             /* "" "same" "steps" "market" "back" "right" */

struct board_move { enum board_why why; enum order_action action; };
struct board_move board_move(enum hub_status from, enum hub_status to, uint64_t permissions);

/* Which right an action needs beyond seeing orders. */
enum permission order_action_right(enum order_action);
