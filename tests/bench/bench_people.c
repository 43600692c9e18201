/* bench_people - how well and how fast people are told apart: precision, recall and F1 of pairs over two made-up worlds, the
 * batch, and a new record against two million. BENCH_PEOPLE sets the records of a quality set (default 30000). */
#include "bench/bench.h"
#include "bench/people_gen.h"
#include "base/instant.h"
#include "identity/cluster.h"

#include <stdio.h>
#include <stdlib.h>

#define ARENA_MAX ((size_t)8 << 30)

struct set {
    struct arena       arena;
    struct person     *p;
    uint32_t          *truth;
    int                count;
    struct name_counts counts;
};

static void set_make(struct set *s, enum people_level level, int world, uint64_t seed, int count)
{
    CLEANUP(arena_done) struct arena scratch = { 0 };
    struct people_gen    *g = people_gen_new(level, world, seed);
    struct people_record  r[PEOPLE_BATCH];
    *s = (struct set){ .arena = { .ceiling_bytes = ARENA_MAX } };
    s->p     = arena_raw(&s->arena, sizeof *s->p * (size_t)count);
    s->truth = arena_raw(&s->arena, sizeof *s->truth * (size_t)count);
    while (s->count < count) {
        int n = people_gen_next(g, r);
        for (int i = 0; i < n && s->count < count; i++) {
            struct person_record one = { .id = s->count + 1, .source = str_of(r[i].source), .name = str_of(r[i].name), .phone = str_of(r[i].phone),
                                         .email = str_of(r[i].email), .city = str_of(r[i].city), .address = str_of(r[i].address) };
            if (!date_parse(str_of(r[i].created), &one.created))
                abort();
            person_read(&scratch, &one, STR("KZ"), NULL, &s->p[s->count]);
            person_counts_add(&s->counts, &s->arena, &s->p[s->count], 1);
            s->truth[s->count++] = r[i].person;
        }
        arena_reset(&scratch);
    }
    people_gen_done(g);
}

static int *clusters_of(struct set *s, bool safe)
{
    struct pair_weights   weights = safe ? pair_weights_default : pair_weights_file;
    struct limits         limits  = safe ? limits_default : limits_file;
    struct identity_rules rules   = { .weights = &weights, .limits = &limits, .counts = &s->counts };
    int *cluster = arena_raw(&s->arena, sizeof *cluster * (size_t)(s->count + 1));
    identity_mark_shared(&s->arena, s->p, s->count);
    if (!safe)
        identity_estimate(&s->arena, s->p, s->count, &s->counts, &weights, &limits);
    identity_cluster(&s->arena, s->p, s->count, NULL, 0, &rules, cluster, NULL);
    return cluster;
}

/* ---- how well ---- */

struct label { uint32_t truth, found; };
static int by_both(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    return x->truth != y->truth ? (x->truth < y->truth ? -1 : 1) : x->found < y->found ? -1 : x->found > y->found;
}
static int by_found(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    return x->found < y->found ? -1 : x->found > y->found;
}
static double pairs_of(double n) { return n * (n - 1) / 2; }

struct figures { double precision, recall; };
static struct figures figures_of(struct set *s, const int *cluster)
{
    struct label *l = arena_raw(&s->arena, sizeof *l * (size_t)s->count);
    double        both = 0, said = 0, real = 0;
    for (int i = 0; i < s->count; i++)
        l[i] = (struct label){ s->truth[i], (uint32_t)cluster[i] };
    qsort(l, (size_t)s->count, sizeof *l, by_both);
    for (int i = 0, j; i < s->count; i = j) {
        for (j = i; j < s->count && l[j].truth == l[i].truth;)
            j++;
        real += pairs_of(j - i);
        for (int k = i, m; k < j; k = m) {
            for (m = k; m < j && l[m].found == l[k].found;)
                m++;
            both += pairs_of(m - k);
        }
    }
    qsort(l, (size_t)s->count, sizeof *l, by_found);
    for (int i = 0, j; i < s->count; i = j) {
        for (j = i; j < s->count && l[j].found == l[i].found;)
            j++;
        said += pairs_of(j - i);
    }
    return (struct figures){ said > 0 ? both / said : 1, real > 0 ? both / real : 1 };
}

