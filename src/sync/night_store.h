/* night_store.h - what the nightly reading of whole days found that the reading by the minute had missed. */
#pragma once
#include "db/work.h"
#include "base/list.h"
#include "record/record.h"

#define NIGHT_FINDS_MAX 500              /* orders of one run that are listed; the counts go on */

struct night_run {
    rid     id, account_id;
    str     stream;
    instant started_at, ended_at;
    str     state;                       /* "running" "done" "failed" */
    int64_t read, missing, changed, parked;
    str     problem;                     /* why it ended early */
};
LIST(night_run)

struct night_find {
    rid id, run_id, order_id;
    str number, kind, was, became;       /* kind "missing" "changed"; statuses, `was` empty when there was none */
};
LIST(night_find)

extern const struct record night_run_record, night_find_record;

/* Inside db_tx. What is older than three months is forgotten. */
bool night_begin(struct db *, const struct night_run *, struct err *);
bool night_found(struct db *, const struct night_find *, struct err *);
bool night_end(struct db *, const struct night_run *, struct err *);
bool nights_forget(struct db *, rid account_id, struct err *);

/* The newest runs of an account, newest first, and what they found, by run. */
MUST_CHECK bool nights_of(struct db *, rid account_id, int max, struct arena *, struct night_run_list *out, struct err *);
MUST_CHECK bool night_finds_of(struct db *, const rid *runs, int count, struct arena *, struct night_find_list *out, struct err *);
