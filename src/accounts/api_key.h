/* api_key.h - keys by which programs sign in: "sk_…", shown once, kept as a digest. Scopes are permissions. */
#pragma once
#include "base/list.h"
#include "base/permission.h"
#include "record/record.h"

#define API_KEY_PREFIX  "sk_"
#define API_KEY_SEEN_MS MINUTE_MS       /* last_used_at is written at most this often */

struct api_key {
    rid     id;
    str     name, digest, scopes, accounts;
    rid     created_by;
    instant created_at, last_used_at, revoked_at;
};
LIST(api_key)
extern const struct record api_key_record;

uint64_t api_key_permissions(const struct api_key *);
void     api_key_write(struct json_out *, const char *key, const struct api_key *, str secret);     /* secret: empty after the first time */
