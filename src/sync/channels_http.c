/* channels_http.c - connecting accounts and looking after them. */
#include "sync/channels_own_http.h"

#include "deadlines/shop.h"
#include "orders/intake_store.h"
#include "sync/account_flow.h"

bool account_in_scope(const struct request *rq, rid account)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], account))
            return true;
    return rq->who.accounts_count == 0;
}

bool path_account(const struct request *rq, rid *out, struct err *err)
{
    return path_id(rq, "id", out, err) && (account_in_scope(rq, *out) || err_set(err, ERR_NOT_FOUND, "id", "there is no such account"));
}

/* ---- summaries ---- */

bool account_facts_load(struct request *rq, struct account_facts *f, struct err *err)
{
    struct db                  *db     = rq->work.db;
    struct arena               *a      = rq->work.arena;
    struct parked_count_list    parked = { 0 };
    struct channel_account_list all    = { 0 };
    *f = (struct account_facts){ 0 };
    if (!accounts_all(db, a, &all, err) || !streams_all(db, a, &f->streams, err) || !commands_dead_counts(db, a, &f->dead, err) ||
        !orders_today(db, zone_day(rq->work.shop->zone, rq->work.now), a, &f->today, err) || !intake_parked_counts(db, a, &parked, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (account_in_scope(rq, all.at[i].id))
            *channel_account_list_add(&f->accounts, a) = all.at[i];
    f->parked       = arena_alloc(a, sizeof *f->parked * (size_t)(f->accounts.count + 1));
    f->parked_count = f->accounts.count;
    for (int i = 0; i < f->accounts.count; i++) {
        f->parked[i].account_id = f->accounts.at[i].id;
        for (int k = 0; k < parked.count; k++)
            if (id_eq(parked.at[k].account_id, f->accounts.at[i].id))
                f->parked[i].n += parked.at[k].n;
    }
    return true;
}

static void settings_write(struct request *rq, const struct channel_account *acc, struct json_out *j)
{
    const struct json *options;
    struct err         ignored = { 0 };
    json_begin(j, "settings", '{');
    if (permission_in(rq->who.permissions, PERM_SETTINGS) && acc->options.len && json_read(rq->work.arena, acc->options, 1 << 16, &options, &ignored))
        JSON_EACH(v, options)
            json_key_text(j, v->key, json_str(v));
    json_end(j);
}

static void error_write(const struct channel_account *acc, struct json_out *j)
{
    if (!acc->error_code.len) {
        json_null(j, "error");
        return;
    }
    json_begin(j, "error", '{');
    json_text(j, "code", acc->error_code);
    json_text(j, "text", acc->error_text);
    json_instant(j, "since", acc->error_since);
    json_end(j);
}

static void counts_write(const struct account_facts *f, const struct channel_account *acc, struct json_out *j)
{
    int64_t parked = 0, dead = 0, today = 0;
    for (int i = 0; i < f->parked_count; i++)
        parked += id_eq(f->parked[i].account_id, acc->id) ? f->parked[i].n : 0;
    for (int i = 0; i < f->dead.count; i++)
        dead += id_eq(f->dead.at[i].account_id, acc->id) ? f->dead.at[i].dead : 0;
    for (int i = 0; i < f->today.count; i++)
        today += id_eq(f->today.at[i].account_id, acc->id) ? f->today.at[i].n : 0;
    json_number(j, "parked", parked);
    json_number(j, "dead", dead);
    json_number(j, "orders_today", today);
}

void account_summary_write(struct request *rq, const struct account_facts *f, const struct channel_account *acc, struct json_out *j,
                           const char *key)
{
    instant next = { 0 };
    for (int i = 0; i < f->streams.count; i++) {
        instant at = f->streams.at[i].next_run_at;
        if (id_eq(f->streams.at[i].account_id, acc->id) && (!instant_is_set(next) || at.ms < next.ms))
            next = at;
    }
    json_begin(j, key, '{');
    json_id(j, "id", acc->id);
    json_text(j, "channel", acc->channel);
    json_text(j, "name", acc->name);
    json_text_or_null(j, "base_url", acc->base_url);
    json_text(j, "state", str_of(account_state_names[acc->state]));
    json_text(j, "mode", str_of(account_mode_names[acc->mode]));
    json_instant(j, "last_ok_at", acc->last_ok_at);
    if (instant_is_set(acc->last_ok_at))
        json_number(j, "lag_s", rq->work.now.ms > acc->last_ok_at.ms ? (rq->work.now.ms - acc->last_ok_at.ms) / SECOND_MS : 0);
    else
        json_null(j, "lag_s");
    json_instant(j, "next_poll_at", account_works(acc) ? next : (instant){ 0 });
    error_write(acc, j);
    counts_write(f, acc, j);
    settings_write(rq, acc, j);
    json_bool(j, "has_secret", account_has_secret(acc));
    json_bool(j, "accepted_means_assembling", acc->accepted_means_assembling);
    json_number(j, "version", acc->version);
}

static bool summary_reply(struct request *rq, struct reply *rp, rid id, str hook_secret, struct err *err)
{
    struct account_facts f;
    if (!account_facts_load(rq, &f, err))
        return false;
    for (int i = 0; i < f.accounts.count; i++) {
        if (!id_eq(f.accounts.at[i].id, id))
            continue;
        struct json_out j = reply_json(rq, rp);
        account_summary_write(rq, &f, &f.accounts.at[i], &j, NULL);
        if (hook_secret.len)
            json_text(&j, "hook_path", str_print(rq->work.arena, "/hooks/%lld/%.*s", (long long)id.v, STR_ARG(hook_secret)));
        json_end(&j);
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "id", "there is no such account");
}

static bool accounts_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct account_facts f;
    if (!account_facts_load(rq, &f, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < f.accounts.count; i++) {
        account_summary_write(rq, &f, &f.accounts.at[i], &j, NULL);
        json_end(&j);
    }
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* ---- kinds ---- */

static void kind_write(const struct channel *c, struct json_out *j)
{
    json_begin(j, NULL, '{');
    json_text(j, "name", str_of(c->name));
    json_text(j, "title", str_of(c->title));
    json_text(j, "base_url", str_of(c->base_url));
    json_begin(j, "settings", '[');
    for (const struct channel_setting *s = c->settings; s && s->name; s++) {
        json_begin(j, NULL, '{');
        json_text(j, "name", str_of(s->name));
        json_bool(j, "secret", s->secret);
        json_bool(j, "required", s->required);
        json_text_or_null(j, "fallback", str_of(s->fallback));
        json_text(j, "doc", str_of(s->doc));
        json_end(j);
    }
    json_end(j);
    json_begin(j, "cancel_reasons", '[');
    for (const struct cancel_reason *r = c->cancel_reasons; r && r->code; r++) {
        json_begin(j, NULL, '{');
        json_text(j, "code", str_of(r->code));
        json_text(j, "native", str_of(r->native));
        json_bool(j, "needs_comment", r->needs_comment);
        json_bool(j, "hurts_rating", r->hurts_rating);
        json_text(j, "doc", str_of(r->doc));
        json_end(j);
    }
    json_end(j);
    json_begin(j, "ops", '[');
    for (int op = 0; op < ORDER_OP_COUNT; op++)
        if (c->ops & BIT(op))
            json_text(j, NULL, str_of(order_op_names[op]));
    json_end(j);
    json_bool(j, "notifies", c->hook_read != NULL);
    json_end(j);
}

static bool kinds_get(struct request *rq, struct reply *rp, struct err *err)
{
    const struct channel *const *all = sync_channels(request_sync(rq));
    (void)err;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; all[i]; i++)
        kind_write(all[i], &j);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* ---- connect, edit ---- */

/* The object without its settings, which no flat record holds. */
static const struct json *without_settings(struct arena *a, const struct json *object)
{
    struct json *out = ARENA_NEW(a, struct json), **tail = (struct json **)&out->first;
    *out       = *object;
    out->first = NULL;
    out->count = 0;
    JSON_EACH(member, object) {
        if (str_is(member->key, "settings"))
            continue;
        struct json *copy = ARENA_NEW(a, struct json);
        *copy      = *member;
        copy->next = NULL;
        *tail      = copy;
        tail       = (struct json **)&copy->next;
        out->count++;
    }
    return out;
}

static str url_tidy(str url)
{
    url = str_trim(url);
    while (url.len && url.at[url.len - 1] == '/')
        url.len--;
    return url;
}

struct account_body { struct request *rq; struct channel_account account; struct setting_value_list settings; };

/* The record is left alone when one of its fields is wrong, so what the other checks need is looked up in the body itself. */
static bool body_whole(struct account_body *b, struct err *err)
{
    struct arena         *a    = b->rq->work.arena;
    const struct json    *in   = b->rq->json;
    struct sync_engine   *e    = request_sync(b->rq);
    str                   name = json_str(json_get(in, "channel")), url = url_tidy(json_str(json_get(in, "base_url")));
    const struct channel *c    = sync_channel(e, name);
    bool ok = record_read_json(&channel_account_record, without_settings(a, in), READ_CREATE, a, &b->account, NULL, err);
    if (url.len)
        ok &= account_base_url_ok(url, sync_options_of(e)->allow_private_hosts, err);
    b->account.base_url = url;
    if (!c)
        return name.len ? err_add(err, "channel", "there is no such channel") : false;
    return account_settings_read(c, json_get(in, "settings"), true, a, &b->settings, err) && ok;
}

static bool accounts_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct account_body b = { .rq = rq };
    str hook_secret;
    if (rq->who.accounts_count)
        return err_set(err, ERR_FORBIDDEN, "", "who sees only some accounts cannot connect others");
    if (!body_whole(&b, err) || !account_create(request_sync(rq), &rq->work, &b.account, &b.settings, &hook_secret, err) ||
        !summary_reply(rq, rp, b.account.id, hook_secret, err))
        return false;
    rp->status = REPLY_CREATED;
    return true;
}

static bool edit_apply(struct channel_account *acc, struct setting_value_list *settings, bool *secrets_came, void *ctx, struct err *err)
{
    struct request       *rq = ctx;
    struct arena         *a  = rq->work.arena;
    const struct channel *c  = sync_channel(request_sync(rq), acc->channel);
    const struct json    *in = json_get(rq->json, "settings");
    if (!c)                             /* orders by hand, or a market of another version */
        return err_set(err, ERR_CONFLICT, "channel", "this account has no marketplace behind it: there is nothing to set");
    bool ok = record_read_json(&channel_account_record, without_settings(a, rq->json), READ_UPDATE, a, acc, NULL, err);
    acc->base_url = url_tidy(acc->base_url);
    for (const struct channel_setting *s = c->settings; s && s->name; s++)
        if (s->secret && str_trim(json_str(json_get(in, s->name))).len)
            *secrets_came = true;
    return account_settings_read(c, in, true, a, settings, err) && ok;
}

static bool accounts_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct account_edit    e   = { .change = edit_apply, .ctx = rq };
    struct channel_account out = { 0 };
    if (!path_account(rq, &e.id, err) || !request_version(rq, &e.version, err))
        return false;
    bool ok = account_change(request_sync(rq), &rq->work, &e, &out, err);
    if (!ok && err->code != ERR_VERSION_OLD)
        return false;
    struct err other = { 0 };
    return summary_reply(rq, rp, e.id, (str){ 0 }, ok ? err : &other) && ok;
}

static bool accounts_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid     id;
    int64_t version;
    if (!path_account(rq, &id, err) || !request_version(rq, &version, err) ||
        !account_remove(request_sync(rq), &rq->work, id, version, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- check ---- */

static bool check_reply(struct request *rq, struct reply *rp, const struct channel_account *acc, const struct setting_value_list *settings,
                        struct err *err)
{
    struct check c;
    if (!sync_check(request_sync(rq), &rq->work, acc, settings, &c, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < c.items.count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "name", c.items.at[i].name);
        json_bool(&j, "ok", c.items.at[i].ok);
        json_text(&j, "code", c.items.at[i].code);
        json_number(&j, "n", c.items.at[i].n);
        json_text(&j, "about", utf8_mend(rq->work.arena, c.items.at[i].about));
        json_text(&j, "text", utf8_mend(rq->work.arena, c.items.at[i].text));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

static bool check_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct account_body b = { .rq = rq };
    return body_whole(&b, err) && check_reply(rq, rp, &b.account, &b.settings, err);
}

static bool check_known_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct channel_account    acc      = { 0 };
    struct setting_value_list settings = { 0 };
    rid id;
    return path_account(rq, &id, err) && account_get(rq->work.db, id, rq->work.arena, &acc, err) &&
           account_settings(&acc, &sync_options_of(request_sync(rq))->key, rq->work.arena, &settings, err) &&
           check_reply(rq, rp, &acc, &settings, err);
}

/* ---- look after ---- */

static bool fetch_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_account(rq, &id, err) && account_fetch(request_sync(rq), &rq->work, id, err) && summary_reply(rq, rp, id, (str){ 0 }, err);
}

static bool pause_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_account(rq, &id, err) && account_set_state(request_sync(rq), &rq->work, id, ACCOUNT_PAUSED, err) &&
           summary_reply(rq, rp, id, (str){ 0 }, err);
}

static bool resume_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_account(rq, &id, err) && account_set_state(request_sync(rq), &rq->work, id, ACCOUNT_ACTIVE, err) &&
           summary_reply(rq, rp, id, (str){ 0 }, err);
}

