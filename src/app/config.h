/* config.h - what the program is told from outside: defaults, then the file, then the environment (SAUDA_LISTEN), then flags.
 *
 * File: "key = value" lines, # comments. Unknown keys stop the start. `sauda config` prints what is in force and where it came
 * from, without secrets (a password in a database address is shown as •••).
 */
#pragma once
#include "record/record.h"

struct config {
    str     home;                       /* data folder: ~/.local/share/sauda, or $SAUDA_HOME */
    str     db;                         /* "sqlite:FILE" or "postgresql://…"; default sqlite:<home>/sauda.db */
    str     listen;                     /* "127.0.0.1:8080" */
    str     key_file;                   /* default <home>/sauda.key */
    str     log_level;                  /* debug info warn error */
    bool    allow_private_hosts;        /* channels and hooks on private addresses: the sandbox */
    str     mail_ca_file;               /* whom the mail relay's certificate is trusted from; empty: whom the system trusts */
    bool    sync;                       /* talk to the markets */
    int64_t request_threads;
    int64_t audit_days;                 /* how long the log of changes is kept */
    bool    sync_normal;                /* SQLite synchronous=NORMAL */
    str     clock;                      /* tests and demo: "2026-12-16T04:04:00Z" stands still, "…Z+" runs on from there */
    str     control_token;              /* tests: opens /test/… routes (clock, run jobs); empty: they do not exist */
};
extern const struct record config_record;

struct flag { str name, value; };
/* Fills `out` in the arena; *source[i] says where field i came from ("default", "file", "environment", "flag"). ERR_SETTING. */
MUST_CHECK bool config_load(struct arena *, const char *file, const struct flag *flags, int count, struct config *out,
                            const char **sources, struct err *);
/* "127.0.0.1:8080" or "[::1]:8080" */
MUST_CHECK bool config_listen(str listen, str *address, int *port, struct err *);
