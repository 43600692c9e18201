/* alarm_store.h - what has passed a limit: a row per crossing, open while it lasts. */
#pragma once
#include "db/work.h"
#include "base/list.h"

enum alarm_kind { ALARM_STANDING, ALARM_REASON, ALARM_KIND_COUNT };
extern const char *const alarm_kind_names[];             /* "standing" "reason" */
enum alarm_level { ALARM_NEAR, ALARM_OVER, ALARM_GROWS, ALARM_LEVEL_COUNT };
extern const char *const alarm_level_names[];            /* "near" "over" "grows" */
struct alarm {
    rid     id;
    enum alarm_kind  kind;
    str     key;                        /* what of it: one open row each */
    enum alarm_level level;
    rid     account_id;                 /* not set: of no single account */
    str     channel, title;             /* of the account; title of the product */
    str     figure;                     /* what is counted, the reason */
    str     facts;                      /* JSON: the numbers at the crossing */
    instant since, ended_at;
};
LIST(alarm)
MUST_CHECK bool alarms_open(struct db *, struct arena *, struct alarm_list *out, struct err *);
/* *made false: another server was first. */
MUST_CHECK bool alarm_add(struct db *, const struct alarm *, bool *made, struct err *);
bool alarm_end(struct db *, rid id, instant at, struct err *);
/* The open task that a rule has made becomes cancelled: there is nothing to do any more. */
bool alarm_task_end(struct db *, str rule, instant now, struct err *);

/* Of each product (article; its newest title) and reason, how many returns named it since `from`, and of the product how many there were. */
struct reason_share { str article, title, reason; int64_t count, all; };
LIST(reason_share)
MUST_CHECK bool reasons_that_grow(struct db *, instant from, int64_t returns_min, int64_t share_bp, int max, struct arena *, struct reason_share_list *out,
                                  struct err *);
