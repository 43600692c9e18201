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
