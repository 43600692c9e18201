/* telegram.c - a bot of Telegram played by ourselves: what it was told to send, and what people in their chats do.
 *
 * The Bot API lives under /telegram, in place of https://api.telegram.org. One bot, any token that looks like one; its chats are known
 * only by what people do in them through /control/telegram. Kept in memory: a restart forgets it, as a person clears a chat.
 */
#include "sandbox/market.h"

#include "base/secret.h"

#define BOT_ID    1
#define BOT_NAME  "karapuz_sandbox_bot"
#define BOT_TITLE "Карапуз"

static bool answer_ok(struct request *rq, struct reply *rp, str result)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_raw(&j, "result", result);
    json_end(&j);
    return true;
}

static bool answer_refused(struct request *rq, struct reply *rp, int code, const char *why)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "ok", false);
    json_number(&j, "error_code", code);
    json_text(&j, "description", str_of(why));
    json_end(&j);
    rp->status = code;
    return true;
}

static bool token_known(str bot)
{
    return str_starts(bot, STR("bot")) && str_find(bot, STR(":")) > 3;
}

static bool chat_blocked(const struct sandbox *sb, int64_t chat)
{
    for (int i = 0; i < sb->chats_closed.count; i++)
        if (sb->chats_closed.at[i] == chat)
            return true;
    return false;
}

/* ---- methods of the bot ---- */

static bool send_message(struct sandbox *sb, struct request *rq, struct reply *rp)
{
    struct chat_message m = { .text = str_copy(&sb->arena, json_str(json_get(rq->json, "text"))), .id = sb->messages.count + 1 };
    if (!json_int(json_get(rq->json, "chat_id"), &m.chat) || !m.text.len)
        return answer_refused(rq, rp, 400, "Bad Request: chat not found");
    if (chat_blocked(sb, m.chat))
        return answer_refused(rq, rp, 403, "Forbidden: bot was blocked by the user");
    if (utf8_count(m.text) > 4096 * 5)
        return answer_refused(rq, rp, 400, "Bad Request: message is too long");
    const struct json *keys = json_path(rq->json, "reply_markup.inline_keyboard.0");
    m.buttons = str_copy(&sb->arena, keys ? json_print(rq->work.arena, keys) : STR("[]"));
    *chat_message_list_add(&sb->messages, &sb->arena) = m;
    return answer_ok(rq, rp, str_print(rq->work.arena, "{\"message_id\":%lld,\"date\":%lld,\"chat\":{\"id\":%lld,\"type\":\"private\"}}",
                                       (long long)m.id, (long long)(clock_now(&sb->clock).ms / SECOND_MS), (long long)m.chat));
}

/* What is below the offset has been read and is forgotten, as the real one does it. */
static bool get_updates(struct sandbox *sb, struct request *rq, struct reply *rp)
{
    struct buf b = buf_in(rq->work.arena);
    int64_t    offset = 0;
    if (!json_is_null(json_get(rq->json, "offset")) && !json_int(json_get(rq->json, "offset"), &offset))
        return answer_refused(rq, rp, 400, "Bad Request: offset must be a number");
    if (offset > sb->updates_read)
        sb->updates_read = offset;
    buf_add_char(&b, '[');
    for (int i = 0; i < sb->updates.count; i++)
        if (i + 1 >= sb->updates_read)
            buf_print(&b, "%s%.*s", b.len > 1 ? "," : "", STR_ARG(sb->updates.at[i]));
    buf_add_char(&b, ']');
    return answer_ok(rq, rp, buf_str(&b));
}

static bool strip_buttons(struct sandbox *sb, struct request *rq, struct reply *rp)
{
    int64_t id;
    if (!json_int(json_get(rq->json, "message_id"), &id) || id < 1 || id > sb->messages.count)
        return answer_refused(rq, rp, 400, "Bad Request: message to edit not found");
    sb->messages.at[id - 1].buttons = STR("[]");
    return answer_ok(rq, rp, STR("true"));
}

static bool press_answered(struct sandbox *sb, struct request *rq, struct reply *rp)
{
    *str_list_add(&sb->pressed, &sb->arena) = str_copy(&sb->arena, json_str(json_get(rq->json, "text")));
    return answer_ok(rq, rp, STR("true"));
}

static bool bot_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct sandbox *sb     = rq->app;
    str             method = path_text(rq, "method");
    bool            ok;
    (void)err;
    if (!token_known(path_text(rq, "bot")))
        return answer_refused(rq, rp, 401, "Unauthorized");
    pthread_mutex_lock(&sb->lock);
    if (str_is(method, "getMe"))
        ok = answer_ok(rq, rp, STR("{\"id\":1,\"is_bot\":true,\"first_name\":\"" BOT_TITLE "\",\"username\":\"" BOT_NAME "\"}"));
    else if (str_is(method, "deleteWebhook"))
        ok = answer_ok(rq, rp, STR("true"));
    else if (str_is(method, "sendMessage"))
        ok = send_message(sb, rq, rp);
    else if (str_is(method, "getUpdates"))
        ok = get_updates(sb, rq, rp);
    else if (str_is(method, "editMessageReplyMarkup"))
        ok = strip_buttons(sb, rq, rp);
    else if (str_is(method, "answerCallbackQuery"))
        ok = press_answered(sb, rq, rp);
    else
        ok = answer_refused(rq, rp, 404, "Not Found");
    pthread_mutex_unlock(&sb->lock);
    return ok;
}

/* ---- the people in their chats ---- */

