/* session_cache_http.h - who a cookie or key belongs to, remembered for a few seconds, so that a request costs no statement for it.
 *
 * At most 512 entries; what does not fit pushes out what stood there. Whoever changes a person, a session or a key forgets it
 * here after the commit. An answer that was read before a forgetting is not kept (the generation says so). Any thread.
 */
#pragma once
#include "http/http.h"

#define SESSION_CACHE_MS (5 * SECOND_MS)

struct session_cache;
struct session_cache *session_cache_new(struct arena *);
void session_cache_done(struct session_cache *);         /* gives long entries back */

/* Fills *out with copies in the arena; false when nothing is known at that moment. */
bool session_cache_find(struct session_cache *, str digest, instant now, struct arena *, struct principal *out);
uint64_t session_cache_generation(struct session_cache *);
/* Kept until the earlier of SESSION_CACHE_MS from now and `expires_at` (not set: no end), unless something was forgotten since. */
void session_cache_keep(struct session_cache *, uint64_t generation, str digest, instant now, instant expires_at,
                        const struct principal *);
void session_cache_forget(struct session_cache *, str digest);
void session_cache_forget_who(struct session_cache *, bool is_key, rid id);
