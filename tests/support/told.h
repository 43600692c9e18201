/* told.h - a shop whose people are told by a played Telegram, mail relay and push service, with the clock in the test's hand. */
#pragma once
#include "support/shop.h"

#include "accounts/choice_store.h"
#include "accounts/user_store.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "base/secret.h"
#include "notices/notice_flow.h"
#include "sync/sync.h"

#define TOKEN "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"

struct world {
    struct arena      *arena;
    struct http_client client;
    struct mail_client mail;
    int   messages, answers, strips, pushes, letters;
    str   chats, text, texts, markup, answer, letter_to, letter_subject, letter_id, letter_text, push_topic, push_key;
    const char *updates;                /* of the next getUpdates */
    int64_t asked_from;
    int   status;                       /* of sendMessage and of the push service */
    const char *reply;
    enum http_fate fate;
    bool  relay_down, relay_refuses;
};

static inline str body_text(struct world *w, str body, const char *path)
{
    const struct json *json = NULL;
    struct err         err  = { 0 };
    assert_true(json_read(w->arena, body, body.len, &json, &err));
    return json_str(json_path(json, path));
}

static inline bool played(struct http_client *c, struct arena *a, const struct http_request *rq, struct http_reply *out)
{
    struct world *w = c->ctx;
    *out = (struct http_reply){ .fate = HTTP_ANSWERED, .status = 200, .body = STR("{\"ok\":true,\"result\":true}") };
    (void)a;
    if (str_starts(rq->url, STR("https://push.example"))) {
        w->pushes++;
        w->push_topic = str_copy(w->arena, http_header_get(&rq->headers, "Topic"));
        assert_true(str_is(http_header_get(&rq->headers, "Content-Encoding"), "aes128gcm"));
        assert_true(str_starts(http_header_get(&rq->headers, "Authorization"), STR("vapid t=")));
        w->push_key = str_copy(w->arena, http_header_get(&rq->headers, "Authorization"));
        out->status = w->status ? w->status : 201;
        return true;
    }
    assert_true(str_starts(rq->url, STR("https://api.telegram.org/bot" TOKEN "/")));
    if (str_ends(rq->url, STR("/sendMessage"))) {
        w->messages++;
        w->chats  = str_print(w->arena, "%.*s %.*s", STR_ARG(w->chats), STR_ARG(body_text(w, rq->body, "chat_id")));
        w->text   = str_copy(w->arena, body_text(w, rq->body, "text"));
        w->texts  = str_print(w->arena, "%.*s\n%.*s", STR_ARG(w->texts), STR_ARG(w->text));
        w->markup = str_copy(w->arena, rq->body);
        out->fate   = w->fate;
        out->status = w->status ? w->status : 200;
        out->body   = w->reply ? str_of(w->reply) : STR("{\"ok\":true,\"result\":{\"message_id\":31}}");
    } else if (str_ends(rq->url, STR("/getUpdates"))) {
        assert_true(str_to_int(body_text(w, rq->body, "offset"), &w->asked_from));
        out->body  = w->updates ? str_of(w->updates) : STR("{\"ok\":true,\"result\":[]}");
        w->updates = NULL;
    } else if (str_ends(rq->url, STR("/answerCallbackQuery"))) {
        w->answers++;
        w->answer = str_copy(w->arena, body_text(w, rq->body, "text"));
    } else if (str_ends(rq->url, STR("/editMessageReplyMarkup"))) {
        w->strips++;
    }
    return true;
}

static inline void relayed(struct mail_client *c, struct arena *a, const struct mail_server *s, const struct mail *m, struct mail_reply *out)
{
    struct world *w = c->ctx;
    (void)a;
    assert_true(str_is(s->host, "smtp.example"));
    assert_true(str_is(s->password, "relay-secret"));
    w->letters++;
    w->letter_to      = str_copy(w->arena, m->to);
    w->letter_subject = str_copy(w->arena, m->subject);
    w->letter_id      = str_copy(w->arena, m->message_id);
    w->letter_text    = str_copy(w->arena, m->text);
    *out = w->relay_down      ? (struct mail_reply){ .text = STR("no answer") }
           : w->relay_refuses ? (struct mail_reply){ .status = 550, .for_good = true, .text = STR("550 no such person") }
                              : (struct mail_reply){ .sent = true, .status = 250 };
}

struct ground {
    struct test_shop    shop;
    struct clock        clock;
    struct world        world;
    struct secret_key   key;
    struct sync_engine *engine;
};

static const struct shop *shop_of(void *ctx)
{
    struct ground *g = ctx;
    return &g->shop.shop;
}

