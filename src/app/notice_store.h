/* notice_store.h - up to when a person has read what happened to an order or an account; when records were parked. */
#pragma once
#include "base/list.h"
#include "db/work.h"

#define NOTICE_READ_MS (90LL * DAY_MS)  /* what nobody has looked at for so long begins anew */

struct notice_read { str object; rid object_id; instant read_to; };     /* object: "order" "return" "claim" "account" "alarm" */
LIST(notice_read)
struct parked_newest { rid account_id; int64_t n; instant at; };
LIST(parked_newest)

/* Returns and claims whose deadline is red or over, the nearest first: the person's own, and those that nobody has. */
struct burning_ask { const rid *accounts; int accounts_count; rid person; bool unassigned; int max; };
struct burning_row { str object; rid id; str number, channel, zone, step; instant deadline_at, red_at; };
LIST(burning_row)
MUST_CHECK bool notice_burning(struct db *, const struct burning_ask *, struct arena *, struct burning_row_list *out, struct err *);

/* All marks of the person. */
MUST_CHECK bool notice_reads_of(struct db *, rid user_id, struct arena *, struct notice_read_list *out, struct err *);
/* A mark moves forward only. */
bool notice_read_save(struct db *, rid user_id, const struct notice_read *, struct err *);
bool notice_reads_forget(struct db *, rid user_id, instant before, struct err *);
/* Of each account that has parked records: how many, and when the newest came. */
MUST_CHECK bool notice_parked(struct db *, struct arena *, struct parked_newest_list *out, struct err *);
