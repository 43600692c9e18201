/* audit.h - who changed what. One row per change, written in the transaction of the change, kept three years.
 *
 * `before` and `after` are JSON objects without secrets and with contacts masked: audit_json makes them of a record.
 *
 *     audit_write(db, w, STR("user.edit"), STR("user"), u.id, audit_json(a, &user_record, &old), audit_json(…, &u), err)
 */
#pragma once
#include "db/work.h"
#include "record/record.h"

struct audit_entry {
    rid     id;
    instant at;
    str     actor_kind;
    rid     actor_id;
    str     actor_name, action, entity;
    rid     entity_id;
    str     before_json, after_json;    /* '' = nothing */
    str     address;
};
extern const struct record audit_record;

/* Inside db_tx. Empty before: it is new; empty after: it is gone. */
MUST_CHECK bool audit_write(struct db *, const struct work *, str action, str entity, rid id, str before_json, str after_json,
                            struct err *);
/* The record as JSON for the log: secrets and our own columns left out, contacts masked. */
str  audit_json(struct arena *, const struct record *, const void *row);
/* A phone, e-mail or address for the log: "+77011234567" becomes "+7•••67". */
str  audit_mask(struct arena *, str contact);
/* Newest first; `rows` has room for 200. `query`: entity, entity_id, actor_id, action, from, to, after, limit. */
MUST_CHECK bool audit_list(struct db *, str query, struct arena *, struct audit_entry *rows, int *count, str *next, struct err *);