#define done(call) \
    do { \
        if (!(call)) \
            fail_msg("%s: %s (%s)", #call, g->shop.err.item[0].text, g->shop.err.trail); \
    } while (0)

enum { AIGERIM = 5, YERLAN = 6, NURLAN = 7 };

static inline bool people_tx(struct db *db, void *ctx, struct err *err)
{
    struct ground *g = ctx;
    static const struct { int64_t id; const char *login, *name, *roles; } people[] = {
        { AIGERIM, "aigerim@karapuz.kz", "Айгерим", "manager" }, { YERLAN, "yerlan@karapuz.kz", "Ерлан", "support,picker" },
        { NURLAN, "nurlan@karapuz.kz", "Нурлан", "owner" },
    };
    for (int i = 0; i < COUNT_OF(people); i++) {
        const struct user u = { .id = { people[i].id }, .login = str_of(people[i].login), .name = str_of(people[i].name), .roles = str_of(people[i].roles),
                                .version = 1, .created_at = g->shop.work.now, .updated_at = g->shop.work.now };
        if (!user_insert(db, &u, err))
            return false;
    }
    return true;
}

static inline void set_up(struct ground *g)
{
    const struct json  *json;
    struct notice_house h;
    str text = STR("{\"mail_host\":\"smtp.example\",\"mail_from\":\"sauda@karapuz.kz\",\"address\":\"https://crm.karapuz.kz/\"}");
    done(notice_house_get(g->shop.work.db, &g->shop.arena, &h, &g->shop.err));
    done(json_read(&g->shop.arena, text, text.len, &json, &g->shop.err));
    const struct house_edit e = { .version = h.version, .json = json, .has_token = true, .token = STR(TOKEN), .name = STR("karapuz_bot"),
                                  .has_password = true, .password = STR("relay-secret") };
    done(notice_house_change(&g->shop.work, &g->key, &e, &h, &g->shop.err));
}

static inline void ground_begin(struct ground *g, void **state)
{
    static const struct channel *const no_channels[] = { NULL };
    *g = (struct ground){ 0 };
    test_shop_init(&g->shop, state);
    clock_freeze(&g->clock, (instant){ SHOP_NOW });
    memset(&g->key, 7, sizeof g->key);
    g->world = (struct world){ .arena = &g->shop.arena, .client = { .send = played }, .mail = { .send = relayed }, .fate = HTTP_ANSWERED };
    g->world.client.ctx = g->world.mail.ctx = &g->world;
    done(db_tx(g->shop.work.db, people_tx, g, &g->shop.err));
    set_up(g);
    struct sync_options o = { .pool = g->shop.pool, .ids = &g->shop.ids, .clock = &g->clock, .shop = shop_of, .ctx = g, .mail = &g->world.mail,
                              .client = &g->world.client, .channels = no_channels, .server = "test", .key = g->key };
    done(sync_open(&o, &g->engine, &g->shop.err));
}

static inline void ground_end(struct ground *g)
{
    sync_close(g->engine);
    test_shop_done(&g->shop);
}

static inline void after(struct ground *g, int64_t ms)
{
    clock_advance(&g->clock, ms);
    test_shop_advance(&g->shop, ms);
    sync_turn(g->engine, 0);
}

static inline void as(struct ground *g, int64_t user)
{
    g->shop.work.actor.id = (rid){ user };
}

/* The person presses "start" at the bot with the code of the link. */
static inline void link_chat(struct ground *g, int64_t user, int chat)
{
    struct notice_target t;
    str code;
    as(g, user);
    done(target_begin(&g->shop.work, &g->key, MEDIUM_TELEGRAM, STR(""), &t, &code, &g->shop.err));
    g->world.updates = str_zero(&g->shop.arena, str_print(&g->shop.arena,
        "{\"ok\":true,\"result\":[{\"update_id\":%d,\"message\":{\"message_id\":1,\"from\":{\"username\":\"u%d\"},"
        "\"chat\":{\"id\":%d,\"type\":\"private\"},\"text\":\"/start %.*s\"}}]}", 1000 + chat, chat, chat, STR_ARG(code)));
    after(g, 5 * SECOND_MS);
    assert_true(str_has(g->world.text, STR("Готово")));
    g->world.messages = 0;
    g->world.chats    = STR("");
}

static inline void an_order(struct ground *g, const char *id, int64_t assignee)
{
    struct order_draft d = a_draft(&g->shop, id);
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    if (assignee) {
        struct action_input  in = { 0 };
        struct action_result r  = { 0 };
        rid order = the_order(&g->shop, id).id;
        done(order_assign(&g->shop.work, &order, 1, (rid){ assignee }, &in, &r, &g->shop.err));
    }
    after(g, 0);
}

struct choosing { int64_t user; const char *json; };

static inline bool choose_tx(struct db *db, void *ctx, struct err *err)
{
    const struct choosing *c = ctx;
    return choice_set(db, (rid){ c->user }, STR(NOTICE_CHOICE), str_of(c->json), err);
}

static inline void choose(struct ground *g, int64_t user, const char *json)
{
    struct choosing c = { user, json };
    done(db_tx(g->shop.work.db, choose_tx, &c, &g->shop.err));
}

static inline int64_t rows(struct ground *g, const char *sql) { return count_rows(&g->shop, sql); }

