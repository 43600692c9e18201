/* people_tool gen LEVEL WORLD SEED RECORDS - a CSV of made-up buyers, with the truth in the column "truth"
 * people_tool score TRUTH.csv RESULT.tsv   - pairwise precision, recall and F1 of `sauda dedupe`
 * people_tool time WHAT COMMAND…           - processor seconds and memory of the command, as rows of the bench
 */
#include "bench/bench.h"
#include "bench/people_gen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int generate(char **argv)
{
    int world = (int)strtol(argv[3], NULL, 10), level = 0;
    while (people_level_names[level] && strcmp(people_level_names[level], argv[2]) != 0)
        level++;
    if (level == PEOPLE_LEVELS)
        return 2;
    struct people_gen    *g = people_gen_new((enum people_level)level, world % PEOPLE_WORLDS, strtoull(argv[4], NULL, 10));
    struct people_record  r[PEOPLE_BATCH];
    long                  left = strtol(argv[5], NULL, 10);
    printf("id,source,name,phone,email,city,address,created,truth\n");
    while (left > 0) {
        int n = people_gen_next(g, r);
        for (int i = 0; i < n && left > 0; i++, left--)
            printf("%s,%s,\"%s\",\"%s\",\"%s\",\"%s\",\"%s\",%s,%u\n", r[i].id, r[i].source, r[i].name, r[i].phone, r[i].email, r[i].city,
                   r[i].address, r[i].created, r[i].person);
    }
    people_gen_done(g);
    return 0;
}

struct label { unsigned truth, found; };
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
static double pairs(double n) { return n * (n - 1) / 2; }

static int score(char **argv)
{
    FILE *truth = fopen(argv[2], "r"), *found = fopen(argv[3], "r");
    char  a[4096], b[4096];
    struct label *l = NULL;
    size_t n = 0, cap = 0;
    double both = 0, real = 0, said = 0;
    if (!truth || !found || !fgets(a, sizeof a, truth))
        return 2;
    while (fgets(a, sizeof a, truth) && fgets(b, sizeof b, found)) {
        if (n == cap)
            l = realloc(l, (cap = cap ? cap * 2 : 1024) * sizeof *l);
        l[n++] = (struct label){ (unsigned)strtoul(strrchr(a, ',') + 1, NULL, 10), (unsigned)strtoul(strrchr(b, '\t') + 1, NULL, 10) };
    }
    qsort(l, n, sizeof *l, by_both);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i; j < n && l[j].truth == l[i].truth; j++) { }
        real += pairs((double)(j - i));
        for (size_t k = i, m; k < j; k = m) {
            for (m = k; m < j && l[m].found == l[k].found; m++) { }
            both += pairs((double)(m - k));
        }
    }
    qsort(l, n, sizeof *l, by_found);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i; j < n && l[j].found == l[i].found; j++) { }
        said += pairs((double)(j - i));
    }
    printf("precision %.5f recall %.5f f1 %.5f (%zu rows)\n", said > 0 ? both / said : 1, real > 0 ? both / real : 1, 2 * both / (said + real), n);
    free(l);
    return 0;
}

/* `bounded`: the processor's time against the bound of `sauda dedupe`; else the clock's, of whatever it is, and nothing to compare with. */
static int measure(char **argv, bool bounded)
{
    double        since = bench_now();
    pid_t         child = fork();
    int           status = 0;
    struct rusage u;
    if (child == 0) {
        if (!bounded && !freopen("/dev/null", "w", stdout))
            _exit(126);
        execv(argv[3], argv + 3);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &u) < 0 || status != 0)
        return 1;
    double seconds = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    if (!bounded)
        bench_report(&(struct bench_row){ argv[2], "s", bench_now() - since, 0, 0, 0, true });
    bench_report(&(struct bench_row){ bounded ? argv[2] : "  processor", "s of CPU", seconds, 0, bounded ? 15 : 0, bounded ? 5 : 0, true });
    bench_report(&(struct bench_row){ "  memory at most", "MB", (double)u.ru_maxrss / 1024, 0, bounded ? 1024 : 0, 0, true });
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "gen") == 0)
        return generate(argv);
    if (argc == 4 && strcmp(argv[1], "score") == 0)
        return score(argv);
    if (argc >= 4 && (strcmp(argv[1], "time") == 0 || strcmp(argv[1], "took") == 0))
        return measure(argv, strcmp(argv[1], "time") == 0);
    fprintf(stderr, "usage: people_tool gen LEVEL WORLD SEED RECORDS | score TRUTH.csv RESULT.tsv | time|took WHAT COMMAND\n");
    return 2;
}
