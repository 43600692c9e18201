/* user.h - people who sign in: names, roles, scope, how they like their screens. Pure.
 *
 * A login is compared folded: lower case, trimmed. Roles and scope are texts in the row: "owner,manager", own roles "7,9" (ids,
 * role.h), "12,15" (ids of channel accounts; empty = all of them).
 */
#pragma once
#include "accounts/password.h"
#include "base/permission.h"
#include "base/list.h"
#include "record/record.h"

enum user_state { USER_ACTIVE, USER_BLOCKED, USER_STATE_COUNT };
extern const char *const user_state_names[];             /* "active" "blocked" */
enum language { LANGUAGE_RU, LANGUAGE_KK, LANGUAGE_UK, LANGUAGE_EN, LANGUAGE_COUNT };
extern const char *const language_names[];               /* "ru" "kk" "uk" "en" */
enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK, THEME_COUNT };
extern const char *const theme_names[];
enum density { DENSITY_NORMAL, DENSITY_COMPACT, DENSITY_ROOMY, DENSITY_COUNT };
extern const char *const density_names[];

#define HOLD_S_SHOP (-1)                /* of a person: as long as the shop says */
#define HOLD_S_MAX  15
#define KEYS_BYTES_MAX 2000

struct user {
    rid             id;
    str             login, name, password_hash, roles, own_roles, accounts;
    uint64_t        own_rights;         /* what own_roles give; filled by the store, not a column */
    enum user_state state;
    enum language   language;
    str             time_zone;          /* empty = the shop's */
    enum theme      theme;
    enum density    density;
    int64_t         hold_s;
    bool            keys_off;
    str             keys;               /* bound anew: "KeyC=KeyV,KeyV=KeyC"; empty = as everybody's */
    instant         second_factor_at;   /* since when a code is asked for at the sign-in; not set: never */
    bool            factor_due;         /* a role demands one and there is none; filled by session_find and factor_due_load */
    instant         last_seen_at;
    int64_t         version;
    instant         created_at, updated_at;
};
LIST(user)
extern const struct record user_record;
/* The same table, as a person may change the own row. */
extern const struct record profile_record;

/* Bit sets by roles_permissions. */
static inline unsigned role_bit(enum role r) { return 1u << r; }
unsigned user_roles(const struct user *);
uint64_t user_permissions(const struct user *);
static inline bool user_has_role(const struct user *u) { return user_roles(u) || u->own_roles.len; }
static inline bool user_is_active_owner(const struct user *u)
{
    return u->state == USER_ACTIVE && (user_roles(u) & role_bit(ROLE_OWNER));
}
/* Lower case, trimmed; empty when it is no login: 2 to 64 characters without spaces. */
str login_folded(struct arena *, str login);
MUST_CHECK bool login_check(struct arena *, str login, str *folded, struct err *);
/* Pairs of a name and a key with commas between them. */
MUST_CHECK bool keys_check(const char *field, str keys, struct err *);
MUST_CHECK bool time_zone_check(const char *field, str zone, struct err *);      /* empty is fine */

/* What one may give to others: nobody hands out more than he has. */
struct grantor { uint64_t permissions; const rid *accounts; int accounts_count; };
MUST_CHECK bool grant_check(const struct grantor *, const char *field, uint64_t permissions, struct arena *, str accounts,
                            struct err *);
/* {id,name,login,roles,accounts,…} into an open array or at the root. */
void user_write(struct json_out *, const char *key, const struct user *);
/* For the log of changes. */
str  user_audit(struct arena *, const struct user *);
