/* metric.h - counters, gauges and histograms, and their text exposition (Prometheus format). Atomics; any thread. */
#pragma once
#include "base/buf.h"

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_SECONDS };   /* SECONDS: histogram of microseconds, shown in seconds */
struct metric_def { const char *name, *help, *label; enum metric_kind kind; };   /* label: one label name or NULL */

enum metric {
    METRIC_HTTP_REQUESTS,   /* label: "GET /api/queue 200" pieces joined by the router */
    METRIC_HTTP_SECONDS,
    METRIC_DB_STATEMENTS,
    METRIC_DB_TX,
    METRIC_DB_TX_SECONDS,
    METRIC_DB_RETRIES,
    METRIC_JOBS,            /* label: kind and result */
    METRIC_OUTBOX_AGE,      /* gauge: seconds of the oldest waiting row */
    METRIC_CHANNEL_CALLS,   /* label: channel and result */
    METRIC_INTAKE_EVENTS,   /* label: result */
    METRIC_LIVE_STREAMS,    /* gauge */
    METRIC_COUNT
};

/* Label values come from small fixed sets (route patterns, channel names): at most 256 series a metric, the rest count as "other". */
void metric_count(enum metric, const char *label, int64_t by);
void metric_set(enum metric, const char *label, int64_t value);
void metric_observe(enum metric, const char *label, int64_t us);
void metric_write(struct buf *out);
