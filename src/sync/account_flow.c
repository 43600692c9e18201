#include "sync/account_flow.h"

#include "accounts/audit.h"
#include "events/event.h"
#include "net/address.h"
#include "orders/intake_flow.h"

static str entity(void) { return STR("channel_account"); }

static str shown(const struct work *w, const struct channel_account *a)
{
    return audit_json(w->arena, &channel_account_record, a);
}

/* Screens look again; the engine looks for work. */
static bool tell(struct db *db, struct sync_engine *e, const struct work *w, rid id, const char *state, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", id);
    json_text(&j, "state", str_of(state));
    json_end(&j);
    db_after_commit(db, sync_wake, e);
    return event_add(db, w->now, STR("account"), id, id, buf_str(&b), err);
}

/* ---- one shop, one account ---- */

/* By what the market knows the shop: its own number where a key does not tell (Ozon's Client-Id), else the key itself. */
static const char *shop_setting(const struct channel *c)
{
    const char *name = NULL;
    for (const struct channel_setting *s = c->settings; s && s->name; s++)
        if (s->required && (!s->secret || !name))
            name = s->name;
    return name;
}

static str setting_of(const struct setting_value_list *settings, const char *name)
{
    for (int i = 0; name && i < settings->count; i++)
        if (str_is(settings->at[i].name, name))
            return settings->at[i].value;
    return (str){ 0 };
}

static str host_of(const struct channel *c, const struct channel_account *a) { return a->base_url.len ? a->base_url : str_of(c->base_url); }

/* Two accounts of one shop would have each order twice. `named`: the one who asks may know the others by name. */
static bool shop_is_free(struct db *db, struct sync_engine *e, struct work *w, const struct channel_account *io,
                         const struct setting_value_list *settings, bool named, struct err *err)
{
    const struct channel *c = sync_channel(e, io->channel);
    struct channel_account_list all = { 0 };
    const char *name = shop_setting(c);
    str         mine = str_trim(setting_of(settings, name));
    if (!mine.len)
        return true;
    if (!accounts_all(db, w->arena, &all, err))
        return false;
    for (int i = 0; i < all.count; i++) {
        const struct channel_account *other = &all.at[i];
        struct setting_value_list     theirs = { 0 };
        struct err                    sealed = { 0 };
        if (id_eq(other->id, io->id) || !str_eq(other->channel, io->channel) || !str_eq(host_of(c, other), host_of(c, io)) ||
            !account_settings(other, &sync_options_of(e)->key, w->arena, &theirs, &sealed) || !str_eq(str_trim(setting_of(&theirs, name)), mine))
            continue;
        str field = str_print(w->arena, "settings.%s", name);
        return err_set(err, ERR_CONFLICT, str_zero(w->arena, field), "this shop is connected already as \"%.*s\"",
                       STR_ARG(named ? other->name : STR("another account")));
    }
    return true;
}

/* ---- connect ---- */

struct creating {
    struct sync_engine              *e;
    struct work                     *w;
    struct channel_account          *io;
    const struct channel            *channel;
    const struct setting_value_list *settings;
};

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct creating *c = ctx;
    return shop_is_free(db, c->e, c->w, c->io, c->settings, true, err) && record_insert(db, &channel_account_record, c->io, err) && streams_ensure(db, c->io->id, c->channel->streams, c->w->now, err) &&
           audit_write(db, c->w, STR("account.create"), entity(), c->io->id, (str){ 0 }, shown(c->w, c->io), err) &&
           tell(db, c->e, c->w, c->io->id, "active", err);
}

bool account_create(struct sync_engine *e, struct work *w, struct channel_account *io, const struct setting_value_list *settings,
                    str *hook_secret, struct err *err)
{
    const struct sync_options *o = sync_options_of(e);
    struct creating c = { e, w, io, sync_channel(e, io->channel), settings };
    if (!c.channel)
        return err_set(err, ERR_BODY_INVALID, "channel", "there is no such channel");
    if (io->base_url.len && !account_base_url_ok(io->base_url, o->allow_private_hosts, err))
        return false;
    io->id      = work_id(w);
    io->state   = ACCOUNT_ACTIVE;
    io->version = 1;
    io->created_at = io->updated_at = w->now;
    *hook_secret = (str){ 0 };
    if (c.channel->hook_read) {
        *hook_secret    = secret_token(w->arena, 24);
        io->hook_digest = secret_digest(w->arena, *hook_secret);
    }
    account_settings_save(io, c.channel, &o->key, w->arena, settings);
    return db_tx(w->db, create_tx, &c, err);
}

