/* link_store.h - every SQL statement about links, verdicts, suggestions, merges, runs and consents; and what follows a source that
 * goes to another customer: its orders. */
#pragma once
#include "customers/link.h"

/* ---- links ---- */
MUST_CHECK bool links_live(struct db *, const rid *sources, int count, struct arena *, struct identity_row_link_list *out, struct err *);
MUST_CHECK bool links_ended_by(struct db *, rid event, const rid *sources, int count, struct arena *, struct identity_row_link_list *out,
                               struct err *);
bool link_add(struct db *, const struct identity_row_link *, struct err *);
bool links_end(struct db *, const rid *sources, int count, rid event, instant now, struct err *);
/* The links that `event` ended live again. The live ones must have been ended before. */
bool links_revive(struct db *, rid event, const rid *sources, int count, struct err *);
/* Sources, their orders and the kept rule follow the live links. */
bool sources_move(struct db *, const rid *sources, int count, rid from, rid to, struct err *);
bool customer_merged_into(struct db *, rid id, rid into, instant now, struct err *);     /* `into` not set: lives again */
/* The currency of a card without orders, as it was. */
bool customer_currency_back(struct db *, rid id, str currency, struct err *);

/* ---- verdicts ---- */
/* Live verdicts that touch one of these sources. */
MUST_CHECK bool verdicts_of(struct db *, const rid *sources, int count, struct arena *, struct verdict_list *out, struct err *);
MUST_CHECK bool verdicts_live(struct db *, struct arena *, struct verdict_list *out, struct err *);
bool verdict_add(struct db *, const struct verdict *, struct err *);                      /* a pair with a live verdict keeps it */
bool verdicts_withdraw(struct db *, const rid *ids, int count, instant now, str by, struct err *);
MUST_CHECK bool verdicts_by_event(struct db *, rid event, struct arena *, struct verdict_list *out, struct err *);

/* ---- suggestions ---- */
MUST_CHECK bool suggestions_open_of(struct db *, const rid *customers, int count, struct arena *, struct suggestion_list *out, struct err *);
/* The one of these two that was refused last; none while another is open. */
MUST_CHECK bool suggestion_refused_of(struct db *, rid customer_a, rid customer_b, struct arena *, struct suggestion_list *out, struct err *);
/* A better one takes the place of the open one of the same two customers. */
bool suggestion_offer(struct db *, const struct suggestion *, struct err *);
bool suggestion_move(struct db *, rid id, rid customer_a, rid customer_b, struct err *);
bool suggestions_close(struct db *, const rid *ids, int count, str state, rid event, instant now, str by, struct err *);
MUST_CHECK bool suggestions_by_event(struct db *, rid event, struct arena *, struct suggestion_list *out, struct err *);
bool suggestions_reopen(struct db *, const rid *ids, int count, struct err *);
struct suggestion_page { bool has_after; int64_t after_score; rid after_id; int limit; const rid *accounts; int accounts_count; };
/* Best first. With accounts: only pairs of which both records are theirs. */
MUST_CHECK bool suggestions_page(struct db *, const struct suggestion_page *, struct arena *, struct suggestion_list *out, bool *more, struct err *);
/* Counts no further than `max`. */
MUST_CHECK bool suggestions_count(struct db *, const rid *accounts, int accounts_count, int max, int64_t *out, struct err *);
/* Open ones of which a side has no living card any more, or both sides are one by now. */
bool suggestions_tidy(struct db *, instant now, struct err *);

/* ---- merges and runs ---- */
bool merge_event_add(struct db *, const struct merge_event *, struct err *);
bool merge_event_undone(struct db *, rid id, rid by, struct err *);
/* Of these cards, newest first. */
MUST_CHECK bool merge_events_of(struct db *, rid customer, int max, struct arena *, struct merge_event_list *out, struct err *);
/* What a run did and still stands, newest first: merges and separations; with `rule` only the merges by it. */
MUST_CHECK bool merge_events_of_run(struct db *, rid run, str rule, struct arena *, struct merge_event_list *out, struct err *);
bool run_save(struct db *, const struct identity_run *, struct err *);                    /* writes state, counts, end */
bool runs_give_up(struct db *, instant before, instant now, struct err *);                /* that began before and never ended */

/* ---- consents ---- */
MUST_CHECK bool consents_of(struct db *, const rid *customers, int count, struct arena *, struct consent_list *out, struct err *);
bool consents_void(struct db *, rid event, rid by, struct err *);                         /* those that a merge brought */
