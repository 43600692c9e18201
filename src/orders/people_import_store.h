/* people_import_store.h - what an import made of the records of people; and pages of people for an export. */
#pragma once
#include "customers/customer_store.h"
#include "customers/link_store.h"
#include "orders/import_store.h"

struct people_kept {
    rid     job_id, source_id;
    int64_t file_row;
    bool    is_new;
    str     before_json;
    int64_t after_mark;
    str     merges;                     /* ids of events, comma between */
};
LIST(people_kept)
extern const struct record people_kept_record;

/* Rows of a job before a source id (not set: the last ones), the newest first: what was made last is undone first. */
MUST_CHECK bool people_kept_before(struct db *, rid job, rid before, int max, struct arena *, struct people_kept_list *out, struct err *);
/* Merges of these cards by rules that stand, made since the id `since`. */
MUST_CHECK bool people_merges_since(struct db *, rid since, const rid *customers, int count, struct arena *, struct int_list *out, struct err *);
/* Sources with orders, or of a card on which somebody has set values or noted consents. */
MUST_CHECK bool people_touched(struct db *, const rid *sources, int count, struct arena *, struct int_list *out, struct err *);
/* Sources of which a file of people that came after this job and stands has told something. */
MUST_CHECK bool people_named_since(struct db *, rid job, const rid *sources, int count, struct arena *, struct int_list *out, struct err *);
/* Sources with their links, and the suggestions that speak of them; their keys are for leaving_flow.h. */
bool people_sources_remove(struct db *, const rid *sources, int count, instant now, struct err *);
/* Cards made since then that have neither sources, orders nor anything set on them. */
MUST_CHECK bool people_empty(struct db *, const rid *customers, int count, instant since, struct arena *, struct int_list *out, struct err *);
bool people_remove(struct db *, const rid *customers, int count, struct err *);
/* Living cards behind an id. */
MUST_CHECK bool people_after(struct db *, rid after, int max, struct arena *, struct customer *rows, int *count, struct err *);
