/* Memory of one request. */
#include "base/arena.h"
#include "base/list.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void memory_comes_zeroed_and_aligned_also_after_a_reset(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    for (int round = 0; round < 3; round++) {
        for (size_t bytes = 0; bytes < 3000; bytes += 7) {
            unsigned char *at = arena_alloc(&a, bytes);
            assert_int_equal((uintptr_t)at % 16, 0);
            for (size_t i = 0; i < bytes; i++)
                assert_int_equal(at[i], 0);
            memset(at, 0xAA, bytes);
        }
        arena_reset(&a);
        assert_int_equal(a.used, 0);
    }
}

static void a_reset_keeps_the_first_block_and_lets_big_ones_go(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    void *first = arena_alloc(&a, 10);
    (void)arena_alloc(&a, 5u << 20);
    arena_reset(&a);
    assert_ptr_equal(arena_alloc(&a, 10), first);
}

static void going_back_to_a_mark_forgets_only_what_came_later(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    char *kept = arena_copy(&a, "kept", 5);
    size_t used = a.used;
    void *again = NULL;
    for (int i = 0; i < 100; i++) {
        CLEANUP(arena_back) struct arena_mark m = arena_mark(&a);
        void *at = arena_alloc(&a, 100);
        assert_true(!again || again == at);
        again = at;
        for (int k = 0; k < 30; k++)
            memset(arena_alloc(&a, 5000), 1, 5000);
    }
    assert_int_equal(a.used, used);
    assert_string_equal(kept, "kept");
}

static void a_mark_of_an_empty_arena_goes_back_to_empty(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct arena_mark m = arena_mark(&a);
    arena_back(&m);
    (void)arena_alloc(&a, 100000);
    arena_back(&m);
    assert_int_equal(a.used, 0);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(*(char *)arena_alloc(&a, 100), 0);
}

static void the_last_allocation_grows_in_place(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    char *at = arena_alloc(&a, 10);
    char *grown = arena_grow(&a, at, 10, 1000);
    assert_ptr_equal(grown, at);
    memset(grown, 1, 1000);
    char *next = arena_alloc(&a, 1);
    assert_true(next >= grown + 1000);
    assert_null(arena_grow(&a, grown, 1000, 1001));
    assert_null(arena_grow(&a, next, 1, 10u << 20));
}

static void an_arena_over_the_stack_spills_to_the_heap(void **state)
{
    (void)state;
    char memory[1024];
    struct arena a = arena_over(memory, sizeof memory);
    char *inside = arena_alloc(&a, 100);
    assert_true(inside > memory && inside < memory + sizeof memory);
    memset(arena_alloc(&a, 10000), 1, 10000);
    arena_reset(&a);
    assert_ptr_equal(arena_alloc(&a, 100), inside);
    arena_done(&a);
}

static void a_list_grows_and_its_new_elements_are_zero(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct int_list l = { 0 };
    for (int i = 0; i < 1000; i++) {
        int64_t *n = int_list_add(&l, &a);
        assert_int_equal(*n, 0);
        *n = i;
    }
    for (int i = 0; i < l.count; i++)
        assert_int_equal(l.at[i], i);
}

static int child_status(void (*act)(void))
{
    pid_t child = fork();
    if (child == 0) {
        close(2);
        act();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void cross_the_ceiling(void)
{
    struct arena a = { .ceiling_bytes = 100000 };
    for (int i = 0; i < 11; i++)
        (void)arena_alloc(&a, 10000);
}

static void ask_for_a_negative_count(void)
{
    struct arena a = { 0 };
    volatile int count = -1;
    (void)!ARENA_ARRAY(&a, int64_t, count);
}

static void crossing_the_ceiling_ends_the_process(void **state)
{
    (void)state;
    int status = child_status(cross_the_ceiling);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    status = child_status(ask_for_a_negative_count);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

#ifdef __has_feature
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
#define WITH_ASAN 1
static void use_forgotten_memory(void)
{
    struct arena a = { 0 };
    volatile char *at = arena_alloc(&a, 10);
    arena_reset(&a);
    at[0] = 1;
}

static void write_behind_the_end(void)
{
    struct arena a = { 0 };
    volatile char *at = arena_alloc(&a, 10);
    (void)arena_alloc(&a, 10);
    volatile int i = 10;
    at[i] = 1;
}

static void forgotten_memory_and_overruns_are_seen_by_the_sanitizer(void **state)
{
    (void)state;
    assert_int_not_equal(child_status(use_forgotten_memory), 0);
    assert_int_not_equal(child_status(write_behind_the_end), 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_comes_zeroed_and_aligned_also_after_a_reset),
        cmocka_unit_test(a_reset_keeps_the_first_block_and_lets_big_ones_go),
        cmocka_unit_test(going_back_to_a_mark_forgets_only_what_came_later),
        cmocka_unit_test(a_mark_of_an_empty_arena_goes_back_to_empty),
        cmocka_unit_test(the_last_allocation_grows_in_place),
        cmocka_unit_test(an_arena_over_the_stack_spills_to_the_heap),
        cmocka_unit_test(a_list_grows_and_its_new_elements_are_zero),
        cmocka_unit_test(crossing_the_ceiling_ends_the_process),
#ifdef WITH_ASAN
        cmocka_unit_test(forgotten_memory_and_overruns_are_seen_by_the_sanitizer),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
