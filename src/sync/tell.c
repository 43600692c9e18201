/* tell.c - telling the people of the shop: one thread sends, one asks the bot for news. What is told to whom is in notices/.
 *
 * A message of which nobody knows whether it arrived is sent again: letters carry the same Message-ID and pushes the same topic, so
 * that the second replaces the first; in Telegram it may be read twice, which is better than not at all.
 */
#include "base/email.h"
#include "base/metric.h"
#include "base/push.h"
#include "channels/channel.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "notices/alarm_flow.h"
#include "notices/notice_flow.h"
#include "notices/telegram.h"
#include "accounts/body.h"
#include "accounts/user_store.h"
#include "orders/order_flow.h"
#include "orders/standing_flow.h"
#include "sync/sync_own.h"

#include <assert.h>

#define SENDS_AT_ONCE   20
#define BOT_PERIOD_MS   (3 * SECOND_MS)
#define BOT_TROUBLE_MS  (30 * SECOND_MS)
#define PAUSE_MS_MAX    (5 * MINUTE_MS)
#define BARREN_MS       SECOND_MS
#define PUSH_TTL_S      (6 * 3600)
#define JWT_MS          (12 * HOUR_MS)
#define TIMEOUT_S       20
#define WATCH_MS        (10 * MINUTE_MS)
#define REASONS_MS      HOUR_MS

/* ---- whose turn ---- */

/* One thread per kind; and none before `not_before`, which a pass that found nothing sets. */
static bool enter(struct sync_engine *e, enum tell_kind kind, instant now)
{
    pthread_mutex_lock(&e->lock);
    struct tell_lane *lane = &e->lanes[kind];
    bool later = lane->not_before.ms > now.ms && lane->not_before.ms <= now.ms + PAUSE_MS_MAX;
    bool ok    = !lane->busy && !later;
    lane->busy = lane->busy || ok;
    pthread_mutex_unlock(&e->lock);
    return ok;
}

static void leave(struct sync_engine *e, enum tell_kind kind, instant not_before)
{
    pthread_mutex_lock(&e->lock);
    e->lanes[kind] = (struct tell_lane){ false, not_before };
    e->woken = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
}

static bool is_due(instant at, instant now)
{
    return instant_is_set(at) && at.ms <= now.ms;
}

bool tell_find(struct sync_engine *e, struct work *w, enum tell_kind *out, instant *next, struct err *err)
{
    struct notice_state s;
    *out = TELL_NONE;
    if (!notice_state_get(w->db, w->arena, &s, err))
        return false;
    const struct { enum tell_kind kind; bool due; instant at; } lanes[] = {
        { TELL_SPREAD, s.news, { 0 } }, { TELL_CLIMB, is_due(s.ladder_at, w->now), s.ladder_at },
        { TELL_SEND, is_due(s.send_at, w->now), s.send_at }, { TELL_BOT, is_due(s.bot_at, w->now), s.bot_at },
        { TELL_WATCH, e->watch_next.ms <= w->now.ms, e->watch_next },
    };
    for (int i = 0; i < COUNT_OF(lanes); i++) {
        if (lanes[i].due && enter(e, lanes[i].kind, w->now)) {
            *out = lanes[i].kind;
            return true;
        }
        if (!lanes[i].due && instant_is_set(lanes[i].at) && (!instant_is_set(*next) || lanes[i].at.ms < next->ms))
            *next = lanes[i].at;
    }
    return true;
}

/* ---- one message by each way ---- */

struct telling { struct sync_engine *e; struct work *w; const struct notice_house *house; const struct notice_message *m; str headline, lines; };

static str title_of(str channel)
{
    const struct channel *c = channel_find(channel);
    return c ? str_of(c->title) : channel;
}

static bool post(struct telling *t, str url, str body, str type, struct http_reply *out, struct err *err)
{
    struct http_request rq = { .method = HTTP_POST, .url = url, .body = body, .timeout_s = TIMEOUT_S };
    http_header_set(&rq, t->w->arena, STR("Content-Type"), type);
    assert(!db_in_tx(t->w->db));
    return http_send(t->e->o.client, t->w->arena, &rq, out) || err_set(err, ERR_BUSY, "server", "is being stopped");
}

