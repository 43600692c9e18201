#include "scenario/story.h"

#include "app/demo.h"
#include "base/buf.h"
#include "base/secret.h"
#include "scenario/checks.h"
#include "scenario/live.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define STORY_BYTES_MAX (256 << 10)

struct name_value { str name, value; };
LIST(name_value)

struct telling {
    struct story *story;
    struct house  house;
    const struct test_store *store;
    const char   *record;
    str           scene;
    int           line;
    struct client_reply last;           /* of the server */
    struct live_ear ear;
    struct name_value_list names;
};

/* ---- reading ---- */

bool story_read(struct story *s, const char *path)
{
    *s = (struct story){ .path = path };
    FILE *file = fopen(path, "r");
    char *at   = arena_alloc(&s->arena, STORY_BYTES_MAX);
    if (!file)
        return false;
    size_t len = fread(at, 1, STORY_BYTES_MAX, file);
    fclose(file);
    s->text = (str){ at, len };
    str rest = s->text, line;
    while (!s->title.len && str_split(&rest, '\n', &line))
        if (line.len > 2 && line.at[0] == '#')
            s->title = str_trim(str_sub(line, 1, SIZE_MAX));
    return s->title.len > 0;
}

void story_done(struct story *s)
{
    arena_done(&s->arena);
}

bool story_is_for(const struct story *s, const struct test_store *store)
{
    str rest = s->text, line;
    while (str_split(&rest, '\n', &line))
        if (str_starts(line, STR("store ")))
            return str_is(str_trim(str_sub(line, 6, SIZE_MAX)), store->name);
    return true;
}

static bool wrong(struct telling *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool wrong(struct telling *t, const char *fmt, ...)
{
    char    text[3600];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    (void)snprintf(t->story->failure, sizeof t->story->failure, "%s:%d: %s", t->story->path, t->line, text);
    return false;
}

static bool wrong_err(struct telling *t, const struct err *err)
{
    return wrong(t, "%s: %s", err->item[0].field, err->item[0].text);
}

/* $name → its value. */
static str with_names(struct telling *t, str line)
{
    struct buf out = buf_in(&t->story->arena);
    for (size_t i = 0; i < line.len;) {
        size_t n = i + 1;
        while (line.at[i] == '$' && n < line.len && (isalnum((unsigned char)line.at[n]) || line.at[n] == '_'))
            n++;
        str name = str_sub(line, i + 1, n - i - 1);
        int k = t->names.count - 1;
        while (k >= 0 && !str_eq(t->names.at[k].name, name))
            k--;
        if (line.at[i] == '$' && name.len && k >= 0) {
            buf_add(&out, t->names.at[k].value);
            i = n;
        } else {
            buf_add_char(&out, line.at[i++]);
        }
    }
    return buf_str(&out);
}

/* Words: parted by spaces; "…" keeps spaces together (the quotes go), {…} is one word as it stands. */
static str word_json(str *rest)
{
    size_t n = 0, depth = 0;
    bool   quoted = false;
    for (; n < rest->len; n++) {
        char c = rest->at[n];
        if (quoted && c == '\\')
            n++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']') && --depth == 0)
            break;
    }
    str word = str_sub(*rest, 0, n + 1);
    *rest = str_sub(*rest, n + 1, SIZE_MAX);
    return word;
}

static str word_plain(struct arena *a, str *rest)
{
    struct buf out = buf_in(a);
    bool   quoted = false;
    size_t n = 0;
    for (; n < rest->len && (quoted || !isspace((unsigned char)rest->at[n])); n++) {
        if (quoted && rest->at[n] == '\\' && n + 1 < rest->len && rest->at[n + 1] == '"')
            buf_add_char(&out, rest->at[++n]);
        else if (rest->at[n] == '"')
            quoted = !quoted;
        else
            buf_add_char(&out, rest->at[n]);
    }
    *rest = str_sub(*rest, n, SIZE_MAX);
    return buf_str(&out);
}

static struct str_list words_of(struct telling *t, str line)
{
    struct str_list words = { 0 };
    str rest = str_trim(line);
    while (rest.len) {
        *str_list_add(&words, &t->story->arena) = rest.at[0] == '{' ? word_json(&rest) : word_plain(&t->story->arena, &rest);
        rest = str_trim(rest);
    }
    return words;
}

static str word(const struct str_list *w, int i) { return i < w->count ? w->at[i] : (str){ 0 }; }

