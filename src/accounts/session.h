/* session.h - one sign-in of one person, and how long who must wait who guesses. Pure.
 *
 * The cookie holds 32 random bytes; we keep their digest only. A session lasts 30 days from when it was last seen.
 */
#pragma once
#include "record/record.h"
#include "base/list.h"

#define SESSION_DAYS      30
#define SESSION_SEEN_MS   MINUTE_MS     /* last_seen_at is written at most this often */
#define SESSION_COOKIE    "sauda_session"

struct session {
    rid     id;
    str     digest;
    rid     user_id;
    str     csrf;
    instant created_at, last_seen_at, expires_at;
    str     address, agent;
};
LIST(session)
extern const struct record session_record;

/* Wrong passwords are counted per login and per network address. Up to `free` of them cost nothing; each further one doubles
 * the wait, from one second to `wait_max_s`. The count is forgotten THROTTLE_MEMORY_MS after the first failure, once the wait
 * is over. */
struct throttle_rule { int free, wait_first_s, wait_max_s; };
extern const struct throttle_rule throttle_login, throttle_address, throttle_code, throttle_letter_to, throttle_letter_by;
#define THROTTLE_MEMORY_MS (12 * HOUR_MS)

struct throttle { str key; int64_t failures; instant first_at; int64_t blocked_ms; };   /* blocked_ms: until; 0 = not */

/* Whose tries are counted together: an IPv4 address, the first 64 bits of an IPv6 one, which anybody has 2^64 addresses behind. */
str  throttle_address_of(struct arena *, str address);
/* Seconds to wait from now; 0: may try. */
int  throttle_wait_s(const struct throttle *, instant now);
/* Counts a try as failed before it is made, so that many tries at once do not slip through; throttle_forgive takes it back. */
void throttle_count(struct throttle *, const struct throttle_rule *, instant now);
void throttle_forgive(struct throttle *);
