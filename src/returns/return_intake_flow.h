/* return_intake_flow.h - from what a market told of returns to what we hold: one page, one transaction.
 *
 * Repeating a page, or any part of it, in any order, leaves the same state. A return whose order we have not seen is kept and joined
 * when the order comes. More units than were bought are a problem in words, not a refusal. A parcel that is told twice, by the order's
 * own status ("order:<id>") and by the market's list, is one row. A word that we do not know changes no state: the row says so.
 */
#pragma once
#include "returns/return_edit_flow.h"

struct return_page { rid account_id; str channel, account_name; const struct return_draft *drafts; int count; };
struct return_counts { int created, changed, same, older, joined; };
MUST_CHECK bool return_intake(struct work *, const struct return_page *, struct return_counts *out, struct err *);
/* Orders that have just come, by their ids and those of their lines: returns that waited for one of them are joined to it. One look-up
 * in an index of those that wait. */
MUST_CHECK bool return_join(struct work *, const struct return_page *account, const str *ids, int count, struct return_counts *out, struct err *);
