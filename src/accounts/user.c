#include "accounts/user.h"

#include "accounts/body.h"
#include "base/fold.h"
#include "base/zone.h"

/* clang-format off */
const char *const user_state_names[] = { [USER_ACTIVE] = "active", [USER_BLOCKED] = "blocked", NULL };
/* clang-format on */
_Static_assert(COUNT_OF(user_state_names) == USER_STATE_COUNT + 1, "a name per state");
/* clang-format off */
const char *const language_names[] = {
    [LANGUAGE_RU] = "ru", [LANGUAGE_KK] = "kk", [LANGUAGE_UK] = "uk", [LANGUAGE_EN] = "en", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(language_names) == LANGUAGE_COUNT + 1, "a name per language");
/* clang-format off */
const char *const theme_names[] = { [THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark", NULL };
/* clang-format on */
_Static_assert(COUNT_OF(theme_names) == THEME_COUNT + 1, "a name per theme");
/* clang-format off */
const char *const density_names[] = {
    [DENSITY_NORMAL] = "normal", [DENSITY_COMPACT] = "compact", [DENSITY_ROOMY] = "roomy", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(density_names) == DENSITY_COUNT + 1, "a name per density");

/* clang-format off */
static const struct field user_fields[] = {
    FIELD(user, id,            .access = READ_ONLY),
    FIELD(user, login,         .required = true, .max = 64, .doc = "what the person types to sign in"),
    FIELD(user, name,          .required = true, .max = 200),
    FIELD(user, password_hash, .access = READ_ONLY, .internal = true),
    FIELD(user, roles,         .access = READ_ONLY, .internal = true),
    FIELD(user, own_roles,     .access = READ_ONLY, .internal = true),
    FIELD(user, accounts,      .access = READ_ONLY, .internal = true),
    FIELD(user, state,         .choices = user_state_names),
    FIELD(user, language,      .choices = language_names),
    FIELD(user, time_zone,     .max = 64, .doc = "empty: the shop's"),
    FIELD(user, theme,         .access = READ_ONLY, .choices = theme_names),
    FIELD(user, density,       .access = READ_ONLY, .choices = density_names),
    FIELD(user, hold_s,        .access = READ_ONLY, .doc = "-1: as the shop"),
    FIELD(user, keys_off,      .access = READ_ONLY),
    FIELD(user, keys,          .access = READ_ONLY, .internal = true),
    FIELD(user, second_factor_at, .access = READ_ONLY, .doc = "since when a code is asked for at the sign-in"),
    FIELD(user, last_seen_at,  .access = READ_ONLY),
    FIELD(user, version,       .access = READ_ONLY),
    FIELD(user, created_at,    .access = READ_ONLY),
    FIELD(user, updated_at,    .access = READ_ONLY, .internal = true),
};
const struct record user_record = RECORD(user, "users", user_fields);

static const struct field profile_fields[] = {
    FIELD(user, id,         .access = READ_ONLY),
    FIELD(user, name,       .max = 200, .required = true),
    FIELD(user, language,   .choices = language_names),
    FIELD(user, time_zone,  .max = 64, .doc = "empty: the shop's"),
    FIELD(user, theme,      .choices = theme_names),
    FIELD(user, density,    .choices = density_names),
    FIELD(user, hold_s,     .min = HOLD_S_SHOP, .max = HOLD_S_MAX, .doc = "how long a command may be undone; -1: as the shop"),
    FIELD(user, keys_off,   .doc = "no single-letter keys"),
    FIELD(user, keys,       .max = KEYS_BYTES_MAX, .doc = "shortcuts bound anew: KeyC=KeyV,KeyV=KeyC"),
    FIELD(user, version,    .access = READ_ONLY),
};
const struct record profile_record = RECORD(user, "users", profile_fields);
/* clang-format on */

unsigned user_roles(const struct user *u) { return (unsigned)bits_read(role_names, u->roles); }
uint64_t user_permissions(const struct user *u) { return roles_permissions(user_roles(u)) | u->own_rights; }

str login_folded(struct arena *a, str login)
{
    str s = str_trim(login);
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 127)
            return (str){ 0 };
    /* Folding takes out dots and signs; ASCII keeps its own, other alphabets go through the fold. */
    bool ascii = true;
    for (size_t i = 0; i < s.len; i++)
        ascii = ascii && !((unsigned char)s.at[i] & 0x80);
    str out = ascii ? str_lower_ascii(a, s) : fold_search(a, s);
    return out.len <= 64 && utf8_count(out) >= 2 ? out : (str){ 0 };
}

bool login_check(struct arena *a, str login, str *folded, struct err *err)
{
    *folded = login_folded(a, login);
    return folded->len || err_add(err, "login", "must be 2 to 64 characters without spaces");
}

static bool key_word(str s, const char *more)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != *more)
            return false;
    }
    return s.len >= 1 && s.len <= 30;
}

bool keys_check(const char *field, str keys, struct err *err)
{
    str rest = keys, pair;
    while (keys.len && str_split(&rest, ',', &pair)) {
        str key = pair, name;
        if (!str_split(&key, '=', &name) || !key_word(name, "_") || !key_word(key, "+"))
            return err_add(err, field, "must be pairs such as KeyC=KeyV with commas between them");
    }
    return true;
}

bool time_zone_check(const char *field, str zone, struct err *err)
{
    return !zone.len || zone_find(zone) || err_add(err, field, "is not a time zone such as \"Asia/Almaty\"");
}

bool grant_check(const struct grantor *g, const char *field, uint64_t permissions, struct arena *a,
                 str accounts, struct err *err)
{
    rid *ids;
    int count = ids_read(a, accounts, &ids);
    if (permissions & ~g->permissions)
        return err_set(err, ERR_FORBIDDEN, field, "nobody can give more rights than he has");
    if (g->accounts_count && !count)
        return err_set(err, ERR_FORBIDDEN, "accounts", "must be accounts within your own scope");
    for (int i = 0; i < count && g->accounts_count; i++) {
        int at = 0;
        while (at < g->accounts_count && !id_eq(g->accounts[at], ids[i]))
            at++;
        if (at == g->accounts_count)
            return err_set(err, ERR_FORBIDDEN, "accounts", "must be accounts within your own scope");
    }
    return true;
}

void user_write(struct json_out *j, const char *key, const struct user *u)
{
    json_begin(j, key, '{');
    record_write_fields(&user_record, u, j, NULL);
    bits_write(j, "roles", role_names, user_roles(u));
    ids_write(j, "own_roles", u->own_roles);
    ids_write(j, "accounts", u->accounts);
    json_end(j);
}

str user_audit(struct arena *a, const struct user *u)
{
    struct buf b = buf_in(a);
    struct json_out j = json_out(&b);
    user_write(&j, NULL, u);
    return buf_str(&b);
}
