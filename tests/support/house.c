#include "support/house.h"
#include "base/buf.h"
#include "base/permission.h"
#include "http/http.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- what is said to the markets ---- */

struct recorder { struct http_client real; FILE *file; };

static void headers_write(struct json_out *j, const char *key, const struct http_header_list *list)
{
    json_begin(j, key, '{');
    for (int i = 0; i < list->count; i++)
        json_key_text(j, list->at[i].name, list->at[i].value);
    json_end(j);
}

static bool record_send(struct http_client *client, struct arena *a, const struct http_request *rq, struct http_reply *reply)
{
    struct recorder *r   = client->ctx;
    bool             ok  = r->real.send(&r->real, a, rq, reply);
    struct buf       out = buf_in(a);
    struct json_out  j   = json_out(&out);
    json_begin(&j, NULL, '{');
    json_text(&j, "method", str_of(http_method_names[rq->method]));
    json_text(&j, "url", rq->url);
    headers_write(&j, "headers", &rq->headers);
    json_text(&j, "body", rq->body);
    json_number(&j, "status", reply->fate == HTTP_ANSWERED ? reply->status : 0);
    headers_write(&j, "reply_headers", &reply->headers);
    json_text(&j, "reply", utf8_mend(a, reply->body));
    json_end(&j);
    buf_add_char(&out, '\n');
    (void)fwrite(out.at, 1, out.len, r->file);
    return ok;
}

static void record_begin(struct house *h)
{
    struct recorder *r = calloc(1, sizeof *r);
    FILE *file = r ? fopen(h->record, "a") : NULL;
    if (!file) {
        fprintf(stderr, "%s cannot be written\n", h->record);
        abort();
    }
    *r = (struct recorder){ h->app.client, file };
    h->app.client = (struct http_client){ .send = record_send, .ctx = r };
}

static void record_end(struct house *h)
{
    if (h->app.client.send != record_send)
        return;
    struct recorder *r = h->app.client.ctx;
    h->app.client = r->real;
    fclose(r->file);
    free(r);
}

/* ---- the server ---- */

static void on_ready(struct app *app, void *ctx)
{
    struct house *h = ctx;
    h->port = http_port(app->server);
    sem_post(&h->ready);
}

static void *serve(void *ctx)
{
    struct house *h = ctx;
    if (app_serve(&h->app, on_ready, h) != 0)
        sem_post(&h->ready);
    return NULL;
}

static bool server_start(struct house *h, struct err *err)
{
    struct arena *a = &h->arena;
    str folder = str_of(h->store->folder);
    h->config = (struct config){
        .home = folder, .db = str_of(h->store->url), .listen = STR("127.0.0.1:0"), .log_level = STR("error"),
        .key_file = str_print(a, "%.*s/sauda.key", STR_ARG(folder)), .allow_private_hosts = true, .sync = false,
        .request_threads = 4, .sync_normal = true, .clock = STR(HOUSE_NOW), .control_token = STR(HOUSE_TOKEN),
    };
    if (!app_open(&h->app, &h->config, APP_READ_WRITE, err))
        return false;
    sem_init(&h->ready, 0, 0);
    if (pthread_create(&h->thread, NULL, serve, h) != 0)
        return err_set(err, ERR_INTERNAL, "threads", "the system gives no more threads");
    sem_wait(&h->ready);
    if (!h->port) {
        pthread_join(h->thread, NULL);
        app_close(&h->app);
        return err_set(err, ERR_INTERNAL, "serve", "the server does not start");
    }
    return true;
}

static bool markets_start(struct house *h, str scene, struct err *err)
{
    struct sandbox_options o = { .scene = scene, .frozen = true, .no_limits = true, .control_token = STR(HOUSE_TOKEN) };
    return instant_parse(STR(HOUSE_NOW), &o.now) && sandbox_start(&o, &h->markets, err);
}

