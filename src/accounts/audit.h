/* audit.h - who changed what. One row per change, written in the transaction of the change, kept three years, and chained when
 * its day is over: each row holds the hash of what came before it, each day's seal that of the day before.
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
    str     digest;                     /* of before and after, which may be blanked: who they were about is erased */
    str     chain;                      /* '' until its day is sealed */
};
extern const struct record audit_record;

/* Inside db_tx. Empty before: it is new; empty after: it is gone. */
MUST_CHECK bool audit_write(struct db *, const struct work *, str action, str entity, rid id, str before_json, str after_json,
                            struct err *);
/* Did the same actor have this written of the same since then, in these words (empty: in any)? For what is told once an hour. */
MUST_CHECK bool audit_told(struct db *, const struct work *, str action, str entity, rid id, str after_json, instant since, bool *out,
                           struct err *);
/* The record as JSON for the log: secrets and our own columns left out, contacts masked. */
str  audit_json(struct arena *, const struct record *, const void *row);
/* A phone, e-mail or address for the log: "+77011234567" becomes "+7•••67". */
str  audit_mask(struct arena *, str contact);
struct audit_scope { const rid *accounts; int count; rid actor; };    /* count 0: everything */
/* Newest first; `rows` has room for 200. `query`: entity, entity_id, actor_id, action, from, to, after, limit. */
MUST_CHECK bool audit_list(struct db *, str query, const struct audit_scope *, struct arena *, struct audit_entry *rows, int *count, str *next, struct err *);

/* ---- the chain ---- */
struct audit_seal {
    int64_t day;                        /* since 1970, UTC */
    str     before;                     /* seal of the day before it */
    rid     last_id;
    int64_t entries;
    str     chain, seal;                /* seal '': its rows are still being chained */
    bool    cleared;                    /* its rows were older than they are kept */
};

str  audit_digest(struct arena *, str before_json, str after_json);
bool audit_is_blank(const struct audit_entry *);
/* The hash a row holds; `before`: of the row before it, or the seal of the day before. */
str  audit_link(struct arena *, str before, const struct audit_entry *);
str  audit_seal_of(struct arena *, const struct audit_seal *);

/* Chains what is over, at most some thousands of rows a call, and removes rows of sealed days from before `keep_from`. */
MUST_CHECK bool audit_tidy(const struct work *, instant keep_from, struct err *);

/* Reads all of it in order; `bad` is told what does not fit. */
typedef void audit_bad(void *ctx, rid id, const char *text);
MUST_CHECK bool audit_verify(struct db *, audit_bad *, void *ctx, struct err *);
