/* accounts_http.h - what the program's routes about people need, and what they offer to http_options.
 *
 * The app keeps one `struct accounts` and gives it out of its struct app; everything else is in these tables.
 */
#pragma once
#include "accounts/session_cache_http.h"
#include "accounts/session_flow.h"
#include "http/live.h"
#include "http/openapi.h"

/* What screens are told about the shop; deadlines/ fills it from the rules of the running work (shop_words). */
struct shop_words { str name, country, currency, time_zone; int hold_s; bool demo; };

struct accounts {
    struct session_cache *cache;
    struct shop_words   (*shop_words)(const struct request *);
    struct live_hub      *live;         /* whose streams end with a session; may be NULL */
    const struct secret_key *key;       /* that seals second factors */
    str                   version;      /* of the program */
    str                   demo_login, demo_password;     /* of a demo shop: shown on the sign-in page; else empty */
};
/* Defined by the app (and by tests). */
struct accounts *request_accounts(const struct request *);

/* For http_options. */
MUST_CHECK bool accounts_authenticate(struct request *, struct principal *out, struct err *);
bool accounts_idempotent_find(struct request *, struct reply *, bool *found, struct err *);
bool accounts_idempotent_save(struct request *, const struct reply *, struct err *);

extern const struct route session_routes[], factor_routes[], user_routes[], role_routes[], invitation_routes[], key_routes[], view_routes[], choice_routes[], audit_routes[];
extern const struct openapi_schema accounts_schemas[];   /* ends with name NULL */

/* ---- for other handlers ---- */
/* A session is over: the cache forgets it, its live streams end. */
void session_ended(struct request *, str digest);
/* A person was blocked or has other rights, a key was revoked: the same for all they had open. */
void rights_changed(struct request *, bool is_key, rid who);
struct grantor request_grantor(const struct request *);
/* Sets the cookie of a fresh session and writes the session answer. */
MUST_CHECK bool session_reply(struct request *, struct reply *, const struct signed_in *, struct err *);
/* The cookie alone, of a session that takes the place of the one that asks. */
void session_cookie_set(struct request *, struct reply *, str token);
/* The cookie's token that came along, or empty. */
str request_session_token(const struct request *);
