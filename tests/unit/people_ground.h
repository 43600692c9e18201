/* people_ground.h - an empty shop with a clock of its own, asked through the pipeline as browsers and programs ask. */
#pragma once
#include "accounts/accounts_http.h"
#include "base/secret.h"
#include "db/migrate.h"
#include "deadlines/deadlines_http.h"
#include "deadlines/setup_flow.h"
#include "http/pipeline.h"
#include "support/pg.h"

struct ground {
    struct db_pool      *pool;
    struct db           *db;
    struct arena         home, a;
    struct id_source     ids;
    instant              now;
    struct accounts      accounts;
    const struct router *router;
    struct http_options  options;
    struct shop          shop;
    int                  shop_changes;
    struct secret_key    key;
    struct err           err;
};

/* The program's part of the house. */
struct accounts *request_accounts(const struct request *rq) { return &((struct ground *)rq->app)->accounts; }
void request_shop_changed(struct request *rq)
{
    struct ground *g   = rq->app;
    struct err     err = { 0 };
    if (db_in_tx(rq->work.db)) {
        rq->after = request_shop_changed;
        return;
    }
    g->shop_changes++;
    if (!shop_load(rq->work.db, &g->home, &g->shop, &err))
        fail_msg("%s", err.item[0].text);
}

static inline struct work work_of(struct ground *g)
{
    return (struct work){ .db = g->db, .arena = &g->a, .ids = &g->ids, .now = g->now, .shop = &g->shop,
                          .actor = { .kind = ACTOR_SYSTEM, .name = STR("test"), .address = STR("192.0.2.1") } };
}

static inline void ground_init(struct ground *g, void **state)
{
    static const struct route *const tables[] = { session_routes, factor_routes, user_routes, role_routes, invitation_routes, key_routes, view_routes, audit_routes, setup_routes,
                                                  deadline_routes, NULL };
    int applied;
    *g = (struct ground){ .pool = test_store_open(*state) };
    assert_true(instant_parse(STR("2026-12-16T04:00:00Z"), &g->now));
    assert_true(secret_init(&g->err));
    if (!migrate(g->pool, &applied, &g->err))
        fail_msg("%s", g->err.item[0].text);
    g->db = db_borrow(g->pool);
    assert_true(shop_load(g->db, &g->home, &g->shop, &g->err));
    secret_random(&g->key, sizeof g->key);
    g->accounts = (struct accounts){ .key = &g->key, .cache = session_cache_new(&g->home), .shop_words = request_shop_words, .version = STR("1.2.3") };
    g->router   = router_new(&g->home, tables, &g->err);
    if (!g->router)
        fail_msg("%s", g->err.item[0].text);
    g->options = (struct http_options){ .app = g, .router = g->router, .authenticate = accounts_authenticate,
                                        .idempotent_find = accounts_idempotent_find, .idempotent_save = accounts_idempotent_save };
}

static inline void ground_done(struct ground *g)
{
    session_cache_done(g->accounts.cache);
    db_return(g->pool, g->db);
    db_close(g->pool);
    arena_done(&g->a);
    arena_done(&g->home);
}

/* One who asks: a browser with its cookie and token, or a program with its key. */
struct client { str cookie, csrf, key, peer, once; int64_t version; bool https; };
struct answer { int status; const struct json *json; str body, cookie_line; int retry_after; int64_t statements; };

static inline void header(struct request *rq, const char *name, str value)
{
    if (value.len)
        *http_header_list_add(&rq->headers, rq->work.arena) = (struct http_header){ str_of(name), value };
}

