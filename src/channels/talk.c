/* talk.c - replies, payload values and events, the same for every market. */
#include "channels/talk.h"

#include "net/address.h"

#define WORDS_BYTES_MAX 300
#define WAIT_S_MAX      (24 * 3600)         /* a market has told waits of five hours; more than a day is nonsense */

/* ---- replies ---- */

static str words_of_json(const struct json *root)
{
    static const char *const paths[] = { "errors.0.title", "errors.0.detail", "errors.0.message", "message", "detail", "errorText",
                                         "error.message", "error", "title", NULL };
    for (int i = 0; paths[i]; i++) {
        str text = str_trim(json_str(json_path(root, paths[i])));
        if (text.len)
            return text;
    }
    if (root && root->kind == JSON_ARRAY)
        return str_trim(json_str(json_path(root, "0.message")));
    return (str){ 0 };
}

str reply_words(struct arena *arena, const struct http_reply *reply)
{
    const struct json *root;
    struct err ignored = { 0 };
    if (reply->body.len && json_read(arena, reply->body, REPLY_BYTES_MAX, &root, &ignored)) {
        str words = words_of_json(root), code = str_trim(json_str(json_get(root, "code")));
        int64_t number;
        if (words.len && code.len && !str_to_int(code, &number) && !str_has(words, code))
            words = str_print(arena, "%.*s: %.*s", STR_ARG(code), STR_ARG(words));
        return utf8_cut(words.len ? words : code, WORDS_BYTES_MAX);
    }
    return utf8_cut(utf8_mend(arena, str_trim(str_sub(reply->body, 0, WORDS_BYTES_MAX))), WORDS_BYTES_MAX);
}

int reply_wait_s(const struct call *call, const struct http_reply *reply)
{
    static const char *const names[] = { "Retry-After", "X-Ratelimit-Retry", NULL };
    for (int i = 0; names[i]; i++) {
        str     text = str_trim(http_header_get(&reply->headers, names[i]));
        int64_t seconds;
        instant until;
        if (!text.len)
            continue;
        ptrdiff_t dot = str_find(text, STR("."));           /* "1.5": a part of a second counts as a whole one */
        if (str_to_int(dot < 0 ? text : str_sub(text, 0, (size_t)dot), &seconds))
            seconds += dot >= 0;
        else if (http_date_parse(text, &until))
            seconds = (until.ms - call->now.ms + SECOND_MS - 1) / SECOND_MS;
        else
            continue;
        return (int)(seconds < 1 ? 1 : seconds > WAIT_S_MAX ? WAIT_S_MAX : seconds);
    }
    return 0;
}

/* A method that no longer exists says so in words; a missing order says it in others. Source: sheet ozon.md section 0. */
static bool is_retired(const struct http_reply *reply, str words)
{
    if (reply->status == 410)
        return true;
    return reply->status == 404 && (str_has(words, STR("ethod not found")) || str_has(words, STR("page not found")) ||
                                    str_has(words, STR("etired")) || str_has(words, STR("bsolete")) ||
                                    str_has(words, STR("eprecated")));
}

bool reply_ok(const struct call *call, const struct http_reply *reply, struct err *err)
{
    if (reply->fate == HTTP_NOT_SENT)
        return err_set(err, ERR_CHANNEL_DOWN, "reply", "could not connect");
    if (reply->fate == HTTP_UNKNOWN)
        return err_set(err, ERR_CHANNEL_DOWN, "reply",
                       reply->silent ? "not one byte came back: the market drops requests without a known User-Agent like this"
                                     : "the reply was cut");
    if (reply->status >= 200 && reply->status < 300)
        return true;
    str words = reply_words(call->arena, reply);
    if (reply->status == 429) {
        err_set(err, ERR_CHANNEL_BUSY, "reply", "429 %.*s", STR_ARG(words));
        err->retry_after_s = reply_wait_s(call, reply);
        return false;
    }
    if (reply->status == 401 || reply->status == 403)
        return err_set(err, ERR_CHANNEL_AUTH, "reply", "%d %.*s", reply->status, STR_ARG(words));
    if (is_retired(reply, words))
        return err_set(err, ERR_CHANNEL_RETIRED, "reply", "%d %.*s", reply->status, STR_ARG(words));
    if (reply->status == 408 || reply->status >= 500 || reply->status < 200) {
        err_set(err, ERR_CHANNEL_DOWN, "reply", "%d %.*s", reply->status, STR_ARG(words));
        err->retry_after_s = reply_wait_s(call, reply);
        return false;
    }
    return err_set(err, ERR_CHANNEL_REFUSED, "reply", "%d %.*s", reply->status, STR_ARG(words));
}