static bool owner_make(struct house *h, struct err *err)
{
    struct client_reply r = house_send(h, "POST", STR("/api/setup"), STR(
        "{\"shop_name\":\"Карапуз\",\"country\":\"KZ\",\"currency\":\"KZT\",\"time_zone\":\"Asia/Almaty\",\"name\":\"owner\","
        "\"login\":\"owner\",\"password\":\"" HOUSE_SECRET "\",\"language\":\"ru\"}"));
    if (!client_signed_in(&h->client, &r))
        return err_set(err, ERR_INTERNAL, "setup", "%d %.*s", r.status, STR_ARG(utf8_cut(r.body, 150)));
    *house_session_list_add(&h->sessions, &h->arena) = (struct house_session){ STR("owner"), h->client.cookie, h->client.csrf };
    return true;
}

bool house_open(struct house *h, const struct test_store *store, str scene, struct err *err)
{
    const char *record = h->record;
    sigset_t    stop;
    *h = (struct house){ .store = store, .record = record };
    sigemptyset(&stop);                 /* threads of ours must not take the signal that ends the server */
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if (!secret_init(err) || !markets_start(h, scene, err))
        return false;
    if (!server_start(h, err)) {
        sandbox_stop(h->markets);
        arena_done(&h->arena);
        return false;
    }
    if (record)
        record_begin(h);
    h->is_open = true;
    client_open(&h->client, &h->arena, h->port);
    client_open(&h->control, &h->arena, sandbox_port(h->markets));
    if (owner_make(h, err))
        return true;
    house_close(h);
    return false;
}

void house_close(struct house *h)
{
    if (!h->is_open)
        return;
    client_close(&h->client);
    client_close(&h->control);
    record_end(h);
    pthread_kill(h->thread, SIGTERM);
    pthread_join(h->thread, NULL);
    app_close(&h->app);
    sandbox_stop(h->markets);
    sem_destroy(&h->ready);
    arena_done(&h->arena);
    h->is_open = false;
}

/* ---- talking ---- */

struct client_reply house_send(struct house *h, const char *method, str path, str body)
{
    struct client_ask ask = { .method = method, .path = client_path(&h->arena, path), .body = body };
    return client_send(&h->client, &ask);
}

struct client_reply house_control(struct house *h, const char *method, str path, str body)
{
    static const struct http_header token[] = { { STR_INIT("X-Control-Token"), STR_INIT(HOUSE_TOKEN) }, { { 0 }, { 0 } } };
    struct client_ask ask = { .method = method, .path = client_path(&h->arena, path), .body = body, .extra = token };
    return client_send(&h->control, &ask);
}

str house_market(str name)
{
    return str_is(name, "wb") ? STR("wildberries") : name;
}

static bool test_post(struct house *h, str path, str body, struct err *err)
{
    static const struct http_header token[] = { { STR_INIT("X-Control-Token"), STR_INIT(HOUSE_TOKEN) }, { { 0 }, { 0 } } };
    struct client_ask   ask = { .method = "POST", .path = path, .body = body, .extra = token };
    struct client_reply r   = client_send(&h->client, &ask);
    return r.status == 200 || err_set(err, ERR_INTERNAL, "test", "%.*s answers %d %.*s", STR_ARG(path), r.status, STR_ARG(utf8_cut(r.body, 100)));
}

bool house_run(struct house *h, struct err *err)
{
    return test_post(h, STR("/test/run"), (str){ 0 }, err);
}

bool house_advance(struct house *h, int64_t ms, struct err *err)
{
    str body = str_print(&h->arena, "{\"advance_ms\":%lld}", (long long)ms);
    struct client_reply r = house_control(h, "POST", STR("/control/clock"), body);
    if (r.status != 200)
        return err_set(err, ERR_INTERNAL, "clock", "the sandbox answers %d", r.status);
    return test_post(h, STR("/test/clock"), body, err);
}

/* ---- people ---- */

