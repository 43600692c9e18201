/* servers.h - one shop, several servers (PostgreSQL): each holds a node number, by which the ids that it makes differ from all others.
 *
 * A number is leased for a minute and renewed every quarter of one. A lease that ran out is not given to another for an hour: a server that
 * was only asleep has noticed by then; that of a program of the same machine that is no more is given on at once. One that finds its number
 * gone stops itself. On SQLite there is one server, and nothing to lease.
 */
#pragma once
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"

#define SERVER_NODES 32                 /* of the 64: the others are for programs beside the servers */

struct servers_options {
    struct db_pool    *pool;
    struct id_source  *ids;             /* gets its node */
    const struct clock *clock;
    const struct log  *log;
    const char        *host, *address;  /* the machine's name, and where this server listens */
    bool               crowded;         /* tests: several in one program */
    void             (*count)(void *ctx, int servers);   /* how many there are, ourselves included: after joining and after each renewal */
    void             (*lost)(void *ctx);                 /* the number is another's: stop */
    void              *ctx;
};
struct servers;

/* ERR_CONFLICT: all numbers are taken. *out is NULL on SQLite. */
MUST_CHECK bool servers_join(const struct servers_options *, struct servers **out, struct err *);
/* The renewal that its thread makes every quarter of a minute. Fails when the database cannot be asked: the next one asks again. */
MUST_CHECK bool servers_renew(struct servers *, struct err *);
#define SERVERS_SINCE 21                /* the migration from which on there are leases */
/* How many work on the database now, by their leases and this machine's programs. */
MUST_CHECK bool servers_there(struct db *, instant now, int *out, struct err *);
/* A migration that is not for the version before waits until the servers of that version have stopped. */
MUST_CHECK bool servers_let_migrate(struct db_pool *, instant now, struct err *);
void servers_leave(struct servers *);   /* NULL is fine */