static bool telegram_call(struct telling *t, const char *method, str body, struct telegram_answer *out, bool *answered, struct err *err)
{
    struct http_reply reply = { 0 };
    str url = telegram_url(t->w->arena, t->house->telegram_base, t->house->telegram_token, method);
    if (!post(t, url, body, STR("application/json"), &reply, err))
        return false;
    *answered = reply.fate == HTTP_ANSWERED;
    *out = *answered ? telegram_read(t->w->arena, reply.status, reply.body) : (struct telegram_answer){ .text = STR("no answer") };
    return true;
}

static str subject_link(struct arena *a, const struct notice_house *house, const struct notice_list *list)
{
    enum subject_kind kind;
    str               home = house->address;
    while (home.len && home.at[home.len - 1] == '/')
        home.len--;
    if (!home.len || list->count != 1 || !subject_kind_of(list->at[0].object, &kind))
        return home;
    return str_print(a, "%.*s%.*s", STR_ARG(home), STR_ARG(subject_path(a, kind, list->at[0].object_id)));
}

static bool by_telegram(struct telling *t, struct notice_outcome *o, struct err *err)
{
    const struct notice_message *m = t->m;
    struct arena                *a = t->w->arena;
    struct telegram_button       buttons[3];
    struct telegram_answer       answer;
    bool answered, is_rung = type_is_rung((enum notice_type)m->send.type);
    int  n    = 0;
    str  link = subject_link(a, t->house, &m->list);
    if (!t->house->telegram_token.len) {
        *o = (struct notice_outcome){ .for_good = true, .text = STR("no bot is set up") };
        return true;
    }
    if (is_rung)
        buttons[n++] = (struct telegram_button){ .text = notice_word(m->language, WORD_ACK), .data = str_print(a, "a:%lld", (long long)m->send.id.v) };
    if (is_rung && m->may_confirm && m->list.count == 1 && str_is(m->list.at[0].step, sla_step_names[SLA_CONFIRM]))
        buttons[n++] = (struct telegram_button){ .text = notice_word(m->language, WORD_CONFIRM), .data = str_print(a, "c:%lld", (long long)m->send.id.v) };
    if (str_starts(link, STR("https://")))                  /* Telegram takes no address of a single machine */
        buttons[n++] = (struct telegram_button){ .text = notice_word(m->language, WORD_OPEN), .url = link };
    if (!telegram_call(t, "sendMessage", telegram_message(a, m->address, t->headline, t->lines, buttons, n), &answer, &answered, err))
        return false;
    *o = (struct notice_outcome){ .sent = answer.ok, .gone = answer.gone, .wait_ms = answer.wait_s * SECOND_MS, .text = answer.text,
                                  .external = answer.message_id, .address_now = answer.chat_now };
    if (answer.chat_now.len)
        o->wait_ms = SECOND_MS;
    return true;
}

static bool by_mail(struct telling *t, struct notice_outcome *o, struct err *err)
{
    const struct notice_message *m  = t->m;
    const struct notice_house   *h  = t->house;
    struct arena                *a  = t->w->arena;
    struct mail_client           real = mail_client(), *c = t->e->o.mail ? t->e->o.mail : &real;
    struct mail_reply            reply;
    str link = subject_link(a, h, &m->list);
    (void)err;
    if (!h->mail_host.len) {
        *o = (struct notice_outcome){ .for_good = true, .text = STR("no mail relay is set up") };
        return true;
    }
    str domain = h->mail_from;
    str local;
    (void)str_split(&domain, '@', &local);
    const struct mail_server server = { .host = h->mail_host, .port = (int)h->mail_port, .safety = (enum mail_safety)h->mail_safety,
                                        .login = h->mail_login, .password = h->mail_password, .allow_private = t->e->o.allow_private_hosts,
                                        .ca_file = t->e->o.mail_ca_file };
    const struct mail letter = {
        .from_name = h->mail_from_name.len ? h->mail_from_name : t->w->shop->name, .from = h->mail_from, .to = m->address, .subject = t->headline,
        .text = str_print(a, "%.*s\n%s%.*s\n", STR_ARG(t->lines.len ? t->lines : t->headline), link.len ? "\n" : "", STR_ARG(link)),
        .message_id = str_print(a, "notice.%lld@%.*s", (long long)m->send.id.v, STR_ARG(domain)), .at = t->w->now,
    };
    c->send(c, a, &server, &letter, &reply);
    *o = (struct notice_outcome){ .sent = reply.sent, .for_good = reply.for_good, .text = reply.text };
    return true;
}