static void name_keep(struct telling *t, str name, str value)
{
    *name_value_list_add(&t->names, &t->story->arena) =
        (struct name_value){ str_copy(&t->story->arena, name), str_copy(&t->story->arena, value) };
}

/* ---- requests ---- */

/* "|" stands for the end of a line. */
static str lines_of(struct arena *a, str text)
{
    char *lines = str_zero(a, text);
    for (char *c = lines; *c; c++)
        if (*c == '|')
            *c = '\n';
    return str_of(lines);
}

#define BIG_BYTES (8 * 1024 * 1024)

/* Bytes as they are written, and as many more of nothing behind them as no picture may have. */
static bool bytes_of(struct telling *t, str text, size_t more, str *out)
{
    str head;
    if (!base64_decode(&t->story->arena, text, &head))
        return wrong(t, "\"%.*s\" is no base64", STR_ARG(text));
    char *bytes = ARENA_ARRAY(&t->story->arena, char, head.len + more + 1);
    memcpy(bytes, head.at, head.len);
    *out = (str){ bytes, head.len + more };
    return true;
}

struct asking { struct client_ask ask; struct http_header_list extra; int status; int checks_from; };

static bool asking_read(struct telling *t, const struct str_list *w, struct asking *q)
{
    struct arena *a = &t->story->arena;
    *q = (struct asking){ .ask = { .method = str_zero(a, w->at[0]), .path = client_path(a, word(w, 1)) } };
    for (int i = 2; i < w->count; i++) {
        str     one = w->at[i], name, value = one;
        int64_t status;
        if (str_to_int(one, &status) && status >= 100 && status < 600) {
            q->status      = (int)status;
            q->checks_from = i + 1;
            *http_header_list_add(&q->extra, a) = (struct http_header){ { 0 }, { 0 } };
            q->ask.extra = q->extra.at;
            return true;
        }
        if (one.at[0] == '{') {
            q->ask.body = one;
        } else if (str_split(&value, '=', &name) && str_is(name, "if")) {
            *http_header_list_add(&q->extra, a) = (struct http_header){ STR("If-Match"), value };
        } else if (str_is(name, "key")) {
            *http_header_list_add(&q->extra, a) = (struct http_header){ STR("Idempotency-Key"), value };
        } else if (str_starts(name, STR("header."))) {
            *http_header_list_add(&q->extra, a) = (struct http_header){ str_sub(name, 7, SIZE_MAX), value };
        } else if (str_is(name, "text")) {
            q->ask.body = lines_of(&t->story->arena, value);
        } else if (str_is(name, "base64") || str_is(name, "base64_and")) {
            if (!bytes_of(t, value, str_is(name, "base64_and") ? BIG_BYTES : 0, &q->ask.body))
                return false;
        } else {
            return wrong(t, "\"%.*s\" stands before the status: if=, key=, header.NAME=, text=, base64= or a {body} may", STR_ARG(one));
        }
    }
    return wrong(t, "the expected status is missing");
}

static bool checks_ok(struct telling *t, const struct str_list *w, int from)
{
    str body = utf8_mend(&t->story->arena, t->last.body);
    for (int i = from; i < w->count; i++) {
        str why;
        if (!check_holds(&t->story->arena, &t->last, w->at[i], &why))
            return wrong(t, "%.*s\n  %.*s", STR_ARG(why), STR_ARG(utf8_cut(body, 2500)));
    }
    return true;
}

static bool do_request(struct telling *t, const struct str_list *w)
{
    struct asking q;
    if (!asking_read(t, w, &q))
        return false;
    t->last = client_send(&t->house.client, &q.ask);
    str body = utf8_mend(&t->story->arena, t->last.body);
    if (t->last.status != q.status)
        return wrong(t, "expected %d, got %d\n  %.*s", q.status, t->last.status, STR_ARG(utf8_cut(body, 1200)));
    return checks_ok(t, w, q.checks_from);
}

static bool do_keep(struct telling *t, const struct str_list *w)
{
    str value;
    if (w->count != 4 || !str_is(word(w, 2), "="))
        return wrong(t, "keep NAME = PATH");
    if (!reply_text(&t->story->arena, &t->last, word(w, 3), &value))
        return wrong(t, "there is no %.*s in the last answer\n  %.*s", STR_ARG(word(w, 3)), STR_ARG(utf8_cut(t->last.body, 800)));
    name_keep(t, word(w, 1), value);
    return true;
}

