/* notice_store.h - up to when a person has read what happened to an order or an account; when records were parked. */
#pragma once
#include "base/list.h"
#include "db/work.h"

#define NOTICE_READ_MS (90LL * DAY_MS)  /* what nobody has looked at for so long begins anew */

struct notice_read { str object; rid object_id; instant read_to; };     /* object: "order" "account" */
LIST(notice_read)
struct parked_newest { rid account_id; int64_t n; instant at; };
LIST(parked_newest)

/* All marks of the person. */
MUST_CHECK bool notice_reads_of(struct db *, rid user_id, struct arena *, struct notice_read_list *out, struct err *);
/* A mark moves forward only. */
bool notice_read_save(struct db *, rid user_id, const struct notice_read *, struct err *);
bool notice_reads_forget(struct db *, rid user_id, instant before, struct err *);
/* Of each account that has parked records: how many, and when the newest came. */
MUST_CHECK bool notice_parked(struct db *, struct arena *, struct parked_newest_list *out, struct err *);
