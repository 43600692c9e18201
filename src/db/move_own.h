/* move_own.h - what the files of a move share: move.c, move_rows.c, move_later.c. */
#pragma once
#include "base/buf.h"
#include "db/db_driver.h"
#include "db/move.h"
#include "db/shape.h"

#define BATCH       2000                /* rows of a transaction, and fewer as soon as they are so large: */
#define BATCH_FIRST 200
#define BATCH_LEAST 20
#define BATCH_BYTES ((size_t)16 << 20)

struct cell { bool null; int64_t n; str text; };
struct row { struct cell *cells; };
LIST(row)

struct side {
    struct db        *db;
    bool              postgres;
    struct table_list tables;
};
struct mover {
    struct arena  lasting;
    struct side   from, to;
    const struct table *table;          /* of the source */
    struct sql    insert;
    const struct row_list *rows;        /* to write now */
    int64_t       moved;
    struct buf    bytes;                /* of COPY */
};

/* ---- move_rows.c ---- */

void add_names(struct buf *, const struct table *);

/* A table read page by page. A page and the one before it are in memory; the rest is not. */
struct walk { struct arena rooms[2]; int room, limit; const struct row *last; int64_t seen; bool over; };
MUST_CHECK bool walk_next(struct walk *, struct db *, const struct table *, int64_t skip, struct row_list *page, struct err *);
void walk_done(struct walk *);

/* The rows into the table of the target, inside db_tx. */
MUST_CHECK bool rows_write(struct db *, struct mover *, struct err *);

/* Count and sum of 64-bit fingerprints of all rows: a sum does not depend on their order. */
struct tally { int64_t rows; uint64_t prints; };
MUST_CHECK bool tally_make(const struct side *, const struct table *, struct tally *out, struct err *);

/* ---- move_later.c: indexes, unique and foreign keys of PostgreSQL, which are made when the rows are there ---- */

/* Each inside db_tx: puts them away, remembered in the table `moving_later`. */
MUST_CHECK bool later_begin(struct db *, struct mover *, struct err *);
/* Makes what is still away, each in a transaction of its own. */
MUST_CHECK bool later_make(struct mover *, struct err *);