/* scheme://host[:port] of an address. */
static str origin_of(str url)
{
    ptrdiff_t at = str_find(url, STR("://"));
    for (size_t i = at < 0 ? 0 : (size_t)at + 3; i < url.len; i++)
        if (url.at[i] == '/' || url.at[i] == '?' || url.at[i] == '#')
            return str_sub(url, 0, i);
    return url;
}

static str push_text(struct telling *t, str link)
{
    struct arena   *a = t->w->arena;
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", t->m->send.id);
    json_text(&j, "title", t->headline);
    json_text(&j, "body", utf8_cut(t->lines, 1500));
    json_text(&j, "url", link.len ? str_sub(link, origin_of(link).len, link.len) : STR("/"));
    json_text(&j, "tag", str_print(a, "notice-%lld", (long long)t->m->send.id.v));
    json_end(&j);
    return buf_str(&b);
}

/* Whom a push service may write to about us (RFC 8292): the shop's sender, its address, else its owner. Some refuse a made-up one. */
static bool push_subject(struct telling *t, str *out, struct err *err)
{
    struct arena    *a     = t->w->arena;
    struct user_list users = { 0 };
    *out = t->house->mail_from.len ? str_print(a, "mailto:%.*s", STR_ARG(t->house->mail_from)) : t->house->address;
    if (str_starts(*out, STR("mailto:")) || str_starts(*out, STR("https://")))
        return true;
    if (!user_all(t->w->db, a, &users, err))
        return false;
    *out = STR("mailto:notices@sauda.invalid");
    for (int i = 0; i < users.count; i++) {
        const struct user *u = &users.at[i];
        str email = email_normalise(a, u->login);
        if (u->state == USER_ACTIVE && email.len && (user_roles(u) & role_bit(ROLE_OWNER))) {
            *out = str_print(a, "mailto:%.*s", STR_ARG(email));
            break;
        }
    }
    return true;
}

