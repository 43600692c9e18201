/* return_make_flow.h - a return that begins here: from the order, the buyer's card or a conversation.
 *
 * Who may decide has decided by registering it; who may not proposes it, and the rule is asked. A market's order is returned the same
 * way, unless the goods lie in the market's own warehouse: those it takes back itself.
 */
#pragma once
#include "returns/return_flow.h"
#include "returns/returnable_flow.h"

enum return_resolution { RESOLVE_REFUND, RESOLVE_EXCHANGE, RESOLVE_KEEP, RETURN_RESOLUTION_COUNT };
extern const char *const return_resolution_names[];      /* "refund" "exchange" "keep" */

struct return_make_line { int64_t line, qty; };
LIST(return_make_line)
struct return_make {
    rid                        order_id;
    struct return_make_line_list lines;
    str                        reason, text;
    enum return_resolution     resolution;
    bool                       decides;
    int                        hold_s;
    const rid                 *accounts;
    int                        accounts_count;
    struct return_done        *out;
};
MUST_CHECK bool return_make(struct work *, const struct return_make *, rid *id, struct err *);
/* Why nothing of this order can come back through us; empty: it can. */
str returnable_refusal(const struct returnable *);
