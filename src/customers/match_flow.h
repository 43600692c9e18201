/* match_flow.h - a record among those of the shop: with whom does it belong?
 *
 * A page of new and changed records is compared only with those that share a blocking key (identity/person.h), whose clusters are
 * read in a fixed number of statements for the whole page. The engine (identity/cluster.h) decides; here its answers become links
 * and suggestions.
 */
#pragma once
#include "customers/customer_store.h"
#include "customers/link_store.h"
#include "identity/cluster.h"

struct neighbours;                      /* of a page; in the arena of the work */
/* `records` are those that will be asked for, as they will be stored. */
MUST_CHECK bool neighbours_load(struct db *, const struct work *, const struct customer_source *records, int count, str country,
                                struct neighbours **out, struct err *);

struct match {
    rid     customer;                   /* whose it is; not set: nobody's */
    rid     with_source;
    str     rule, evidence;
    int64_t score;
};
LIST(match)
struct matching {
    struct match      home;             /* customer not set: a person of its own */
    struct int_list   also;             /* further customers whom this record shows to be the same person */
    struct match_list perhaps;          /* to be suggested, the likeliest first */
    bool              is_settled;       /* of a new record: placed so, the cards around are what a rebuild would make of them */
};
/* `own` is the customer it belongs to already; not set: a new record. */
void neighbours_ask(struct neighbours *, const struct customer_source *, rid own, struct matching *out);
/* The record is of this customer from now on: later ones of the page meet it. Its keys are stored by neighbours_save. */
void neighbours_take(struct neighbours *, const struct customer_source *, rid customer);
/* Of this record the records at hand do not tell everything: settle_flow.h looks further. */
void neighbours_doubt(struct neighbours *, rid source);
/* Records to be settled after neighbours_save: those, those of blocks that have become too common or are so no more, and those that
 * neighbours_ask could not place for sure. */
const struct int_list *neighbours_doubts(const struct neighbours *);
void neighbours_forget(struct neighbours *, const struct customer_source *was);        /* its keys are dropped */
void neighbours_merged(struct neighbours *, rid kept, rid gone);
MUST_CHECK bool neighbours_save(struct neighbours *, struct db *, struct err *);

/* What the engine needs of a stored record. */
void source_person(struct arena *, const struct customer_source *, str country, struct person *out);
str  evidence_json(struct arena *, const struct pair *);