static bool by_push(struct telling *t, struct notice_outcome *o, struct err *err)
{
    struct arena       *a  = t->w->arena;
    struct push_address to = { 0 };
    struct push_keys    keys;
    struct http_reply   reply = { 0 };
    struct err          bad   = { 0 };
    str body, authorization;
    str subject;
    struct notice_house far = *t->house;
    if (!push_subject(t, &subject, err))
        return false;
    if (!far.address.len)
        far.address = STR("https://x");                     /* only the path is sent */
    keys.private_key = t->house->push_private;
    if (!base64_decode(a, t->house->push_public, &keys.public_key) || !push_address_read(a, t->m->address, &to, &bad) ||
        !push_encrypt(a, &to.reader, push_text(t, subject_link(a, &far, &t->m->list)), &body, &bad) ||
        !push_authorization(a, &keys, origin_of(to.endpoint), subject, instant_add(t->w->now, JWT_MS), &authorization, &bad)) {
        *o = (struct notice_outcome){ .for_good = true, .text = err_line(a, &bad) };
        return true;
    }
    struct http_request rq = { .method = HTTP_POST, .url = to.endpoint, .body = body, .timeout_s = TIMEOUT_S };
    http_header_set(&rq, a, STR("Content-Type"), STR("application/octet-stream"));
    http_header_set(&rq, a, STR("Content-Encoding"), STR("aes128gcm"));
    http_header_set(&rq, a, STR("TTL"), str_print(a, "%d", PUSH_TTL_S));
    http_header_set(&rq, a, STR("Urgency"), type_is_rung((enum notice_type)t->m->send.type) ? STR("high") : STR("normal"));
    http_header_set(&rq, a, STR("Topic"), str_print(a, "n%lld", (long long)t->m->send.id.v));
    http_header_set(&rq, a, STR("Authorization"), authorization);
    if (!http_send(t->e->o.client, a, &rq, &reply))
        return err_set(err, ERR_BUSY, "server", "is being stopped");
    bool answered = reply.fate == HTTP_ANSWERED;
    int64_t wait_s = 0;
    if (answered && reply.status == 429 && !str_to_int(http_header_get(&reply.headers, "Retry-After"), &wait_s))
        wait_s = 60;
    *o = (struct notice_outcome){
        .sent     = answered && reply.status >= 200 && reply.status <= 202,
        .gone     = answered && (reply.status == 404 || reply.status == 410),
        .for_good = answered && reply.status >= 400 && reply.status < 500 && reply.status != 429 && reply.status != 408,
        .wait_ms  = (wait_s < 0 ? 0 : wait_s > 3600 ? 3600 : wait_s) * SECOND_MS,
        .text     = answered ? str_print(a, "answer %d", reply.status) : STR("no answer"),
    };
    return true;
}

/* ---- sending ---- */

static unsigned open_media(struct sync_engine *e, instant now)
{
    unsigned media = 0;
    pthread_mutex_lock(&e->lock);
    for (int i = 0; i < MEDIUM_COUNT; i++)
        if (e->media[i].until.ms <= now.ms || e->media[i].until.ms > now.ms + HOUR_MS)
            media |= BIT(i);
    pthread_mutex_unlock(&e->lock);
    return media;
}

/* A way that does not answer is left alone for a while, longer each time; a way that says how long is taken at its word. */
static void media_after(struct sync_engine *e, unsigned medium, const struct notice_outcome *o, instant now)
{
    bool trouble = !o->sent && !o->gone && !o->for_good;
    pthread_mutex_lock(&e->lock);
    struct tell_medium *m = &e->media[medium];
    m->failures = trouble ? m->failures + 1 : 0;
    int64_t ms  = !trouble ? 0 : o->wait_ms ? o->wait_ms : (10 * SECOND_MS) << (m->failures < 6 ? m->failures - 1 : 5);
    m->until    = instant_add(now, ms < PAUSE_MS_MAX ? ms : PAUSE_MS_MAX);
    pthread_mutex_unlock(&e->lock);
}

static bool send_one(struct sync_engine *e, struct work *w, const struct notice_house *house, bool *any, struct err *err)
{
    static bool (*const ways[])(struct telling *, struct notice_outcome *, struct err *) = {
        [MEDIUM_TELEGRAM] = by_telegram, [MEDIUM_EMAIL] = by_mail, [MEDIUM_PUSH] = by_push };
    struct notice_message m;
    struct notice_outcome o = { 0 };
    str worker = str_print(w->arena, "%s#%lld", e->server, (long long)work_id(w).v);
    if (!notice_take(w, &e->o.key, open_media(e, w->now), worker, instant_add(w->now, LEASE_MS), &m, any, err) || !*any)
        return !err_is_set(err);
    if (m.list.count) {
        const struct notice_words words = { m.language, m.zone, w->now, title_of };
        struct telling t = { e, w, house, &m, notice_headline(w->arena, &words, (enum notice_type)m.send.type, m.send.digest, &m.list),
                             m.send.type == NOTICE_TEST ? STR("") : notice_lines(w->arena, &words, &m.list) };
        if (!ways[m.send.medium](&t, &o, err))
            return false;
        w->now = clock_now(e->o.clock);
        media_after(e, m.send.medium, &o, w->now);
        metric_count(METRIC_JOBS, o.sent ? "notice ok" : "notice failed", 1);
    }
    o.text = tidy_text(w->arena, o.text);
    return notice_settle(w, &e->o.key, &m, &o, err);
}

