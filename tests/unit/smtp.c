/* Letters: their text, and a relay on the other end of a real socket. */
#include "net/smtp.h"
#include "base/buf.h"
#include "base/secret.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int arena_make(void **state)
{
    static struct arena arena;
    struct err err = { 0 };
    *state = &arena;
    return secret_init(&err) ? 0 : -1;
}

static int arena_drop(void **state)
{
    arena_done(*state);
    return 0;
}

static struct mail letter(void)
{
    return (struct mail){
        .from_name = STR("Карапуз"), .from = STR("sauda@karapuz.kz"), .to = STR("aigerim@karapuz.kz"),
        .subject = STR("Заказ 345678901 горит: осталось 18 минут до подтверждения"),
        .text = STR(".Первая строка\nВторая 🎉"), .message_id = STR("17.3@karapuz.kz"), .at = { 1765857840000 },
    };
}

/* The decoded words of a header, joined. */
static str words(struct arena *a, str head)
{
    struct buf b = buf_in(a);
    for (ptrdiff_t at; (at = str_find(head, STR("=?utf-8?B?"))) >= 0;) {
        str part, plain;
        head = str_sub(head, (size_t)at + 10, head.len);
        assert_true(str_split(&head, '?', &part));
        assert_true(base64_decode(a, part, &plain));
        assert_true(utf8_valid(plain));
        buf_add(&b, plain);
    }
    return buf_str(&b);
}

static str header(str text, const char *name)
{
    ptrdiff_t at = str_find(text, str_of(name));
    assert_true(at >= 0);
    str rest = str_sub(text, (size_t)at + strlen(name), text.len);
    for (size_t i = 0; i + 2 < rest.len; i++)
        if (rest.at[i] == '\r' && rest.at[i + 2] != ' ')
            return str_sub(rest, 0, i);
    return rest;
}

static void a_letter_is_plain_ascii_in_short_lines_and_says_the_same(void **state)
{
    struct arena *a   = *state;
    struct err    err = { 0 };
    struct mail   m   = letter();
    str           text, line, rest;
    assert_true(mail_text(a, &m, &text, &err));
    rest = text;
    while (str_split(&rest, '\n', &line)) {
        assert_true(line.len <= 78);
        for (size_t i = 0; i < line.len; i++)
            assert_true((unsigned char)line.at[i] < 127);
    }
    assert_true(str_eq(words(a, header(text, "Subject: ")), m.subject));
    assert_true(str_eq(words(a, header(text, "From: ")), m.from_name));
    assert_true(str_has(text, STR("\r\nMessage-ID: <17.3@karapuz.kz>\r\n")));
    assert_true(str_has(text, STR("Date: Tue, 16 Dec 2025 04:04:00 +0000\r\n")));
    assert_true(str_has(text, STR("\r\nAuto-Submitted: auto-generated\r\n")));
    str body = str_sub(text, (size_t)str_find(text, STR("\r\n\r\n")) + 4, text.len), plain;
    assert_true(base64_decode(a, str_trim(body), &plain));
    assert_true(str_eq(plain, m.text));
}

static void no_field_can_start_a_header_of_its_own(void **state)
{
    struct arena *a = *state;
    str           text;
    struct mail   bad[] = { letter(), letter(), letter(), letter() };
    bad[0].to         = STR("a@b.kz\r\nBcc: c@d.kz");
    bad[1].from       = STR("a@b.kz> SIZE=1");
    bad[2].message_id = STR("1@x\r\nBcc: c@d.kz");
    bad[3].to         = STR("nobody");
    for (int i = 0; i < COUNT_OF(bad); i++) {
        struct err err = { 0 };
        assert_false(mail_text(a, &bad[i], &text, &err));
        assert_int_equal(err.code, ERR_BODY_INVALID);
    }
    struct err  err = { 0 };
    struct mail m   = letter();
    m.subject = STR("one\r\nBcc: c@d.kz");
    assert_true(mail_text(a, &m, &text, &err));
    assert_false(str_has(text, STR("\nBcc")));
}

/* ---- a relay ---- */

struct relay {
    int         fd, port;
    const char *to_rcpt;                /* its answer to RCPT */
    pthread_t   thread;
    char        heard[65536];
    size_t      len;
};

