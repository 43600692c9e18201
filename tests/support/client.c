#include "support/client.h"
#include "base/buf.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

void client_open(struct client *c, struct arena *arena, int port)
{
    *c = (struct client){ .arena = arena, .port = port, .curl = curl_easy_init() };
    if (!c->curl)
        abort();
}

void client_close(struct client *c)
{
    curl_easy_cleanup(c->curl);
    c->curl = NULL;
}

static size_t take_body(char *at, size_t size, size_t count, void *into)
{
    buf_add(into, (str){ at, size * count });
    return size * count;
}

struct heading { struct arena *arena; struct http_header_list *list; };

static size_t take_header(char *at, size_t size, size_t count, void *into)
{
    struct heading *h = into;
    str line = { at, size * count }, name;
    if (str_split(&line, ':', &name) && name.len < size * count)
        *http_header_list_add(h->list, h->arena) = (struct http_header){ str_copy(h->arena, name), str_copy(h->arena, str_trim(line)) };
    return size * count;
}

/* What a test says itself takes the place of what we would say. */
static bool is_said(const struct client_ask *ask, const char *name)
{
    for (const struct http_header *h = ask->extra; h && h->name.len; h++)
        if (h->name.len == strlen(name) && strncasecmp(h->name.at, name, h->name.len) == 0)
            return true;
    return false;
}

static struct curl_slist *header_add(struct client *c, struct curl_slist *list, const char *name, str value)
{
    str line = str_print(c->arena, "%s: %.*s", name, STR_ARG(value));
    return curl_slist_append(list, str_zero(c->arena, line));
}

static struct curl_slist *headers_of(struct client *c, const struct client_ask *ask)
{
    struct curl_slist *list = is_said(ask, "Expect") ? NULL : curl_slist_append(NULL, "Expect:");
    if (c->key.len)
        list = header_add(c, list, "Authorization", str_print(c->arena, "Bearer %.*s", STR_ARG(c->key)));
    if (c->cookie.len)
        list = header_add(c, list, "Cookie", c->cookie);
    if (c->csrf.len && strcmp(ask->method, "GET") != 0 && !is_said(ask, "X-CSRF-Token"))
        list = header_add(c, list, "X-CSRF-Token", c->csrf);
    if (ask->body.len && !is_said(ask, "Content-Type"))
        list = header_add(c, list, "Content-Type", ask->type.len ? ask->type : STR("application/json"));
    for (const struct http_header *h = ask->extra; h && h->name.len; h++)
        list = header_add(c, list, str_zero(c->arena, h->name), h->value);
    return list;
}

struct client_reply client_send(struct client *c, const struct client_ask *ask)
{
    struct client_reply out  = { 0 };
    struct buf          body = buf_in(c->arena);
    struct heading      head = { c->arena, &out.headers };
    struct curl_slist  *list = headers_of(c, ask);
    long status = 0;

    curl_easy_reset(c->curl);
    curl_easy_setopt(c->curl, CURLOPT_URL, str_zero(c->arena, str_print(c->arena, "http://127.0.0.1:%d%.*s", c->port, STR_ARG(ask->path))));
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, ask->method);
    curl_easy_setopt(c->curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->curl, CURLOPT_FRESH_CONNECT, c->is_new ? 1L : 0L);
    if (ask->body.len) {
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.len);
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, ask->body.at);
    }
    if (curl_easy_perform(c->curl) == CURLE_OK)
        curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(list);

    struct err ignored = { 0 };
    out.status = (int)status;
    out.body   = buf_str(&body);
    if (out.body.len && !json_read(c->arena, out.body, (size_t)64 << 20, &out.json, &ignored))
        out.json = NULL;
    return out;
}

bool client_signed_in(struct client *c, const struct client_reply *r)
{
    str cookie = http_header_get(&r->headers, "Set-Cookie"), pair;
    str csrf   = json_str(json_get(r->json, "csrf"));
    if (r->status != 200 || !csrf.len || !str_split(&cookie, ';', &pair))
        return false;
    c->cookie = pair;
    c->csrf   = csrf;
    c->key    = (str){ 0 };
    return true;
}

void client_sign_out(struct client *c)
{
    c->cookie = c->csrf = c->key = (str){ 0 };
}

str client_path(struct arena *a, str path)
{
    struct buf out = buf_in(a);
    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.at[i];
        if (byte <= ' ' || byte >= 127)
            buf_print(&out, "%%%02X", byte);
        else
            buf_add_char(&out, (char)byte);
    }
    return buf_str(&out);
}