static bool person_make(struct house *h, str role, struct err *err)
{
    if (!house_as(h, STR("owner"), err))
        return false;
    str body = str_print(&h->arena, "{\"name\":\"%.*s\",\"login\":\"%.*s\",\"roles\":[\"%.*s\"],\"password\":\"" HOUSE_SECRET "\"}",
                         STR_ARG(role), STR_ARG(role), STR_ARG(role));
    struct client_reply r = house_send(h, "POST", STR("/api/users"), body);
    return r.status == 201 || r.status == 409 ||
           err_set(err, ERR_INTERNAL, "as", "%d %.*s", r.status, STR_ARG(utf8_cut(r.body, 150)));
}

bool house_as(struct house *h, str role, struct err *err)
{
    client_sign_out(&h->client);
    if (str_is(role, "nobody"))
        return true;
    for (int i = 0; i < h->sessions.count; i++)
        if (str_eq(h->sessions.at[i].login, role)) {
            h->client.cookie = h->sessions.at[i].cookie;
            h->client.csrf   = h->sessions.at[i].csrf;
            return true;
        }
    /* A login that is no role is somebody whom the test has made itself. */
    bool is_role = false;
    for (int i = 0; i < ROLE_COUNT; i++)
        is_role |= str_is(role, role_names[i]);
    if (is_role && !person_make(h, role, err))
        return false;
    client_sign_out(&h->client);
    str body = str_print(&h->arena, "{\"login\":\"%.*s\",\"password\":\"" HOUSE_SECRET "\"}", STR_ARG(role));
    struct client_reply r = house_send(h, "POST", STR("/api/session"), body);
    if (!client_signed_in(&h->client, &r))
        return err_set(err, ERR_INTERNAL, "as", "%d %.*s", r.status, STR_ARG(utf8_cut(r.body, 150)));
    *house_session_list_add(&h->sessions, &h->arena) = (struct house_session){ str_copy(&h->arena, role), h->client.cookie, h->client.csrf };
    return true;
}

/* ---- accounts ---- */

static const struct { const char *name, *channel, *prefix, *settings; } kinds[] = {
    { "kaspi", "kaspi", "/kaspi/shop/api", "{\"token\":\"shop-1-token\"}" },
    { "wb", "wildberries", "/wb", "{\"token\":\"" HOUSE_WB_TOKEN "\"}" },
    { "ozon", "ozon", "/ozon", "{\"client_id\":\"836\",\"api_key\":\"0296d4f2\"}" },
};

bool house_connect(struct house *h, str channel, str name, const struct json *more, str *id, struct err *err)
{
    struct buf out = buf_in(&h->arena);
    for (int i = 0; i < COUNT_OF(kinds); i++) {
        if (!str_is(channel, kinds[i].name))
            continue;
        struct json_out j = json_out(&out);
        json_begin(&j, NULL, '{');
        json_text(&j, "channel", str_of(kinds[i].channel));
        json_text(&j, "name", name);
        if (!json_get(more, "base_url"))
            json_text(&j, "base_url", str_print(&h->arena, "http://127.0.0.1:%d%s", sandbox_port(h->markets), kinds[i].prefix));
        if (!json_get(more, "mode"))
            json_text(&j, "mode", STR("live"));
        if (!json_get(more, "settings"))
            json_raw(&j, "settings", str_of(kinds[i].settings));
        JSON_EACH(m, more)
            json_raw(&j, str_zero(&h->arena, m->key), json_print(&h->arena, m));
        json_end(&j);
    }
    str cookie = h->client.cookie, csrf = h->client.csrf, key = h->client.key;
    if (!out.len || !house_as(h, STR("owner"), err))
        return out.len || err_set(err, ERR_INTERNAL, "connect", "kaspi, wb or ozon, not %.*s", STR_ARG(channel));
    struct client_reply r = house_send(h, "POST", STR("/api/accounts"), buf_str(&out));
    h->client.cookie = cookie;
    h->client.csrf   = csrf;
    h->client.key    = key;
    if (r.status != 201)
        return err_set(err, ERR_INTERNAL, "connect", "%d %.*s", r.status, STR_ARG(utf8_cut(r.body, 150)));
    *id = json_str(json_get(r.json, "id"));
    return true;
}