/* ---- edit ---- */

struct changing { struct sync_engine *e; struct work *w; const struct account_edit *edit; struct channel_account *out; bool is_new_key; };

static bool host_moves(const struct channel *c, const struct channel_account *old, const struct channel_account *now)
{
    str from = old->base_url.len ? old->base_url : str_of(c->base_url), to = now->base_url.len ? now->base_url : str_of(c->base_url);
    return !str_eq(url_host(from), url_host(to)) || (str_starts(from, STR("https:")) && !str_starts(to, STR("https:")));
}

static bool secrets_needed(const struct channel *c, struct err *err)
{
    char field[80];
    for (const struct channel_setting *s = c->settings; s && s->name; s++) {
        if (!s->secret || !s->required)
            continue;
        str name = str_of(s->name);
        memcpy(field, "settings.", 9);
        memcpy(field + 9, name.at, name.len < 60 ? name.len : 60);
        field[9 + (name.len < 60 ? name.len : 60)] = 0;
        err_add(err, field, "must be given again, because the address has changed");
    }
    return !err_is_set(err);
}

/* What is left as it was is not asked again: two accounts of one shop may be there from before. */
static bool shop_as_before(struct db *db, struct changing *c, const struct channel_account *old, const struct channel_account *now,
                           const struct setting_value_list *settings, struct err *err)
{
    const struct channel     *channel = sync_channel(c->e, old->channel);
    const char               *name    = shop_setting(channel);
    struct setting_value_list before  = { 0 };
    struct err                sealed  = { 0 };
    bool opens = account_settings(old, &sync_options_of(c->e)->key, c->w->arena, &before, &sealed);
    bool same  = opens && str_eq(setting_of(&before, name), setting_of(settings, name)) && str_eq(host_of(channel, old), host_of(channel, now));
    return same || shop_is_free(db, c->e, c->w, now, settings, false, err);
}

static bool change_apply(struct db *db, struct changing *c, const struct channel_account *old, struct channel_account *now, struct err *err)
{
    const struct sync_options *o = sync_options_of(c->e);
    const struct channel *channel = sync_channel(c->e, old->channel);
    struct setting_value_list settings = { 0 };
    bool secrets_came = false;
    if (!channel)
        return err_set(err, ERR_CONFLICT, "channel", "no marketplace stands behind this account");
    struct err sealed = { 0 };
    if (!account_settings(old, &o->key, c->w->arena, &settings, &sealed))
        settings = (struct setting_value_list){ 0 };        /* another key file: the secret has to be given anew */
    if (!c->edit->change(now, &settings, &secrets_came, c->edit->ctx, err))
        return false;
    if (now->base_url.len && !str_eq(now->base_url, old->base_url) && !account_base_url_ok(now->base_url, o->allow_private_hosts, err))
        return false;
    if (account_has_secret(old) && !secrets_came && (host_moves(channel, old, now) || err_is_set(&sealed)) && !secrets_needed(channel, err))
        return false;
    if (!shop_as_before(db, c, old, now, &settings, err))
        return false;
    account_settings_save(now, channel, &o->key, c->w->arena, &settings);
    c->is_new_key = secrets_came;
    if (secrets_came && old->state != ACCOUNT_PAUSED) {
        now->state      = ACCOUNT_ACTIVE;
        now->error_code = now->error_text = STR("");
        now->error_since = (instant){ 0 };
    }
    now->updated_at = c->w->now;
    return true;
}

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct changing       *c   = ctx;
    struct channel_account old = { 0 }, now;
    if (!account_get(db, c->edit->id, c->w->arena, &old, err))
        return false;
    *c->out = now = old;
    if (c->edit->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!change_apply(db, c, &old, &now, err))
        return false;
    if (!record_update(db, &channel_account_record, &now, record_diff(&channel_account_record, &old, &now), err) ||
        (c->is_new_key && !streams_hurry(db, now.id, c->w->now, err)) ||
        !audit_write(db, c->w, STR("account.edit"), entity(), now.id, shown(c->w, &old), shown(c->w, &now), err) ||
        !tell(db, c->e, c->w, now.id, account_state_names[now.state], err))
        return false;
    now.version++;
    *c->out = now;
    return true;
}