static bool send_all(struct sync_engine *e, struct work *w, struct err *err)
{
    struct notice_house house;
    bool any = true, ok = notice_house_open(w, &e->o.key, &house, err);
    int  n   = 0;
    for (; ok && any && n < SENDS_AT_ONCE && !atomic_load(&e->stop); n++)
        ok = send_one(e, w, &house, &any, err);
    leave(e, TELL_SEND, ok && n > 1 ? (instant){ 0 } : instant_add(w->now, BARREN_MS));
    return ok;
}

/* ---- the bot ---- */

static bool answer_button(struct telling *t, const struct telegram_update *u, enum notice_word word, enum language language, struct err *err)
{
    struct telegram_answer answer;
    bool answered;
    if (!telegram_call(t, "answerCallbackQuery", telegram_pressed(t->w->arena, u->callback_id, notice_word(language, word)), &answer, &answered, err))
        return false;
    return word == WORD_REFUSED || !u->message_id.len ||
           telegram_call(t, "editMessageReplyMarkup", telegram_strip(t->w->arena, u->chat, u->message_id), &answer, &answered, err);
}

/* As the person himself: his rights and his scope, now. */
static bool press(struct work *w, const struct user *u, bool confirm, const struct notice_list *list, bool *done, struct err *err)
{
    rid     *scope  = NULL;
    int      count  = ids_read(w->arena, u->accounts, &scope);
    uint64_t rights = user_permissions(u);
    w->actor = (struct actor){ .kind = ACTOR_USER, .id = u->id, .name = u->name };
    *done    = u->state == USER_ACTIVE;
    for (int i = 0; *done && i < list->count; i++) {
        const struct notice *n  = &list->at[i];
        struct action_input  in = { .action = ACT_CONFIRM, .hold_s = -1, .accounts = scope, .accounts_count = count };
        struct action_result result = { 0 };
        struct err           bad = { 0 };
        struct subject       s   = { .step = n->step };
        if (!subject_kind_of(n->object, &s.kind))
            continue;
        bool ok = permission_in(rights, subject_right(&s)) && (!confirm || s.kind == SUBJECT_ORDER);
        if (ok)
            ok = confirm ? order_do(w, n->object_id, &in, &result, &bad) : subject_acknowledge(w, s.kind, n->object_id, scope, count, &bad);
        if (!ok && err_is_set(&bad) && err_kind(bad.code)->retry) {
            *err = bad;
            return false;
        }
        *done = ok;
    }
    return true;
}

static bool on_button(struct telling *t, const struct telegram_update *u, struct err *err)
{
    struct work         *w      = t->w;
    struct notice_target target = { 0 };
    struct notice_send   send   = { 0 };
    struct notice_list   list   = { 0 };
    struct user          user   = { 0 };
    struct err           none   = { 0 };
    rid  id;
    bool found, done = false;
    bool confirm = str_starts(u->text, STR("c:"));
    if (!target_by_address(w->db, MEDIUM_TELEGRAM, target_key(w->arena, MEDIUM_TELEGRAM, u->chat), w->arena, &target, &found, err))
        return false;
    bool known = found && (confirm || str_starts(u->text, STR("a:"))) && id_parse(str_sub(u->text, 2, u->text.len), &id) &&
                 send_get(w->db, id, w->arena, &send, &none) && id_eq(send.user_id, target.user_id) && user_get(w->db, target.user_id, w->arena, &user, &none);
    if (known && (!send_parts(w->db, send.id, w->arena, &list, err) || !press(w, &user, confirm, &list, &done, err)))
        return false;
    return answer_button(t, u, done ? (confirm ? WORD_CONFIRMED : WORD_ACKED) : WORD_REFUSED, user.language, err);
}

