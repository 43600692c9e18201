/* write_queue.c - how transactions get to the thread that writes, and how their owners learn what became of them. */
#include "db/write_queue.h"
#include <linux/futex.h>
#include <sys/syscall.h>
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

struct write_job *queue_wait(struct write_queue *q)
{
    for (;;) {
        struct write_job *job = queue_take(q);
        if (job || atomic_load(&q->stop))
            return job;
        atomic_store(&q->sleeping, 1);
        if (atomic_load(&q->last) || atomic_load(&q->stop))
            atomic_store(&q->sleeping, 0);
        else
            futex_wait(&q->sleeping, 1);
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
