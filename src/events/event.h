/* event.h - the log of what happened, in order, for whoever cares: open screens, later readers.
 *
 * Written in the transaction of the change. `data` is JSON without personal data. Ids grow in commit order on SQLite.
 * Adding one signals the pool (db_signal), so that screens and workers wake after the commit.
 */
#pragma once
#include "base/list.h"
#include "db/work.h"

struct event {
    int64_t id;
    instant at;
    str     kind;                       /* "order", "account", "task" */
    rid     account_id, entity_id;
    str     data;
};
LIST(event)

bool event_add(struct db *, instant at, str kind, rid account_id, rid entity_id, str data, struct err *);
MUST_CHECK bool event_after(struct db *, int64_t after, int max, struct arena *, struct event_list *out, struct err *);
/* How many of the events behind `cursor` may be acted on. On PostgreSQL a number may be missing because its transaction has not ended
 * yet: behind such a gap we wait a little; one that stays belongs to a transaction that was rolled back. */
int event_settled(const struct event_list *, int64_t cursor, instant now);
MUST_CHECK bool event_last(struct db *, int64_t *out, struct err *);
/* Forgets events older than `before`. */
MUST_CHECK bool event_forget(struct db *, instant before, struct err *);
