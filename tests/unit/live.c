/* The live hub without sockets: who gets which event, what a slow or returning screen gets. */
#include "base/secret.h"
#include "http/live_stream.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

/* The event log of the test: grows under the lock. */
static struct {
    pthread_mutex_t lock;
    struct { int64_t id, account; enum permission need; int size; } rows[20000];
    int  count, reads;
    bool fails;
} told = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool read_rows(struct db *db, int64_t after, int max, struct arena *a, struct live_event_list *out, struct err *err)
{
    (void)db;
    pthread_mutex_lock(&told.lock);
    told.reads++;
    bool fails = told.fails;
    for (int i = 0; i < told.count && out->count < max && !fails; i++) {
        if (told.rows[i].id <= after)
            continue;
        char *data = arena_alloc(a, (size_t)told.rows[i].size + 64);
        int   len  = snprintf(data, (size_t)told.rows[i].size + 64, "{\"n\":%d,\"pad\":\"%0*d\"}", (int)told.rows[i].id, told.rows[i].size, 0);
        *live_event_list_add(out, a) = (struct live_event){ .id = told.rows[i].id, .account_id = { told.rows[i].account },
            .permission = told.rows[i].need, .name = STR("order"), .data = { data, (size_t)len } };
    }
    pthread_mutex_unlock(&told.lock);
    return !fails || err_set(err, ERR_DB_BUSY, "", "busy");
}

static bool last_row(struct db *db, int64_t *out, struct err *err)
{
    (void)db, (void)err;
    pthread_mutex_lock(&told.lock);
    *out = told.count ? told.rows[told.count - 1].id : 0;
    pthread_mutex_unlock(&told.lock);
    return true;
}

static void tell(int64_t id, int64_t account, enum permission need, int size)
{
    pthread_mutex_lock(&told.lock);
    told.rows[told.count].id      = id;
    told.rows[told.count].account = account;
    told.rows[told.count].need    = need;
    told.rows[told.count++].size  = size;
    pthread_mutex_unlock(&told.lock);
}

/* ---- a screen ---- */

struct screen {
    struct live_stream *stream;
    pthread_mutex_t     lock;
    pthread_cond_t      moved;
    bool                is_asleep, has_ended;
    char                got[1 << 20];
    size_t              len;
};

static void screen_sleep(void *ctx)
{
    struct screen *s = ctx;
    pthread_mutex_lock(&s->lock);
    s->is_asleep = true;
    pthread_mutex_unlock(&s->lock);
}
static void screen_wake(void *ctx)
{
    struct screen *s = ctx;
    pthread_mutex_lock(&s->lock);
    s->is_asleep = false;
    pthread_cond_signal(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

static struct live_hub *hub_up(void)
{
    struct live_hub *hub = NULL;
    struct err       err = { 0 };
    assert_true(secret_init(&err));
    assert_true(live_open(&(struct live_options){ .read = read_rows, .last = last_row, .log = &(struct log){ .fd = -1 } }, &hub, &err));
    return hub;
}

static struct screen *screen_open(struct live_hub *hub, uint64_t rights, const rid *accounts, int count, int64_t after)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct screen   *s    = calloc(1, sizeof *s);
    struct live_port port = { screen_sleep, screen_wake, s };
    struct principal who  = { .user_id = { 7 }, .session = STR("s"), .permissions = rights, .accounts = accounts, .accounts_count = count };
    struct err       err  = { 0 };
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->moved, NULL);
    assert_true(live_join(hub, &who, after, NULL, &a, &port, &s->stream, &err));
    return s;
}

/* Takes until `part` was seen or the stream ended. */
static void screen_read(struct screen *s, const char *part, size_t room)
{
    while (!strstr(s->got, part) && !s->has_ended) {
        assert_true(s->len + room < sizeof s->got);
        int64_t n = live_take(s->stream, s->got + s->len, room);
        s->has_ended = n < 0;
        if (n > 0)
            s->len += (size_t)n;
        pthread_mutex_lock(&s->lock);
        while (n == 0 && s->is_asleep)
            pthread_cond_wait(&s->moved, &s->lock);
        pthread_mutex_unlock(&s->lock);
    }
}

