/* move.h - a whole shop from one store to another: SQLite to PostgreSQL, PostgreSQL to SQLite, or to another of the same kind.
 *
 * Nothing may write to the source meanwhile. Rows go in batches, in the order of each table's key; how far it came stands in the target
 * in the same transaction, so a move that was broken off goes on where it stopped. At the end every row of both sides is read again and
 * compared by count and a sum of fingerprints, which does not depend on the order in which a store gives them.
 * As long as the move is not finished the target is no shop: migrate() and with it `sauda serve` refuse it.
 */
#pragma once
#include "db/db.h"

struct move_watch {
    void (*told)(void *ctx, str table, int64_t rows, bool compared);     /* after each table; MAY be NULL */
    void  *ctx;
};

/* Both stores are brought to this version's tables first. `shop` names tables (ends with NULL) that have rows in every shop: a target in which
 * one of them has rows, and that is not the target of a move begun before, is refused with ERR_CONFLICT.
 * ERR_SETTING: the tables differ. ERR_FILE: a table differs after the move, named in the sentence; the target stays unfinished. */
MUST_CHECK bool db_move(struct db_pool *from, struct db_pool *to, const char *const *shop, const struct move_watch *, struct err *);
/* Is this store the target of a move that did not come to its end? */
MUST_CHECK bool move_unfinished(struct db *, bool *out, struct err *);