static void say(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void *relay_run(void *ctx)
{
    struct relay *r    = ctx;
    int           fd   = accept(r->fd, NULL, NULL);
    bool          data = false;
    size_t        from = 0;
    say(fd, "220 relay.test ESMTP\r\n");
    for (;;) {
        ssize_t n = read(fd, r->heard + r->len, sizeof r->heard - r->len - 1);
        if (n <= 0)
            break;
        r->len += (size_t)n;
        r->heard[r->len] = '\0';
        for (char *end; (end = strstr(r->heard + from, "\r\n"));) {
            const char *line = r->heard + from;
            from = (size_t)(end - r->heard) + 2;
            if (data) {
                if (line[0] == '.' && line[1] == '\r') {
                    data = false;
                    say(fd, "250 2.0.0 taken as 77\r\n");
                }
            } else if (!strncmp(line, "EHLO", 4)) {
                say(fd, "250-relay.test\r\n250 SIZE 10000000\r\n");
            } else if (!strncmp(line, "RCPT", 4)) {
                say(fd, r->to_rcpt);
            } else if (!strncmp(line, "DATA", 4)) {
                data = true;
                say(fd, "354 go on\r\n");
            } else if (!strncmp(line, "QUIT", 4)) {
                say(fd, "221 bye\r\n");
            } else {
                say(fd, "250 fine\r\n");
            }
        }
    }
    close(fd);
    return NULL;
}

static void relay_open(struct relay *r, const char *to_rcpt)
{
    struct sockaddr_in at  = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          len = sizeof at;
    *r    = (struct relay){ .to_rcpt = to_rcpt };
    r->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(r->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(r->fd, 1), 0);
    assert_int_equal(getsockname(r->fd, (struct sockaddr *)&at, &len), 0);
    r->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&r->thread, NULL, relay_run, r), 0);
}

static struct mail_reply sent_to(struct relay *r, struct arena *a, bool wait)
{
    struct mail_client c = mail_client();
    struct mail_server s = { .host = STR("127.0.0.1"), .port = r->port, .safety = MAIL_PLAIN, .allow_private = true };
    struct mail        m = letter();
    struct mail_reply  reply;
    c.send(&c, a, &s, &m, &reply);
    if (wait)
        pthread_join(r->thread, NULL);
    close(r->fd);
    return reply;
}

static void a_relay_gets_the_letter_once_and_whole(void **state)
{
    struct arena *a = *state;
    static struct relay r;
    relay_open(&r, "250 fine\r\n");
    struct mail_reply reply = sent_to(&r, a, true);
    assert_true(reply.sent);
    assert_int_equal(reply.status, 250);
    assert_true(str_has(str_of(r.heard), STR("MAIL FROM:<sauda@karapuz.kz>")));
    assert_true(str_has(str_of(r.heard), STR("RCPT TO:<aigerim@karapuz.kz>")));
    struct err  err = { 0 };
    struct mail m   = letter();
    str         text;
    assert_true(mail_text(a, &m, &text, &err));
    assert_true(str_has(str_of(r.heard), text));
}

static void a_refusal_for_good_is_told_from_one_for_now(void **state)
{
    static struct relay r;
    struct mail_reply   reply;
    relay_open(&r, "550 5.1.1 no such person\r\n");
    reply = sent_to(&r, *state, true);
    assert_false(reply.sent);
    assert_true(reply.for_good);
    assert_true(str_has(reply.text, STR("no such person")));

    relay_open(&r, "451 4.7.1 later\r\n");
    reply = sent_to(&r, *state, true);
    assert_false(reply.sent);
    assert_false(reply.for_good);
    assert_int_equal(reply.status, 451);
}

static void an_address_inside_the_own_network_is_not_reached_unless_allowed(void **state)
{
    struct mail_client c = mail_client();
    struct mail_server s = { .host = STR("127.0.0.1"), .port = 9, .safety = MAIL_PLAIN };
    struct mail        m = letter();
    struct mail_reply  reply;
    c.send(&c, *state, &s, &m, &reply);
    assert_false(reply.sent || reply.for_good);
    assert_int_equal(reply.status, 0);
    assert_true(reply.text.len > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_is_plain_ascii_in_short_lines_and_says_the_same),
        cmocka_unit_test(no_field_can_start_a_header_of_its_own),
        cmocka_unit_test(a_relay_gets_the_letter_once_and_whole),
        cmocka_unit_test(a_refusal_for_good_is_told_from_one_for_now),
        cmocka_unit_test(an_address_inside_the_own_network_is_not_reached_unless_allowed),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
