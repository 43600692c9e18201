#include "base/sealed_file.h"

#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAGIC        "SAUDA-SEALED-1\n"
#define MAGIC_BYTES  (sizeof MAGIC - 1)
#define BLOCK_BYTES  ((size_t)64 << 10)
#define BY_PASSWORD  'p'
#define BY_KEY       'k'
#define HASH_PASSES  3
#define HASH_BYTES   ((size_t)128 << 20)
#define WRAPPED      (crypto_secretstream_xchacha20poly1305_KEYBYTES + crypto_box_SEALBYTES)
#define HEAD_BYTES   (MAGIC_BYTES + 1 + WRAPPED)         /* magic, kind, salt or wrapped key, zeros */
#define STREAM_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define ABYTES       crypto_secretstream_xchacha20poly1305_ABYTES

_Static_assert(crypto_pwhash_SALTBYTES <= WRAPPED, "a salt fits the head");

struct files { FILE *in, *out; const char *from, *to; char part[4096]; };

static void files_done(struct files *f)
{
    if (f->in)
        fclose(f->in);
    if (f->out) {                       /* not put in its place: nothing is left of it */
        fclose(f->out);
        unlink(f->part);
    }
}

static bool files_open(struct files *f, const char *from, const char *to, struct err *err)
{
    *f = (struct files){ .from = from, .to = to };
    int n = snprintf(f->part, sizeof f->part, "%s.%08x.part", to, randombytes_random());
    if (n < 0 || (size_t)n >= sizeof f->part)
        return err_set(err, ERR_FILE, NULL, "the name %s is too long", to);
    f->in = fopen(from, "re");
    if (!f->in)
        return err_set(err, ERR_FILE, NULL, "cannot open %s: %s", from, strerror(errno));
    int fd = open(f->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    f->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!f->out && fd >= 0)
        close(fd);
    return f->out || err_set(err, ERR_FILE, NULL, "cannot write %s: %s", f->part, strerror(errno));
}

static bool put(struct files *f, const void *at, size_t len, struct err *err)
{
    return fwrite(at, 1, len, f->out) == len || err_set(err, ERR_FILE, NULL, "cannot write %s: %s", f->to, strerror(errno));
}

static bool files_keep(struct files *f, struct err *err)
{
    bool ok = fflush(f->out) == 0 && fsync(fileno(f->out)) == 0;
    ok = fclose(f->out) == 0 && ok;
    f->out = NULL;
    if (ok && rename(f->part, f->to) == 0)
        return true;
    err_set(err, ERR_FILE, NULL, "cannot write %s: %s", f->to, strerror(errno));
    unlink(f->part);
    return false;
}

static bool key_of_password(str password, const unsigned char *salt, unsigned char *key, struct err *err)
{
    if (!password.len)
        return err_set(err, ERR_SETTING, "passphrase", "is needed for this file");
    return crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, password.at, password.len, salt, HASH_PASSES, HASH_BYTES,
                         crypto_pwhash_ALG_ARGON2ID13) == 0 ||
           err_set(err, ERR_BUSY, NULL, "not enough memory to work with a passphrase");
}

static bool key_read(str text, unsigned char out[32], struct err *err)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    str raw;
    if (!base64_decode(&a, str_trim(text), &raw) || raw.len != 32)
        return err_set(err, ERR_SETTING, "key", "is no key of `sauda backup make-key`");
    memcpy(out, raw.at, 32);
    return true;
}

/* Fills what stands behind magic and kind, and gives the key of the stream. */
static bool head_make(const struct seal_by *by, unsigned char *head, unsigned char *key, struct err *err)
{
    unsigned char to[32];
    memcpy(head, MAGIC, MAGIC_BYTES);
    memset(head + MAGIC_BYTES, 0, HEAD_BYTES - MAGIC_BYTES);
    unsigned char *rest = head + MAGIC_BYTES + 1;
    if (by->passphrase.len) {
        head[MAGIC_BYTES] = BY_PASSWORD;
        randombytes_buf(rest, crypto_pwhash_SALTBYTES);
        return key_of_password(by->passphrase, rest, key, err);
    }
    head[MAGIC_BYTES] = BY_KEY;
    if (!key_read(by->key, to, err))
        return false;
    crypto_secretstream_xchacha20poly1305_keygen(key);
    return crypto_box_seal(rest, key, crypto_secretstream_xchacha20poly1305_KEYBYTES, to) == 0 ||
           err_set(err, ERR_SETTING, "key", "is no key of `sauda backup make-key`");
}

static bool head_open(const struct seal_by *by, const unsigned char *head, unsigned char *key, struct err *err)
{
    const unsigned char *rest = head + MAGIC_BYTES + 1;
    unsigned char        secret[32], public_key[32];
    if (memcmp(head, MAGIC, MAGIC_BYTES) != 0)
        return err_set(err, ERR_FILE, NULL, "this is no sealed backup");
    if (head[MAGIC_BYTES] == BY_PASSWORD)
        return key_of_password(by->passphrase, rest, key, err);
    if (head[MAGIC_BYTES] != BY_KEY)
        return err_set(err, ERR_FILE, NULL, "this backup is of a newer version of Sauda");
    if (!by->key.len)
        return err_set(err, ERR_SETTING, "key", "is needed for this file");
    if (!key_read(by->key, secret, err))
        return false;
    crypto_scalarmult_base(public_key, secret);
    bool ok = crypto_box_seal_open(key, rest, WRAPPED, public_key, secret) == 0;
    sodium_memzero(secret, sizeof secret);
    return ok || err_set(err, ERR_SETTING, "key", "does not open this file: another key, or the file was changed");
}

