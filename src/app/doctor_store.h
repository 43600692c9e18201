/* doctor_store.h - what an installation tells about how it is: few figures, each by an index. */
#pragma once
#include "db/db.h"

struct doctor_figures {
    int64_t owners;                     /* users who are owners and may sign in */
    int64_t users;
    int64_t parked;                     /* records of marketplaces that wait, at most 1000 counted */
    int64_t dead;                       /* commands given up */
    instant waiting_since;              /* oldest command that should have gone; 0: none */
    int64_t hooks_stopped, hooks_dead;  /* webhooks switched off by us, deliveries given up */
    int64_t notices_late;               /* sends that are due and were tried more than once */
    int64_t clock_ms;                   /* PostgreSQL: the time there; 0 on SQLite */
};
MUST_CHECK bool doctor_figures(struct db *, instant now, struct doctor_figures *out, struct err *);
