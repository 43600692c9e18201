/* notices_http.c - how a person is told outside of the screens, and how the shop sends. */
#include "accounts/accounts_http.h"
#include "accounts/audit.h"
#include "accounts/body.h"
#include "accounts/choice_flow.h"
#include "accounts/session_flow.h"
#include "accounts/user_store.h"
#include "base/email.h"
#include "notices/notice_flow.h"
#include "notices/telegram.h"
#include "orders/queue_http.h"
#include "sync/channels_http.h"

#define SENDS_SHOWN 20

static bool people_only(const struct request *rq, struct err *err)
{
    return !rq->who.is_key || err_set(err, ERR_FORBIDDEN, "", "keys are told by webhooks");
}

static const struct secret_key *key_of(struct request *rq)
{
    return &sync_options_of(request_sync(rq))->key;
}

/* ---- one's own ---- */

static void rules_write(struct json_out *j, const struct notice_rules *r, struct arena *a)
{
    json_begin(j, "quiet", '{');
    json_text(j, "from", str_print(a, "%02d:%02d", r->quiet_from / 60, r->quiet_from % 60));
    json_text(j, "to", str_print(a, "%02d:%02d", r->quiet_to / 60, r->quiet_to % 60));
    json_end(j);
    json_text(j, "digest_at", str_print(a, "%02d:%02d", r->digest_at / 60, r->digest_at % 60));
    json_begin(j, "rules", '{');
    for (int type = 0; type < NOTICE_TEST; type++) {
        json_begin(j, notice_type_names[type], '{');
        for (int medium = 0; medium < MEDIUM_COUNT; medium++)
            json_text(j, notice_medium_names[medium], str_of(notice_mode_names[r->mode[type][medium]]));
        json_end(j);
    }
    json_end(j);
}

static bool own_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct arena             *a = rq->work.arena;
    struct notice_house       house;
    struct notice_target_list targets = { 0 };
    struct notice_send_list   sends   = { 0 };
    str                       chosen;
    if (!people_only(rq, err) || !notice_house_open(&rq->work, key_of(rq), &house, err) ||
        !targets_of(rq->work.db, rq->who.user_id, a, &targets, err) || !choice_get(rq->work.db, rq->who.user_id, STR(NOTICE_CHOICE), a, &chosen, err) ||
        !sends_of(rq->work.db, rq->who.user_id, SENDS_SHOWN, a, &sends, err))
        return false;
    struct notice_rules rules = notice_rules_read(a, chosen);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text_or_null(&j, "telegram", house.telegram_token.len ? house.telegram_name : STR(""));
    json_bool(&j, "email", house.mail_host.len > 0);
    json_text(&j, "push_key", house.push_public);
    rules_write(&j, &rules, a);
    json_begin(&j, "targets", '[');
    for (int i = 0; i < targets.count; i++)
        record_write_json(&notice_target_record, &targets.at[i], &j, NULL, NULL);
    json_end(&j);
    json_begin(&j, "sends", '[');
    for (int i = 0; i < sends.count; i++)
        record_write_json(&notice_send_record, &sends.at[i], &j, NULL, NULL);
    json_end(&j);
    json_end(&j);
    return true;
}

static bool time_ok(const struct json *v, const char *field, struct err *err)
{
    str     text = json_str(v), hour;
    int64_t h, m;
    bool ok = text.len == 5 && str_split(&text, ':', &hour) && str_to_int(hour, &h) && str_to_int(text, &m) && h >= 0 && h < 24 && m >= 0 && m < 60;
    return ok || err_add(err, field, "must be a time such as 22:00");
}

