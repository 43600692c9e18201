/* return_undo_store.h - steps of returns that may still be taken back. */
#pragma once
#include "db/work.h"
#include "returns/return.h"

struct return_undo_row {
    str     token;
    rid     return_id, command_id;
    str     before;                     /* JSON: what the step has changed */
    str     to_state;
    instant expires_at;
    str     actor_kind;
    rid     actor_id;
};
LIST(return_undo_row)
bool return_undo_add(struct db *, const struct return_undo_row *, struct err *);
MUST_CHECK bool return_undo_load(struct db *, str token, struct arena *, struct return_undo_row_list *out, struct err *);
/* The newest step of the return that is not too late; token empty: there is none. */
MUST_CHECK bool return_undo_live(struct db *, rid return_id, instant now, struct arena *, struct return_undo_row *out, struct err *);
/* Forgets the token, and all that expired before `before`. */
bool return_undo_clear(struct db *, str token, instant before, struct err *);
/* A later step of the return makes the earlier ones final. */
bool return_undo_close(struct db *, rid return_id, struct err *);
