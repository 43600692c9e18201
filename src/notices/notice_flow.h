/* notice_flow.h - who is told what: events become notices, notices become sends, people say that they have seen them.
 *
 * Sending itself is sync/tell. "Here" a transaction is one's own unless said otherwise.
 */
#pragma once
#include "base/push.h"
#include "base/secret.h"
#include "notices/notice_store.h"

/* New events of the log become notices of those who can be told. */
MUST_CHECK bool notices_spread(struct work *, bool *more, struct err *);
/* Rungs whose wait is over. */
MUST_CHECK bool notices_climb(struct work *, bool *more, struct err *);
/* The actor has seen what the deadline asks for: what would follow from the rungs told so far does not. ERR_NOT_FOUND outside the scope
 * (count 0: all accounts). */
MUST_CHECK bool subject_acknowledge(struct work *, enum subject_kind, rid id, const rid *accounts, int accounts_count, struct err *);

/* ---- what is on its way ---- */

/* A send that was taken: what it says now. `list` is empty when nothing of it matters any more. */
struct notice_message {
    struct notice_send   send;
    struct notice_target target;
    str                  address;       /* opened */
    struct notice_list   list;
    enum language        language;
    const struct zone   *zone;
    bool                 may_confirm;   /* the person might do it on the screen */
};
MUST_CHECK bool notice_take(struct work *, const struct secret_key *, unsigned media, str worker, instant lease_until, struct notice_message *out,
                            bool *found, struct err *);
struct notice_outcome { bool sent, gone, for_good; int64_t wait_ms; str text, external, address_now; };
MUST_CHECK bool notice_settle(struct work *, const struct secret_key *, const struct notice_message *, const struct notice_outcome *, struct err *);

/* ---- the ways to a person ---- */

/* Telegram: a code for the link t.me/<bot>?start=<code>. E-mail: a code to be sent to the address. */
MUST_CHECK bool target_begin(struct work *, const struct secret_key *, enum notice_medium, str address, struct notice_target *out, str *code,
                             struct err *);
/* The bot was started with a code: the chat becomes the way of whoever asked for the code. *found false: no such code. */
MUST_CHECK bool target_link(struct work *, const struct secret_key *, str code, str chat, str label, struct notice_target *out, bool *found, struct err *);
/* The code that came by e-mail; after five wrong ones the address has to be given anew. ERR_BODY_INVALID. */
MUST_CHECK bool target_prove(struct work *, rid id, str code, struct err *);
/* A browser's subscription as it gives it (endpoint, keys). ERR_BODY_INVALID. */
struct push_address { str endpoint; struct push_reader reader; };
MUST_CHECK bool push_address_read(struct arena *, str json, struct push_address *out, struct err *);
MUST_CHECK bool target_subscribe(struct work *, const struct secret_key *, str json, str label, struct notice_target *out, struct err *);
MUST_CHECK bool target_drop(struct work *, rid id, struct err *);
/* The chat has stopped the bot. */
MUST_CHECK bool target_stopped(struct work *, enum notice_medium, str address_key, struct err *);
/* A message at once, to see that it arrives. */
MUST_CHECK bool target_test(struct work *, rid id, struct err *);
str target_key(struct arena *, enum notice_medium, str address);

/* ---- how the shop sends ---- */

/* The house with its secrets opened, and a push key pair made when there is none yet. */
MUST_CHECK bool notice_house_open(struct work *, const struct secret_key *, struct notice_house *out, struct err *);
/* `token`, `password`: what was typed, sealed here; NULL `at`: as it was; empty: removed. */
struct house_edit { int64_t version; const struct json *json; bool has_token, has_password; str token, password, name; };
MUST_CHECK bool notice_house_change(struct work *, const struct secret_key *, const struct house_edit *, struct notice_house *out, struct err *);