static bool named(const char *const *names, str name)
{
    for (int i = 0; names[i]; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static bool rules_ok(const struct json *rules, struct err *err)
{
    bool ok = true;
    JSON_EACH(type, rules) {
        if (!named(notice_type_names, type->key))
            ok = err_add(err, "rules", "there is no such notice");
        JSON_EACH(medium, type)
            if (!named(notice_medium_names, medium->key) || !named(notice_mode_names, json_str(medium)))
                ok = err_add(err, "rules", "must say now, digest or never for telegram, email or push");
    }
    return ok;
}

static bool own_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json *quiet = json_get(rq->json, "quiet"), *rules = json_get(rq->json, "rules");
    bool ok = true;
    if (!people_only(rq, err))
        return false;
    if (!json_is_null(quiet)) {
        ok &= time_ok(json_get(quiet, "from"), "quiet.from", err);
        ok &= time_ok(json_get(quiet, "to"), "quiet.to", err);
    }
    if (!json_is_null(json_get(rq->json, "digest_at")))
        ok &= time_ok(json_get(rq->json, "digest_at"), "digest_at", err);
    if (!json_is_null(rules))
        ok &= rules->kind == JSON_OBJECT ? rules_ok(rules, err) : err_add(err, "rules", "must be an object");
    /* What is kept is what was understood. */
    struct notice_rules understood = notice_rules_read(rq->work.arena, json_print(rq->work.arena, rq->json));
    struct buf          b = buf_in(rq->work.arena);
    struct json_out     j = json_out(&b);
    json_begin(&j, NULL, '{');
    rules_write(&j, &understood, rq->work.arena);
    json_end(&j);
    if (!ok || !choice_save(&rq->work, STR(NOTICE_CHOICE), buf_str(&b), err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool target_reply(struct request *rq, struct reply *rp, const struct notice_target *t, str link)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    record_write_fields(&notice_target_record, t, &j, NULL);
    if (link.len)
        json_text(&j, "link", link);
    json_end(&j);
    rp->status = REPLY_CREATED;
    reply_header(rp, rq, STR("Cache-Control"), STR("no-store"));
    return true;
}

static bool telegram_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct notice_house  house;
    struct notice_target t;
    str code;
    if (!people_only(rq, err) || !notice_house_get(rq->work.db, rq->work.arena, &house, err))
        return false;
    if (!house.telegram_token.len || !house.telegram_name.len)
        return err_set(err, ERR_ACTION_REFUSED, "telegram", "the shop has no bot yet");
    return target_begin(&rq->work, key_of(rq), MEDIUM_TELEGRAM, STR(""), &t, &code, err) &&
           target_reply(rq, rp, &t, str_print(rq->work.arena, "https://t.me/%.*s?start=%.*s", STR_ARG(house.telegram_name), STR_ARG(code)));
}

static bool email_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct notice_house  house;
    struct notice_target t;
    struct user          u = { 0 };
    str code, address = json_str(json_get(rq->json, "address"));
    if (!people_only(rq, err) || !notice_house_get(rq->work.db, rq->work.arena, &house, err) ||
        !user_get(rq->work.db, rq->who.user_id, rq->work.arena, &u, err))
        return false;
    if (!house.mail_host.len)
        return err_set(err, ERR_ACTION_REFUSED, "email", "the shop has no mail relay yet");
    str normal = email_normalise(rq->work.arena, address);  /* what is no address is refused below, and no letter */
    if (normal.len && !letter_count(&rq->work, normal, err))
        return false;
    if (!target_begin(&rq->work, key_of(rq), MEDIUM_EMAIL, address, &t, &code, err))
        return false;
    if (tell_code(request_sync(rq), &rq->work, normal, u.language, code, err))
        return target_reply(rq, rp, &t, STR(""));
    struct err after = { 0 };                               /* nobody has the code: nothing waits for it */
    (void)!target_drop(&rq->work, t.id, &after);
    return false;
}

static bool push_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct notice_target t;
    const struct json   *subscription = json_get(rq->json, "subscription");
    if (!people_only(rq, err))
        return false;
    if (!subscription || subscription->kind != JSON_OBJECT)
        return err_add(err, "subscription", "must be what the browser gave");
    return target_subscribe(&rq->work, key_of(rq), json_print(rq->work.arena, subscription), json_str(json_get(rq->json, "label")), &t, err) &&
           target_reply(rq, rp, &t, STR(""));
}

static bool prove_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    rp->status = REPLY_NO_CONTENT;
    return people_only(rq, err) && path_id(rq, "id", &id, err) && target_prove(&rq->work, id, json_str(json_get(rq->json, "code")), err);
}

