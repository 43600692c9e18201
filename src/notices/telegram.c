#include "notices/telegram.h"

#include "base/json_read.h"
#include "base/json_write.h"

#define BODY_MAX ((size_t)4 << 20)

str telegram_url(struct arena *a, str base, str token, const char *method)
{
    str home = base.len ? base : STR(TELEGRAM_BASE);
    while (home.len && home.at[home.len - 1] == '/')
        home.len--;
    return str_print(a, "%.*s/bot%.*s/%s", STR_ARG(home), STR_ARG(token), method);
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool telegram_token_ok(str token)
{
    str     number;
    int64_t n;
    if (!str_split(&token, ':', &number) || number.len < 5 || number.len > 15 || !str_to_int(number, &n) || n <= 0)
        return false;
    for (size_t i = 0; i < token.len; i++)
        if (!is_word(token.at[i]))
            return false;
    return token.len >= 30 && token.len <= 60;
}

static void escape(struct buf *b, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '&' || c == '<' || c == '>')
            buf_add(b, c == '&' ? STR("&amp;") : c == '<' ? STR("&lt;") : STR("&gt;"));
        else
            buf_add_char(b, c);
    }
}

/* Cut by characters, before escaping, so that no entity is cut. */
static str cut(str text, size_t characters)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.at[i] & 0xC0) != 0x80 && n++ == characters)
            return str_sub(text, 0, i);
    return text;
}

str telegram_message(struct arena *a, str chat, str headline, str lines, const struct telegram_button *buttons, int count)
{
    struct buf      text = buf_in(a), b = buf_in(a);
    struct json_out j = json_out(&b);
    buf_add(&text, STR("<b>"));
    escape(&text, cut(headline, 300));
    buf_add(&text, STR("</b>"));
    if (lines.len)
        buf_add_char(&text, '\n');
    escape(&text, cut(lines, TELEGRAM_TEXT_MAX - 300));
    json_begin(&j, NULL, '{');
    json_raw(&j, "chat_id", chat);
    json_text(&j, "text", buf_str(&text));
    json_text(&j, "parse_mode", STR("HTML"));
    if (count) {
        json_begin(&j, "reply_markup", '{');
        json_begin(&j, "inline_keyboard", '[');
        json_begin(&j, NULL, '[');
        for (int i = 0; i < count; i++) {
            json_begin(&j, NULL, '{');
            json_text(&j, "text", buttons[i].text);
            json_text(&j, buttons[i].url.len ? "url" : "callback_data", buttons[i].url.len ? buttons[i].url : buttons[i].data);
            json_end(&j);
        }
        json_end(&j);
        json_end(&j);
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

str telegram_pressed(struct arena *a, str callback_id, str text)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "callback_query_id", callback_id);
    json_text(&j, "text", cut(text, 190));
    json_end(&j);
    return buf_str(&b);
}

str telegram_strip(struct arena *a, str chat, str message_id)
{
    return str_print(a, "{\"chat_id\":%.*s,\"message_id\":%.*s,\"reply_markup\":{\"inline_keyboard\":[]}}", STR_ARG(chat), STR_ARG(message_id));
}

str telegram_updates_ask(struct arena *a, int64_t offset)
{
    return str_print(a, "{\"offset\":%lld,\"limit\":50,\"timeout\":0,\"allowed_updates\":[\"message\",\"callback_query\",\"my_chat_member\"]}",
                     (long long)offset);
}

/* ---- answers ---- */

static bool is_gone(int status, str text)
{
    static const char *const words[] = { "chat not found", "blocked by the user", "user is deactivated", "can't initiate conversation", "was kicked" };
    for (int i = 0; i < COUNT_OF(words); i++)
        if (str_has(text, str_of(words[i])))
            return status == 400 || status == 403;
    return status == 403;
}