bool reply_read_json(const struct call *call, const struct http_reply *reply, const struct json **out, struct err *err)
{
    struct err bad = { 0 };
    if (!reply_ok(call, reply, err))
        return false;
    if (!json_read_foreign(call->arena, reply->body, REPLY_BYTES_MAX, out, &bad)) {
        str line = err_line(call->arena, &bad);
        return err_set(err, ERR_CHANNEL_PAYLOAD, "body", "%.*s", STR_ARG(line));
    }
    return true;
}

static bool digits_at(str s, size_t at, size_t count, int *out)
{
    int n = 0;
    for (size_t i = at; i < at + count; i++) {
        if (i >= s.len || s.at[i] < '0' || s.at[i] > '9')
            return false;
        n = n * 10 + (s.at[i] - '0');
    }
    *out = n;
    return true;
}

bool http_date_parse(str s, instant *out)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int day, year, hour, minute, second, month = 0;
    if (s.len != 29 || !str_ends(s, STR(" GMT")) || !digits_at(s, 5, 2, &day) || !digits_at(s, 12, 4, &year) ||
        !digits_at(s, 17, 2, &hour) || !digits_at(s, 20, 2, &minute) || !digits_at(s, 23, 2, &second))
        return false;
    for (int i = 0; i < 12; i++)
        if (memcmp(s.at + 8, months + 3 * i, 3) == 0)
            month = i + 1;
    if (!month || day < 1 || day > 31 || year < 1970 || hour > 23 || minute > 59 || second > 60)
        return false;
    out->ms = civil_to_days(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
    return true;
}

/* ---- payload values ---- */

bool payload_wrong(struct arena *arena, const struct json *at, struct err *err, const char *must)
{
    str where = json_where(arena, at);
    return err_set(err, ERR_CHANNEL_PAYLOAD, str_zero(arena, where), "%s", must);
}

bool payload_missing(struct arena *arena, const struct json *in, const char *name, struct err *err)
{
    str where = in ? json_where(arena, in) : (str){ 0 };
    str path  = where.len ? str_print(arena, "%.*s.%s", STR_ARG(where), name) : str_of(name);
    return err_set(err, ERR_CHANNEL_PAYLOAD, str_zero(arena, path), "is missing");
}

int64_t payload_number(const struct json *o, const char *key)
{
    int64_t n;
    return json_int(json_get(o, key), &n) ? n : 0;
}

str payload_text(const struct json *v)
{
    return str_trim(json_str(v));
}

int64_t payload_rating(const struct json *v)
{
    int64_t digits[4] = { 0 }, n = 0;                       /* before the point, and three behind it */
    str     text = payload_text(v);
    for (size_t i = 0; i < text.len && n < COUNT_OF(digits); i++) {
        if (text.at[i] == '.' && n == 1)
            continue;
        if (text.at[i] < '0' || text.at[i] > '9' || (n == 1 && text.at[i - 1] != '.'))
            return 0;
        digits[n++] = text.at[i] - '0';
    }
    int64_t rating = digits[0] * 100 + digits[1] * 10 + digits[2] + (digits[3] >= 5);
    return n && rating <= 500 ? rating : 0;
}

bool rating_reply(const struct call *call, const struct http_reply *reply, const struct json **root, bool *told, struct err *err)
{
    bool refused = reply->fate == HTTP_ANSWERED && (reply->status == 401 || reply->status == 402 || reply->status == 403);
    *told = !refused;
    return refused || reply_read_json(call, reply, root, err);
}

bool payload_amount(struct arena *arena, const struct json *v, bool *has, amount *out, struct err *err)
{
    amount a;
    if (json_is_null(v) || (v->kind == JSON_TEXT && !v->text.len))
        return true;
    if (!json_amount(v, &a))
        return payload_wrong(arena, v, err, "must be an amount such as 5990.00");
    if (a.minor < 0)
        return payload_wrong(arena, v, err, "must not be negative");
    *has = true;
    *out = a;
    return true;
}

bool payload_whole(const struct json *v, int64_t *out)
{
    amount a;
    if (json_int(v, out))
        return true;
    if (!json_amount(v, &a) || a.minor % 100)
        return false;
    *out = a.minor / 100;
    return true;
}

