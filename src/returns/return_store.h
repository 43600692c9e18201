/* return_store.h - returns, their lines, history, money and claims: loading and saving. Lists for people are in return_list_store.h. */
#pragma once
#include "db/work.h"
#include "returns/return.h"

/* An id that is asked for twice may come twice. */
MUST_CHECK bool returns_by_external(struct db *, rid account_id, const str *ids, int count, struct arena *, struct rma_list *out, struct err *);
MUST_CHECK bool returns_by_ids(struct db *, const rid *ids, int count, struct arena *, struct rma_list *out, struct err *);
MUST_CHECK bool return_get(struct db *, rid id, struct arena *, struct rma *out, struct err *);
/* Returns of an order, the oldest first. */
MUST_CHECK bool returns_of_order(struct db *, rid order_id, struct arena *, struct rma_list *out, struct err *);
/* Returns that wait for one of these orders (by external id, or by the id of a line). */
MUST_CHECK bool returns_orphans(struct db *, rid account_id, const str *ids, int count, struct arena *, struct rma_list *out, struct err *);
bool return_insert(struct db *, const struct rma *, struct err *);
/* Writes the columns that differ, version + 1. ERR_VERSION_OLD when someone was faster. */
MUST_CHECK bool return_update(struct db *, const struct rma *old, struct rma *now, struct err *);

MUST_CHECK bool return_lines_of(struct db *, const rid *returns, int count, struct arena *, struct rma_line_list *out, struct err *);
bool return_lines_save(struct db *, rid return_id, bool is_new, const struct rma_line *, int count, struct err *);
MUST_CHECK bool return_steps_of(struct db *, rid return_id, struct arena *, struct rma_step_list *out, struct err *);
MUST_CHECK bool return_steps_last(struct db *, const rid *returns, int count, struct arena *, struct int_list *seqs, struct err *);
bool return_step_add(struct db *, const struct rma_step *, struct err *);

MUST_CHECK bool refunds_of(struct db *, rid return_id, struct arena *, struct refund_list *out, struct err *);
/* What has been promised or paid back of this order by other returns. */
MUST_CHECK bool refunds_of_order(struct db *, rid order_id, rid except_return, amount *out, amount *delivery, struct err *);
bool refund_insert(struct db *, const struct refund *, struct err *);
MUST_CHECK bool refund_update(struct db *, const struct refund *old, struct refund *now, struct err *);

MUST_CHECK bool claims_of(struct db *, rid return_id, struct arena *, struct claim_list *out, struct err *);

/* ---- reasons ---- */
struct reason { str code, group, fault; int64_t position; };
LIST(reason)
struct reason_word { str channel, word, native, reason; };
LIST(reason_word)
MUST_CHECK bool reasons_all(struct db *, struct arena *, struct reason_list *out, struct err *);
MUST_CHECK bool reason_words(struct db *, struct arena *, struct reason_word_list *out, struct err *);
/* Words of markets that no row explains yet, with how many returns wait for it. */
struct reason_gap { str channel, native; int64_t n; };
LIST(reason_gap)
MUST_CHECK bool reason_gaps(struct db *, struct arena *, struct reason_gap_list *out, struct err *);
bool reason_word_save(struct db *, const struct reason_word *, struct err *);
/* What a market's word means: as people have said of the channel, as they have said of any, as it is commonly known; empty: nobody knows. */
str  reason_of_word(struct arena *, const struct reason_word_list *, str channel, str native);
/* Returns that say this word get the reason: of the channel, or with none of every channel that has no explanation of its own. */
MUST_CHECK bool reason_word_apply(struct db *, const struct reason_word *, instant now, struct arena *, struct err *);

MUST_CHECK bool return_terms_load(struct db *, struct arena *, struct return_term_list *out, struct err *);

/* Open returns whose zone changes at or before `now`, in time order. */
MUST_CHECK bool returns_zone_due(struct db *, instant now, int max, struct arena *, struct rma_list *out, struct err *);
/* When something of a return is due next: a zone, what happens by itself, the zone of a claim. */
MUST_CHECK bool returns_zone_next(struct db *, instant *out, struct err *);
/* Zones of returns and claims that a clock moved on which has been set back since. */
MUST_CHECK bool returns_zone_again(struct db *, instant now, struct err *);
/* Open returns in the order of their ids, behind this one. */
MUST_CHECK bool returns_open_after(struct db *, rid after, int max, struct arena *, struct rma_list *out, struct err *);
/* Returns to which something happens by itself by now, in time order. */
MUST_CHECK bool returns_wake_due(struct db *, instant now, int max, struct arena *, struct rma_list *out, struct err *);

/* When the order was delivered, as far as its history knows; not set: it was not. */
MUST_CHECK bool order_delivered_at(struct db *, rid order_id, instant *out, struct err *);
/* Units of each line of the order that live returns hold, without one of them. */
struct line_held { int64_t line, qty; amount amount; };
LIST(line_held)
MUST_CHECK bool order_lines_held(struct db *, rid order_id, rid except_return, struct arena *, struct line_held_list *out, struct err *);
/* The orders of the account that have these lines, by the market's id of a line. */
struct line_order { str line_external; rid order_id; };
LIST(line_order)
MUST_CHECK bool orders_by_line(struct db *, rid account_id, const str *ids, int count, struct arena *, struct line_order_list *out, struct err *);
