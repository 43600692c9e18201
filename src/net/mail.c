#include "net/mail.h"

#include "base/buf.h"
#include "base/secret.h"
#include "net/address.h"

#include <curl/curl.h>

#define WORD_BYTES      42              /* of text in an encoded word: 56 in base64, 68 with its frame */
#define LINE_BYTES      57              /* of text in a line of base64: 76 */
#define CONNECT_MS      10000L
#define TIMEOUT_S       30L
#define REPLY_BYTES_MAX 1024

const char *const mail_safety_names[] = { [MAIL_TLS] = "tls", [MAIL_STARTTLS] = "starttls", [MAIL_PLAIN] = "plain", NULL };
_Static_assert(COUNT_OF(mail_safety_names) == MAIL_SAFETY_COUNT + 1, "a name per safety");

/* ---- the text ---- */

static bool is_plain(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ' || (unsigned char)s.at[i] > '~')
            return false;
    return true;
}

static bool address_ok(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '<' || s.at[i] == '>' || s.at[i] == ' ')
            return false;
    return s.len > 2 && str_has(s, STR("@")) && is_plain(s);
}

/* Encoded words, one per line, none of which cuts a letter. */
static void words_add(struct buf *b, str text)
{
    for (bool first = true; text.len; first = false) {
        str part = utf8_cut(text, WORD_BYTES);
        if (!part.len)
            part = str_sub(text, 0, WORD_BYTES);
        buf_print(b, "%s=?utf-8?B?%.*s?=", first ? "" : "\r\n ", STR_ARG(base64_encode(b->arena, part)));
        text = str_sub(text, part.len, text.len);
    }
}

static const char *const days[]   = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static void date_add(struct buf *b, instant at)
{
    int64_t      day = at.ms / DAY_MS, s = at.ms % DAY_MS / SECOND_MS;
    struct civil c   = civil_of_days(day);
    buf_print(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[weekday_of_days(day)], c.day, months[c.month - 1], c.year,
              (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

bool mail_text(struct arena *a, const struct mail *m, str *out, struct err *err)
{
    struct buf b = buf_in(a);
    if (!address_ok(m->from))
        return err_set(err, ERR_BODY_INVALID, "from", "is no address");
    if (!address_ok(m->to))
        return err_set(err, ERR_BODY_INVALID, "to", "is no address");
    if (!is_plain(m->message_id) || str_has(m->message_id, STR(">")))
        return err_set(err, ERR_BODY_INVALID, "message_id", "must be plain text");
    date_add(&b, m->at);
    buf_add(&b, STR("From: "));
    words_add(&b, m->from_name);
    buf_print(&b, "%s<%.*s>\r\nTo: <%.*s>\r\nSubject: ", m->from_name.len ? "\r\n " : "", STR_ARG(m->from), STR_ARG(m->to));
    words_add(&b, m->subject);
    buf_print(&b, "\r\nMessage-ID: <%.*s>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", STR_ARG(m->message_id));
    for (str rest = m->text; rest.len; rest = str_sub(rest, LINE_BYTES, rest.len))
        buf_print(&b, "%.*s\r\n", STR_ARG(base64_encode(a, str_sub(rest, 0, LINE_BYTES))));
    *out = buf_str(&b);
    return true;
}

/* ---- the wire ---- */

struct letter {
    str        rest;
    struct buf said;                    /* what the relay answered last */
    bool       refused, allow_private;
};

static size_t on_read(char *to, size_t size, size_t n, void *ctx)
{
    struct letter *l   = ctx;
    str            now = str_sub(l->rest, 0, size * n);
    if (now.len)
        memcpy(to, now.at, now.len);
    l->rest = str_sub(l->rest, now.len, l->rest.len);
    return now.len;
}

static size_t on_answer(char *at, size_t size, size_t n, void *ctx)
{
    struct letter *l = ctx;
    if (!l->refused) {                                      /* the good-bye that follows a refusal says nothing */
        l->refused  = size * n > 3 && (*at == '4' || *at == '5');
        l->said.len = 0;
        buf_add(&l->said, str_sub((str){ at, size * n }, 0, REPLY_BYTES_MAX));
    }
    return size * n;
}

static curl_socket_t on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *at)
{
    struct letter *l = ctx;
    (void)purpose;
    if (!l->allow_private && address_is_private(&at->addr))
        return CURL_SOCKET_BAD;
    return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

static void options_set(CURL *h, struct arena *a, const struct mail_server *s, const struct mail *m, struct letter *l)
{
    static const int ports[] = { [MAIL_TLS] = 465, [MAIL_STARTTLS] = 587, [MAIL_PLAIN] = 25 };
    str url = str_print(a, "%s://%.*s:%d", s->safety == MAIL_TLS ? "smtps" : "smtp", STR_ARG(s->host), s->port ? s->port : ports[s->safety]);
    curl_easy_setopt(h, CURLOPT_URL, str_zero(a, url));
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(h, CURLOPT_PROXY, "");
    curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(s->safety == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, TIMEOUT_S);
    curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, l);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_answer);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, l);
    curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(h, CURLOPT_READDATA, l);
    curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, str_zero(a, str_print(a, "<%.*s>", STR_ARG(m->from))));
    if (s->login.len) {
        curl_easy_setopt(h, CURLOPT_USERNAME, str_zero(a, s->login));
        curl_easy_setopt(h, CURLOPT_PASSWORD, str_zero(a, s->password));
    }
}

static void smtp_send(struct mail_client *c, struct arena *a, const struct mail_server *s, const struct mail *m, struct mail_reply *out)
{
    struct err         err = { 0 };
    struct letter      l   = { .said = buf_in(a), .allow_private = s->allow_private };
    struct curl_slist *to  = NULL;
    long               status = 0;
    (void)c;

    *out = (struct mail_reply){ 0 };
    if (!mail_text(a, m, &l.rest, &err)) {
        *out = (struct mail_reply){ .for_good = true, .text = err_line(a, &err) };
        return;
    }
    CURL *h = curl_easy_init();
    to = curl_slist_append(NULL, str_zero(a, str_print(a, "<%.*s>", STR_ARG(m->to))));
    if (h && to) {
        options_set(h, a, s, m, &l);
        curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
        CURLcode code = curl_easy_perform(h);
        curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
        str said = str_trim(utf8_mend(a, buf_str(&l.said)));
        *out = (struct mail_reply){
            .sent     = code == CURLE_OK,
            .status   = (int)status,
            .for_good = code != CURLE_OK && status >= 500,
            .text     = said.len ? said : str_copy(a, str_of(curl_easy_strerror(code))),
        };
    }
    curl_slist_free_all(to);
    curl_easy_cleanup(h);
}

struct mail_client mail_client(void)
{
    return (struct mail_client){ .send = smtp_send };
}
