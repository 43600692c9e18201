/* write_queue.h - transactions that wait for the one thread of their database that writes. */
#pragma once
#include "db/db_driver.h"
#include <stdatomic.h>

/* One db_tx on its way through the writer; lives on the stack of the thread that waits for it. */
struct write_job {
    struct write_job *next;
    db_work          *work;
    void             *ctx;
    struct err       *err;
    bool              ok;
    bool              again;            /* nothing of it was stored, and another try may succeed */
    int64_t           statements;
    _Atomic uint32_t  done;
};

struct write_queue {
    _Atomic(struct write_job *) last;   /* last come first */
    _Atomic uint32_t  sleeping;
    _Atomic bool      stop;
};

/* Hands the job over and waits until it is done. */
void queue_run(struct write_queue *, struct write_job *);
/* What waits, first come first. take: NULL when there is nothing; wait: NULL when it is stopped. `idle` (NULL: nothing) is called once when nothing
 * has come for a second. */
struct write_job *queue_take(struct write_queue *);
struct write_job *queue_wait(struct write_queue *, void (*idle)(void *ctx), void *ctx);
void queue_stop(struct write_queue *);
/* Their owners go on; the jobs are theirs again. */
void jobs_wake(struct write_job *);

void futex_wait(_Atomic uint32_t *at, uint32_t while_value);
void futex_wake(_Atomic uint32_t *at);
