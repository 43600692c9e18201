#include "sync/channel_account.h"

#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define SETTING_BYTES_MAX 4096

const char *const account_mode_names[] = { [ACCOUNT_LIVE] = "live", [ACCOUNT_READ_ONLY] = "read_only", NULL };
_Static_assert(COUNT_OF(account_mode_names) == ACCOUNT_MODE_COUNT + 1, "a name per mode");
const char *const account_state_names[] = {
    [ACCOUNT_ACTIVE] = "active", [ACCOUNT_PAUSED] = "paused", [ACCOUNT_AUTH_FAILED] = "auth_failed", [ACCOUNT_DEGRADED] = "degraded", NULL
};
_Static_assert(COUNT_OF(account_state_names) == ACCOUNT_STATE_COUNT + 1, "a name per state");

/* clang-format off */
static const struct field account_fields[] = {
    FIELD(channel_account, id,          .access = READ_ONLY),
    FIELD(channel_account, channel,     .access = ON_CREATE, .required = true, .min = 1, .max = 40, .doc = "a name of /api/channel-kinds"),
    FIELD(channel_account, name,        .required = true, .min = 1, .max = 100, .doc = "as people call it"),
    FIELD(channel_account, base_url,    .max = 300, .doc = "another address of the market: a sandbox"),
    FIELD(channel_account, mode,        .choices = account_mode_names, .doc = "read_only pulls orders and sends nothing"),
    FIELD(channel_account, state,       .access = READ_ONLY, .choices = account_state_names),
    FIELD(channel_account, sealed,      .access = READ_ONLY, .internal = true, .max = 1 << 16),
    FIELD(channel_account, options,     .access = READ_ONLY, .internal = true, .max = 1 << 16),
    FIELD(channel_account, accepted_means_assembling, .doc = "Kaspi: an accepted order is already being packed"),
    FIELD(channel_account, hook_digest, .access = READ_ONLY, .internal = true, .max = 100),
    FIELD(channel_account, last_ok_at,  .access = READ_ONLY),
    FIELD(channel_account, error_code,  .access = READ_ONLY, .internal = true, .max = 60),
    FIELD(channel_account, error_text,  .access = READ_ONLY, .internal = true, .max = 600),
    FIELD(channel_account, error_since, .access = READ_ONLY, .internal = true),
    FIELD(channel_account, version,     .access = READ_ONLY, .doc = "send it back in If-Match"),
    FIELD(channel_account, created_at,  .access = READ_ONLY),
    FIELD(channel_account, updated_at,  .access = READ_ONLY),
};
/* clang-format on */
const struct record channel_account_record = RECORD(channel_account, "channel_accounts", account_fields);

static str seal_context(struct arena *a, rid id)
{
    return str_print(a, "account:%lld", (long long)id.v);
}

static void values_add(struct setting_value_list *out, struct arena *a, const struct json *object)
{
    JSON_EACH(member, object)
        *setting_value_list_add(out, a) = (struct setting_value){ member->key, json_str(member) };
}

bool account_settings(const struct channel_account *acc, const struct secret_key *key, struct arena *a, struct setting_value_list *out,
                      struct err *err)
{
    const struct json *root;
    str plain;
    if (acc->options.len) {
        if (!json_read(a, acc->options, 1 << 16, &root, err))
            return err_note(err, "options of account %lld", (long long)acc->id.v);
        values_add(out, a, root);
    }
    if (!acc->sealed.len)
        return true;
    if (!secret_open(a, key, acc->sealed, seal_context(a, acc->id), &plain, err) || !json_read(a, plain, 1 << 16, &root, err))
        return err_note(err, "sealed settings of account %lld", (long long)acc->id.v);
    values_add(out, a, root);
    return true;
}

static struct setting_value *value_of(struct setting_value_list *list, str name)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i].name, name))
            return &list->at[i];
    return NULL;
}

static const struct channel_setting *setting_find(const struct channel *channel, str name)
{
    for (const struct channel_setting *s = channel->settings; s && s->name; s++)
        if (str_is(name, s->name))
            return s;
    return NULL;
}

static bool setting_text_ok(const struct json *v)
{
    str text = json_str(v);
    if (v->kind != JSON_TEXT && v->kind != JSON_NUMBER && v->kind != JSON_BOOL && v->kind != JSON_NULL)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == 127)
            return false;                                   /* a token with a line break would break the request's head */
    return text.len <= SETTING_BYTES_MAX;
}

