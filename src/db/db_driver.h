/* db_driver.h - what db.c and the two drivers share. Nobody outside src/db includes it.
 *
 * A driver extends `struct db` (one connection) and `struct prepared` (one statement of that connection) by putting them
 * first in structs of its own; `db_size` and `prepared_size` say how large those are.
 * A connection belongs to one thread at a time; the pool's fields are under its lock.
 */
#pragma once
#include "db/db.h"
#include <pthread.h>

#define DB_BUCKETS       512            /* of the statement cache, a power of two */
#define DB_TEXTS_MAX     256            /* statements made at run time that one connection keeps */
#define DB_TRIES_MAX     5
#define DB_READERS       36

/* What the database said. ERR_NONE: nothing went wrong. */
struct failure {
    enum err_code code;
    char          text[240];            /* its words, for the trail */
};

struct list_text { char *at; size_t len, cap; };

struct prepared {
    struct prepared  *next;             /* in its bucket */
    const struct sql *sql;              /* the key; &own when made at run time */
    struct sql        own;
    uint64_t          hash;
    uint64_t          used;             /* tick of the last use, for forgetting the oldest text */
    bool              is_text;
    bool              is_busy;          /* a struct stmt holds it; a second user gets a twin */
    bool              is_ready;         /* the driver has prepared it */
    int               params;           /* highest $n */
    int               rows;             /* of its VALUES; 0: it only gathers rows */
    struct gathered  *gathered;         /* then where they wait */
    char             *text;             /* with {ids:$n} written out */
    struct list_text *lists;            /* by parameter; made when first needed */
    struct failure    failure;
};

struct after_commit { void (*fn)(void *ctx); void *ctx; };

struct db {
    struct db_pool *pool;
    struct db      *next_free;
    bool            in_tx;
    bool            is_ending;          /* the connection is about to go: nothing on it needs tidying */
    bool            inner_failed;       /* a db_tx inside this transaction failed: it must not commit */
    int             open_statements;
    int             texts;
    int64_t         statements;
    uint64_t        tick;
    struct prepared *buckets[DB_BUCKETS];
    struct gathered *waiting;           /* rows that were written and have not gone to the database yet */
    struct after_commit *after;
    int             after_count, after_cap;
};

enum db_step { DB_STEP_ROW, DB_STEP_DONE, DB_STEP_FAILED };
/* AGAIN: nothing was written and another try may succeed; err says why, should there be no other try. */
enum db_outcome { DB_COMMITTED, DB_FAILED, DB_AGAIN };

struct db_driver {
    bool   is_postgres;
    size_t db_size, prepared_size;
    bool (*open)(struct db_pool *, struct err *);
    void (*close)(struct db_pool *);                    /* after every connection is gone */
    void (*disconnect)(struct db *);
    enum db_outcome (*tx)(struct db *, db_work *, void *ctx, struct err *);
    bool (*prepare)(struct db *, struct prepared *);    /* connects first where needed; false fills the failure */
    void (*forget)(struct db *, struct prepared *);
    void (*bind_int)(struct prepared *, int n, int64_t);
    void (*bind_text)(struct prepared *, int n, str, bool is_bytes);
    void (*bind_null)(struct prepared *, int n);
    enum db_step (*row)(struct db *, struct prepared *, int row);
    bool (*exec)(struct db *, struct prepared *);
    bool (*finish)(struct db *, struct prepared *);     /* completes a statement whose rows were not all read */
    void (*reset)(struct db *, struct prepared *);
    int  (*columns)(struct prepared *);
    const char *(*column)(struct prepared *, int i);
    bool (*is_null)(struct prepared *, int row, int i);
    int64_t (*get_int)(struct prepared *, int row, int i);
    str  (*get_text)(struct prepared *, int row, int i);
    str  (*get_bytes)(struct prepared *, int row, int i, struct arena *);
    bool (*script)(struct db *, const char *text, struct failure *);
    bool (*backup)(struct db_pool *, const char *path, struct err *);
    /* PostgreSQL; NULL on SQLite. COPY … FROM STDIN inside db_tx; COPY … TO STDOUT outside of it, message by message. */
    bool (*copy_in)(struct db *, const char *text, str bytes, struct failure *);
    bool (*copy_out)(struct db *, const char *text, bool (*fn)(void *ctx, str message, struct failure *), void *ctx, struct failure *);
};
extern const struct db_driver sqlite_driver, postgres_driver;

struct db_pool {
    const struct db_driver *driver;
    struct db_options  options;
    char              *where;           /* file, or connection address */
    void              *own;             /* the driver's */
    pthread_mutex_t    lock;
    pthread_cond_t     returned;
    struct db         *free;            /* last returned first: its caches are warm */
    int                made, borrowed, waiting;
    struct after_commit signal;         /* fn NULL: nobody listens */
    struct db_news    *news;            /* PostgreSQL: what servers tell each other; NULL: nobody listens */
};

/* "FULL text of a statement" with IN ({ids:$1}) written out for the driver. To be freed. `params` becomes the highest $n. */
char *sql_expand(const char *text, size_t len, bool postgres, int *params);
/* An INSERT with its VALUES (…) written `rows` times: $n of row k, counted from 0, is k * params + n. To be freed. */
char *sql_rows(const char *text, bool postgres, int rows);
struct stmt db_query_rows(struct db *, const struct sql *, int rows);
/* What went wrong with a statement that is not ok. */
void failure_of(const struct stmt *, struct failure *);

/* gathered.c. Each false fills the failure. */
struct gathered *gathered_make(const struct sql *, int width);
void gathered_free(struct gathered *);
void gathered_begin(struct gathered *);
void gathered_null(struct gathered *, int n);
void gathered_int(struct gathered *, int n, int64_t);
bool gathered_text(struct gathered *, int n, str, bool is_bytes);
bool gathered_add(struct db *, struct gathered *, struct failure *);     /* the row that was bound */
bool gathered_run(struct db *, struct failure *);       /* all that wait */
void gathered_drop(struct db *);

struct db *db_make(struct db_pool *);
void db_discard(struct db *);
void statements_drop(struct db *);                      /* forgets all that the connection prepared */
/* Several statements at once, inside db_tx only: for migrations. */
MUST_CHECK bool db_script(struct db *, const char *text, struct err *);
/* Always false, for `return`. */
bool failure_set(struct failure *, enum err_code, const char *text);
bool failure_report(const struct failure *, const char *name, struct err *);
void db_run_after(struct db *, int from);

void *db_calloc(size_t count, size_t size);
void *db_realloc(void *at, size_t bytes);
