#include "app/servers.h"

#include "app/servers_store.h"
#include "base/secret.h"
#include "db/migrate.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define LEASE_MS (60 * SECOND_MS)
#define RENEW_S  15
#define HOST_BYTES 256
#define REST_MS  (60 * MINUTE_MS)       /* how long a number whose holder went without a word is left alone */

struct servers {
    struct servers_options o;
    struct arena     arena;
    struct server_lease held;
    int              living;
    bool             is_kept;
    pthread_mutex_t  lock;
    pthread_cond_t   wake;
    pthread_t        thread;
    bool             is_running, is_leaving;
};

/* It was a program of this machine, and there is no such program any more; or it had our own number there and so cannot be alive. */
static bool is_gone(const struct servers *s, struct arena *a, const struct server_lease *l)
{
    int64_t   pid;
    str       host = str_print(a, "%s/", s->o.host);
    ptrdiff_t end  = str_find(l->name, STR(" "));
    if (!str_starts(l->name, host) || end < 0 || !str_to_int(str_sub(l->name, host.len, (size_t)end - host.len), &pid) || pid <= 0)
        return false;
    return pid == getpid() ? !s->o.crowded : kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* That of a program of this machine that died; the lowest that nobody has; the one that has been left alone longest. -1: none. */
static int64_t node_free(const struct servers *s, struct arena *a, const struct server_lease_list *all, instant now)
{
    const struct server_lease *oldest = NULL;
    for (int i = 0; i < all->count; i++)
        if (is_gone(s, a, &all->at[i]))
            return all->at[i].node;
    for (int64_t node = 0; node < SERVER_NODES; node++) {
        const struct server_lease *held = NULL;
        for (int i = 0; i < all->count; i++)
            held = all->at[i].node == node ? &all->at[i] : held;
        if (!held)
            return node;
        if (held->lease_until.ms + REST_MS < now.ms && (!oldest || held->lease_until.ms < oldest->lease_until.ms))
            oldest = held;
    }
    return oldest ? oldest->node : -1;
}

/* Ourselves, and who else holds a lease and is not known to have died. */
static int living_in(const struct servers *s, struct arena *a, const struct server_lease_list *all, instant now)
{
    int n = 1;
    for (int i = 0; i < all->count; i++)
        n += all->at[i].node != s->held.node && all->at[i].lease_until.ms > now.ms && !is_gone(s, a, &all->at[i]);
    return n;
}

bool servers_there(struct db *db, instant now, int *out, struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct server_lease_list all = { 0 };
    struct servers           me  = { .held.node = -1 };
    char                     host[HOST_BYTES];
    if (!servers_all(db, &a, &all, err))
        return false;
    if (gethostname(host, sizeof host) != 0)
        host[0] = 0;
    host[sizeof host - 1] = 0;
    me.o.host = host;
    *out = living_in(&me, &a, &all, now) - 1;
    return true;
}

static bool join_tx(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct servers          *s   = ctx;
    struct server_lease_list all = { 0 };
    instant                  now = clock_now(s->o.clock);
    if (!servers_all(db, &a, &all, err))
        return false;
    s->held.node = node_free(s, &a, &all, now);
    if (s->held.node < 0)
        return err_set(err, ERR_CONFLICT, "database", "%d servers work on this database already", SERVER_NODES);
    s->held.started_at  = now;
    s->held.lease_until = instant_add(now, LEASE_MS);
    s->living           = living_in(s, &a, &all, now);
    return server_take(db, &s->held, err);
}

static bool renew_tx(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct servers          *s   = ctx;
    struct server_lease_list all = { 0 };
    instant                  now = clock_now(s->o.clock);
    if (!server_renew(db, s->held.node, s->held.token, instant_add(now, LEASE_MS), &s->is_kept, err) || !servers_all(db, &a, &all, err))
        return false;
    s->living = living_in(s, &a, &all, now);
    return true;
}

static bool leave_tx(struct db *db, void *ctx, struct err *err)
{
    const struct servers *s = ctx;
    return server_leave(db, s->held.node, s->held.token, err);
}

static bool in_tx(struct servers *s, db_work *work, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(s->o.pool);
    return db_tx(db, work, s, err);
}

bool servers_renew(struct servers *s, struct err *err)
{
    if (!in_tx(s, renew_tx, err))
        return false;
    if (s->is_kept)
        s->o.count(s->o.ctx, s->living);
    else
        s->o.lost(s->o.ctx);
    return true;
}

static void *keep(void *arg)
{
    struct servers *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->is_leaving) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += RENEW_S;
        if (pthread_cond_timedwait(&s->wake, &s->lock, &until) == 0 || s->is_leaving)
            continue;
        struct err err = { 0 };
        pthread_mutex_unlock(&s->lock);
        if (!servers_renew(s, &err))
            log_warn(s->o.log, "servers.renew", LOG_TEXT("error", err.item[0].text));
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void servers_free(struct servers *s)
{
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    arena_done(&s->arena);
    free(s);
}

bool servers_join(const struct servers_options *o, struct servers **out, struct err *err)
{
    *out = NULL;
    if (!db_is_postgres(o->pool))
        return true;
    struct servers *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(err, ERR_INTERNAL, NULL, "no memory");
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&s->lock, NULL);
    s->o          = *o;
    s->held.name  = str_print(&s->arena, "%s/%d %s", o->host, (int)getpid(), o->address);
    s->held.token = secret_token(&s->arena, 16);
    if (!in_tx(s, join_tx, err)) {
        servers_free(s);
        return false;
    }
    o->ids->node = (unsigned)s->held.node;
    o->count(o->ctx, s->living);
    log_info(o->log, "servers.joined", LOG_INT("node", s->held.node), LOG_INT("servers", s->living));
    s->is_running = pthread_create(&s->thread, NULL, keep, s) == 0;
    *out = s;
    return s->is_running || err_set(err, ERR_INTERNAL, NULL, "no thread for the lease of this server");
}

void servers_leave(struct servers *s)
{
    struct err err = { 0 };
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_leaving = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    if (s->is_running)
        pthread_join(s->thread, NULL);
    if (!in_tx(s, leave_tx, &err))
        log_warn(s->o.log, "servers.leave", LOG_TEXT("error", err.item[0].text));
    servers_free(s);
}

bool servers_let_migrate(struct db_pool *pool, instant now, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    bool parts = false;
    int  there = 0, version = 0;
    if (!db_is_postgres(pool))
        return true;                    /* one program alone has the file */
    if (!migrate_version(db, &version, err) || !migrate_parts(db, &parts, err))
        return false;
    if (parts && version >= SERVERS_SINCE && !servers_there(db, now, &there, err))
        return false;
    return !there || err_set(err, ERR_SETTING, "db", "%d server%s of an older version work%s on this database, and cannot work with what this "
                             "version would change: stop them first", there, there == 1 ? "" : "s", there == 1 ? "s" : "");
}
