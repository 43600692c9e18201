/* return_command_flow.h - decisions on returns that the market hears of: commands of the outbox like those of orders (decision 0010).
 *
 * A command is written in the transaction of its step and waits for the hold window. Which market knows which step is a set of bits
 * (shop.channel_ops); whether this very return can be told is for the connector, which may answer that there is nothing to send.
 */
#pragma once
#include "deadlines/shop.h"
#include "events/outbox.h"
#include "returns/return_edit_flow.h"

struct return_told { enum return_state from; enum return_action action; str text; int hold_s; };    /* hold_s < 0: the shop's */
/* The step has been taken in `e->now`, which is not saved yet: its command_id becomes that of the new command, if there is one. */
MUST_CHECK bool return_command_put(struct db *, struct work *, struct return_edit *, const struct return_told *, struct err *);

/* False where the market takes a decision on the whole sum but not on a part of it, and a part is what is meant. */
bool return_market_allows(const struct shop *, const struct rma *, enum return_action);

/* What became of a command: writes the outbox row, and on refusal puts the return back where it was, with the market's words. *kept
 * false: the lease had passed to somebody else, nothing was written. */
MUST_CHECK bool return_command_settle(struct work *, const struct command_row *, str title, bool *kept, struct err *);

/* The market tells a state that ours cannot lead to, while our command about it is still under way: it was decided there first. *from is
 * where the return stood before our step; one that has not left yet is dropped. False in *overruled: there is no such command. */
MUST_CHECK bool return_command_overruled(struct db *, const struct work *, const struct rma *, enum return_state *from, bool *overruled, struct err *);