/* ---- the markets ---- */

static bool market_ok(struct telling *t, struct client_reply r)
{
    return (r.status >= 200 && r.status < 300) || wrong(t, "the sandbox answers %d\n  %.*s", r.status, STR_ARG(utf8_cut(r.body, 600)));
}

/* {"a":1} → {"market":"kaspi","a":1} */
static str with_market(struct telling *t, str market, str object)
{
    str inside = str_trim(object.len >= 2 ? str_sub(object, 1, object.len - 2) : (str){ 0 });
    return str_print(&t->story->arena, "{\"market\":\"%.*s\"%s%.*s}", STR_ARG(market), inside.len ? "," : "", STR_ARG(inside));
}

static bool market_got(struct telling *t, str market, const struct str_list *w)
{
    struct arena *a = &t->story->arena;
    bool nothing = str_is(word(w, 3), "nothing");
    str  path = str_print(a, "/control/received?market=%.*s", STR_ARG(market)), number = word(w, 4);
    int64_t times = 1, applied = 0, told = 0;
    if (!nothing)
        path = str_print(a, "%.*s&op=%.*s", STR_ARG(path), STR_ARG(word(w, 3)));
    if (str_is(word(w, 5), "times") && !str_to_int(word(w, 6), &times))
        return wrong(t, "times N");
    struct client_reply r = house_control(&t->house, "GET", path, (str){ 0 });
    if (!market_ok(t, r))
        return false;
    JSON_EACH(e, json_get(r.json, "items")) {
        bool is_ours = !number.len || str_eq(json_str(json_get(e, "number")), number) || str_eq(json_str(json_get(e, "order")), number);
        told    += is_ours;
        applied += is_ours && json_true(json_get(e, "applied"));
    }
    int64_t counted = str_is(word(w, 2), "heard") ? told : applied;
    if (nothing ? told == 0 : counted == times)
        return true;
    return wrong(t, "expected %.*s of %.*s %lld times, got %lld (told %lld times)\n  %.*s", STR_ARG(word(w, 3)), STR_ARG(number),
                (long long)(nothing ? 0 : times), (long long)counted, (long long)told, STR_ARG(utf8_cut(r.body, 1500)));
}

static bool do_market(struct telling *t, const struct str_list *w)
{
    struct arena *a      = &t->story->arena;
    str           market = house_market(word(w, 1)), verb = word(w, 2);
    if (str_is(market, "heals"))
        return market_ok(t, house_control(&t->house, "POST", STR("/control/fault"), STR("{\"clear\":true}")));
    if (str_is(verb, "creates"))
        return market_ok(t, house_control(&t->house, "POST", STR("/control/order"), with_market(t, market, word(w, 3))));
    if (str_is(verb, "breaks"))
        return market_ok(t, house_control(&t->house, "POST", STR("/control/fault"), with_market(t, market, word(w, 3))));
    if (str_is(verb, "plays")) {
        str body = str_print(a, "{\"market\":\"%.*s\",\"order\":\"%.*s\",\"event\":\"%.*s\"}", STR_ARG(market), STR_ARG(word(w, 3)),
                             STR_ARG(word(w, 4)));
        return market_ok(t, house_control(&t->house, "POST", STR("/control/act"), body));
    }
    if (str_is(verb, "asks")) {
        str inside = str_print(a, "{\"order\":\"%.*s\"%s%.*s", STR_ARG(word(w, 3)), word(w, 4).len > 2 ? "," : "",
                               STR_ARG(word(w, 4).len > 2 ? str_sub(word(w, 4), 1, SIZE_MAX) : STR("}")));
        return market_ok(t, house_control(&t->house, "POST", STR("/control/return"), with_market(t, market, inside)));
    }
    if (str_is(verb, "sends")) {
        str body = str_print(a, "{\"market\":\"%.*s\",\"order\":\"%.*s\",\"event\":\"%.*s\"}", STR_ARG(market), STR_ARG(word(w, 3)),
                             STR_ARG(word(w, 4)));
        return market_ok(t, house_control(&t->house, "POST", STR("/control/return_act"), body));
    }
    if (str_is(verb, "got") || str_is(verb, "heard"))
        return market_got(t, market, w);
    if (str_is(verb, "shows")) {
        str path = str_print(a, "/control/orders?market=%.*s&number=%.*s", STR_ARG(market), STR_ARG(word(w, 3)));
        t->last  = house_control(&t->house, "GET", path, (str){ 0 });
        return market_ok(t, t->last);
    }
    return wrong(t, "market NAME creates {…} | breaks {…} | plays NUMBER EVENT | asks NUMBER [{…}] | sends NUMBER EVENT | shows NUMBER | got OP NUMBER [times N] | got nothing; market heals");
}

