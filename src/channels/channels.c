/* channels.c - the list of markets, and look-ups over their tables. */
#include "channels/kaspi/kaspi.h"
#include "channels/ozon/ozon.h"
#include "channels/talk.h"
#include "channels/wildberries/wildberries.h"

const struct channel *const channels[] = { &kaspi_channel, &wildberries_channel, &ozon_channel, NULL };

const char *const order_op_names[] = {
    [OP_CONFIRM] = "confirm", [OP_ASSEMBLE] = "assemble", [OP_HAND_OVER] = "hand_over", [OP_CANCEL] = "cancel",
    [OP_RETURN_APPROVE] = "return_approve", [OP_RETURN_REJECT] = "return_reject", [OP_RETURN_KEEP] = "return_keep",
    [OP_RETURN_RECEIVE] = "return_receive", [OP_RETURN_PAY] = "return_pay", [OP_RETURN_PART] = "return_part", NULL
};
_Static_assert(COUNT_OF(order_op_names) == COMMAND_OP_COUNT + 1, "a name per operation");

const struct channel *channel_find(str name)
{
    for (int i = 0; channels[i]; i++)
        if (str_is(name, channels[i]->name))
            return channels[i];
    return NULL;
}

/* Cuts a key at its first slash. False when it is no pair. */
static bool pair_split(str key, str *left, str *right)
{
    ptrdiff_t at = str_find(key, STR("/"));
    if (at < 0)
        return false;
    *left  = str_sub(key, 0, (size_t)at);
    *right = str_sub(key, (size_t)at + 1, key.len);
    return true;
}

static bool half_known(const struct status_row *rows, str half, bool is_left)
{
    for (; rows->key; rows++) {
        str left, right;
        if (pair_split(str_of(rows->key), &left, &right) && str_eq(is_left ? left : right, half))
            return true;
    }
    return false;
}

/* A star is any half that the table itself names on that side: a word nobody has seen before must not slip through a star,
 * it parks the event instead (issue 2, "an unknown half parks the event"). */
const struct status_row *status_row_find(const struct status_row *rows, str key)
{
    str  left, right;
    bool is_pair = pair_split(key, &left, &right);
    if (!key.len)
        return NULL;
    if (is_pair && (!left.len || !right.len || str_is(left, "*") || str_is(right, "*") || !half_known(rows, left, true) ||
                    !half_known(rows, right, false)))
        return NULL;
    for (const struct status_row *row = rows; row->key; row++) {
        str row_left, row_right, row_key = str_of(row->key);
        if (str_eq(row_key, key))
            return row;
        if (is_pair && pair_split(row_key, &row_left, &row_right) &&
            (str_is(row_left, "*") || str_eq(row_left, left)) && (str_is(row_right, "*") || str_eq(row_right, right)))
            return row;
    }
    return NULL;
}

static str setting_given(const struct call *call, const char *name)
{
    for (int i = 0; call->settings && i < call->settings->count; i++)
        if (str_is(call->settings->at[i].name, name))
            return call->settings->at[i].value;
    return (str){ 0 };
}

str setting_text(const struct call *call, const struct channel_setting *table, const char *name)
{
    str given = setting_given(call, name);
    if (given.len)
        return given;
    for (; table && table->name; table++)
        if (strcmp(table->name, name) == 0)
            return str_of(table->fallback);
    return (str){ 0 };
}

int64_t setting_number(const struct call *call, const struct channel_setting *table, const char *name, int64_t low, int64_t high,
                       int64_t fallback)
{
    int64_t n;
    if (!str_to_int(str_trim(setting_text(call, table, name)), &n) || n < low || n > high)
        return fallback;
    return n;
}

str call_setting(const struct call *call, const char *name)
{
    return setting_text(call, call->channel ? call->channel->settings : NULL, name);
}
