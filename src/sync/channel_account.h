/* channel_account.h - a seller's account at a market: where it is, how we sign in, what its words mean to us.
 *
 * Secret settings (tokens) are sealed into one text that only opens for this account's id; the rest is a JSON object. Opened
 * settings live in the arena of one piece of work and are never logged or answered. Pure: no database.
 */
#pragma once
#include "base/secret.h"
#include "channels/channel.h"
#include "record/record.h"

enum account_mode { ACCOUNT_LIVE, ACCOUNT_READ_ONLY, ACCOUNT_MODE_COUNT };
extern const char *const account_mode_names[];           /* "live" "read_only" */
enum account_state { ACCOUNT_ACTIVE, ACCOUNT_PAUSED, ACCOUNT_AUTH_FAILED, ACCOUNT_DEGRADED, ACCOUNT_STATE_COUNT };
extern const char *const account_state_names[];          /* "active" "paused" "auth_failed" "degraded" */

struct channel_account {
    rid      id;
    str      channel, name, base_url;
    unsigned mode, state;
    str      sealed, options;
    bool     accepted_means_assembling;
    str      hook_digest;
    instant  last_ok_at;
    str      error_code, error_text;
    instant  error_since;
    int64_t  version;
    instant  created_at, updated_at;
};
LIST(channel_account)
extern const struct record channel_account_record;

/* Pulled from and sent to by itself? */
static inline bool account_works(const struct channel_account *a) { return a->state == ACCOUNT_ACTIVE || a->state == ACCOUNT_DEGRADED; }

/* ---- settings ---- */

/* Opens both halves. ERR_SETTING when the sealed half does not open with this key. */
MUST_CHECK bool account_settings(const struct channel_account *, const struct secret_key *, struct arena *, struct setting_value_list *out,
                                 struct err *);
/* Reads {"token": "…", "history_days": 14} by the channel's table over `io`, which holds what was known: a name that does not come
 * keeps its value, so does a secret that comes empty; null takes it away. All faults at once (ERR_BODY_INVALID "settings.token").
 * `whole`: required ones must be there. */
MUST_CHECK bool account_settings_read(const struct channel *, const struct json *settings, bool whole, struct arena *,
                                      struct setting_value_list *io, struct err *);
/* Writes sealed and options of the account from the values; its id must be set. */
void account_settings_save(struct channel_account *, const struct channel *, const struct secret_key *, struct arena *,
                           const struct setting_value_list *);
bool account_has_secret(const struct channel_account *);
/* What an account's base address may be. Literal private hosts only when allowed; names are checked at each connection. */
MUST_CHECK bool account_base_url_ok(str base_url, bool allow_private, struct err *);

/* ---- statuses ---- */

struct status_change { str key; enum hub_status to; };
LIST(status_change)
struct status_map {
    const struct channel     *channel;
    struct status_change_list changes;  /* of this account: they win */
    bool accepted_means_assembling;     /* Kaspi's "accepted" is read as "being packed" */
};
/* What a word of the market means for this account. False: nobody has said. */
MUST_CHECK bool status_map_find(const struct status_map *, str key, struct status_choice *out);