/* ---- time, people, accounts ---- */

static bool duration_read(str s, int64_t *ms)
{
    static const struct { const char *unit; int64_t ms; } units[] = { { "ms", 1 }, { "s", SECOND_MS }, { "m", MINUTE_MS }, { "h", HOUR_MS },
                                                                      { "d", DAY_MS } };
    size_t n = 0;
    while (n < s.len && isdigit((unsigned char)s.at[n]))
        n++;
    for (int i = 0; i < COUNT_OF(units); i++)
        if (str_is(str_sub(s, n, SIZE_MAX), units[i].unit) && str_to_int(str_sub(s, 0, n), ms)) {
            *ms *= units[i].ms;
            return true;
        }
    return false;
}

static bool do_clock(struct telling *t, const struct str_list *w)
{
    struct err err = { 0 };
    int64_t    ms;
    instant    at;
    str        to = word(w, 1);
    if (instant_parse(to, &at))
        ms = at.ms - clock_now(&t->house.app.clock).ms;
    else if (!(to.len > 1 && to.at[0] == '+' && duration_read(str_sub(to, 1, SIZE_MAX), &ms)))
        return wrong(t, "clock +5s or a time such as 2026-12-16T04:04:00Z");
    if (ms < 0)
        return wrong(t, "the clock does not go back");
    return house_advance(&t->house, ms, &err) || wrong_err(t, &err);
}

static bool do_as(struct telling *t, const struct str_list *w)
{
    struct err err = { 0 };
    if (!str_is(word(w, 1), "key"))
        return house_as(&t->house, word(w, 1), &err) || wrong_err(t, &err);
    client_sign_out(&t->house.client);
    t->house.client.key = str_copy(&t->house.arena, word(w, 2));
    return true;
}

static bool do_connect(struct telling *t, const struct str_list *w)
{
    struct err         err  = { 0 };
    const struct json *more = NULL;
    str                name = word(w, 1), id;
    int                next = 2;
    if (str_is(word(w, 2), "as")) {
        name = word(w, 3);
        next = 4;
    }
    if (word(w, next).len && !json_read(&t->story->arena, word(w, next), 1 << 16, &more, &err))
        return wrong_err(t, &err);
    if (!house_connect(&t->house, word(w, 1), name, more, &id, &err))
        return wrong_err(t, &err);
    name_keep(t, name, id);
    return true;
}

/* telegram 500 starts CODE | telegram 500 presses DATA MESSAGE | telegram 500 blocks | telegram shows, for `keep` and checks */
static bool do_telegram(struct telling *t, const struct str_list *w)
{
    struct arena *a = &t->story->arena;
    str       chat = word(w, 1), verb = word(w, 2), code = word(w, 3), body;
    ptrdiff_t at   = str_find(code, STR("start="));         /* of the whole link */
    if (str_is(chat, "shows")) {
        t->last = house_control(&t->house, "GET", STR("/control/telegram"), STR(""));
        return market_ok(t, t->last) && checks_ok(t, w, 2);
    }
    if (str_is(verb, "starts"))
        body = str_print(a, "{\"chat\":%.*s,\"start\":\"%.*s\"}", STR_ARG(chat),
                         STR_ARG(at < 0 ? code : str_sub(code, (size_t)at + 6, SIZE_MAX)));
    else if (str_is(verb, "presses"))
        body = str_print(a, "{\"chat\":%.*s,\"press\":\"%.*s\",\"message\":%.*s}", STR_ARG(chat), STR_ARG(word(w, 3)), STR_ARG(word(w, 4)));
    else
        body = str_print(a, "{\"chat\":%.*s,\"block\":true}", STR_ARG(chat));
    return market_ok(t, house_control(&t->house, "POST", STR("/control/telegram"), body));
}

