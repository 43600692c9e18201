#include "deadlines/deadlines_http.h"
#include "deadlines/setup_flow.h"

struct shop_words request_shop_words(const struct request *rq)
{
    const struct shop *s = rq->work.shop;
    return (struct shop_words){ s->name, s->country, s->currency, zone_name(s->zone), s->hold_s, s->demo || s->example };
}

static bool setup_get(struct request *rq, struct reply *rp, struct err *err)
{
    const struct accounts *accounts = request_accounts(rq);
    bool demo = rq->work.shop->demo, needed;
    if (!setup_needed(rq->work.db, &needed, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "needs_owner", needed);
    json_bool(&j, "demo", demo);
    json_text(&j, "version", accounts->version);
    if (demo && accounts->demo_login.len) {
        json_begin(&j, "demo_login", '{');
        json_text(&j, "login", accounts->demo_login);
        json_text(&j, "password", accounts->demo_password);
        json_end(&j);
    } else
        json_null(&j, "demo_login");
    json_end(&j);
    return true;
}

static bool setup_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct signed_in in = { 0 };
    struct shop *shop = ARENA_NEW(rq->work.arena, struct shop);
    str agent = utf8_mend(rq->work.arena, http_header_get(&rq->headers, "User-Agent"));
    if (!setup_run(&rq->work, rq->record, false, agent, &in, err))
        return false;
    request_shop_changed(rq);
    if (!shop_load(rq->work.db, rq->work.arena, shop, err))
        return false;
    rq->work.shop = shop; /* the answer tells of the new shop, not of the empty one we began with */
    return session_reply(rq, rp, &in, err);
}

/* clang-format off */
const struct route setup_routes[] = {
    { HTTP_GET, "/api/setup", PERM_PUBLIC, setup_get, .reply_schema = "setup_state", .doc = "Does the shop have an owner yet?",
      .tag = "session" },
    { HTTP_POST, "/api/setup", PERM_PUBLIC, setup_post, .body = &setup_record, .reply_schema = "session", .no_csrf = true,
      .limit_bytes = 16384, .doc = "The first run: make the owner and the shop", .tag = "session" },
    { .method = HTTP_NONE },
};
/* clang-format on */
