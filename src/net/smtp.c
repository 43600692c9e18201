#include "net/smtp.h"

#include "base/buf.h"
#include "net/address.h"

#include <curl/curl.h>

#define CONNECT_MS      10000L
#define TIMEOUT_S       30L
#define REPLY_BYTES_MAX 1024

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
    if (s->ca_file.len)
        curl_easy_setopt(h, CURLOPT_CAINFO, str_zero(a, s->ca_file));
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