struct telegram_answer telegram_read(struct arena *a, int status, str body)
{
    struct err             err  = { 0 };
    const struct json     *json = NULL;
    struct telegram_answer out  = { 0 };
    if (!utf8_valid(body) || !json_read(a, body, BODY_MAX, &json, &err)) {
        out.text = str_print(a, "answer %d that is no JSON", status);
        return out;
    }
    const struct json *result = json_get(json, "result"), *more = json_get(json, "parameters");
    out.ok         = json_true(json_get(json, "ok"));
    out.text       = json_str(json_get(json, "description"));
    out.message_id = json_str(json_get(result, "message_id"));
    out.name       = json_str(json_get(result, "username"));
    out.chat_now   = json_str(json_get(more, "migrate_to_chat_id"));
    out.token_bad  = !out.ok && (status == 401 || status == 404);
    if (!json_int(json_get(more, "retry_after"), &out.wait_s) || out.wait_s < 0)
        out.wait_s = 0;
    if (!out.ok && status == 429 && !out.wait_s)
        out.wait_s = 5;
    out.gone = !out.ok && !out.chat_now.len && is_gone(status, out.text);
    if (!out.ok && str_has(out.text, STR("message is not modified")))
        out.ok = true;
    return out;
}

static str name_of(struct arena *a, const struct json *from)
{
    str user = json_str(json_get(from, "username")), first = json_str(json_get(from, "first_name")), last = json_str(json_get(from, "last_name"));
    if (user.len)
        return str_print(a, "@%.*s", STR_ARG(user));
    return last.len ? str_print(a, "%.*s %.*s", STR_ARG(first), STR_ARG(last)) : first;
}

/* Only a chat of one person: in a group anybody could press. */
static bool chat_read(const struct json *chat, str *out)
{
    int64_t id;
    str     type = json_str(json_get(chat, "type"));
    *out = json_str(json_get(chat, "id"));
    return json_int(json_get(chat, "id"), &id) && (!type.len || str_is(type, "private"));
}

static void update_read(struct arena *a, const struct json *u, struct telegram_update *out)
{
    const struct json *message = json_get(u, "message"), *button = json_get(u, "callback_query"), *member = json_get(u, "my_chat_member");
    const struct json *from = json_get(button ? button : message ? message : member, "from");
    str text = json_str(json_get(message, "text"));
    out->name = name_of(a, from);
    if (button) {
        out->text        = json_str(json_get(button, "data"));
        out->callback_id = json_str(json_get(button, "id"));
        out->message_id  = json_str(json_path(button, "message.message_id"));
        if (chat_read(json_path(button, "message.chat"), &out->chat) && out->callback_id.len && out->text.len)
            out->event = TELEGRAM_BUTTON;
    } else if (message && chat_read(json_get(message, "chat"), &out->chat) && str_starts(text, STR("/start"))) {
        out->text  = str_trim(str_sub(text, 6, text.len));
        out->event = TELEGRAM_START;
    } else if (member && chat_read(json_get(member, "chat"), &out->chat) &&
               str_is(json_str(json_path(member, "new_chat_member.status")), "kicked")) {
        out->event = TELEGRAM_STOPPED;
    }
}

bool telegram_updates(struct arena *a, str body, struct telegram_update_list *out, struct err *err)
{
    const struct json *json  = NULL;
    struct err         inner = { 0 };
    if (!utf8_valid(body) || !json_read(a, body, BODY_MAX, &json, &inner))
        return err_set(err, ERR_CHANNEL_PAYLOAD, "", "no JSON");
    const struct json *result = json_get(json, "result");
    if (!json_true(json_get(json, "ok")) || !result || result->kind != JSON_ARRAY)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "result", "must be a list of updates");
    JSON_EACH(u, result) {
        int64_t id;
        if (!json_int(json_get(u, "update_id"), &id))
            continue;
        struct telegram_update *one = telegram_update_list_add(out, a);
        one->id = id;
        update_read(a, u, one);
    }
    return true;
}
