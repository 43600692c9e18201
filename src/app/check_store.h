/* check_store.h - what must hold in every database, as questions whose answer must be empty: rows of (id, what is wrong). */
#pragma once
#include "db/db.h"

struct invariant {
    struct sql  sql;
    const char *name;                   /* what holds, as a sentence */
    bool        sqlite_only;
};
extern const struct invariant invariants[];              /* ends with name NULL */
/* Listed moves of an order's history cannot be written as a constant: the text is made from the table of moves. */
str history_moves_sql(struct arena *);
/* Of an SQLite file: the first damage found, empty when it is whole; and how many orders are in it. */
MUST_CHECK bool check_whole(struct db *, struct arena *, str *damage, int64_t *orders, struct err *);
