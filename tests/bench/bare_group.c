/* bare_group.c - group commit as one would write it by hand, over either bare library. */
#include "bench/bare.h"

#include "bench/bench.h"

#include <pthread.h>
#include <stdlib.h>

struct group {
    struct bare      *b;
    pthread_mutex_t   lock;
    pthread_cond_t    queued, done;
    int               orders, handed, stored;   /* orders are numbered as they are handed over */
    double           *waits;
};

static void *group_writer(void *arg)
{
    struct group *g = arg;
    pthread_mutex_lock(&g->lock);
    while (g->stored < g->orders) {
        while (g->handed == g->stored)
            pthread_cond_wait(&g->queued, &g->lock);
        int from = g->stored, to = g->handed;
        pthread_mutex_unlock(&g->lock);
        g->b->commit(g->b, from, to, g->orders);
        pthread_mutex_lock(&g->lock);
        g->stored = to;
        pthread_cond_broadcast(&g->done);
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

static void *group_client(void *arg)
{
    struct group *g = arg;
    pthread_mutex_lock(&g->lock);
    while (g->handed < g->orders) {
        int    mine  = g->handed++;
        double start = bench_now();
        pthread_cond_signal(&g->queued);
        while (g->stored <= mine)
            pthread_cond_wait(&g->done, &g->lock);
        g->waits[mine] = bench_now() - start;
    }
    pthread_mutex_unlock(&g->lock);
    return NULL;
}

double bare_group(struct bare *b, int orders, int clients, double *waits)
{
    struct group g = { .b = b, .orders = orders, .waits = waits, .lock = PTHREAD_MUTEX_INITIALIZER,
                       .queued = PTHREAD_COND_INITIALIZER, .done = PTHREAD_COND_INITIALIZER };
    pthread_t  writer, *threads = calloc((size_t)clients, sizeof *threads);
    double     start = bench_now();
    pthread_create(&writer, NULL, group_writer, &g);
    for (int i = 0; i < clients; i++)
        pthread_create(&threads[i], NULL, group_client, &g);
    for (int i = 0; i < clients; i++)
        pthread_join(threads[i], NULL);
    pthread_join(writer, NULL);
    free(threads);
    return bench_now() - start;
}

void bare_load(struct bare *b) { b->load(b); }
double bare_insert(struct bare *b, int batches) { return b->insert(b, batches); }
