#include "orders/board.h"

const enum hub_status board_columns[] = {
    HUB_NEW, HUB_CONFIRMED, HUB_ASSEMBLING, HUB_READY_TO_SHIP, HUB_IN_DELIVERY, HUB_AT_PICKUP, HUB_DELIVERED, HUB_RETURNING,
    HUB_STATUS_COUNT
};

const char *const board_why_names[] = {
    [BOARD_MAY] = "", [BOARD_SAME] = "same", [BOARD_STEPS] = "steps", [BOARD_MARKET] = "market", [BOARD_BACK] = "back",
    [BOARD_RIGHT] = "right", NULL
};
_Static_assert(COUNT_OF(board_why_names) == BOARD_WHY_COUNT + 1, "a name per reason");

enum permission order_action_right(enum order_action action)
{
    switch (action) {
    case ACT_CANCEL: return PERM_ORDERS_CANCEL;
    case ACT_ASSEMBLE:
    case ACT_RELEASE:
    case ACT_READY: return PERM_PICKING;
    default: return PERM_ORDERS_WORK;
    }
}

static bool leads(enum hub_status from, enum hub_status to, enum order_action *out)
{
    for (int a = 0; a < ACT_COUNT; a++) {
        struct order    o   = { .status = from };
        struct err      no  = { 0 };
        enum hub_status end = HUB_STATUS_COUNT;
        if (order_act(&o, (enum order_action)a, &end, &no) && end == to) {
            *out = (enum order_action)a;
            return true;
        }
    }
    return false;
}

/* Do people's actions alone lead there, one after another? */
static bool people_lead(enum hub_status from, enum hub_status to)
{
    enum hub_status   steps[HUB_STATUS_COUNT];
    enum order_action action;
    int               count = order_way(from, to, steps);
    if (count < 1)
        return false;
    for (int i = 0; i <= count; i++)
        if (!leads(i ? steps[i - 1] : from, i < count ? steps[i] : to, &action))
            return false;
    return true;
}

struct board_move board_move(enum hub_status from, enum hub_status to, uint64_t permissions)
{
    struct board_move m = { BOARD_BACK, ACT_COUNT };
    enum hub_status   steps[HUB_STATUS_COUNT];

    if (from == to)
        m.why = BOARD_SAME;
    else if (leads(from, to, &m.action))
        m.why = permission_in(permissions, order_action_right(m.action)) ? BOARD_MAY : BOARD_RIGHT;
    else if (people_lead(from, to))
        m.why = BOARD_STEPS;
    else if (order_way(from, to, steps) >= 0)
        m.why = BOARD_MARKET;
    return m;
}
