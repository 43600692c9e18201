/* postgres_driver.h - what the files of the PostgreSQL driver share: db_postgres.c, postgres_pipeline.c, postgres_writer.c. */
#pragma once
#include "db/write_queue.h"
#include <libpq-fe.h>

#define PLANS_FIRST 256                                  /* statements on a connection before its plans are forgotten for the first time */
#define PENDING_MAX 512                                  /* statements sent ahead before their results are looked at */

enum pending_kind { PENDING_CONTROL, PENDING_COMMIT, PENDING_PREPARE, PENDING_EXEC, PENDING_ROWS, PENDING_SYNC };

struct pg_prepared {
    struct prepared base;
    char         name[16];
    uint64_t     born;
    const char **values;
    int         *lengths, *formats;
    char       (*digits)[24];
    PGresult    *result;
};

struct pending { enum pending_kind kind; struct pg_prepared *p; };

struct pg_db {
    struct db       base;
    PGconn         *conn;
    uint64_t        number;             /* of the connection, from 1: grows with each new one */
    unsigned        names;
    int64_t         sent, replan_at;    /* statements on this connection; when the server is to forget its plans */
    struct pending *pending;
    int             pending_count, pending_cap;
    struct failure  failure;            /* the first since the last sync */
    char            failed[64];         /* name of the statement it came from */
    bool            is_begun, is_lost;
    bool            is_writer;          /* of the thread that writes */
    bool            has_turn;           /* it holds the lock by which servers take turns, or has asked for it */
    bool            commit_sent, is_committed;
    bool            is_refused;         /* the server refused something before the COMMIT, which it can therefore not have done */
};

struct pg_writer {
    struct pg_db      *db;
    pthread_t          thread;
    bool               has_thread;
    struct write_queue queue;
};

PGconn *pg_dial(const struct db_pool *, const char *name);
bool pg_connect(struct pg_db *, struct failure *);
/* Makes the connection, or makes it anew when it is known to be gone; not in the middle of a transaction. */
bool pg_connected(struct pg_db *, struct failure *);
/* Remembers the first thing that went wrong. `p` may be NULL. */
void pg_fail(struct pg_db *, struct pg_prepared *, enum err_code, const char *text);
enum err_code pg_code(const char *state, const char *text);

/* Each of these may find the connection lost: is_lost, and a failure. After that they do nothing. */
void pg_send_control(struct pg_db *, enum pending_kind, const char *text);
void pg_send_statement(struct pg_db *, struct pg_prepared *, enum pending_kind);
void pg_sync(struct pg_db *);                            /* ends skipping after an error, and reads all results */
void pg_sync_later(struct pg_db *);                      /* the same, but what follows is sent before the results are read */
void pg_drain_so_far(struct pg_db *);                    /* reads all results without ending anything */

/* postgres_writer.c */
void pg_begin(struct pg_db *);                           /* waits for its turn and begins, unless it was sent */
enum db_outcome pg_tx(struct db *, db_work *, void *ctx, struct err *);
MUST_CHECK bool pg_writer_start(struct db_pool *, struct failure *);
void pg_writer_stop(struct db_pool *);

/* postgres_copy.c */
bool pg_copy_in(struct db *, const char *text, str bytes, struct failure *);
bool pg_copy_out(struct db *, const char *text, bool (*fn)(void *ctx, str message, struct failure *), void *ctx, struct failure *);

/* postgres_news.c */
MUST_CHECK bool pg_news_open(struct db_pool *, void (*fn)(void *ctx, enum db_word), void *ctx, struct err *);
void pg_news_tell(struct db_pool *, enum db_word);
void pg_news_stop(struct db_pool *);
void pg_news_free(struct db_pool *);