static bool on_start(struct telling *t, const struct telegram_update *u, struct err *err)
{
    struct notice_target   target = { 0 };
    struct user            user   = { 0 };
    struct telegram_answer answer;
    bool found, answered;
    if (!target_link(t->w, &t->e->o.key, u->text, u->chat, u->name, &target, &found, err) ||
        (found && !user_get(t->w->db, target.user_id, t->w->arena, &user, err)))
        return false;
    return telegram_call(t, "sendMessage", telegram_message(t->w->arena, u->chat, notice_word(user.language, found ? WORD_LINKED : WORD_UNLINKED), STR(""), NULL, 0),
                         &answer, &answered, err);
}

static bool on_update(struct telling *t, const struct telegram_update *u, struct err *err)
{
    t->w->actor = (struct actor){ .kind = ACTOR_SYSTEM };
    t->w->now   = clock_now(t->e->o.clock);
    switch (u->event) {
    case TELEGRAM_START:
        return on_start(t, u, err);
    case TELEGRAM_BUTTON:
        return on_button(t, u, err);
    case TELEGRAM_STOPPED:
        return target_stopped(t->w, MEDIUM_TELEGRAM, target_key(t->w->arena, MEDIUM_TELEGRAM, u->chat), err);
    case TELEGRAM_OTHER:
        break;
    }
    return true;
}

struct bot_turn { struct work *w; int64_t next; instant not_before; bool taken; };

static bool bot_take_tx(struct db *db, void *ctx, struct err *err)
{
    struct bot_turn *b = ctx;
    return bot_take(db, b->w->now, instant_add(b->w->now, LEASE_MS), &b->next, &b->taken, err);
}

static bool bot_give_tx(struct db *db, void *ctx, struct err *err)
{
    struct bot_turn *b = ctx;
    return bot_give(db, b->next, b->not_before, err);
}

/* Updates in their order; the first that fails is asked for again, those before it are not. */
static bool ask_bot(struct telling *t, struct bot_turn *turn, struct err *err)
{
    struct telegram_update_list list  = { 0 };
    struct http_reply           reply = { 0 };
    struct err                  bad   = { 0 };
    struct arena               *a     = t->w->arena;
    str url = telegram_url(a, t->house->telegram_base, t->house->telegram_token, "getUpdates");
    if (!post(t, url, telegram_updates_ask(a, turn->next), STR("application/json"), &reply, err))
        return false;
    turn->not_before = instant_add(clock_now(t->e->o.clock), BOT_PERIOD_MS);
    if (reply.fate != HTTP_ANSWERED || reply.status != 200 || !telegram_updates(a, reply.body, &list, &bad)) {
        turn->not_before = instant_add(clock_now(t->e->o.clock), BOT_TROUBLE_MS);
        metric_count(METRIC_JOBS, "bot failed", 1);
        return true;
    }
    for (int i = 0; i < list.count && !atomic_load(&t->e->stop); i++) {
        if (!on_update(t, &list.at[i], err))
            return false;
        turn->next = list.at[i].id + 1;
    }
    return true;
}

static bool bot_run(struct sync_engine *e, struct work *w, struct err *err)
{
    struct notice_house house;
    struct bot_turn     turn = { .w = w };
    struct err          after = { 0 };
    if (!db_tx(w->db, bot_take_tx, &turn, err) || !turn.taken || !notice_house_open(w, &e->o.key, &house, err)) {
        leave(e, TELL_BOT, instant_add(w->now, BARREN_MS));
        return !err_is_set(err);
    }
    struct telling t = { .e = e, .w = w, .house = &house };
    turn.not_before  = instant_add(w->now, BOT_TROUBLE_MS);
    bool ok = ask_bot(&t, &turn, err);
    bool given = db_tx(w->db, bot_give_tx, &turn, ok ? err : &after);
    leave(e, TELL_BOT, (instant){ 0 });
    return ok && given;
}

/* ---- limits ---- */