static bool screen_has(const struct screen *s, int64_t id)
{
    char text[40];
    snprintf(text, sizeof text, "id: %lld\n", (long long)id);
    return strstr(s->got, text) != NULL;
}

static void screen_close(struct screen *s)
{
    live_leave(s->stream);
    free(s);
}

static int clear(void **state)
{
    (void)state;
    told.count = 0;
    told.reads = 0;
    told.fails = false;
    return 0;
}

static const uint64_t all_rights = ~(uint64_t)0;

/* ---- tests ---- */

static void an_event_reaches_a_sleeping_screen_in_event_stream_form(void **state)
{
    (void)state;
    struct live_hub *hub = hub_up();
    struct screen   *s   = screen_open(hub, all_rights, NULL, 0, 0);
    assert_int_equal(live_streams(hub), 1);
    screen_read(s, "retry: 2000\n\n", 1024);
    tell(1, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(s, "id: 1\nevent: order\ndata: {\"n\":1,\"pad\":\"0\"}\n\n", 1024);
    assert_true(screen_has(s, 1));
    screen_close(s);
    assert_int_equal(live_streams(hub), 0);
    live_close(hub);
}

static void only_who_may_see_an_event_gets_it(void **state)
{
    (void)state;
    struct live_hub *hub   = hub_up();
    const rid        mine[] = { { 1 }, { 2 } };
    struct screen *owner  = screen_open(hub, all_rights, NULL, 0, 0);
    struct screen *scoped = screen_open(hub, all_rights, mine, 2, 0);
    struct screen *picker = screen_open(hub, roles_permissions(BIT(ROLE_PICKER)), NULL, 0, 0);
    tell(1, 1, PERM_ORDERS_SEE, 1);
    tell(2, 3, PERM_ORDERS_SEE, 1);
    tell(3, 1, PERM_SETTINGS, 1);
    tell(4, 0, PERM_SIGNED_IN, 1);
    live_wake(hub);
    screen_read(owner, "id: 4\n", 1024);
    screen_read(scoped, "id: 4\n", 1024);
    screen_read(picker, "id: 4\n", 1024);
    assert_true(screen_has(owner, 1) && screen_has(owner, 2) && screen_has(owner, 3));
    assert_true(screen_has(scoped, 1) && !screen_has(scoped, 2) && screen_has(scoped, 3));
    assert_true(screen_has(picker, 1) && screen_has(picker, 2) && !screen_has(picker, 3));
    screen_close(owner);
    screen_close(scoped);
    screen_close(picker);
    live_close(hub);
}

static void what_no_table_holds_is_told_once_and_leaves_no_mark(void **state)
{
    (void)state;
    struct live_hub *hub    = hub_up();
    const rid        mine[] = { { 1 } };
    struct screen   *owner  = screen_open(hub, all_rights, NULL, 0, 0);
    struct screen   *scoped = screen_open(hub, all_rights, mine, 1, 0);
    tell(1, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(owner, "id: 1\n", 1024);
    live_tell(hub, &(struct live_event){ .account_id = { 2 }, .permission = PERM_ORDERS_SEE, .name = STR("presence"), .data = STR("{}") });
    screen_read(owner, "event: presence\ndata: {}\n\n", 1024);
    tell(2, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(owner, "id: 2\n", 1024);
    screen_read(scoped, "id: 2\n", 1024);
    assert_null(strstr(scoped->got, "presence"));
    /* Who has seen event 2 hears neither it nor the passing word again. */
    struct screen *back = screen_open(hub, all_rights, NULL, 0, 2);
    tell(3, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(back, "id: 3\n", 1024);
    assert_false(screen_has(back, 2));
    assert_null(strstr(back->got, "presence"));
    struct screen *older = screen_open(hub, all_rights, NULL, 0, 1);
    screen_read(older, "id: 3\n", 1024);
    assert_true(screen_has(older, 2));
    assert_false(screen_has(older, 1));
    screen_close(owner);
    screen_close(scoped);
    screen_close(back);
    screen_close(older);
    live_close(hub);
}

static void events_come_whole_through_any_size_of_buffer(void **state)
{
    (void)state;
    static const size_t rooms[] = { 3, 7, 64, 1024, 8192 };
    struct live_hub *hub = hub_up();
    struct screen   *s[COUNT_OF(rooms)];
    for (int i = 0; i < COUNT_OF(rooms); i++)
        s[i] = screen_open(hub, all_rights, NULL, 0, 0);
    for (int n = 1; n <= 100; n++)
        tell(n, 0, PERM_ORDERS_SEE, n);
    tell(101, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    for (int i = 0; i < COUNT_OF(rooms); i++) {
        screen_read(s[i], "\"n\":101,\"pad\":\"0\"}\n\n", rooms[i]);
        assert_int_equal(s[i]->len, s[0]->len);
        assert_memory_equal(s[i]->got, s[0]->got, s[0]->len);
    }
    for (int i = 0; i < COUNT_OF(rooms); i++)
        screen_close(s[i]);
    live_close(hub);
}

static void a_returning_screen_gets_what_it_missed_and_nothing_twice(void **state)
{
    (void)state;
    for (int n = 1; n <= 20; n++)
        tell(n, 0, PERM_ORDERS_SEE, 1);
    struct live_hub *hub   = hub_up();                           /* 1..20 are older than the hub */
    struct screen   *first = screen_open(hub, all_rights, NULL, 0, 0);
    for (int n = 21; n <= 30; n++)
        tell(n, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(first, "id: 30\n", 1024);
    static const int64_t seen[] = { 15, 20, 25, 29, 30 };
    for (int i = 0; i < COUNT_OF(seen); i++) {
        struct screen *back = screen_open(hub, all_rights, NULL, 0, seen[i]);
        tell(31 + i, 0, PERM_ORDERS_SEE, 1);
        live_wake(hub);
        char last[20];
        snprintf(last, sizeof last, "id: %d\n", 31 + i);
        screen_read(back, last, 1024);
        for (int64_t id = 1; id <= 31 + i; id++)
            assert_int_equal(screen_has(back, id), id > seen[i]);
        assert_null(strstr(strstr(back->got, last) + 1, last));
        screen_close(back);
    }
    screen_close(first);
    live_close(hub);
}

static void a_screen_away_too_long_is_told_to_start_over(void **state)
{
    (void)state;
    for (int n = 1; n <= 2000; n++)
        tell(n, 0, PERM_ORDERS_SEE, 1);
    struct live_hub *hub = hub_up();
    struct screen   *s   = screen_open(hub, all_rights, NULL, 0, 3);
    screen_read(s, "event: reset\ndata: {}\n\n", 1024);
    tell(2001, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(s, "id: 2001\n", 1024);
    assert_false(screen_has(s, 4));
    screen_close(s);
    live_close(hub);
}

static void a_slow_screen_is_told_to_start_over_and_others_are_not(void **state)
{
    (void)state;
    struct live_hub *hub  = hub_up();
    const rid        mine = { 1 };
    struct screen *slow  = screen_open(hub, all_rights, NULL, 0, 0);
    struct screen *small = screen_open(hub, all_rights, &mine, 1, 0);
    struct screen *fast  = screen_open(hub, all_rights, NULL, 0, 0);
    screen_read(slow, "retry", 3);
    for (int n = 1; n <= 100; n++) {
        char last[20];
        tell(n, n == 100 ? 1 : 2, PERM_ORDERS_SEE, 1000);
        live_wake(hub);
        snprintf(last, sizeof last, "id: %d\n", n);
        screen_read(fast, last, 1024);
    }
    screen_read(slow, "event: reset\n", 1024);
    screen_read(small, "id: 100\n", 1024);
    assert_false(screen_has(slow, 1));
    assert_null(strstr(small->got, "reset"));
    assert_null(strstr(fast->got, "reset"));
    screen_close(slow);
    screen_close(small);
    screen_close(fast);
    live_close(hub);
}

static void a_stream_that_lost_the_middle_of_an_event_ends(void **state)
{
    (void)state;
    struct live_hub *hub  = hub_up();
    struct screen   *slow = screen_open(hub, all_rights, NULL, 0, 0), *fast = screen_open(hub, all_rights, NULL, 0, 0);
    screen_read(slow, "retry: 2000\n\n", 1);
    tell(1, 0, PERM_ORDERS_SEE, 1000);
    live_wake(hub);
    screen_read(slow, "id: 1\n", 1);                             /* in the middle of the first event */
    for (int n = 2; n <= 1500; n++) {
        char last[20];
        tell(n, 0, PERM_ORDERS_SEE, 1000);
        live_wake(hub);
        snprintf(last, sizeof last, "id: %d\n", n);
        screen_read(fast, last, 2048);
        fast->len = 0;
        memset(fast->got, 0, 4096);
    }
    screen_read(slow, "id: 1500\n", 1024);
    assert_true(slow->has_ended);
    screen_close(slow);
    screen_close(fast);
    live_close(hub);
}

static void signing_out_ends_the_streams_of_that_session(void **state)
{
    (void)state;
    struct live_hub *hub = hub_up();
    struct screen   *s   = screen_open(hub, all_rights, NULL, 0, 0);
    live_sign_out(hub, (rid){ 7 }, STR("another"));
    tell(1, 0, PERM_ORDERS_SEE, 1);
    live_wake(hub);
    screen_read(s, "id: 1\n", 1024);
    assert_false(s->has_ended);
    live_sign_out(hub, (rid){ 7 }, STR("s"));
    screen_read(s, "never", 1024);
    assert_true(s->has_ended);
    screen_close(s);
    live_close(hub);
}

static void finishing_ends_sleeping_and_coming_streams(void **state)
{
    (void)state;
    struct live_hub *hub = hub_up();
    struct screen   *s   = screen_open(hub, all_rights, NULL, 0, 0);
    screen_read(s, "retry", 1024);
    live_finish(hub);
    screen_read(s, "never", 1024);
    struct screen *late = screen_open(hub, all_rights, NULL, 0, 0);
    screen_read(late, "never", 1024);
    assert_true(s->has_ended && late->has_ended);
    screen_close(s);
    screen_close(late);
    live_close(hub);
}

/* ---- many threads at once: for the thread sanitizer, and for lost wake-ups ---- */

enum { CROWD = 24, NEWS = 300 };
static void *crowd_main(void *arg)
{
    struct screen *s = arg;
    char last[20];
    snprintf(last, sizeof last, "id: %d\n", NEWS);
    screen_read(s, last, 100);
    return NULL;
}

static void no_event_is_lost_between_taking_and_sleeping(void **state)
{
    (void)state;
    struct live_hub *hub = hub_up();
    struct screen   *s[CROWD];
    pthread_t        threads[CROWD];
    for (int i = 0; i < CROWD; i++) {
        s[i] = screen_open(hub, all_rights, NULL, 0, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_main, s[i]), 0);
    }
    for (int n = 1; n <= NEWS; n++) {
        tell(n, 0, PERM_ORDERS_SEE, 1);
        live_wake(hub);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
        for (int n = 1; n <= NEWS; n++)
            assert_true(screen_has(s[i], n));
        screen_close(s[i]);
    }
    live_close(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_event_reaches_a_sleeping_screen_in_event_stream_form, clear),
        cmocka_unit_test_setup(only_who_may_see_an_event_gets_it, clear),
        cmocka_unit_test_setup(what_no_table_holds_is_told_once_and_leaves_no_mark, clear),
        cmocka_unit_test_setup(events_come_whole_through_any_size_of_buffer, clear),
        cmocka_unit_test_setup(a_returning_screen_gets_what_it_missed_and_nothing_twice, clear),
        cmocka_unit_test_setup(a_screen_away_too_long_is_told_to_start_over, clear),
        cmocka_unit_test_setup(a_slow_screen_is_told_to_start_over_and_others_are_not, clear),
        cmocka_unit_test_setup(a_stream_that_lost_the_middle_of_an_event_ends, clear),
        cmocka_unit_test_setup(signing_out_ends_the_streams_of_that_session, clear),
        cmocka_unit_test_setup(finishing_ends_sleeping_and_coming_streams, clear),
        cmocka_unit_test_setup(no_event_is_lost_between_taking_and_sleeping, clear),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