static bool control_ok(struct request *rq, struct err *err)
{
    const struct sandbox *sb = rq->app;
    str token = http_header_get(&rq->headers, "X-Control-Token");
    return !sb->options.control_token.len || secret_equal(token, sb->options.control_token) ||
           err_set(err, ERR_SIGN_IN, "X-Control-Token", "must be the token given at the start");
}

static bool chats_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct sandbox *sb = rq->app;
    if (!control_ok(rq, err))
        return false;
    pthread_mutex_lock(&sb->lock);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "messages", '[');
    for (int i = 0; i < sb->messages.count; i++) {
        json_begin(&j, NULL, '{');
        json_number(&j, "id", sb->messages.at[i].id);
        json_number(&j, "chat", sb->messages.at[i].chat);
        json_text(&j, "text", sb->messages.at[i].text);
        json_raw(&j, "buttons", sb->messages.at[i].buttons);
        json_end(&j);
    }
    json_end(&j);
    json_begin(&j, "pressed", '[');
    for (int i = 0; i < sb->pressed.count; i++)
        json_text(&j, NULL, sb->pressed.at[i]);
    json_end(&j);
    json_end(&j);
    pthread_mutex_unlock(&sb->lock);
    return true;
}

static void update_begin(struct sandbox *sb, struct json_out *j)
{
    json_begin(j, NULL, '{');
    json_number(j, "update_id", sb->updates.count + 1);
}

static void chat_write(struct json_out *j, int64_t chat)
{
    json_begin(j, "chat", '{');
    json_number(j, "id", chat);
    json_text(j, "type", STR("private"));
    json_end(j);
}

static void person_write(struct json_out *j, const char *key, int64_t chat, bool bot)
{
    char room[24];
    (void)snprintf(room, sizeof room, "user%lld", (long long)chat);
    str name = str_of(room);
    json_begin(j, key, '{');
    json_number(j, "id", bot ? BOT_ID : chat);
    json_bool(j, "is_bot", bot);
    json_text(j, "first_name", bot ? STR(BOT_TITLE) : name);
    json_text(j, "username", bot ? STR(BOT_NAME) : name);
    json_end(j);
}

static void date_write(struct json_out *j, const struct sandbox *sb)
{
    json_number(j, "date", clock_now(&sb->clock).ms / SECOND_MS);
}

static void membership_write(struct json_out *j, const char *key, const char *status)
{
    json_begin(j, key, '{');
    json_text(j, "status", str_of(status));
    person_write(j, "user", 0, true);
    if (!strcmp(status, "kicked"))
        json_number(j, "until_date", 0);
    json_end(j);
}

/* {"chat":500,"start":"code"} {"chat":500,"press":"a:17","message":3} {"chat":500,"block":true} */
static bool chats_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct sandbox    *sb    = rq->app;
    const struct json *start = json_get(rq->json, "start"), *press = json_get(rq->json, "press");
    struct buf         b     = buf_in(rq->work.arena);
    struct json_out    j     = json_out(&b);
    int64_t chat, message = 0;
    if (!control_ok(rq, err))
        return false;
    if (!json_int(json_get(rq->json, "chat"), &chat))
        return err_set(err, ERR_BODY_INVALID, "chat", "must be a number");
    if (press && !json_int(json_get(rq->json, "message"), &message))
        return err_set(err, ERR_BODY_INVALID, "message", "must be the number of a message");
    pthread_mutex_lock(&sb->lock);
    update_begin(sb, &j);
    if (press) {
        json_begin(&j, "callback_query", '{');
        json_text(&j, "id", str_print(rq->work.arena, "%d", sb->updates.count + 1));
        person_write(&j, "from", chat, false);
        json_text(&j, "chat_instance", str_print(rq->work.arena, "%lld", (long long)chat));
        json_text(&j, "data", json_str(press));
        json_begin(&j, "message", '{');
        json_number(&j, "message_id", message);
        date_write(&j, sb);
        chat_write(&j, chat);
        json_end(&j);
        json_end(&j);
    } else if (start) {
        json_begin(&j, "message", '{');
        json_number(&j, "message_id", 1);
        date_write(&j, sb);
        person_write(&j, "from", chat, false);
        chat_write(&j, chat);
        json_text(&j, "text", str_print(rq->work.arena, "/start %.*s", STR_ARG(json_str(start))));
        json_end(&j);
    } else {
        *int_list_add(&sb->chats_closed, &sb->arena) = chat;
        json_begin(&j, "my_chat_member", '{');
        chat_write(&j, chat);
        date_write(&j, sb);
        person_write(&j, "from", chat, false);
        membership_write(&j, "old_chat_member", "member");
        membership_write(&j, "new_chat_member", "kicked");
        json_end(&j);
    }
    json_end(&j);
    *str_list_add(&sb->updates, &sb->arena) = str_copy(&sb->arena, buf_str(&b));
    pthread_mutex_unlock(&sb->lock);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route telegram_routes[] = {
    { HTTP_POST, "/telegram/{bot}/{method}", PERM_PUBLIC, bot_post, .json = true, .no_csrf = true, .tag = "telegram", .doc = "as Telegram describes it" },
    { HTTP_GET, "/control/telegram", PERM_PUBLIC, chats_get, .tag = "control", .doc = "for tests" },
    { HTTP_POST, "/control/telegram", PERM_PUBLIC, chats_post, .json = true, .no_csrf = true, .tag = "control", .doc = "for tests" },
    { HTTP_NONE },
};
