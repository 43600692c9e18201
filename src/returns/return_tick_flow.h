/* return_tick_flow.h - what happens to returns by themselves, at exact moments: zones change, buyers stay silent, goods are not handed
 * in, nobody decides on what came, what was paid for never comes. Each fires once, after downtime too, whichever server is first.
 */
#pragma once
#include "returns/return_flow.h"

/* At most `max` of each; *more says that others are due. */
MUST_CHECK bool return_clocks_run(struct work *, int max, int *changed, bool *more, struct err *);
/* The rules have changed: deadlines of open returns and of claims that wait for us are reckoned once more, `max` of each at a time;
 * begins with an empty walk, goes on while there are more. */
struct return_walk { rid after, after_claim; bool more; };
MUST_CHECK bool return_clocks_again(struct work *, int max, struct return_walk *, struct err *);
/* When the next one is due; not set: never. One statement. */
MUST_CHECK bool return_clocks_next(struct db *, instant *out, struct err *);
