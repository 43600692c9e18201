/* Who asks: a cookie of a person, or a key of a program. Both are looked up by their digest. */
#include "accounts/accounts_http.h"

#include "accounts/api_key_flow.h"
#include "accounts/body.h"
#include "base/secret.h"

#include <strings.h>

#define TOKEN_TEXT_BYTES 43 /* 32 bytes in base64url */
#define KEY_TEXT_BYTES   (TOKEN_TEXT_BYTES + sizeof API_KEY_PREFIX - 1)

str request_session_token(const struct request *rq)
{
    for (int i = 0; i < rq->headers.count; i++) {
        const struct http_header *h = &rq->headers.at[i];
        if (h->name.len != 6 || strncasecmp(h->name.at, "Cookie", 6) != 0)
            continue;
        str rest = h->value, part, name;
        while (rest.len && str_split(&rest, ';', &part)) {
            str value = str_trim(part);
            if (str_split(&value, '=', &name) && str_is(name, SESSION_COOKIE) &&
                value.len == TOKEN_TEXT_BYTES)
                return value;
        }
    }
    return (str){ 0 };
}

/* "Bearer sk_…": the key, or empty. *is_there says that some Authorization came. */
static str bearer(const struct request *rq, bool *is_there)
{
    str s = str_trim(http_header_get(&rq->headers, "Authorization"));
    *is_there = s.len > 0;
    if (s.len < 7 || strncasecmp(s.at, "Bearer ", 7) != 0)
        return (str){ 0 };
    s = str_trim(str_sub(s, 7, SIZE_MAX));
    return str_starts(s, STR(API_KEY_PREFIX)) && s.len == KEY_TEXT_BYTES ? s : (str){ 0 };
}

static bool find_session(struct request *rq, struct principal *out, instant *expires_at, struct err *err)
{
    struct session s = { 0 };
    struct user u = { 0 };
    bool found;
    rid *accounts;
    if (!session_find(rq->work.db, out->session, rq->work.arena, &s, &u, &found, err))
        return false;
    if (!found || s.expires_at.ms <= rq->work.now.ms || u.state != USER_ACTIVE)
        return err_set(err, ERR_SIGN_IN, "", "sign in first");
    out->user_id = u.id;
    out->name = u.name;
    out->roles = user_roles(&u);
    out->permissions = user_permissions(&u);
    out->accounts_count = ids_read(rq->work.arena, u.accounts, &accounts);
    out->accounts = accounts;
    out->csrf = s.csrf;
    out->language = str_of(language_names[u.language]);
    out->zone = u.time_zone;
    out->hold_s = (int)u.hold_s;
    out->factor_due = u.factor_due;
    *expires_at = s.expires_at;
    if (rq->work.now.ms - s.last_seen_at.ms >= SESSION_SEEN_MS)
        session_touch(&rq->work, out->session, u.id);
    return true;
}

static bool find_key(struct request *rq, struct principal *out, struct err *err)
{
    struct api_key k = { 0 };
    bool found;
    rid *accounts;
    if (!api_key_find(rq->work.db, out->session, rq->work.arena, &k, &found, err))
        return false;
    if (!found)
        return err_set(err, ERR_SIGN_IN, "Authorization", "this key is not known");
    out->user_id = k.id;
    out->name = k.name;
    out->permissions = api_key_permissions(&k);
    out->hold_s = HOLD_S_SHOP;
    out->accounts_count = ids_read(rq->work.arena, k.accounts, &accounts);
    out->accounts = accounts;
    if (rq->work.now.ms - k.last_used_at.ms >= API_KEY_SEEN_MS)
        api_key_touch(&rq->work, k.id);
    return true;
}

bool accounts_authenticate(struct request *rq, struct principal *out, struct err *err)
{
    struct session_cache *cache = request_accounts(rq)->cache;
    bool has_header;
    str key = bearer(rq, &has_header);
    str token = has_header ? key : request_session_token(rq);
    instant expires_at = { 0 };
    if (!token.len)
        return err_set(err, ERR_SIGN_IN, has_header ? "Authorization" : "",
                       has_header ? "must be a key of Sauda" : "sign in first");

    struct principal who = { .is_key = has_header, .session = secret_digest(rq->work.arena, token) };
    if (session_cache_find(cache, who.session, rq->work.now, rq->work.arena, out))
        return true;
    uint64_t generation = session_cache_generation(cache);
    if (!(who.is_key ? find_key(rq, &who, err) : find_session(rq, &who, &expires_at, err)))
        return false;
    session_cache_keep(cache, generation, who.session, rq->work.now, expires_at, &who);
    *out = who;
    return true;
}

struct grantor request_grantor(const struct request *rq)
{
    return (struct grantor){ rq->who.permissions, rq->who.accounts, rq->who.accounts_count };
}

void session_ended(struct request *rq, str digest)
{
    struct accounts *a = request_accounts(rq);
    session_cache_forget(a->cache, digest);
    if (a->live)
        live_sign_out(a->live, rq->who.user_id, digest);
}

void rights_changed(struct request *rq, bool is_key, rid who)
{
    struct accounts *a = request_accounts(rq);
    session_cache_forget_who(a->cache, is_key, who);
    if (a->live)
        live_sign_out(a->live, who, STR(""));
}
