/* import_store.h - imports and what they changed; and removing orders that an import made. */
#pragma once
#include "orders/order_store.h"

struct import_job {
    rid     id, account_id;
    str     kind;                       /* "orders" "customers" */
    str     file_name, digest, state;   /* "running" "done" "undone" */
    int64_t created_n, changed_n, same_n, bad_n, kept_n;
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    instant created_at, finished_at;
};
extern const struct record import_job_record;

struct import_row_kept {
    rid     job_id, order_id;
    int64_t file_row;
    bool    is_new;
    str     before_json;
    int64_t after_mark;
};
LIST(import_row_kept)
extern const struct record import_row_record;

/* The account whose name or id this is. With an empty name: the one of channel "manual", which is made when it is missing (then
 * inside db_tx). ERR_NOT_FOUND, ERR_CONFLICT when several have the name. */
struct import_account { rid id; str channel, name; };
MUST_CHECK bool import_account_find(struct db *, str name, struct arena *, struct import_account *out, bool *found, struct err *);
bool import_account_make(struct db *, const struct import_account *, instant now, struct err *);

/* Writes state, counts, finished_at. */
bool import_job_save(struct db *, const struct import_job *, struct err *);
/* Rows of a job behind an order id, in order of the ids. */
MUST_CHECK bool import_rows_after(struct db *, rid job, rid after, int max, struct arena *, struct import_row_kept_list *out, struct err *);
/* A changed order that is imported again later keeps the newest row only of each job: an existing row stays as it is. */
bool import_row_add(struct db *, const struct import_row_kept *, struct err *);
/* Has anybody written a note or a task of his own on it, or sent a command for it? */
MUST_CHECK bool import_touched(struct db *, const rid *orders, int count, struct arena *, struct int_list *out, struct err *);
/* The orders with lines, history, tasks and intake events. */
bool import_orders_remove(struct db *, const rid *orders, int count, struct err *);