static bool test_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    rp->status = REPLY_NO_CONTENT;
    return people_only(rq, err) && path_id(rq, "id", &id, err) && target_test(&rq->work, id, err);
}

static bool target_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    rp->status = REPLY_NO_CONTENT;
    return people_only(rq, err) && path_id(rq, "id", &id, err) && target_drop(&rq->work, id, err);
}

static bool acknowledge(struct request *rq, struct reply *rp, enum subject_kind kind, struct err *err)
{
    rid                id;
    struct queue_scope scope = request_scope(rq);
    rp->status = REPLY_NO_CONTENT;
    return path_id(rq, "id", &id, err) && subject_acknowledge(&rq->work, kind, id, scope.accounts, scope.count, err);
}

static bool order_acknowledge(struct request *rq, struct reply *rp, struct err *err) { return acknowledge(rq, rp, SUBJECT_ORDER, err); }
static bool return_acknowledge(struct request *rq, struct reply *rp, struct err *err) { return acknowledge(rq, rp, SUBJECT_RETURN, err); }
static bool claim_acknowledge(struct request *rq, struct reply *rp, struct err *err) { return acknowledge(rq, rp, SUBJECT_CLAIM, err); }

/* ---- the shop's ---- */

static bool house_reply(struct request *rq, struct reply *rp, const struct notice_house *h)
{
    struct notice_house shown = *h;
    shown.has_token    = h->telegram_token.len > 0;
    shown.has_password = h->mail_password.len > 0;
    return reply_record(rq, rp, &notice_house_record, &shown);
}

static bool house_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct notice_house h;
    return notice_house_get(rq->work.db, rq->work.arena, &h, err) && house_reply(rq, rp, &h);
}

/* The token is tried before it is kept: a wrong one would be found out only when somebody is not told. */
static bool house_patch(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const apart[] = { "telegram_token", "mail_password", NULL };
    struct arena       *a = rq->work.arena;
    struct notice_house h = { 0 };
    struct house_edit   e = { .json = body_without(a, rq->json, apart) };
    if (!request_version(rq, &e.version, err) || !body_text(a, rq->json, "telegram_token", 200, &e.token, &e.has_token, err) ||
        !body_text(a, rq->json, "mail_password", 200, &e.password, &e.has_password, err))
        return false;
    e.token = str_trim(e.token);
    if (e.token.len) {
        struct notice_house now;
        str base = json_str(json_get(rq->json, "telegram_base"));
        if (!telegram_token_ok(e.token))
            return err_add(err, "telegram_token", "must be the token that BotFather gave");
        if (!notice_house_get(rq->work.db, a, &now, err) ||
            !tell_check_bot(request_sync(rq), &rq->work, base.len ? base : now.telegram_base, e.token, &e.name, err))
            return false;
    }
    bool ok = notice_house_change(&rq->work, key_of(rq), &e, &h, err);
    if (ok || (err->code == ERR_VERSION_OLD && h.version))
        house_reply(rq, rp, &h);
    return ok;
}

