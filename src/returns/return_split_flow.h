/* return_split_flow.h - a return of ours and the market's that were taken for one are two again, by hand. */
#pragma once
#include "returns/return_flow.h"

/* Ours keeps its decision, goods and money; the market's begins anew as a request. ERR_ACTION_REFUSED when nothing was joined.
 * *out: the market's row. */
struct return_split { int64_t version; const rid *accounts; int accounts_count; };
MUST_CHECK bool return_split(struct work *, rid id, const struct return_split *, rid *out, struct err *);
