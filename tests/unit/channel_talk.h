/* channel_talk.h - plays the market in a scripted conversation: the request that is expected, the reply that is given. */
#pragma once
#include "base/buf.h"
#include "channels/channel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum turn_kind {
    TURN_REPLY,                         /* the reply below is given */
    TURN_CUT,                           /* sent, reply lost */
    TURN_SILENT,                        /* sent, not one byte came back */
    TURN_NOT_SENT,
    TURN_CRASH,                         /* the process dies after sending: goes on without a reply, with the memory saved */
    TURN_LATER                          /* no request: the step said "later"; goes on without a reply */
};
struct turn {
    const char *request;                /* "POST /v2/orders" behind the base URL; NULL with TURN_LATER */
    const char *body;                   /* NULL: not looked at */
    int         status;
    const char *reply;
    enum turn_kind kind;
    const char *header;                 /* "Retry-After: 30" */
};
#define BASE "https://market.test"

struct talk {
    struct arena arena;
    struct call  call;
    struct setting_value_list settings;
};

static inline void talk_begin(struct talk *t, const char *channel)
{
    *t = (struct talk){ 0 };
    static const char *const values[][2] = { { "token", "secret-token" }, { "client_id", "7001" }, { "api_key", "secret-key" } };
    for (int i = 0; i < COUNT_OF(values); i++)
        *setting_value_list_add(&t->settings, &t->arena) = (struct setting_value){ str_of(values[i][0]), str_of(values[i][1]) };
    t->call = (struct call){ .arena = &t->arena, .base_url = STR(BASE), .country = STR("KZ"), .settings = &t->settings,
                             .channel = channel_find(str_of(channel)) };
    assert_non_null(t->call.channel);
    assert_true(instant_parse(STR("2026-11-20T06:00:00Z"), &t->call.now));
}

static inline void talk_end(struct talk *t)
{
    arena_done(&t->arena);
}

static inline void turn_expect(const struct talk *t, const struct turn *turn, const struct http_request *rq)
{
    char got[2048];
    assert_true(rq->method != HTTP_NONE);
    assert_true(str_starts(rq->url, t->call.base_url));
    str path = str_sub(rq->url, t->call.base_url.len, rq->url.len);
    snprintf(got, sizeof got, "%s %.*s", http_method_names[rq->method], STR_ARG(path));
    assert_string_equal(got, turn->request);
    assert_non_null(rq->family);
    if (turn->body) {
        snprintf(got, sizeof got, "%.*s", STR_ARG(rq->body));
        assert_string_equal(got, turn->body);
    }
}

static inline struct http_reply turn_reply(struct talk *t, const struct turn *turn)
{
    struct http_reply r = { .status = turn->status, .body = str_of(turn->reply) };
    if (turn->kind == TURN_CUT || turn->kind == TURN_SILENT)
        r = (struct http_reply){ .fate = HTTP_UNKNOWN, .silent = turn->kind == TURN_SILENT };
    if (turn->kind == TURN_NOT_SENT)
        r = (struct http_reply){ .fate = HTTP_NOT_SENT };
    if (turn->header) {
        str rest = str_of(turn->header), name;
        assert_true(str_split(&rest, ':', &name));
        *http_header_list_add(&r.headers, &t->arena) = (struct http_header){ name, str_trim(rest) };
    }
    return r;
}

/* Plays the turns; gives the receipt of the step after the last one. */
static inline struct receipt talk_command(struct talk *t, const struct command *cmd, const struct turn *turns, int count)
{
    str memory = { 0 };
    struct http_reply reply;
    const struct http_reply *given = NULL;
    struct receipt r = { 0 };
    for (int i = 0; i <= count; i++) {
        struct http_request out = { 0 };
        struct err err = { 0 };
        r = (struct receipt){ 0 };
        if (!t->call.channel->command_step(&t->call, cmd, &memory, given, &out, &r, &err))
            fail_msg("step %d: %s %s", i, err.item[0].field, err.item[0].text);
        if (i == count)
            break;
        given = NULL;
        if (turns[i].kind == TURN_LATER) {
            assert_int_equal(r.kind, RECEIPT_LATER);
            assert_true(r.wait_s > 0);
            continue;
        }
        if (r.kind != RECEIPT_MORE)
            fail_msg("step %d ended with %d %.*s, expected %s", i, (int)r.kind, STR_ARG(r.text), turns[i].request);
        turn_expect(t, &turns[i], &out);
        reply = turn_reply(t, &turns[i]);
        if (turns[i].kind != TURN_CRASH)
            given = &reply;
    }
    return r;
}
