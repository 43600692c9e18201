/* write_queue.c - how transactions get to the thread that writes, and how their owners learn what became of them. */
#include "db/write_queue.h"
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void futex_wait(_Atomic uint32_t *at, uint32_t while_value)
{
    syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, while_value, NULL, NULL, 0);
}

void futex_wake(_Atomic uint32_t *at)
{
    syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void writer_wake(struct write_queue *q)
{
    if (atomic_exchange(&q->sleeping, 0))
        futex_wake(&q->sleeping);
}

void queue_run(struct write_queue *q, struct write_job *job)
{
    job->next = atomic_load(&q->last);
    while (!atomic_compare_exchange_weak(&q->last, &job->next, job))
        ;
    writer_wake(q);
    while (!atomic_load(&job->done))
        futex_wait(&job->done, 0);
}

struct write_job *queue_take(struct write_queue *q)
{
    struct write_job *from = atomic_exchange(&q->last, NULL), *to = NULL;
    while (from) {
        struct write_job *next = from->next;
        from->next = to;
        to   = from;
        from = next;
    }
    return to;
}

/* False: a second has gone by. */
static bool futex_wait_second(_Atomic uint32_t *at, uint32_t while_value)
{
    struct timespec second = { .tv_sec = 1 };
    return syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, while_value, &second, NULL, 0) == 0 || errno != ETIMEDOUT;
}

struct write_job *queue_wait(struct write_queue *q, void (*idle)(void *ctx), void *ctx)
{
    for (bool told = !idle;;) {
        struct write_job *job = queue_take(q);
        if (job || atomic_load(&q->stop))
            return job;
        atomic_store(&q->sleeping, 1);
        if (atomic_load(&q->last) || atomic_load(&q->stop))
            atomic_store(&q->sleeping, 0);
        else if (told)
            futex_wait(&q->sleeping, 1);
        else if (!futex_wait_second(&q->sleeping, 1)) {
            told = true;
            idle(ctx);
        }
    }
}

void queue_stop(struct write_queue *q)
{
    atomic_store(&q->stop, true);
    writer_wake(q);
}

void jobs_wake(struct write_job *list)
{
    while (list) {
        struct write_job *next = list->next;             /* the job is gone once its owner sees `done` */
        _Atomic uint32_t *done = &list->done;
        atomic_store(done, 1);
        futex_wake(done);
        list = next;
    }
}
