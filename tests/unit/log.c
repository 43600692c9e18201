/* Log lines and metrics: what machines read about us. */
#include "base/json_read.h"
#include "base/log.h"
#include "base/metric.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

static void a_line_is_one_json_object_whatever_is_put_in(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct clock clock = { 0 };
    int    ends[2];
    char   big[20000], got[40000];
    clock_freeze(&clock, (instant){ 1797393840000 });
    memset(big, 'x', sizeof big);
    assert_int_equal(pipe(ends), 0);
    struct log log = { .fd = ends[1], .level = LOG_INFO, .clock = &clock, .context = "7f3k2m" };
    log_debug(&log, "not.seen", LOG_INT("n", 1));
    log_info(&log, "order.stored", LOG_TEXT("number", "D-\"1\"\n"), LOG_INT("lines", -3), LOG_STR("bad", STR("\xFFЖ")));
    log_error(&log, "big", LOG_STR("text", ((str){ big, sizeof big })), LOG_STR("none", ((str){ 0 })));
    close(ends[1]);
    size_t  len = 0;
    ssize_t n;
    while ((n = read(ends[0], got + len, sizeof got - len)) > 0)
        len += (size_t)n;
    close(ends[0]);
    str rest = { got, len }, line;
    assert_true(str_split(&rest, '\n', &line));
    assert_true(str_is(line, "{\"at\":\"2026-12-16T04:04:00Z\",\"level\":\"info\",\"event\":\"order.stored\",\"context\":\"7f3k2m\","
                             "\"number\":\"D-\\\"1\\\"\\n\",\"lines\":-3,\"bad\":\"\xEF\xBF\xBDЖ\"}"));
    assert_true(str_split(&rest, '\n', &line));
    const struct json *root;
    struct err err = { 0 };
    assert_true(json_read(&a, line, 1 << 20, &root, &err));
    assert_int_equal(json_str(json_get(root, "text")).len, 2000);
    assert_int_equal(rest.len, 0);
    struct log silent = { .fd = -1 };
    log_error(&silent, "nothing", LOG_INT("n", 1));
    log_error((struct log *)NULL, "nothing", LOG_INT("n", 1));
    log_warn(&silent, "no.pairs");
}

static void *count_much(void *nothing)
{
    char label[16];
    for (int i = 0; i < 30000; i++) {
        snprintf(label, sizeof label, "kind%d", i % 300);
        metric_count(METRIC_JOBS, label, 1);
        metric_observe(METRIC_DB_TX_SECONDS, NULL, i);
    }
    return nothing;
}

static void metrics_add_up_over_threads_and_stay_bounded(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_much, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    metric_count(METRIC_CHANNEL_CALLS, "a\"b\\c\nd", 5);
    metric_set(METRIC_OUTBOX_AGE, NULL, 12);
    metric_set(METRIC_OUTBOX_AGE, NULL, 7);
    metric_observe(METRIC_HTTP_SECONDS, "GET /health 200", 1500000);
    struct buf b = buf_in(&a);
    metric_write(&b);
    str     rest = buf_str(&b), line;
    int64_t total = 0, n;
    int     series = 0;
    while (str_split(&rest, '\n', &line)) {
        if (!str_starts(line, STR("sauda_jobs_total{")))
            continue;
        assert_true(str_to_int(str_sub(line, (size_t)str_find(line, STR("} ")) + 2, line.len), &n));
        total += n;
        series++;
    }
    assert_int_equal(total, 4 * 30000);
    assert_int_equal(series, 257);
    str all = buf_str(&b);
    static const char *const lines[] = {
        "# TYPE sauda_jobs_total counter\n", "sauda_jobs_total{job=\"other\"} ",
        "sauda_channel_calls_total{call=\"a\\\"b\\\\c\\nd\"} 5\n", "sauda_outbox_age_seconds 7\n",
        "sauda_db_transaction_seconds_count 120000\n", "sauda_db_transaction_seconds_bucket{le=\"0.0001\"} 404\n",
        "sauda_db_transaction_seconds_bucket{le=\"+Inf\"} 120000\n",
        "sauda_http_seconds_bucket{route=\"GET /health 200\",le=\"1\"} 0\n",
        "sauda_http_seconds_bucket{route=\"GET /health 200\",le=\"2.5\"} 1\n",
        "sauda_http_seconds_sum{route=\"GET /health 200\"} 1.500000\n",
    };
    for (int i = 0; i < COUNT_OF(lines); i++)
        if (!str_has(all, str_of(lines[i])))
            fail_msg("missing: %s", lines[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object_whatever_is_put_in),
        cmocka_unit_test(metrics_add_up_over_threads_and_stay_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
