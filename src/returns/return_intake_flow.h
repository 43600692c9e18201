/* return_intake_flow.h - from what a market told of returns to what we hold: one page, one transaction.
 *
 * Repeating a page, or any part of it, in any order, leaves the same state. A return whose order we have not seen is kept and joined
 * to it by a later page of the account. More units than were bought are a problem in words, not a refusal.
 */
#pragma once
#include "returns/return_edit_flow.h"

struct return_page { rid account_id; str channel, account_name; const struct return_draft *drafts; int count; };
struct return_counts { int created, changed, same, older, joined; };
MUST_CHECK bool return_intake(struct work *, const struct return_page *, struct return_counts *out, struct err *);
