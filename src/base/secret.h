/* secret.h - sealing at rest, passwords, tokens, digests (libsodium).
 *
 * The sealing key is a file of 32 random bytes beside the database (mode 0600) or $SAUDA_KEY_FILE; never in the database.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"

struct secret_key { unsigned char bytes[32]; };

/* Call once at start; false when libsodium refuses. */
MUST_CHECK bool secret_init(struct err *);
/* Reads the key file, or makes it (0600) when it does not exist and `create` is set. */
MUST_CHECK bool secret_key_load(const char *path, bool create, struct secret_key *out, struct err *);
/* XChaCha20-Poly1305; `context` ("account:123:credentials") is authenticated, so that sealed text cannot be moved. Base64 text. */
str  secret_seal(struct arena *, const struct secret_key *, str plain, str context);
MUST_CHECK bool secret_open(struct arena *, const struct secret_key *, str sealed, str context, str *out, struct err *);

/* argon2id, opslimit 2, memlimit 64 MiB; at most two at once (waits for a turn). */
MUST_CHECK bool secret_password_hash(struct arena *, str password, str *out, struct err *);
bool secret_password_ok(str password, str hash);         /* a NULL/empty hash costs the same time and is false */

str  secret_token(struct arena *, int bytes);             /* random, base64url without padding */
void secret_random(void *out, size_t bytes);
str  secret_digest(struct arena *, str text);             /* BLAKE2b-256, hex: for storing tokens, hashing payloads */
uint64_t secret_hash64(str text);                         /* BLAKE2b, first 8 bytes: fast fingerprint */
str  secret_hmac_sha256(struct arena *, str key, str head, str text);      /* over head and text together; 32 bytes as they are */
bool secret_equal(str a, str b);                          /* in constant time */
str  base64_encode(struct arena *, str bytes);
str  base64_url(struct arena *, str bytes);               /* base64url without padding */
MUST_CHECK bool base64_decode(struct arena *, str text, str *out);   /* with or without padding, url alphabet too */
str  url_encode(struct arena *, str text);                /* RFC 3986 unreserved kept */
MUST_CHECK bool url_decode(struct arena *, str text, bool plus_is_space, str *out);   /* refuses NUL and bad UTF-8 */