#define TEXT      "{\"type\":\"string\"}"
#define BOOL      "{\"type\":\"boolean\"}"
#define INT       "{\"type\":\"integer\"}"
#define TIME      "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define MEDIUM    "{\"enum\":[\"telegram\",\"email\",\"push\"]}"
#define REF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define TARGET    "\"id\":" TEXT ",\"medium\":" MEDIUM ",\"label\":" TEXT ",\"state\":{\"enum\":[\"waiting\",\"on\",\"gone\"]},\"created_at\":" TIME
/* clang-format off */
const struct openapi_schema notice_schemas[] = {
    { "notice_target", "{\"type\":\"object\",\"required\":[\"id\",\"medium\",\"label\",\"state\",\"created_at\"],\"properties\":{" TARGET "}}" },
    { "notice_target_new", "{\"type\":\"object\",\"required\":[\"id\",\"medium\",\"label\",\"state\",\"created_at\"],\"properties\":{" TARGET ",\"link\":" TEXT "}}" },
    { "notice_send",
      "{\"type\":\"object\",\"required\":[\"id\",\"medium\",\"type\",\"state\",\"not_before\",\"tries\",\"text\",\"created_at\",\"done_at\"],\"properties\":{\"id\":" TEXT
      ",\"medium\":" MEDIUM ",\"type\":" TEXT ",\"state\":{\"enum\":[\"waiting\",\"sending\",\"done\",\"failed\",\"dropped\"]},\"not_before\":" TIME ",\"tries\":" INT
      ",\"text\":" TEXT ",\"created_at\":" TIME ",\"done_at\":" TIME_NULL "}}" },
    { "notice_ways",
      "{\"type\":\"object\",\"required\":[\"telegram\",\"email\",\"push_key\",\"quiet\",\"digest_at\",\"rules\",\"targets\",\"sends\"],\"properties\":{"
      "\"telegram\":{\"type\":[\"string\",\"null\"],\"description\":\"the bot's name; null: there is none\"},\"email\":" BOOL ",\"push_key\":" TEXT ","
      "\"quiet\":{\"type\":\"object\",\"required\":[\"from\",\"to\"],\"properties\":{\"from\":" TEXT ",\"to\":" TEXT "}},\"digest_at\":" TEXT ","
      "\"rules\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\",\"additionalProperties\":{\"enum\":[\"now\",\"digest\",\"never\"]}}},"
      "\"targets\":{\"type\":\"array\",\"items\":" REF("notice_target") "},\"sends\":{\"type\":\"array\",\"items\":" REF("notice_send") "}}}" },
    { NULL, NULL },
};

#define ROW(method, path, right, fn, ...) { HTTP_##method, path, right, fn, .tag = "notices", __VA_ARGS__ }
const struct route way_routes[] = {
    ROW(GET,    "/api/me/notices",             PERM_SIGNED_IN, own_get, .reply_schema = "notice_ways", .doc = "By what ways and of what one is told outside of the screens"),
    ROW(PUT,    "/api/me/notices",             PERM_SIGNED_IN, own_put, .json = true, .limit_bytes = 16384, .doc = "Quiet hours, time of the digest, and now, digest or never by type and way"),
    ROW(POST,   "/api/me/notices/telegram",    PERM_SIGNED_IN, telegram_post, .reply_schema = "notice_target_new", .doc = "A link that makes a chat with the shop's bot one's own; good for 15 minutes"),
    ROW(POST,   "/api/me/notices/email",       PERM_SIGNED_IN, email_post, .json = true, .limit_bytes = 4096, .reply_schema = "notice_target_new", .doc = "An address, proved by the code of a letter"),
    ROW(POST,   "/api/me/notices/push",        PERM_SIGNED_IN, push_post, .json = true, .limit_bytes = 16384, .reply_schema = "notice_target_new", .doc = "This browser, also while the page is closed"),
    ROW(POST,   "/api/me/notices/{id}/prove",  PERM_SIGNED_IN, prove_post, .json = true, .limit_bytes = 4096, .doc = "The code of the letter"),
    ROW(POST,   "/api/me/notices/{id}/test",   PERM_SIGNED_IN, test_post, .doc = "A message at once"),
    ROW(DELETE, "/api/me/notices/{id}",        PERM_SIGNED_IN, target_delete, .doc = "No longer by this way"),
    ROW(POST,   "/api/orders/{id}/acknowledge", PERM_ORDERS_WORK, order_acknowledge, .doc = "Seen: the team is not told as well"),
    ROW(POST,   "/api/returns/{id}/acknowledge", PERM_RETURNS_DECIDE, return_acknowledge, .doc = "Seen: the team is not told as well"),
    ROW(POST,   "/api/claims/{id}/acknowledge", PERM_RETURNS_DECIDE, claim_acknowledge, .doc = "Seen: the team is not told as well"),
    ROW(GET,    "/api/settings/notices",       PERM_SETTINGS,  house_get, .reply = &notice_house_record, .doc = "The shop's bot and mail relay"),
    ROW(PATCH,  "/api/settings/notices",       PERM_SETTINGS,  house_patch, .json = true, .edits = true, .limit_bytes = 16384, .reply = &notice_house_record, .doc = "Set up bot and relay; telegram_token and mail_password are written, never shown"),
    { .method = HTTP_NONE },
};
/* clang-format on */
