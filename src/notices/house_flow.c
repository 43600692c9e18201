/* How the shop sends: bot, relay, push keys. Declared in notice_flow.h. */
#include "accounts/audit.h"
#include "base/email.h"
#include "base/push.h"
#include "notices/notice_flow.h"
#include "notices/telegram.h"

#define CONTEXT_TOKEN    STR("notice_house:telegram_token")
#define CONTEXT_PASSWORD STR("notice_house:mail_password")
#define CONTEXT_PUSH     STR("notice_house:push_private")

static bool open_text(struct arena *a, const struct secret_key *key, str context, str *text, struct err *err)
{
    return !text->len || secret_open(a, key, *text, context, text, err);
}

struct housing { struct work *w; const struct secret_key *key; const struct house_edit *edit; struct push_keys push; struct notice_house *out; };

/* Once per installation: a new pair would end all subscriptions. */
static bool push_tx(struct db *db, void *ctx, struct err *err)
{
    struct housing     *h   = ctx;
    struct notice_house old = { 0 };
    if (!notice_house_get(db, h->w->arena, &old, err))
        return false;
    *h->out = old;
    if (old.push_public.len)
        return true;
    h->out->push_public  = base64_url(h->w->arena, h->push.public_key);
    h->out->push_private = secret_seal(h->w->arena, h->key, h->push.private_key, CONTEXT_PUSH);
    return notice_push_save(db, h->out, err);
}

bool notice_house_open(struct work *w, const struct secret_key *key, struct notice_house *out, struct err *err)
{
    if (!notice_house_get(w->db, w->arena, out, err))
        return false;
    if (!out->push_public.len) {
        struct housing h = { .w = w, .key = key, .out = out };
        if (!push_keys_make(w->arena, &h.push, err) || !db_tx(w->db, push_tx, &h, err))
            return false;
    }
    return open_text(w->arena, key, CONTEXT_TOKEN, &out->telegram_token, err) &&
           open_text(w->arena, key, CONTEXT_PASSWORD, &out->mail_password, err) &&
           open_text(w->arena, key, CONTEXT_PUSH, &out->push_private, err);
}

static bool is_address(str url)
{
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.at[i] <= ' ' || (unsigned char)url.at[i] > '~' || url.at[i] == '"' || url.at[i] == '<')
            return false;
    return str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
}

static bool house_ok(struct arena *a, struct notice_house *h, struct err *err)
{
    bool ok = true;
    h->mail_host = str_trim(h->mail_host);
    h->mail_from = h->mail_from.len ? email_normalise(a, h->mail_from) : h->mail_from;
    for (size_t i = 0; i < h->mail_host.len; i++)
        if ((unsigned char)h->mail_host.at[i] <= ' ' || h->mail_host.at[i] == '/' || h->mail_host.at[i] == '@')
            ok = err_add(err, "mail_host", "must be the name of a server");
    if (h->mail_host.len && !h->mail_from.len)
        ok = err_add(err, "mail_from", "must be an e-mail address");
    if (h->telegram_base.len && !is_address(h->telegram_base))
        ok = err_add(err, "telegram_base", "must be an address such as https://api.telegram.org");
    if (h->address.len && !is_address(h->address))
        ok = err_add(err, "address", "must be an address such as https://crm.example.com");
    return ok;
}

/* Secrets are left out of the log of changes; that they changed is not. */
static str house_audit(struct arena *a, const struct notice_house *h)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    struct notice_house shown = *h;
    shown.has_token    = h->telegram_token.len > 0;
    shown.has_password = h->mail_password.len > 0;
    record_write_fields(&notice_house_record, &shown, &j, NULL);
    json_end(&j);
    return buf_str(&b);
}

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct housing          *h   = ctx;
    const struct house_edit *e   = h->edit;
    struct notice_house      old = { 0 };
    if (!notice_house_get(db, h->w->arena, &old, err))
        return false;
    *h->out = old;
    if (e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    struct notice_house now = old;
    bool ok = record_read_json(&notice_house_record, e->json, READ_UPDATE, h->w->arena, &now, NULL, err);
    if (e->has_token && e->token.len && !telegram_token_ok(e->token))
        ok = err_add(err, "telegram_token", "must be the token that BotFather gave");
    if (!house_ok(h->w->arena, &now, err) || !ok)
        return false;
    if (e->has_token) {
        now.telegram_token = e->token.len ? secret_seal(h->w->arena, h->key, e->token, CONTEXT_TOKEN) : STR("");
        now.telegram_name  = e->name;
    }
    if (e->has_password)
        now.mail_password = e->password.len ? secret_seal(h->w->arena, h->key, e->password, CONTEXT_PASSWORD) : STR("");
    now.updated_at = h->w->now;
    *h->out = now;
    db_signal(db);
    return notice_house_save(db, &old, h->out, err) &&
           audit_write(db, h->w, STR("notices.edit"), STR("settings"), (rid){ 0 }, house_audit(h->w->arena, &old), house_audit(h->w->arena, &now), err);
}

bool notice_house_change(struct work *w, const struct secret_key *key, const struct house_edit *e, struct notice_house *out, struct err *err)
{
    struct housing h = { .w = w, .key = key, .edit = e, .out = out };
    return db_tx(w->db, change_tx, &h, err);
}
