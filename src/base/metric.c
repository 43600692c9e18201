#include "base/metric.h"

#include <pthread.h>
#include <stdatomic.h>

#define SERIES_MAX  256
#define LABEL_BYTES 96

/* Upper ends in microseconds; beyond the last is +Inf. */
static const int64_t bucket_us[] = { 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000,
                                     5000000, 10000000, 30000000 };
static const char *const bucket_s[] = { "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1",
                                        "0.25", "0.5", "1", "2.5", "5", "10", "30" };
#define BUCKETS COUNT_OF(bucket_us)
_Static_assert(COUNT_OF(bucket_s) == BUCKETS, "a text per bucket");

// clang-format off
static const struct metric_def defs[] = {
    [METRIC_HTTP_REQUESTS] = { "sauda_http_requests_total",     "Requests answered, by route and status.",            "route",  METRIC_COUNTER },
    [METRIC_HTTP_SECONDS]  = { "sauda_http_seconds",            "Time from the whole request to the answer.",         "route",  METRIC_SECONDS },
    [METRIC_DB_STATEMENTS] = { "sauda_db_statements_total",     "Statements run.",                                    NULL,     METRIC_COUNTER },
    [METRIC_DB_TX]         = { "sauda_db_transactions_total",   "Transactions committed.",                            NULL,     METRIC_COUNTER },
    [METRIC_DB_TX_SECONDS] = { "sauda_db_transaction_seconds",  "Time of a transaction, waiting included.",           NULL,     METRIC_SECONDS },
    [METRIC_DB_RETRIES]    = { "sauda_db_retries_total",        "Transactions run again after a conflict.",           NULL,     METRIC_COUNTER },
    [METRIC_JOBS]          = { "sauda_jobs_total",              "Jobs ended, by kind and result.",                    "job",    METRIC_COUNTER },
    [METRIC_OUTBOX_AGE]    = { "sauda_outbox_age_seconds",      "Age of the oldest message that waits to be sent.",   NULL,     METRIC_GAUGE },
    [METRIC_CHANNEL_CALLS] = { "sauda_channel_calls_total",     "Calls to marketplaces, by channel and result.",      "call",   METRIC_COUNTER },
    [METRIC_INTAKE_EVENTS] = { "sauda_intake_events_total",     "Events taken in, by result.",                        "result", METRIC_COUNTER },
    [METRIC_LIVE_STREAMS]  = { "sauda_live_streams",            "Open live streams.",                                 NULL,     METRIC_GAUGE },
};
// clang-format on
_Static_assert(COUNT_OF(defs) == METRIC_COUNT, "a row per metric");

struct series {
    atomic_bool     is_taken;           /* set last: then the label stays as it is */
    char            label[LABEL_BYTES];
    _Atomic int64_t value;              /* count, level, or sum of microseconds */
    _Atomic int64_t bucket[BUCKETS + 1];
};

/* Counters of the whole process; the last series of each metric is "other". Pages that nobody touches cost nothing. */
static struct series   table[METRIC_COUNT][SERIES_MAX + 1];
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned label_hash(str label)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < label.len; i++)
        h = (h ^ (unsigned char)label.at[i]) * 16777619u;
    return h;
}

/* The slot of the label, or the free one where it belongs, or NULL when all are taken by others. */
static struct series *slot_of(struct series *row, str label)
{
    unsigned first = label_hash(label);
    for (unsigned i = 0; i < SERIES_MAX; i++) {
        struct series *s = &row[(first + i) % SERIES_MAX];
        if (!atomic_load_explicit(&s->is_taken, memory_order_acquire) || str_is(label, s->label))
            return s;
    }
    return NULL;
}

static struct series *series_of(enum metric metric, const char *label)
{
    struct series *row  = table[metric];
    str            want = utf8_cut(str_of(label), LABEL_BYTES - 1);
    struct series *s    = slot_of(row, want);
    if (s && atomic_load_explicit(&s->is_taken, memory_order_acquire))
        return s;
    pthread_mutex_lock(&table_lock);
    s = slot_of(row, want);
    if (!s) {
        s    = &row[SERIES_MAX];
        want = STR("other");
    }
    if (!atomic_load_explicit(&s->is_taken, memory_order_relaxed)) {
        if (want.len)
            memcpy(s->label, want.at, want.len);
        atomic_store_explicit(&s->is_taken, true, memory_order_release);
    }
    pthread_mutex_unlock(&table_lock);
    return s;
}

void metric_count(enum metric metric, const char *label, int64_t by)
{
    atomic_fetch_add_explicit(&series_of(metric, label)->value, by, memory_order_relaxed);
}

void metric_set(enum metric metric, const char *label, int64_t value)
{
    atomic_store_explicit(&series_of(metric, label)->value, value, memory_order_relaxed);
}

void metric_observe(enum metric metric, const char *label, int64_t us)
{
    struct series *s = series_of(metric, label);
    int            i = 0;
    while (i < BUCKETS && us > bucket_us[i])
        i++;
    atomic_fetch_add_explicit(&s->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->value, us, memory_order_relaxed);
}

/* {route="GET /api/queue 200",le="0.1"} — each part only when there is one. */
static void labels_write(struct buf *out, const struct metric_def *def, const struct series *s, const char *le)
{
    bool has_label = def->label && *s->label;
    if (!has_label && !le)
        return;
    buf_add_char(out, '{');
    if (has_label) {
        buf_print(out, "%s=\"", def->label);
        for (const char *c = s->label; *c; c++) {
            if (*c == '\n') {
                buf_add(out, STR("\\n"));
                continue;
            }
            if (*c == '"' || *c == '\\')
                buf_add_char(out, '\\');
            buf_add_char(out, *c);
        }
        buf_add_char(out, '"');
    }
    if (le)
        buf_print(out, "%sle=\"%s\"", has_label ? "," : "", le);
    buf_add_char(out, '}');
}

static void line_write(struct buf *out, const struct metric_def *def, const char *suffix, const struct series *s, const char *le, int64_t n)
{
    buf_print(out, "%s%s", def->name, suffix);
    labels_write(out, def, s, le);
    buf_add_char(out, ' ');
    buf_add_int(out, n);
    buf_add_char(out, '\n');
}

static void seconds_write(struct buf *out, const struct metric_def *def, struct series *s)
{
    int64_t count = 0, us = atomic_load_explicit(&s->value, memory_order_relaxed);
    for (int i = 0; i <= BUCKETS; i++) {
        count += atomic_load_explicit(&s->bucket[i], memory_order_relaxed);
        line_write(out, def, "_bucket", s, i < BUCKETS ? bucket_s[i] : "+Inf", count);
    }
    buf_print(out, "%s_sum", def->name);
    labels_write(out, def, s, NULL);
    buf_print(out, " %lld.%06lld\n", (long long)(us / 1000000), (long long)(us % 1000000));
    line_write(out, def, "_count", s, NULL, count);
}

void metric_write(struct buf *out)
{
    static const char *const types[] = { [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_SECONDS] = "histogram" };
    for (int m = 0; m < METRIC_COUNT; m++) {
        const struct metric_def *def = &defs[m];
        buf_print(out, "# HELP %s %s\n# TYPE %s %s\n", def->name, def->help, def->name, types[def->kind]);
        for (int i = 0; i <= SERIES_MAX; i++) {
            struct series *s = &table[m][i];
            if (!atomic_load_explicit(&s->is_taken, memory_order_acquire))
                continue;
            if (def->kind == METRIC_SECONDS)
                seconds_write(out, def, s);
            else
                line_write(out, def, "", s, NULL, atomic_load_explicit(&s->value, memory_order_relaxed));
        }
    }
}