static inline struct answer ask(struct ground *g, const struct client *c, enum http_method method, const char *path, const char *body)
{
    struct request rq  = { .method = method, .path = str_of(path), .peer = c && c->peer.len ? c->peer : STR("192.0.2.1"),
                           .id = STR("test"), .app = g, .work = work_of(g) };
    struct reply   rp  = { 0 };
    struct err     err = { 0 };
    bool           known;
    ptrdiff_t      mark = str_find(rq.path, STR("?"));
    if (mark >= 0) {
        rq.query = str_sub(rq.path, (size_t)mark + 1, SIZE_MAX);
        rq.path  = str_sub(rq.path, 0, (size_t)mark);
    }
    rq.route = router_find(g->router, method, rq.path, &rq, &known);
    if (!rq.route)
        fail_msg("no route %s", path);
    if (body) {
        header(&rq, "Content-Type", STR("application/json"));
        rq.body = str_of(body);
    }
    if (c) {
        if (c->cookie.len)
            header(&rq, "Cookie", str_print(&g->a, "a=b; sauda_session=%.*s; c=d", STR_ARG(c->cookie)));
        if (c->key.len)
            header(&rq, "Authorization", str_print(&g->a, "Bearer %.*s", STR_ARG(c->key)));
        if (c->version)
            header(&rq, "If-Match", str_print(&g->a, "\"%lld\"", (long long)c->version));
        header(&rq, "X-CSRF-Token", c->csrf);
        header(&rq, "Idempotency-Key", c->once);
        header(&rq, "X-Forwarded-Proto", c->https ? STR("https") : (str){ 0 });
    }
    header(&rq, "User-Agent", STR("test browser"));
    int64_t before = db_statements(g->db);
    pipeline_run(&g->options, &rq, &rp, &err);
    struct answer out = { .status = rp.status, .body = buf_str(&rp.body), .statements = db_statements(g->db) - before,
                          .cookie_line = http_header_get(&rp.headers, "Set-Cookie") };
    int64_t seconds;
    if (str_to_int(http_header_get(&rp.headers, "Retry-After"), &seconds))
        out.retry_after = (int)seconds;
    struct err ignored = { 0 };
    if (out.body.len && !json_read(&g->a, out.body, 1 << 20, &out.json, &ignored))
        fail_msg("%s: no JSON: %.*s", path, STR_ARG(out.body));
    return out;
}

static inline str cookie_token(struct answer a)
{
    str rest = a.cookie_line, part;
    assert_true(str_split(&rest, ';', &part));
    assert_true(str_starts(part, STR("sauda_session=")));
    return str_sub(part, 14, SIZE_MAX);
}

static inline void need(struct answer a, int status, const char *what)
{
    if (a.status != status)
        fail_msg("%s: %d instead of %d: %.*s", what, a.status, status, STR_ARG(a.body));
}

static inline struct client client_of(struct answer a)
{
    return (struct client){ .cookie = cookie_token(a), .csrf = json_str(json_get(a.json, "csrf")) };
}

/* Signs in; the answer must be `status`. */
static inline struct answer try_sign_in(struct ground *g, const char *login, const char *password, const struct client *with)
{
    return ask(g, with, HTTP_POST, "/api/session",
               str_zero(&g->a, str_print(&g->a, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password)));
}

static inline struct client sign_in(struct ground *g, const char *login, const char *password)
{
    struct answer a = try_sign_in(g, login, password, NULL);
    need(a, 200, login);
    return client_of(a);
}

#define SETUP "{\"shop_name\":\"Карапуз\",\"country\":\"KZ\",\"currency\":\"KZT\",\"time_zone\":\"Asia/Almaty\",\"name\":\"Айгуль\"," \
              "\"login\":\"Owner\",\"password\":\"correct horse\",\"language\":\"ru\"}"

static inline struct client first_run(struct ground *g)
{
    struct answer a = ask(g, NULL, HTTP_POST, "/api/setup", SETUP);
    need(a, 200, "setup");
    return client_of(a);
}

/* Somebody with these roles, signed in. */
static inline struct client hire(struct ground *g, const struct client *owner, const char *login, const char *roles)
{
    struct answer a = ask(g, owner, HTTP_POST, "/api/users",
                          str_zero(&g->a, str_print(&g->a, "{\"name\":\"%s\",\"login\":\"%s\",\"roles\":[%s],\"accounts\":[],"
                                                           "\"password\":\"battery staple\"}", login, login, roles)));
    need(a, 201, login);
    return sign_in(g, login, "battery staple");
}

static inline str text_at(struct answer a, const char *path) { return json_str(json_path(a.json, path)); }
static inline bool has_error(struct answer a, const char *field)
{
    JSON_EACH(one, json_get(a.json, "errors"))
        if (str_is(json_str(json_get(one, "field")), field))
            return true;
    return false;
}
