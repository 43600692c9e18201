/* media_store.h - addresses of what buyers have photographed and filmed, and what became of each.
 *
 * waiting: to be fetched from the market's own host. here: fetched, a row of return_photos. gone: the market no longer has it. refused: no
 * picture, too large, or on no host of the market's. link: shown as an address only: a film, or of a return that was over when it was told.
 */
#pragma once
#include "db/work.h"
#include "returns/return.h"
#include "returns/return_draft.h"

#define MEDIA_MAX           20          /* of one return */
#define MEDIA_URL_BYTES_MAX 1000

enum media_state { MEDIA_WAITING, MEDIA_HERE, MEDIA_GONE, MEDIA_REFUSED, MEDIA_LINK, MEDIA_STATE_COUNT };
extern const char *const media_state_names[];

struct return_media { rid id, return_id, account_id; str url; bool is_video; enum media_state state; rid photo_id; int64_t tries; str problem; };
LIST(return_media)

/* Inside db_tx: keeps addresses that are not known of the return. */
MUST_CHECK bool media_told(struct db *, const struct work *, const struct rma *, const struct return_medium_list *, struct err *);
MUST_CHECK bool media_of(struct db *, rid return_id, struct arena *, struct return_media_list *out, struct err *);
/* When the next one is to be fetched; not set: none waits. */
MUST_CHECK bool media_next(struct db *, instant *out, struct err *);
/* Inside db_tx: takes one that is due, for whoever fetches it until `until`. */
MUST_CHECK bool media_take(struct db *, instant now, instant until, struct arena *, struct return_media *out, bool *found, struct err *);
/* Inside db_tx: what became of it; due_at not set: it no longer waits. */
MUST_CHECK bool media_settle(struct db *, const struct return_media *, instant due_at, struct err *);
