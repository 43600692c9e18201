/* sealed_file.h - a file sealed for keeping elsewhere, with a passphrase or for the holder of a key.
 *
 * XChaCha20-Poly1305 as a stream (libsodium's secretstream): blocks of 64 KiB, each bound to the ones before it, the last one marked.
 * A file that was cut, joined or changed anywhere does not open, and nothing of it is left behind. With a passphrase the key is made by
 * argon2id with a salt of the file; for a key pair the stream's own key is sealed to the public half, so whoever makes backups cannot
 * read them.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"

/* One of them: a passphrase, or a key as it is written (base64url): the public half seals, the secret half opens. */
struct seal_by { str passphrase, key; };

/* Both write `to` beside itself first and put it in its place when it is whole and on the disk; mode 0600. */
MUST_CHECK bool file_seal(const char *from, const char *to, const struct seal_by *, struct err *);
MUST_CHECK bool file_unseal(const char *from, const char *to, const struct seal_by *, struct err *);
bool file_is_sealed(const char *path);
/* A new pair; `secret` goes to a file that is kept elsewhere. */
void seal_keys_make(struct arena *, str *public_key, str *secret_key);