static bool seal_blocks(struct files *f, const unsigned char *head, const unsigned char *key, struct err *err)
{
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char  stream[STREAM_BYTES];
    unsigned char *plain = malloc(2 * BLOCK_BYTES + ABYTES), *sealed = plain ? plain + BLOCK_BYTES : NULL;
    bool ok = plain || err_set(err, ERR_BUSY, NULL, "not enough memory"), is_first = true, is_last = false;
    if (ok) {
        crypto_secretstream_xchacha20poly1305_init_push(&state, stream, key);
        ok = put(f, stream, sizeof stream, err);
    }
    while (ok && !is_last) {
        size_t got = fread(plain, 1, BLOCK_BYTES, f->in);
        is_last    = got < BLOCK_BYTES;
        if (ferror(f->in)) {
            ok = err_set(err, ERR_FILE, NULL, "cannot read %s: %s", f->from, strerror(errno));
            break;
        }
        /* The head belongs to the first block, so that it cannot be changed either. */
        crypto_secretstream_xchacha20poly1305_push(&state, sealed, NULL, plain, got, is_first ? head : NULL, is_first ? HEAD_BYTES : 0,
                                                   is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        ok       = put(f, sealed, got + ABYTES, err);
        is_first = false;
    }
    free(plain);
    return ok;
}

static bool damaged(const char *path, struct err *err)
{
    return err_set(err, ERR_FILE, NULL, "%s does not open: another passphrase or key, or the file is cut or changed", path);
}

static bool open_blocks(struct files *f, const unsigned char *head, const unsigned char *key, struct err *err)
{
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char  stream[STREAM_BYTES], tag = 0;
    unsigned char *sealed = malloc(2 * BLOCK_BYTES + ABYTES), *plain = sealed ? sealed + BLOCK_BYTES + ABYTES : NULL;
    bool ok = sealed || err_set(err, ERR_BUSY, NULL, "not enough memory"), is_first = true;
    if (ok && (fread(stream, 1, sizeof stream, f->in) != sizeof stream ||
               crypto_secretstream_xchacha20poly1305_init_pull(&state, stream, key) != 0))
        ok = damaged(f->from, err);
    while (ok && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        size_t             got  = fread(sealed, 1, BLOCK_BYTES + ABYTES, f->in);
        unsigned long long size = 0;
        if (got < ABYTES || crypto_secretstream_xchacha20poly1305_pull(&state, plain, &size, &tag, sealed, got, is_first ? head : NULL,
                                                                       is_first ? HEAD_BYTES : 0) != 0)
            ok = damaged(f->from, err);
        else
            ok = put(f, plain, (size_t)size, err);
        is_first = false;
    }
    if (ok && fgetc(f->in) != EOF)
        ok = damaged(f->from, err);
    free(sealed);
    return ok;
}

bool file_seal(const char *from, const char *to, const struct seal_by *by, struct err *err)
{
    CLEANUP(files_done) struct files f;
    unsigned char head[HEAD_BYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    bool ok = files_open(&f, from, to, err) && head_make(by, head, key, err) && put(&f, head, sizeof head, err) && seal_blocks(&f, head, key, err);
    sodium_memzero(key, sizeof key);
    return ok && files_keep(&f, err);
}

bool file_unseal(const char *from, const char *to, const struct seal_by *by, struct err *err)
{
    CLEANUP(files_done) struct files f;
    unsigned char head[HEAD_BYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    if (!files_open(&f, from, to, err))
        return false;
    if (fread(head, 1, sizeof head, f.in) != sizeof head)
        return err_set(err, ERR_FILE, NULL, "%s is no sealed backup, or is cut", from);
    bool ok = head_open(by, head, key, err) && open_blocks(&f, head, key, err);
    sodium_memzero(key, sizeof key);
    return ok && files_keep(&f, err);
}

bool file_is_sealed(const char *path)
{
    char  magic[MAGIC_BYTES];
    FILE *in = fopen(path, "re");
    bool  is = in && fread(magic, 1, sizeof magic, in) == sizeof magic && memcmp(magic, MAGIC, sizeof magic) == 0;
    if (in)
        fclose(in);
    return is;
}

void seal_keys_make(struct arena *a, str *public_key, str *secret_key)
{
    unsigned char open[32], closed[32];
    crypto_box_keypair(open, closed);
    *public_key = base64_url(a, (str){ (const char *)open, sizeof open });
    *secret_key = base64_url(a, (str){ (const char *)closed, sizeof closed });
    sodium_memzero(closed, sizeof closed);
}
