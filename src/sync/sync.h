/* sync.h - runs any connector: pulls orders, sends commands, ticks zones, tidies up. All the waiting, pacing and retrying is here.
 *
 * Work is found in tables (streams that are due, commands that are due, zones that change) and taken under a lease, so several
 * servers share it and a killed one loses nothing: what it had taken is free again when it starts anew, or when the lease is over.
 * Threads of the engine take one piece of work at a time; without threads the same pieces can be run one by one (tests, command
 * line). No transaction is open while we talk to a market (asserted).
 *
 *     struct sync_options o = { .pool = pool, .ids = &ids, .clock = &clock, .log = &log, .shop = newest_shop, .client = &client, … };
 *     struct sync_engine *e = sync_open(&o, &err);      // sync_start(e) for threads; sync_turn(e) by hand
 */
#pragma once
#include "db/work.h"
#include "net/http_client.h"
#include "accounts/user.h"
#include "net/pace.h"
#include "net/smtp.h"
#include "sync/channel_account_store.h"

struct sync_engine;
struct request;
/* Defined by the program: the engine that serves its routes. */
struct sync_engine *request_sync(const struct request *);

struct sync_options {
    struct db_pool      *pool;
    struct id_source    *ids;
    const struct clock  *clock;
    const struct log    *log;
    const struct shop *(*shop)(void *ctx);               /* the newest snapshot */
    void               (*rules_changed)(void *ctx);      /* a job has changed what a snapshot holds; NULL: nobody is told */
    void                *ctx;
    struct http_client  *client;
    struct mail_client  *mail;          /* NULL: the real one */
    struct secret_key    key;           /* that seals settings */
    const struct channel *const *channels;               /* NULL: channels/channels.c */
    const char          *server;        /* what tells this server from others on its host, the same after a restart: its address and port.
                                         * NULL: the process id; what a killed server had taken then waits for the lease to end. */
    int64_t              audit_days;    /* rows of the log of changes are kept so long; 0 = three years */
    int                  workers;       /* threads of sync_start; 0 = 4 */
    bool                 allow_private_hosts;
    str                  mail_ca_file;  /* of the mail relay's authority; empty: the system's */
    /* How a thread waits for its turn at a market; NULL: by sleeping. Tests move their clock instead. */
    void               (*pause)(void *ctx, int64_t ms);
};

/* Makes rows for streams that have none. */
MUST_CHECK bool sync_open(const struct sync_options *, struct sync_engine **out, struct err *);
/* Frees what this server had taken before it was killed. Only when no other of the same name can be running: the port is ours. */
MUST_CHECK bool sync_reclaim(struct sync_engine *, struct err *);
/* Reclaims and starts the threads; after the server listens. */
MUST_CHECK bool sync_start(struct sync_engine *, struct err *);
/* Aborts calls that are under way (the client must be stopped before), ends the threads. sync_close does it too. */
void sync_stop(struct sync_engine *);
void sync_close(struct sync_engine *);
/* Something may be due now: after a commit that made work. Any thread, quick; fits db_after_commit. */
void sync_wake(void *engine);

const struct channel *sync_channel(const struct sync_engine *, str name);
const struct channel *const *sync_channels(const struct sync_engine *);
const struct sync_options *sync_options_of(const struct sync_engine *);
struct pacer *sync_pacer(struct sync_engine *);

/* ---- pieces of work, without threads ---- */

/* Does everything that is due now, at most `max` pieces (0: 1000); how many were done. */
int sync_turn(struct sync_engine *, int max);
/* Work with the clock's time, for the functions below. Given back by sync_work_end. */
struct work sync_work_begin(struct sync_engine *, struct arena *);
void sync_work_end(struct work *);

struct pull_counts { int steps, events, known, created, changed, same, parked, older; };
/* One run of a stream from its cursor to its end. False with what ended it; the account's state and the next time are stored. */
MUST_CHECK bool sync_pull(struct sync_engine *, struct work *, rid account_id, str stream, struct pull_counts *out, struct err *);
/* Sends due commands of an account; *sent says how many were dealt with. */
MUST_CHECK bool sync_push(struct sync_engine *, struct work *, rid account_id, int *sent, struct err *);

/* Parked events: of one status key that has become known, or all of the account (empty key), or one by its id. */
struct reapply_counts { int tried, applied, parked; };
MUST_CHECK bool sync_reapply(struct sync_engine *, struct work *, rid account_id, str status_key, struct reapply_counts *out, struct err *);
MUST_CHECK bool sync_reapply_one(struct sync_engine *, struct work *, rid event_id, bool *applied, struct err *);

/* Tries a connection without storing anything. The account needs channel, base_url; `settings` are opened ones. */
MUST_CHECK bool sync_check(struct sync_engine *, struct work *, const struct channel_account *, const struct setting_value_list *settings,
                           struct check *out, struct err *);

/* Asks Telegram who this bot is. ERR_CHANNEL_AUTH, ERR_CHANNEL_DOWN, ERR_CHANNEL_REFUSED. */
MUST_CHECK bool tell_check_bot(struct sync_engine *, struct work *, str base, str token, str *name, struct err *);
/* Sends the code that proves an address, at once. ERR_CHANNEL_REFUSED with the relay's words. */
MUST_CHECK bool tell_code(struct sync_engine *, struct work *, str address, enum language, str code, struct err *);

/* A notification of a market. ERR_NOT_FOUND for a wrong account or secret: strangers learn nothing. */
struct hook_result;
MUST_CHECK bool sync_hook(struct sync_engine *, struct work *, rid account_id, str secret, const struct http_header_list *, str body,
                          struct hook_result *out, struct err *);