bool account_change(struct sync_engine *e, struct work *w, const struct account_edit *edit, struct channel_account *out, struct err *err)
{
    struct changing c = { e, w, edit, out, false };
    if (!db_tx(w->db, change_tx, &c, err))
        return false;
    if (c.is_new_key)
        pacer_forget(sync_pacer(e), edit->id);
    return true;
}

/* ---- small changes ---- */

struct small { struct sync_engine *e; struct work *w; rid id; int64_t version; enum account_state state; str digest; };

static bool remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct small          *s   = ctx;
    struct channel_account old = { 0 };
    return account_get(db, s->id, s->w->arena, &old, err) && account_delete(db, s->id, s->version, err) &&
           audit_write(db, s->w, STR("account.remove"), entity(), s->id, shown(s->w, &old), (str){ 0 }, err) &&
           tell(db, s->e, s->w, s->id, "removed", err);
}

bool account_remove(struct sync_engine *e, struct work *w, rid id, int64_t version, struct err *err)
{
    struct small s = { .e = e, .w = w, .id = id, .version = version };
    return db_tx(w->db, remove_tx, &s, err);
}

static bool state_tx(struct db *db, void *ctx, struct err *err)
{
    struct small          *s   = ctx;
    struct channel_account old = { 0 }, now;
    if (!account_get(db, s->id, s->w->arena, &old, err))
        return false;
    now       = old;
    now.state = s->state;
    if (now.state == old.state && now.state == ACCOUNT_PAUSED)
        return true;
    const char *action = s->state == ACCOUNT_PAUSED ? "account.pause" : "account.resume";
    return account_state_save(db, s->id, s->state, s->w->now, err) &&
           (s->state == ACCOUNT_PAUSED || streams_hurry(db, s->id, s->w->now, err)) &&
           audit_write(db, s->w, str_of(action), entity(), s->id, shown(s->w, &old), shown(s->w, &now), err) &&
           tell(db, s->e, s->w, s->id, account_state_names[s->state], err);
}

bool account_set_state(struct sync_engine *e, struct work *w, rid id, enum account_state state, struct err *err)
{
    struct small s = { .e = e, .w = w, .id = id, .state = state };
    if (!db_tx(w->db, state_tx, &s, err))
        return false;
    if (state == ACCOUNT_ACTIVE)
        pacer_forget(sync_pacer(e), id);
    return true;
}

static bool fetch_tx(struct db *db, void *ctx, struct err *err)
{
    struct small          *s   = ctx;
    struct channel_account acc = { 0 };
    if (!account_get(db, s->id, s->w->arena, &acc, err))
        return false;
    if (!account_works(&acc))
        return err_set(err, ERR_CONFLICT, "state", acc.state == ACCOUNT_PAUSED ? "the account is paused" : "the market refuses the key");
    db_after_commit(db, sync_wake, s->e);
    return streams_hurry(db, s->id, s->w->now, err);
}

bool account_fetch(struct sync_engine *e, struct work *w, rid id, struct err *err)
{
    struct small s = { .e = e, .w = w, .id = id };
    return db_tx(w->db, fetch_tx, &s, err);
}

static bool hook_tx(struct db *db, void *ctx, struct err *err)
{
    struct small          *s   = ctx;
    struct channel_account old = { 0 }, now;
    if (!account_get(db, s->id, s->w->arena, &old, err))
        return false;
    const struct channel *channel = sync_channel(s->e, old.channel);
    if (!channel || !channel->hook_read)
        return err_set(err, ERR_CONFLICT, "channel", "this market sends no notifications");
    now             = old;
    now.hook_digest = s->digest;
    now.updated_at  = s->w->now;
    return record_update(db, &channel_account_record, &now, record_diff(&channel_account_record, &old, &now), err) &&
           audit_write(db, s->w, STR("account.new_hook"), entity(), s->id, (str){ 0 }, (str){ 0 }, err);
}