/* run jobs | run past: the demo's old orders are brought */
static bool do_run(struct telling *t, const struct str_list *w)
{
    struct err err = { 0 };
    if (str_is(word(w, 1), "past")) {
        struct work past;
        app_work(&t->house.app, &t->story->arena, &past);
        bool ok = demo_past(&past, &err);
        app_work_done(&past);
        return ok || wrong_err(t, &err);
    }
    return house_run(&t->house, &err) || wrong_err(t, &err);
}

static bool do_listen(struct telling *t, const struct str_list *w)
{
    (void)w;
    live_ear_close(&t->ear);
    return live_ear_open(&t->ear, t->house.port, t->house.client.cookie) || wrong(t, "the server does not open a live stream");
}

static bool do_hears(struct telling *t, const struct str_list *w)
{
    str heard = { 0 }, why = { 0 };
    for (int tries = 0; tries < 50; tries++) {
        str event, data;
        if (!live_ear_next(&t->ear, &t->story->arena, 10000, &event, &data))
            break;
        struct client_reply r = { .body = data };
        struct err ignored = { 0 };
        bool holds = str_eq(event, word(w, 1)) && json_read(&t->story->arena, data, 1 << 16, &r.json, &ignored);
        for (int i = 2; i < w->count && holds; i++)
            holds = check_holds(&t->story->arena, &r, w->at[i], &why);
        if (holds)
            return true;
        heard = str_print(&t->story->arena, "%.*s\n  %.*s %.*s", STR_ARG(heard), STR_ARG(event), STR_ARG(data));
    }
    return wrong(t, "not heard; what was:%.*s", STR_ARG(utf8_cut(heard, 2000)));
}

/* ---- telling ---- */

static const struct { const char *word; bool (*run)(struct telling *, const struct str_list *); } verbs[] = {
    { "GET", do_request }, { "POST", do_request }, { "PUT", do_request }, { "PATCH", do_request }, { "DELETE", do_request },
    { "keep", do_keep }, { "market", do_market }, { "clock", do_clock }, { "as", do_as }, { "connect", do_connect },
    { "telegram", do_telegram }, { "run", do_run }, { "listen", do_listen }, { "hears", do_hears },
};

static bool house_begin(struct telling *t, struct err *err)
{
    if (!house_open(&t->house, t->store, t->scene, err))
        return false;
    *name_value_list_add(&t->names, &t->story->arena) = (struct name_value){
        STR("markets"), str_print(&t->story->arena, "http://127.0.0.1:%d", sandbox_port(t->house.markets)) };
    return true;
}

static bool line_run(struct telling *t, str line)
{
    struct err      err = { 0 };
    struct str_list w   = words_of(t, with_names(t, line));
    if (str_is(word(&w, 0), "store"))
        return true;
    if (str_is(word(&w, 0), "scene")) {
        t->scene = word(&w, 1);
        return !t->house.is_open || wrong(t, "the scene must be the first line");
    }
    if (!t->house.is_open && !house_begin(t, &err))
        return wrong_err(t, &err);
    for (int i = 0; i < COUNT_OF(verbs); i++)
        if (str_is(word(&w, 0), verbs[i].word))
            return verbs[i].run(t, &w);
    return wrong(t, "\"%.*s\" begins no line of a story", STR_ARG(word(&w, 0)));
}

/* Lines that begin with a space go on with the line before. */
static str line_next(struct telling *t, str *rest, int *lines)
{
    str line, more, after;
    *lines = 1;
    if (!str_split(rest, '\n', &line))
        return (str){ 0 };
    if (!line.len || line.at[0] == '#')
        return (str){ 0 };
    for (after = *rest; str_split(&after, '\n', &more) && more.len && more.at[0] == ' '; *rest = after, (*lines)++)
        line = str_print(&t->story->arena, "%.*s %.*s", STR_ARG(line), STR_ARG(str_trim(more)));
    return line;
}

bool story_run(struct story *s, const struct test_store *store, const char *record)
{
    struct telling *t = calloc(1, sizeof *t);
    str  rest = s->text;
    bool ok   = t != NULL;
    int  next = 1, lines;
    if (!t)
        return false;
    *t = (struct telling){ .story = s, .store = store, .house = { .record = record }, .ear = { .fd = -1 } };
    s->failure[0] = 0;
    while (ok && rest.len) {
        t->line  = next;
        str line = str_trim(line_next(t, &rest, &lines));
        next += lines;
        ok = !line.len || line_run(t, line);
    }
    live_ear_close(&t->ear);
    house_close(&t->house);
    free(t);
    return ok;
}
