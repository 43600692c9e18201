/* db.h - one face for SQLite and PostgreSQL.
 *
 * A `struct db` is one borrowed connection: it belongs to one thread, for one request or job. Statements are prepared once
 * per connection and cached. A statement remembers the first thing that went wrong, later calls on it do nothing, and
 * db_ok reports it: one check, at the end.
 *
 *     CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_ID]);
 *     bind_id(&st, 1, id);
 *     while (db_row(&st)) …col_text(&st, 0)…
 *     return db_ok(&st, err);
 *
 * SQL text: the common subset of SQLite 3.40 and PostgreSQL 15 (docs/decisions). Parameters are $1, $2 … Inside IN (…)
 * the driver understands  {ids:$1}  and  {texts:$2} : a list bound by bind_ids / bind_texts, any length, one parameter.
 * FROM {texts:$2}  gives the list as rows: list.value.
 *
 * Writing happens only inside db_tx (asserted). On SQLite the work runs on the one writer thread, several works a commit
 * (group commit, synchronous=FULL); so it does on PostgreSQL, serializable, in pipeline mode: db_exec sends
 * without waiting, and its error surfaces at the next statement that returns rows, or at commit.
 */
#pragma once
#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/instant.h"

struct db;
struct db_pool;

struct sql {
    const char *name;                   /* "orders.queue": for metrics and plans */
    const char *text;
    const char *postgres;               /* only where one text cannot serve both; say why beside it */
};

struct db_options {
    int  readers;                       /* connections of the pool; 0 = 36 */
    bool sync_normal;                   /* SQLite: synchronous=NORMAL, documented option */
    bool read_only;
    bool alone;                         /* SQLite: refused while another program has the file open so, as one that serves does */
    bool walks;                         /* SQLite: it goes through whole tables, so its connections get much memory, and sort in files */
};

/* "sqlite:FILE" or "postgresql://…". SQLite: makes the file (0600) and its folder if missing. ERR_DB_DOWN, ERR_DB_FULL, ERR_FILE … */
MUST_CHECK bool db_open(const char *url, const struct db_options *, struct db_pool **out, struct err *);
void       db_close(struct db_pool *);
bool       db_is_postgres(const struct db_pool *);
struct db *db_borrow(struct db_pool *);                 /* waits for a free connection */
void       db_return(struct db_pool *, struct db *);
void       db_release(struct db **);                    /* for CLEANUP: returns to its own pool; NULL is fine */
struct db_pool *db_pool_of(struct db *);

/* Inside `work` use only the `db` it is given. No network, no files, no messages. It may run up to 5 times: the arena of the
 * caller is not reset between tries, so build results afresh. On success everything is durable when db_tx returns.
 * Tried again: ERR_DB_BUSY, also when `work` itself says so. A db_tx inside a db_tx is a part of it: when the inner one
 * fails, all of it fails. ERR_DB_DOWN may mean that the outcome is not known: the connection went while it committed. */
typedef bool db_work(struct db *, void *ctx, struct err *);
MUST_CHECK bool db_tx(struct db *, db_work *work, void *ctx, struct err *);
bool db_in_tx(const struct db *);
/* Called once after the commit that contains the running work, on the committing thread; must be quick. Only inside db_tx. */
void db_after_commit(struct db *, void (*fn)(void *ctx), void *ctx);

/* What the pool calls after every commit in which db_signal was called: somebody waits for such news. Set before work begins. */
void db_on_signal(struct db_pool *, void (*fn)(void *ctx), void *ctx);
void db_signal(struct db *);                            /* inside db_tx; once per transaction is enough, more do no harm */

/* Several servers of one database tell each other that there is something to look at (PostgreSQL; SQLite has one server). A word is no
 * promise: it may come late, twice, or, when the connection was away, without anybody having told it; what is true stands in the tables.
 * EVENTS: open screens have something new. WORK: and who told it does none of the work that follows. SHOP: settings have changed. */
enum db_word { DB_WORD_EVENTS, DB_WORD_WORK, DB_WORD_SHOP, DB_WORD_COUNT };
/* `fn` is called on a thread of the pool's, until db_news_stop, with what others told. Once. Does nothing on SQLite. */
MUST_CHECK bool db_on_told(struct db_pool *, void (*fn)(void *ctx, enum db_word), void *ctx, struct err *);
void db_tell_others(struct db_pool *, enum db_word);    /* any thread, quick; does nothing on SQLite or before db_on_told */
void db_news_stop(struct db_pool *);                    /* before what `fn` uses goes away; db_close does it too */

struct stmt {
    struct db *db;
    const struct sql *sql;
    void      *handle;                  /* the driver's */
    int        state;                   /* 0 binding, 1 rows, 2 done, 3 failed */
    int        row;
};

struct stmt db_query(struct db *, const struct sql *);
/* A row for `INSERT … VALUES (…)`, all of whose parameters stand in the VALUES: db_exec keeps it, and it is written together with its
 * like, before the next other statement or the commit. What is wrong with it surfaces there. For tables to which a page adds many rows,
 * in no order with rows of other tables; with ON CONFLICT DO UPDATE no row may come twice. */
struct stmt db_insert(struct db *, const struct sql *);
/* SQL made at run time from constant tables (record engine). Cached by text; `text` must outlive the statement. */
struct stmt db_query_text(struct db *, const char *name, str text);
void bind_int(struct stmt *, int n, int64_t);
void bind_bool(struct stmt *, int n, bool);
void bind_text(struct stmt *, int n, str);              /* empty text is '', not NULL */
void bind_text_or_null(struct stmt *, int n, str);      /* empty text is NULL */
void bind_id(struct stmt *, int n, rid);                /* not set is NULL */
void bind_instant(struct stmt *, int n, instant);       /* not set is NULL */
void bind_amount(struct stmt *, int n, amount);
void bind_bytes(struct stmt *, int n, str);             /* BYTES column: BLOB, bytea */
void bind_null(struct stmt *, int n);
void bind_ids(struct stmt *, int n, const rid *, int count);
void bind_texts(struct stmt *, int n, const str *, int count);

bool db_row(struct stmt *);                             /* steps to the next row */
/* Reads all rows and keeps the `max` greatest numbers of the first column, greatest first; gives their count. Ids grow with time, so
 * the greatest are the newest. For a range of an index of which few are wanted: a sort costs SQLite ten times the reading. */
int  db_greatest(struct stmt *, int64_t *out, int max);
int  db_columns(struct stmt *);
const char *db_column(struct stmt *, int i);            /* its name */
bool col_is_null(struct stmt *, int i);
int64_t col_int(struct stmt *, int i);
bool col_bool(struct stmt *, int i);
str  col_text(struct stmt *, int i);                    /* borrowed until the next db_row or db_ok */
str  col_text_copy(struct stmt *, int i, struct arena *);
rid  col_id(struct stmt *, int i);
instant col_instant(struct stmt *, int i);
amount col_amount(struct stmt *, int i);
str  col_bytes(struct stmt *, int i, struct arena *);
MUST_CHECK bool db_ok(struct stmt *, struct err *);     /* no more rows are read; what went wrong, if anything */
/* For statements without rows: runs, releases. Changed rows are not known on PostgreSQL pipelines; use RETURNING to learn. */
bool db_exec(struct stmt *, struct err *);
void stmt_done(struct stmt *);

int64_t db_statements(const struct db *);               /* statements run since db_borrow, its transactions included */
/* A consistent copy of the database while it is in use (SQLite: backup API; PostgreSQL: not here, ERR_SETTING). */
MUST_CHECK bool db_backup(struct db_pool *, const char *path, struct err *);