bool account_new_hook(struct sync_engine *e, struct work *w, rid id, str *secret, struct err *err)
{
    struct small s = { .e = e, .w = w, .id = id };
    *secret  = secret_token(w->arena, 24);
    s.digest = secret_digest(w->arena, *secret);
    return db_tx(w->db, hook_tx, &s, err);
}

/* ---- statuses ---- */

struct mapping { struct sync_engine *e; struct work *w; rid id; const struct status_change *rows; int count; };

static str map_json(const struct work *w, const struct status_change *rows, int count)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    for (int i = 0; i < count; i++)
        json_key_text(&j, rows[i].key, rows[i].to < HUB_STATUS_COUNT ? str_of(hub_status_names[rows[i].to]) : STR(""));
    json_end(&j);
    return buf_str(&b);
}

/* A row that says what the connector says anyway is no change. */
static enum hub_status change_of(const struct status_map *plain, const struct status_change *row)
{
    struct status_choice choice;
    bool same = row->to < HUB_STATUS_COUNT && status_map_find(plain, row->key, &choice) && !choice.keeps && choice.to == row->to;
    return same ? HUB_STATUS_COUNT : row->to;
}

static bool map_tx(struct db *db, void *ctx, struct err *err)
{
    struct mapping           *m   = ctx;
    struct channel_account    acc = { 0 };
    struct status_change_list old = { 0 };
    if (!account_get(db, m->id, m->w->arena, &acc, err) || !status_changes_of(db, m->id, m->w->arena, &old, err))
        return false;
    struct status_map plain = { .channel = sync_channel(m->e, acc.channel), .accepted_means_assembling = acc.accepted_means_assembling };
    if (!plain.channel)
        return err_set(err, ERR_CONFLICT, "channel", "no marketplace stands behind this account");
    for (int i = 0; i < m->count; i++)
        if (!status_change_save(db, m->id, m->rows[i].key, change_of(&plain, &m->rows[i]), err))
            return false;
    return audit_write(db, m->w, STR("account.statuses"), entity(), m->id, map_json(m->w, old.at, old.count),
                       map_json(m->w, m->rows, m->count), err) &&
           tell(db, m->e, m->w, m->id, account_state_names[acc.state], err);
}

bool account_map_statuses(struct sync_engine *e, struct work *w, rid id, const struct status_change *rows, int count,
                          struct reapply_counts *out, struct err *err)
{
    struct mapping           m      = { e, w, id, rows, count };
    struct parked_count_list parked = { 0 };
    *out = (struct reapply_counts){ 0 };
    if (!db_tx(w->db, map_tx, &m, err) || !intake_parked_counts(w->db, w->arena, &parked, err))
        return false;
    for (int i = 0; i < parked.count; i++) {
        const struct parked_count *p = &parked.at[i];
        struct reapply_counts      c;
        if (!id_eq(p->account_id, id) || !str_is(p->problem_code, "channel.status"))
            continue;
        bool named = false;
        for (int k = 0; k < count && !named; k++)
            named = str_eq(rows[k].key, p->status_key);
        if (!named)
            continue;
        if (!sync_reapply(e, w, id, p->status_key, &c, err))
            return false;
        out->tried   += c.tried;
        out->applied += c.applied;
        out->parked  += c.parked;
    }
    return true;
}

/* ---- parked ---- */

struct dropping { struct work *w; rid id; };

static bool drop_tx(struct db *db, void *ctx, struct err *err)
{
    struct dropping  *d   = ctx;
    struct intake_row row = { 0 };
    if (!intake_get(db, d->id, d->w->arena, &row, err))
        return false;
    if (!str_is(row.state, "parked"))
        return err_set(err, ERR_CONFLICT, "state", "only a parked record can be dropped");
    row.state = STR("dropped");
    return intake_settle(db, &row, err) && intake_problem_over(d->w, db, row.order_id, err) &&
           audit_write(db, d->w, STR("parked.drop"), STR("intake_event"), row.id, (str){ 0 }, (str){ 0 }, err);
}

bool parked_drop(struct work *w, rid event_id, struct err *err)
{
    struct dropping d = { w, event_id };
    return db_tx(w->db, drop_tx, &d, err);
}