bool account_settings_read(const struct channel *channel, const struct json *settings, bool whole, struct arena *a,
                           struct setting_value_list *io, struct err *err)
{
    if (settings && settings->kind != JSON_OBJECT && settings->kind != JSON_NULL)
        return err_add(err, "settings", "must be an object");
    JSON_EACH(v, settings) {
        const struct channel_setting *s = setting_find(channel, v->key);
        str field = str_print(a, "settings.%.*s", STR_ARG(utf8_cut(v->key, 40)));
        if (!s) {
            err_add(err, str_zero(a, field), "%s has no such setting", channel->title);
            continue;
        }
        if (!setting_text_ok(v)) {
            err_add(err, str_zero(a, field), "must be text of at most %d bytes in one line", SETTING_BYTES_MAX);
            continue;
        }
        struct setting_value *known = value_of(io, v->key);
        if (s->secret && v->kind == JSON_TEXT && !str_trim(v->text).len)
            continue;                                       /* a form that shows no secret sends it back empty */
        if (!known) {
            known       = setting_value_list_add(io, a);
            known->name = v->key;
        }
        known->value = v->kind == JSON_BOOL ? (v->truth ? STR("true") : STR("false")) : str_trim(json_str(v));
    }
    for (const struct channel_setting *s = channel->settings; whole && s && s->name; s++) {
        const struct setting_value *v = value_of(io, str_of(s->name));
        if (s->required && !s->fallback && (!v || !v->value.len))
            err_add(err, str_zero(a, str_print(a, "settings.%s", s->name)), "is needed");
    }
    return !err_is_set(err);
}

static str values_text(const struct channel *channel, bool secret, struct arena *a, const struct setting_value_list *values, int *count)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    *count = 0;
    json_begin(&j, NULL, '{');
    for (int i = 0; i < values->count; i++) {
        const struct channel_setting *s = setting_find(channel, values->at[i].name);
        if (!s || s->secret != secret || !values->at[i].value.len)
            continue;
        json_text(&j, s->name, values->at[i].value);
        (*count)++;
    }
    json_end(&j);
    return buf_str(&b);
}

void account_settings_save(struct channel_account *acc, const struct channel *channel, const struct secret_key *key, struct arena *a,
                           const struct setting_value_list *values)
{
    int count;
    str plain    = values_text(channel, true, a, values, &count);
    acc->sealed  = count ? secret_seal(a, key, plain, seal_context(a, acc->id)) : STR("");
    acc->options = values_text(channel, false, a, values, &count);
}

bool account_has_secret(const struct channel_account *acc)
{
    return acc->sealed.len > 0;
}

bool account_base_url_ok(str base_url, bool allow_private, struct err *err)
{
    str name = url_host(base_url);
    if (!name.len || name.len > 255)
        return err_add(err, "base_url", "must be an address such as https://example.com");
    for (size_t i = 0; i < base_url.len; i++)
        if ((unsigned char)base_url.at[i] <= ' ' || base_url.at[i] == '?' || base_url.at[i] == '#' || base_url.at[i] == '\\')
            return err_add(err, "base_url", "must be an address without spaces, ? and #");
    if (allow_private || !host_is_private(name))
        return true;
    return err_add(err, "base_url", "is an address of the own network, which this server does not call");
}

/* The one word of Kaspi that the required text of the shop's own table reads in two ways (domain handbook, section 4). */
#define ACCEPTED "ACCEPTED_BY_MERCHANT"

static const struct status_change *change_find(const struct status_map *map, str key)
{
    for (int i = 0; i < map->changes.count; i++)
        if (str_eq(map->changes.at[i].key, key))
            return &map->changes.at[i];
    return NULL;
}

bool status_map_find(const struct status_map *map, str key, struct status_choice *out)
{
    const struct status_row *row    = key.len ? status_row_find(map->channel->statuses, key) : NULL;
    struct status_choice     choice = { 0 };
    if (row)
        choice = (struct status_choice){ row->to, row->keeps, row->marks, row->cancel_side };
    if (row && map->accepted_means_assembling && row->to == HUB_CONFIRMED && str_is(key, ACCEPTED))
        choice.to = HUB_ASSEMBLING;
    const struct status_change *change = change_find(map, key);
    if (!change && row)
        change = change_find(map, str_of(row->key));        /* a row with a star was changed as a whole */
    if (change) {
        choice.to    = change->to;
        choice.keeps = false;
    }
    if (row || change)
        *out = choice;
    return row || change;
}