static void measure_quality(int count)
{
    static const struct bar { double precision, precision_aim, recall, recall_aim; } bars[] = {
        { 0.999, 0.9999, 0.985, 0.995 }, { 0.985, 0.992, 0.94, 0.965 }, { 0.955, 0.975, 0.85, 0.89 }
    };
    for (int world = 0; world < PEOPLE_WORLDS; world++)
        for (int level = 0; level < PEOPLE_LEVELS; level++) {
            struct set s;
            char       what[3][64];
            set_make(&s, (enum people_level)level, world, 1, count);
            struct figures safe = figures_of(&s, clusters_of(&s, true)), best = figures_of(&s, clusters_of(&s, false));
            const struct bar *b = &bars[level];
            snprintf(what[0], sizeof what[0], "people, %s set, world %d: precision", people_level_names[level], world + 1);
            snprintf(what[1], sizeof what[1], "  F1");
            snprintf(what[2], sizeof what[2], "  --safe: precision");
            bench_report(&(struct bench_row){ what[0], "%", 100 * best.precision, 0, 100 * b->precision, 100 * b->precision_aim, false });
            bench_report(&(struct bench_row){ "  recall", "%", 100 * best.recall, 0, 100 * b->recall, 100 * b->recall_aim, false });
            bench_report(&(struct bench_row){ what[1], "%", 200 * best.precision * best.recall / (best.precision + best.recall), 0, 0, 0, false });
            bench_report(&(struct bench_row){ what[2], "%", 100 * safe.precision, 0, 99.5, 99.9, false });
            bench_report(&(struct bench_row){ "  --safe: recall", "%", 100 * safe.recall, 0, 0, 0, false });
            arena_done(&s.arena);
        }
}

/* ---- how fast: one new record ---- */

struct entry { uint64_t key; uint32_t record; };
static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->record < y->record ? -1 : x->record > y->record;
}

struct index { struct entry *at; int64_t count; };
static struct index index_make(struct set *s, int known)
{
    struct index x = { .at = arena_raw(&s->arena, sizeof *x.at * (size_t)known * 14) };
    uint64_t     keys[PERSON_KEYS_MAX];
    for (int i = 0; i < known; i++)
        for (int k = person_keys(&s->p[i], keys) - 1; k >= 0 && x.count < (int64_t)known * 14; k--)
            x.at[x.count++] = (struct entry){ keys[k], (uint32_t)i };
    qsort(x.at, (size_t)x.count, sizeof *x.at, by_key);
    return x;
}

#define REACH 400
static int reach(const struct set *s, const struct index *x, const struct person *one, struct person *out, int64_t *cluster)
{
    uint64_t keys[PERSON_KEYS_MAX];
    uint32_t seen[REACH];
    int      n = 0;
    for (int k = person_keys(one, keys) - 1; k >= 0; k--) {
        int64_t low = 0, high = x->count;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (x->at[middle].key < keys[k])
                low = middle + 1;
            else
                high = middle;
        }
        if (low + BLOCK_HOT < x->count && x->at[low + BLOCK_HOT].key == keys[k])
            continue;
        for (; low < x->count && x->at[low].key == keys[k] && n < REACH; low++) {
            bool twice = false;
            for (int i = 0; i < n && !twice; i++)
                twice = seen[i] == x->at[low].record;
            if (twice)
                continue;
            seen[n]      = x->at[low].record;
            out[n]       = s->p[seen[n]];
            cluster[n]   = s->truth[seen[n]];
            n++;
        }
    }
    return n;
}

static void measure_online(int known, int asked)
{
    struct set s;
    set_make(&s, PEOPLE_HARD, 1, 3, known + asked);
    identity_mark_shared(&s.arena, s.p, s.count);
    struct index          x     = index_make(&s, known);
    struct identity_rules rules = { .counts = &s.counts };
    struct person        *near  = ARENA_ARRAY(&s.arena, struct person, REACH);
    int64_t              *cluster = ARENA_ARRAY(&s.arena, int64_t, REACH), looked = 0;
    double               *took  = ARENA_ARRAY(&s.arena, double, asked);
    for (int i = 0; i < asked; i++) {
        struct identity_place out[8];
        double                from = bench_now();
        int                   n = reach(&s, &x, &s.p[known + i], near, cluster);
        identity_place(&s.p[known + i], near, cluster, n, NULL, 0, &rules, out, 8);
        took[i] = (bench_now() - from) * 1000;
        looked += n;
    }
    double middle = bench_median(took, asked), late = took[(int64_t)asked * 99 / 100];
    char   what[64];
    snprintf(what, sizeof what, "a new record against %d, in memory: p99", known);
    bench_report(&(struct bench_row){ what, "ms", late, 0, 5, 1, true });
    bench_report(&(struct bench_row){ "  middle", "ms", middle, 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  comparisons a record", "", (double)looked / asked, 0, 50, 0, true });
    arena_done(&s.arena);
}

int main(void)
{
    measure_quality((int)bench_env("BENCH_PEOPLE", 30000));
    measure_online((int)bench_env("BENCH_KNOWN", 2000000), 20000);
    return 0;
}
