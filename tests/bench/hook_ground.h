/* hook_ground.h - what the notifications go to: a database for the server and one for the bare library, both of them new. */
#pragma once
#include "base/str.h"

struct bare;
struct hook_ground {
    const char  *environment[8];        /* of the server */
    struct bare *bare;
    char         places[2][600];        /* files, or addresses: ours, then the bare one */
    bool         is_postgres;
    char         db[700], home[700];
};

/* `postgres`: address of a PostgreSQL whose settings may be changed, or NULL for files; `tells`: an address is to be told of new
 * orders (PostgreSQL). They end the process when something fails. */
void hook_ground_make(struct hook_ground *, const char *postgres, bool tells);
void hook_ground_bare(struct hook_ground *);             /* once the server stands on its own */
void hook_ground_leave(struct hook_ground *);
long long hook_ground_number(const struct hook_ground *, const char *sql);       /* of ours; PostgreSQL only */