/* The rules go first: what is changed from then on takes its new place by itself. */
static bool weigh_accounts(struct sync_engine *e, struct work *w, struct err *err)
{
    bool changed, again = !e->weighed;
    if (!standing_weigh(w, &changed, err))
        return false;
    if (changed && e->o.rules_changed)
        e->o.rules_changed(e->o.ctx);
    if ((changed || again) && !standing_reweigh(w, err))
        return false;
    e->weighed = true;
    return true;
}

/* Only the one thread that holds the lane touches the two times. */
static bool watch_limits(struct sync_engine *e, struct work *w, struct err *err)
{
    int  crossed;
    bool reasons = e->reasons_next.ms <= w->now.ms;
    bool ok      = alarms_watch(w, reasons, &crossed, err) && weigh_accounts(e, w, err);
    pthread_mutex_lock(&e->lock);
    e->watch_next = instant_add(w->now, WATCH_MS);
    if (reasons && ok)
        e->reasons_next = instant_add(w->now, REASONS_MS);
    pthread_mutex_unlock(&e->lock);
    leave(e, TELL_WATCH, (instant){ 0 });
    return ok;
}

/* ---- all of it ---- */

bool tell_do(struct sync_engine *e, struct work *w, enum tell_kind kind, struct err *err)
{
    bool more = false, ok = true;
    int64_t before = 0, after = 0;
    switch (kind) {
    case TELL_SPREAD:
        /* Nothing could be told yet when a transaction before it has not ended. */
        ok = notice_cursor(w->db, &before, err) && notices_spread(w, &more, err) && notice_cursor(w->db, &after, err);
        leave(e, kind, ok && before != after ? (instant){ 0 } : instant_add(w->now, BARREN_MS));
        return ok;
    case TELL_CLIMB:
        ok = notices_climb(w, &more, err);
        leave(e, kind, ok ? (instant){ 0 } : instant_add(w->now, BARREN_MS));
        return ok;
    case TELL_SEND:
        return send_all(e, w, err);
    case TELL_BOT:
        return bot_run(e, w, err);
    case TELL_WATCH:
        return watch_limits(e, w, err);
    case TELL_NONE:
    case TELL_COUNT:
        break;
    }
    return true;
}

bool tell_check_bot(struct sync_engine *e, struct work *w, str base, str token, str *name, struct err *err)
{
    const struct notice_house house = { .telegram_base = base, .telegram_token = token };
    struct telling            t     = { .e = e, .w = w, .house = &house };
    struct telegram_answer    answer;
    bool answered;
    if (!telegram_call(&t, "getMe", STR("{}"), &answer, &answered, err))
        return false;
    if (!answered || !answer.ok)
        return err_set(err, !answered ? ERR_CHANNEL_DOWN : answer.token_bad ? ERR_CHANNEL_AUTH : ERR_CHANNEL_REFUSED, "telegram_token",
                       "%s", !answered ? "Telegram does not answer" : answer.token_bad ? "Telegram does not know this token" : "Telegram refuses");
    *name = str_copy(w->arena, answer.name);
    /* Whoever has set a web hook before would keep us from asking. */
    return telegram_call(&t, "deleteWebhook", STR("{}"), &answer, &answered, err);
}

bool tell_code(struct sync_engine *e, struct work *w, str address, enum language language, str code, struct err *err)
{
    struct notice_house   house;
    struct notice_outcome o = { 0 };
    struct notice         row = { 0 };
    struct notice_message m = { .send = { .id = work_id(w) }, .address = address, .list = { &row, 1, 1 }, .language = language };
    if (!notice_house_open(w, &e->o.key, &house, err))
        return false;
    struct telling t = { e, w, &house, &m, str_print(w->arena, "%.*s: %.*s", STR_ARG(notice_word(language, WORD_CODE)), STR_ARG(code)), STR("") };
    if (!by_mail(&t, &o, err))
        return false;
    return o.sent || err_set(err, ERR_CHANNEL_REFUSED, "address", "the letter did not leave: %.*s", STR_ARG(utf8_cut(tidy_text(w->arena, o.text), 120)));
}
