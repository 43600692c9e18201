/* push.h - web push: the message only the browser can read, and the word of who sent it (OpenSSL).
 *
 * RFC 8291 (message encryption for web push, content coding aes128gcm of RFC 8188) and RFC 8292 (VAPID). One key pair per
 * installation: subscriptions are bound to its public half, so losing it ends them all.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/instant.h"

#define PUSH_TEXT_BYTES_MAX 3993        /* of a message: one record of 4096 bytes */
#define PUSH_POINT_BYTES    65          /* a public key: uncompressed point of P-256 */
#define PUSH_AUTH_BYTES     16

struct push_keys {
    str private_key;                    /* 32 bytes, to be sealed */
    str public_key;                     /* 65 bytes; base64url of it goes to the browser */
};
MUST_CHECK bool push_keys_make(struct arena *, struct push_keys *out, struct err *);

/* Whom a message is for, as the browser gave it: bytes, not base64. ERR_BODY_INVALID when the point is none of the curve. */
struct push_reader { str public_key, auth; };
MUST_CHECK bool push_reader_check(const struct push_reader *, struct err *);

/* Body of the request, salt and sender's key fresh. ERR_LIMIT when the text is too long. */
MUST_CHECK bool push_encrypt(struct arena *, const struct push_reader *, str text, str *body, struct err *);
/* The same with salt (16 bytes) and sender's pair given: the example of RFC 8291 is a test. */
MUST_CHECK bool push_encrypt_with(struct arena *, const struct push_reader *, const struct push_keys *sender, str salt, str text,
                                  str *body, struct err *);
/* Value of the header Authorization: "vapid t=…, k=…". `origin` is scheme://host[:port] of the endpoint, `subject` mailto: or https:. */
MUST_CHECK bool push_authorization(struct arena *, const struct push_keys *, str origin, str subject, instant until, str *out, struct err *);