static bool new_hook_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    str secret;
    return path_account(rq, &id, err) && account_new_hook(request_sync(rq), &rq->work, id, &secret, err) &&
           summary_reply(rq, rp, id, secret, err);
}

static bool quota_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct channel_account acc = { 0 };
    rid id;
    if (!path_account(rq, &id, err) || !account_get(rq->work.db, id, rq->work.arena, &acc, err))
        return false;
    const struct channel *c = sync_channel(request_sync(rq), acc.channel);
    struct json_out       j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (const struct pace *p = c ? c->pace : NULL; p && p->family; p++) {
        struct pace_limits limits = { p->per_minute, p->burst, p->parallel };
        struct pace_report r = pacer_report(sync_pacer(request_sync(rq)), id, p->family, limits, rq->work.now);
        json_begin(&j, NULL, '{');
        json_text(&j, "family", str_of(p->family));
        json_number(&j, "per_minute", r.per_minute);
        json_number(&j, "used", r.used);
        json_number(&j, "left", r.left);
        json_number(&j, "waiting", r.waiting);
        json_number(&j, "today", r.today);
        json_number(&j, "refused_today", r.refused_today);
        json_instant(&j, "blocked_until", r.blocked_until);
        json_end(&j);
    }
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* clang-format off */
#define ROW(method, path, permission, run, ...) { HTTP_##method, path, permission, run, .tag = "channels", __VA_ARGS__ }
const struct route channel_routes[] = {
    ROW(GET,    "/api/channel-kinds",          PERM_ORDERS_SEE,  kinds_get,        .reply_schema = "channel_kind_page", .doc = "Markets that can be connected, their settings, reasons and commands"),
    ROW(GET,    "/api/accounts",               PERM_ORDERS_SEE,  accounts_get,     .reply_schema = "account_page", .doc = "Connected accounts and how they fare"),
    ROW(POST,   "/api/accounts",               PERM_SETTINGS,    accounts_post,    .json = true, .reply_schema = "account", .creates = true, .limit_bytes = 1 << 17, .doc = "Connect an account: channel, name, base_url, mode, settings"),
    ROW(POST,   "/api/accounts/check",         PERM_SETTINGS,    check_post,       .json = true, .reply_schema = "account_check", .limit_bytes = 1 << 17, .doc = "Try a connection without storing it"),
    ROW(PATCH,  "/api/accounts/{id}",          PERM_SETTINGS,    accounts_patch,   .json = true, .reply_schema = "account", .edits = true, .limit_bytes = 1 << 17, .doc = "Edit an account; a secret that is left out stays"),
    ROW(DELETE, "/api/accounts/{id}",          PERM_SETTINGS,    accounts_delete,  .edits = true, .doc = "Take an account away that no order came from"),
    ROW(POST,   "/api/accounts/{id}/check",    PERM_SETTINGS,    check_known_post, .reply_schema = "account_check", .doc = "Try the connection of an account"),
    ROW(POST,   "/api/accounts/{id}/fetch",    PERM_ORDERS_WORK, fetch_post,       .reply_schema = "account", .doc = "Ask the market now"),
    ROW(POST,   "/api/accounts/{id}/pause",    PERM_SETTINGS,    pause_post,       .reply_schema = "account", .doc = "Neither pull nor send"),
    ROW(POST,   "/api/accounts/{id}/resume",   PERM_SETTINGS,    resume_post,      .reply_schema = "account", .doc = "Go on; errors are forgotten"),
    ROW(POST,   "/api/accounts/{id}/hook",     PERM_SETTINGS,    new_hook_post,    .reply_schema = "account", .doc = "Make a new address for the market's notifications; it is told once, in hook_path"),
    ROW(GET,    "/api/accounts/{id}/quota",    PERM_ORDERS_SEE,  quota_get,        .reply_schema = "quota_page", .doc = "How much of the market's limits is used"),
    ROW(GET,    "/api/accounts/{id}/statuses", PERM_ORDERS_SEE,  statuses_get,     .reply_schema = "status_page", .doc = "What the market's words mean; unknown ones first"),
    ROW(PUT,    "/api/accounts/{id}/statuses", PERM_SETTINGS,    statuses_put,     .json = true, .reply_schema = "status_page", .limit_bytes = 1 << 17, .doc = "Say what words mean: rows of key and hub_status, null for the connector's own; parked events of these words are applied again"),
    ROW(GET,    "/api/accounts/{id}/nights",   PERM_ORDERS_SEE,  nights_get,       .reply_schema = "night_page", .doc = "What the nightly reading of whole days found that had been missed, and mended; newest first"),
    ROW(GET,    "/api/parked",                 PERM_ORDERS_SEE,  parked_get,       .reply_schema = "parked_page", .query = parked_query, .doc = "Records that could not be understood"),
    ROW(POST,   "/api/parked/{id}/retry",      PERM_SETTINGS,    parked_retry_post, .reply_schema = "parked_result", .doc = "Try a parked record again"),
    ROW(POST,   "/api/parked/{id}/drop",       PERM_SETTINGS,    parked_drop_post, .doc = "Give a parked record up"),
    ROW(GET,    "/api/outbox",                 PERM_ORDERS_SEE,  commands_get,       .reply_schema = "outbox_page", .query = outbox_query, .doc = "Commands in trouble"),
    { .method = HTTP_NONE },
};
/* clang-format on */
