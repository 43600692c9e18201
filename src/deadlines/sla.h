/* sla.h - by when a step must be done, and how bad it looks now (domain handbook §5). Pure.
 *
 * A working calendar is local wall time in a named zone: for each weekday a list of intervals, and days that differ
 * (holidays, short days). Sums of working time are real minutes, so a night with a clock change counts what it lasted.
 *
 * Zones: T = total of the rule, used e, left r = T - e.
 *   green e < T/2 · yellow e >= T/2 · red r <= min(red_minutes, red_share of T) · breached r <= 0.
 * All moments are computed at once, so zone changes are timers, never a scan.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"
#include "base/list.h"
#include "base/id.h"
#include "base/json_write.h"
#include "base/zone.h"

#define CALENDAR_INTERVALS_MAX 8
#define CALENDAR_DAYS_MAX      400      /* special days */

struct interval { int from_s, to_s; };  /* seconds of the local day, from < to <= 86400 */
struct calendar_day { int count; struct interval at[CALENDAR_INTERVALS_MAX]; };
struct special_day { int64_t day; str name; struct calendar_day hours; };
struct calendar {
    rid                 id;
    str                 name;
    const struct zone  *zone;
    struct calendar_day week[7];        /* 0 = Monday */
    struct special_day *special;        /* sorted by day */
    int                 special_count;
    const int64_t      *marks;          /* of calendar_read: sums that spare a walk over years; NULL: there are none */
};
/* days: [[["09:00","13:00"],["14:00","18:00"]], … seven]; holidays: [{"date":"2026-01-01","name":"…","intervals":[]}].
 * ERR_BODY_INVALID names every wrong interval at once: sorted, not overlapping, from < to. */
MUST_CHECK bool calendar_read(struct arena *, str zone, str days_json, str holidays_json, struct calendar *out, struct err *);

/* Working milliseconds between two moments (0 when b <= a). NULL calendar: wall time. */
int64_t calendar_between(const struct calendar *, instant a, instant b);
/* The first moment at which `ms` of working time have passed since `start` (ms >= 0; 0 gives the first working moment at or
 * after start). Not set when the calendar has no working time within 10 years. */
instant calendar_after(const struct calendar *, instant start, int64_t ms);

enum sla_step { SLA_CONFIRM, SLA_ASSEMBLE, SLA_HAND_OVER, SLA_DECIDE_RETURN, SLA_REFUND, SLA_ANSWER_CLAIM, SLA_STEP_COUNT };
extern const char *const sla_step_names[];               /* "confirm" "assemble" "hand_over" "decide_return" "refund" "answer_claim" */
enum sla_zone { ZONE_BREACHED, ZONE_RED, ZONE_YELLOW, ZONE_GREEN, ZONE_NONE, ZONE_COUNT };
extern const char *const sla_zone_names[];               /* "breached" "red" "yellow" "green" "none" */
enum sla_clock { SLA_WALL, SLA_WORKING, SLA_CLOCK_COUNT };
extern const char *const sla_clock_names[];

struct policy {
    rid           id;
    str           name, channel, scheme;                 /* empty = any */
    rid           account_id;                            /* not set = any */
    enum sla_step step;
    int64_t       minutes;
    enum sla_clock clock;
    rid           calendar_id;
    const struct calendar *calendar;                     /* resolved; NULL for wall */
    unsigned      pause_marks;                           /* BIT(MARK_…) of orders: the clock stands */
    int64_t       red_minutes, red_share_bp;             /* sla_red_minutes, 2000 */
};
LIST(policy)
/* Where no rule says it: what burns when two hours are left of an order, and eight of a return or a claim. */
int64_t sla_red_minutes(enum sla_step);
/* Who comes first of those that are due at the same moment: 0, the account over a limit of its market, to 7, one with none in sight. */
#define QUEUE_WEIGHTS 8
struct queue_weight { rid account_id; int weight; };
LIST(queue_weight)
struct sla_book { struct policy_list policies; struct queue_weight_list weights; };      /* loaded once, replaced when changed */
int sla_queue_weight(const struct sla_book *, rid account_id);

struct sla_question {
    str           channel, scheme;
    rid           account_id;
    enum sla_step step;
    instant       began;                                 /* when the step began, whatever pauses there were; not set: start */
    instant       start;                                 /* when the rule's clock began, or went on after a pause */
    int64_t       used_ms;                               /* of the rule's clock, before `start` (after a pause) */
    instant       channel_by;                            /* absolute time given by the market; may be not set */
    unsigned      marks;                                 /* of the order: a policy's pause_marks stop its clock */
};
struct sla_answer {
    bool          has;                                   /* some rule applies */
    bool          paused;                                /* its clock stands now: due, yellow, red are the market's, if it gave a time */
    const struct policy *policy;                         /* NULL: the market's time alone */
    bool          from_channel;                          /* the market's time was the earlier one */
    rid           policy_id;                             /* whose zones are used; not set: the market's time alone */
    int64_t       total_ms;                              /* T on the rule's clock */
    instant       due, yellow, red;
};
/* The tightest matching policy wins; effective = min(channel, policy). With the market's time alone (no policy) T is the wall
 * time from start to it, zones by min(120 min, 20 %). A paused policy gives has and paused; the market's time does not stand
 * still with our clock, so it is then counted alone, as wall time since the step began. */
struct sla_answer sla_ask(const struct sla_book *, const struct sla_question *);
enum sla_zone sla_zone_at(const struct sla_answer *, instant now);
/* Next moment at which the zone changes after `now`; not set when it will not. */
instant sla_next_change(const struct sla_answer *, instant now);
/* Why it is then: {"until":…,"policy":…,"parts":[{"day":"2026-12-18","minutes":30},{"day":"2026-12-21","minutes":90}],"source":…}.
 * Screens make the sentence in their language. */
void sla_explain(const struct sla_book *, const struct sla_question *, const struct sla_answer *, struct json_out *, const char *key);
