/* pace.h - how fast we may talk to a market: a bucket of tokens per account and family of calls.
 *
 * A bucket holds at most `burst` tokens and gains `per_minute` of them a minute. A fifth of it is kept for urgent calls (lane 1:
 * confirm and cancel near a deadline); an urgent call that has to wait is served before the others. A market that says "wait"
 * parks the family, for hours if it says so; urgent calls wait then too. Nothing sleeps here: the answer is how long to wait.
 * Time is given by the caller. Any thread; one lock. Counters live as long as the process.
 *
 *     int64_t wait_ms = pacer_begin(p, account, "orders", limits, 1, false, now);
 *     if (wait_ms) …ask again after that…
 *     …talk…
 *     pacer_end(p, account, "orders", refused ? 9 : 0, clock_now(clock));
 */
#pragma once
#include "base/id.h"
#include "base/instant.h"

struct pacer;
struct pace_limits { int per_minute, burst, parallel; }; /* parallel 0: no limit */

struct pacer *pacer_open(void);
void pacer_close(struct pacer *);
/* So many servers talk to the same markets: each takes its part of every limit, at least one token and one call. Any thread. */
void pacer_share(struct pacer *, int servers);

/* 0: go, `weight` tokens are taken, pacer_end must follow. Else milliseconds until it is worth asking again. */
int64_t pacer_begin(struct pacer *, rid account, const char *family, struct pace_limits, int weight, bool is_urgent, instant now);
/* The call is over; `more` tokens are charged for it afterwards (a market that counts a refusal tenfold). */
void pacer_end(struct pacer *, rid account, const char *family, int more, instant now);
/* No call of the family until then. A later end than the present one wins. */
void pacer_park(struct pacer *, rid account, const char *family, instant until);
/* A market says "too many" without saying how long: 2 s, 4 s … 15 min, until a call of the family is answered again. */
int64_t pacer_refused(struct pacer *, rid account, const char *family, instant now);
void pacer_answered(struct pacer *, rid account, const char *family);
/* Somebody waits for a token of the family (+1), waits no longer (-1): for the report. */
void pacer_waiting(struct pacer *, rid account, const char *family, int change);
/* Forgets what was counted and parked: the account has a new key. */
void pacer_forget(struct pacer *, rid account);

struct pace_report {
    int64_t per_minute, used, left, waiting;             /* used: tokens of the last 60 s; left: tokens now */
    int64_t today, refused_today;                        /* calls and "too many" answers since midnight UTC */
    instant blocked_until;                               /* not set: not parked */
};
struct pace_report pacer_report(struct pacer *, rid account, const char *family, struct pace_limits, instant now);