bool payload_kopecks(struct arena *arena, const struct json *v, bool *has, amount *out, struct err *err)
{
    int64_t n;
    if (json_is_null(v))
        return true;
    if (!payload_whole(v, &n) || n < 0 || n > AMOUNT_MAX_MINOR)
        return payload_wrong(arena, v, err, "must be a whole number of hundredths");
    *has = true;
    out->minor = n;
    return true;
}

bool payload_ms(struct arena *arena, const struct json *v, instant *out, struct err *err)
{
    int64_t ms;
    if (json_is_null(v))
        return true;
    if (!payload_whole(v, &ms) || ms < 0 || ms > INT64_C(253402300799999))
        return payload_wrong(arena, v, err, "must be milliseconds since 1970");
    out->ms = ms;
    return true;
}

bool payload_time(struct arena *arena, const struct json *v, instant *out, struct err *err)
{
    if (json_is_null(v) || (v->kind == JSON_TEXT && !str_trim(v->text).len))
        return true;
    if (v->kind != JSON_TEXT || !instant_parse(str_trim(v->text), out))
        return payload_wrong(arena, v, err, "must be a time such as 2026-12-16T04:04:00Z");
    return true;
}

/* ---- events ---- */

void returned_add(const struct call *call, struct returned_list *out, const struct json *row,
                  bool (*read)(const struct call *, const struct json *row, struct return_draft *, struct err *))
{
    struct returned r   = { 0 };
    struct err      bad = { 0 };
    if (row->kind != JSON_OBJECT)
        r.problem = str_print(call->arena, "%.*s: is no return", STR_ARG(json_where(call->arena, row)));
    else if (!read(call, row, &r.draft, &bad))
        r.problem = err_line(call->arena, &bad);
    else if (!r.draft.has_state)
        r.problem = str_print(call->arena, "status %.*s is not known", STR_ARG(r.draft.external_state));
    r.external_id = r.draft.external_id;
    *returned_list_add(out, call->arena) = r;
}

#define MEDIA_READ_MAX 40

/* A name with a dot, and no port: an address of a picture needs no more. */
static bool is_public_name(str url)
{
    str    host = url_host(url);
    size_t end  = 8 + host.len;
    return str_starts(url, STR("https://")) && str_has(host, STR(".")) && !str_has(host, STR(":")) && !host_is_private(host) && end < url.len &&
           url.at[end] == '/';
}

void media_read(struct arena *a, const struct json *list, bool is_video, struct return_medium_list *out)
{
    int n = 0;
    JSON_EACH(row, list) {
        str url = payload_text(row);
        if (str_starts(url, STR("//")))
            url = str_print(a, "https:%.*s", STR_ARG(url));
        if (n++ < MEDIA_READ_MAX && is_public_name(url))
            *return_medium_list_add(out, a) = (struct return_medium){ url, is_video };
    }
}

static bool host_listed(struct arena *a, str hosts, str host)
{
    str one;
    while (hosts.len && str_split(&hosts, ',', &one)) {
        one = str_trim(one);
        if (str_has(one, STR(".")) && (str_eq(host, one) || str_ends(host, str_print(a, ".%.*s", STR_ARG(one)))))
            return true;
    }
    return false;
}

bool file_ask(const struct call *call, str hosts, str url, str types, struct http_request *out)
{
    str host = url_host(url), real = url_host(str_of(call->channel->base_url));
    *out = (struct http_request){ 0 };
    if (!is_public_name(url) || !host_listed(call->arena, hosts, host))
        return false;
    *out = (struct http_request){ .method = HTTP_GET, .url = url, .family = "media" };
    if (!str_eq(url_host(call->base_url), real))
        out->url = str_print(call->arena, "%.*s/media/%.*s", STR_ARG(call->base_url), STR_ARG(str_sub(url, 8, url.len)));
    http_header_set(out, call->arena, STR("Accept"), types);
    return true;
}

bool media_ask(const struct call *call, str hosts, str url, struct http_request *out)
{
    return file_ask(call, hosts, url, STR("image/jpeg,image/png,image/webp"), out);
}

struct raw_event *raw_event_add(struct raw_event_list *list, struct arena *arena, str external_id, str payload, str problem)
{
    struct raw_event *e = raw_event_list_add(list, arena);
    e->external_id = external_id;
    e->event_key   = str_print(arena, "%.*s:%016llx", STR_ARG(external_id), (unsigned long long)secret_hash64(payload));
    e->payload     = payload;
    e->problem     = problem;
    return e;
}
