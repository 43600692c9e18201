/* sandbox_client.h - a sandbox on a free port and a plain client for it, for the tests of the sandbox. */
#pragma once
#include "base/buf.h"
#include "base/json_read.h"
#include "base/secret.h"
#include "sandbox/sandbox.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define MORNING "2026-12-16T09:04:00+05:00"

struct town {
    struct sandbox *sb;
    struct arena    arena;
    CURL           *curl;
};
struct answer {
    int   status;                       /* 0: no whole reply came */
    bool  silent;                       /* not one byte */
    str   body, head;
    const struct json *json;            /* NULL when the body is none */
};

static inline void town_open(struct town *t, struct sandbox_options options)
{
    struct err err = { 0 };
    *t = (struct town){ 0 };
    if (!secret_init(&err))
        fail_msg("libsodium refuses");
    if (!options.now.ms && !instant_parse(STR(MORNING), &options.now))
        fail_msg("the morning cannot be read");
    options.frozen = true;
    if (!sandbox_start(&options, &t->sb, &err))
        fail_msg("the sandbox does not start: %s %s", err.item[0].field, err.item[0].text);
    t->curl = curl_easy_init();
}

static inline void town_close(struct town *t)
{
    curl_easy_cleanup(t->curl);
    sandbox_stop(t->sb);
    arena_done(&t->arena);
}

static inline size_t town_take(char *at, size_t size, size_t count, void *into)
{
    buf_add(into, (str){ at, size * count });
    return size * count;
}

/* `headers` is a list of "Name: value" that ends with NULL. */
static inline struct answer ask(struct town *t, const char *method, const char *path,
                                const char *const *headers, const char *body)
{
    struct buf out = buf_in(&t->arena), head = buf_in(&t->arena);
    struct curl_slist *list = NULL;
    for (; headers && *headers; headers++)
        list = curl_slist_append(list, *headers);
    char url[1024];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", sandbox_port(t->sb), path);
    curl_easy_reset(t->curl);
    curl_easy_setopt(t->curl, CURLOPT_URL, url);
    curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, town_take);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, &out);
    curl_easy_setopt(t->curl, CURLOPT_HEADERFUNCTION, town_take);
    curl_easy_setopt(t->curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, 20000L);
    if (body)
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body);
    for (struct curl_slist *h = list; h; h = h->next)
        if (strncmp(h->data, "X-Test-Patience:", 16) == 0)
            curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, strtol(h->data + 16, NULL, 10));
    CURLcode code = curl_easy_perform(t->curl);
    long status = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(list);
    struct answer a = { .body = buf_str(&out), .head = buf_str(&head) };
    a.status = code == CURLE_OK ? (int)status : 0;
    a.silent = code == CURLE_OPERATION_TIMEDOUT && !a.head.len;
    struct err ignored = { 0 };
    if (a.body.len && !json_read(&t->arena, a.body, 64 << 20, &a.json, &ignored))
        a.json = NULL;
    return a;
}

static const char *const kaspi_keys[] = { "X-Auth-Token: shop-1-token", "User-Agent: Sauda/1.0",
                                          "Accept: application/vnd.api+json",
                                          "Content-Type: application/vnd.api+json", NULL };
/* {"exp":4000000000,"oid":1} */
static const char *const wb_keys[] = {
    "Authorization: eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6MX0.c2ln",
    "Content-Type: application/json", NULL
};
static const char *const ozon_keys[] = { "Client-Id: 836", "Api-Key: 0296d4f2",
                                         "Content-Type: application/json", NULL };
static const char *const json_type[] = { "Content-Type: application/json", NULL };

__attribute__((unused)) static struct answer kaspi_get(struct town *t, const char *path)
{
    return ask(t, "GET", path, kaspi_keys, NULL);
}
__attribute__((unused)) static struct answer kaspi_post(struct town *t, const char *path, const char *body)
{
    return ask(t, "POST", path, kaspi_keys, body);
}
__attribute__((unused)) static struct answer wb(struct town *t, const char *method, const char *path,
                                                const char *body)
{
    return ask(t, method, path, wb_keys, body);
}
__attribute__((unused)) static struct answer ozon(struct town *t, const char *path, const char *body)
{
    return ask(t, "POST", path, ozon_keys, body);
}
__attribute__((unused)) static struct answer control(struct town *t, const char *path, const char *body)
{
    return ask(t, body ? "POST" : "GET", path, json_type, body);
}

static inline const char *text_at(struct town *t, struct answer a, const char *path)
{
    return str_zero(&t->arena, json_str(json_path(a.json, path)));
}
static inline int64_t number_at(struct answer a, const char *path)
{
    int64_t n;
    return json_int(json_path(a.json, path), &n) ? n : -1;
}
