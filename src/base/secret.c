/* libsodium behind our own words. The sealing key lives in a file; nothing here keeps a copy of it. */
#include "base/secret.h"
#include "base/buf.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_BYTES_MAX 4096
#define PASSWORDS_AT_ONCE  2
#define HASH_MEMORY_BYTES  ((size_t)64 << 20)
#define HASH_PASSES        2
#define SEAL_FORMAT        '\x01' /* first byte of what is sealed: a later cipher gets another one */
#define NONCE_BYTES        crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES          crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(sizeof(struct secret_key) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "the key fits the cipher");

/* A hash of random bytes that nobody knows, with our limits: checking against it takes as long as against a
 * real one, so that a wrong login cannot be told from a wrong password by the clock. */
static const char nobody_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$oLUMASQjFcquuPboVfkvCg$ABDcIBW0ozVFklDwvM5B3WJ4ERJarNKmLOXDmK2tNjY";

/* A verification takes 64 MiB and a tenth of a second of CPU. Without this turnstile a crowd at the login
 * screen takes the memory and every core; it guards no data, which is why it may be static. */
static struct turnstile {
    pthread_mutex_t mutex;
    pthread_cond_t  left;
    int             inside;
} turnstile = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

static void turnstile_enter(void)
{
    pthread_mutex_lock(&turnstile.mutex);
    while (turnstile.inside >= PASSWORDS_AT_ONCE)
        pthread_cond_wait(&turnstile.left, &turnstile.mutex);
    turnstile.inside++;
    pthread_mutex_unlock(&turnstile.mutex);
}

static void turnstile_leave(void)
{
    pthread_mutex_lock(&turnstile.mutex);
    turnstile.inside--;
    pthread_cond_signal(&turnstile.left);
    pthread_mutex_unlock(&turnstile.mutex);
}

bool secret_init(struct err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_INTERNAL, NULL, "libsodium does not start");
    return true;
}

void secret_random(void *out, size_t bytes)
{
    randombytes_buf(out, bytes);
}

/* --- key file --- */

static void fd_done(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool write_all(int fd, const unsigned char *at, size_t len)
{
    while (len) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

/* The file appears under its name complete or not at all, and never replaces one that is there: two servers
 * that start together on one folder must end with the same key. */
static bool key_make(const char *path, struct err *err)
{
    struct secret_key    key;
    char                 temp[4096];
    CLEANUP(fd_done) int fd = -1;

    int n = snprintf(temp, sizeof temp, "%s.%08x.new", path, randombytes_random());
    if (n < 0 || (size_t)n >= sizeof temp)
        return err_set(err, ERR_FILE, NULL, "the key file's path is too long");
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, ERR_FILE, NULL, "cannot make key file %s: %s", path, strerror(errno));
    randombytes_buf(&key, sizeof key);
    /* Not the mode of open: a default ACL of the folder may widen that. */
    bool ok = fchmod(fd, 0600) == 0 && write_all(fd, key.bytes, sizeof key.bytes) && fsync(fd) == 0;
    sodium_memzero(&key, sizeof key);
    if (ok && link(temp, path) < 0 && errno != EEXIST)
        ok = false;
    if (!ok)
        err_set(err, ERR_FILE, NULL, "cannot write key file %s: %s", path, strerror(errno));
    unlink(temp);
    if (!ok)
        return false;

    /* The name must survive a power cut too, or everything sealed with the key is lost. */
    char *slash = strrchr(temp, '/');
    if (slash)
        slash[slash == temp] = '\0';
    CLEANUP(fd_done) int dir = open(slash ? temp : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0 && fsync(dir) < 0)
        return err_set(err, ERR_FILE, NULL, "cannot flush the folder of %s: %s", path, strerror(errno));
    return true;
}

bool secret_key_load(const char *path, bool create, struct secret_key *out, struct err *err)
{
    CLEANUP(fd_done) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat          st;
    unsigned char        bytes[sizeof out->bytes + 1];
    size_t               got = 0;

    if (fd < 0 && errno == ENOENT && create) {
        if (!key_make(path, err))
            return false;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    if (fd < 0)
        return err_set(err, ERR_FILE, NULL, "cannot open key file %s: %s", path, strerror(errno));
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return err_set(err, ERR_FILE, NULL, "key file %s is not a file", path);
    if (st.st_mode & 077)
        return err_set(err, ERR_FILE, NULL, "key file %s may be read by others (mode %03o): chmod 600", path,
                       (unsigned)st.st_mode & 0777);
    while (got < sizeof bytes) {
        ssize_t n = read(fd, bytes + got, sizeof bytes - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_FILE, NULL, "cannot read key file %s: %s", path, strerror(errno));
        if (n == 0)
            break;
        got += (size_t)n;
    }
    if (got != sizeof out->bytes)
        return err_set(err, ERR_FILE, NULL, "key file %s must hold exactly %zu bytes", path,
                       sizeof out->bytes);
    memcpy(out->bytes, bytes, sizeof out->bytes);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

/* --- sealing --- */

str secret_seal(struct arena *arena, const struct secret_key *key, str plain, str context)
{
    size_t         size = 1 + NONCE_BYTES + plain.len + TAG_BYTES;
    unsigned char *at = arena_alloc(arena, size);

    at[0] = SEAL_FORMAT;
    randombytes_buf(at + 1, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(at + 1 + NONCE_BYTES, NULL, (const unsigned char *)plain.at,
                                               plain.len, (const unsigned char *)context.at, context.len,
                                               NULL, at + 1, key->bytes);
    return base64_encode(arena, (str){ (const char *)at, size });
}

bool secret_open(struct arena *arena, const struct secret_key *key, str sealed, str context, str *out,
                 struct err *err)
{
    str            raw;
    unsigned char *plain;

    if (!base64_decode(arena, sealed, &raw) || raw.len < 1 + NONCE_BYTES + TAG_BYTES ||
        raw.at[0] != SEAL_FORMAT)
        return err_set(err, ERR_INTERNAL, NULL, "sealed text is damaged");
    size_t plain_len = raw.len - 1 - NONCE_BYTES - TAG_BYTES;
    plain = arena_alloc(arena, plain_len + 1);
    const unsigned char *nonce = (const unsigned char *)raw.at + 1;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, nonce + NONCE_BYTES,
                                                   plain_len + TAG_BYTES, (const unsigned char *)context.at,
                                                   context.len, nonce, key->bytes) != 0)
        return err_set(err, ERR_INTERNAL, NULL,
                       "sealed text does not open: another key, another place, or changed");
    *out = (str){ (const char *)plain, plain_len };
    return true;
}

/* --- passwords --- */

bool secret_password_hash(struct arena *arena, str password, str *out, struct err *err)
{
    char hash[crypto_pwhash_STRBYTES];

    if (!password.len)
        return err_set(err, ERR_BODY_INVALID, "password", "must not be empty");
    if (password.len > PASSWORD_BYTES_MAX)
        return err_set(err, ERR_BODY_INVALID, "password", "is too long");
    turnstile_enter();
    int failed = crypto_pwhash_str_alg(hash, password.at, password.len, HASH_PASSES, HASH_MEMORY_BYTES,
                                       crypto_pwhash_ALG_ARGON2ID13);
    turnstile_leave();
    if (failed)
        return err_set(err, ERR_BUSY, NULL, "not enough memory to hash a password");
    *out = str_copy(arena, str_of(hash));
    return true;
}

bool secret_password_ok(str password, str hash)
{
    char zero[crypto_pwhash_STRBYTES];
    bool is_real =
        hash.len > 0 && hash.len < sizeof zero && password.len > 0 && password.len <= PASSWORD_BYTES_MAX;

    if (!is_real) {
        hash = str_of(nobody_hash);
        password = STR("nobody");
    }
    memset(zero, 0, sizeof zero);
    memcpy(zero, hash.at, hash.len);
    turnstile_enter();
    bool same = crypto_pwhash_str_verify(zero, password.at, password.len) == 0;
    turnstile_leave();
    return same && is_real;
}

/* --- tokens and digests --- */

str secret_token(struct arena *arena, int bytes)
{
    size_t text_size = sodium_base64_encoded_len((size_t)bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    unsigned char *raw = arena_alloc(arena, (size_t)bytes);
    char          *text = arena_alloc(arena, text_size);

    randombytes_buf(raw, (size_t)bytes);
    sodium_bin2base64(text, text_size, raw, (size_t)bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (str){ text, text_size - 1 };
}

str secret_digest(struct arena *arena, str text)
{
    unsigned char digest[32];
    char         *hex = arena_alloc(arena, 2 * sizeof digest + 1);

    crypto_generichash(digest, sizeof digest, (const unsigned char *)text.at, text.len, NULL, 0);
    sodium_bin2hex(hex, 2 * sizeof digest + 1, digest, sizeof digest);
    return (str){ hex, 2 * sizeof digest };
}

uint64_t secret_hash64(str text)
{
    unsigned char digest[32];
    uint64_t      first = 0;

    crypto_generichash(digest, sizeof digest, (const unsigned char *)text.at, text.len, NULL, 0);
    for (int i = 0; i < 8; i++)
        first = first << 8 | digest[i];
    return first;
}

bool secret_equal(str a, str b)
{
    return a.len == b.len && (!a.len || sodium_memcmp(a.at, b.at, a.len) == 0);
}

/* --- base64 and percent encoding --- */

str secret_hmac_sha256(struct arena *arena, str key, str head, str text)
{
    crypto_auth_hmacsha256_state state;
    unsigned char               *out = arena_alloc(arena, crypto_auth_hmacsha256_BYTES);

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.at, key.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.at, head.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.at, text.len);
    crypto_auth_hmacsha256_final(&state, out);
    return (str){ (const char *)out, crypto_auth_hmacsha256_BYTES };
}

str base64_url(struct arena *arena, str bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char  *at   = arena_alloc(arena, size);
    sodium_bin2base64(at, size, (const unsigned char *)bytes.at, bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (str){ at, size - 1 };
}

str base64_encode(struct arena *arena, str bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
    char  *at = arena_alloc(arena, size);

    sodium_bin2base64(at, size, (const unsigned char *)bytes.at, bytes.len, sodium_base64_VARIANT_ORIGINAL);
    return (str){ at, size - 1 };
}

bool base64_decode(struct arena *arena, str text, str *out)
{
    size_t         len = text.len, got = 0;
    char          *plain;
    unsigned char *bytes;

    if (len && len % 4 == 0 && text.at[len - 1] == '=')
        len -= text.at[len - 2] == '=' ? 2 : 1;
    plain = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < len; i++)
        plain[i] = text.at[i] == '-' ? '+' : text.at[i] == '_' ? '/' : text.at[i];
    bytes = arena_alloc(arena, len / 4 * 3 + 4);
    if (sodium_base642bin(bytes, len / 4 * 3 + 4, plain, len, NULL, &got, NULL,
                          sodium_base64_VARIANT_ORIGINAL_NO_PADDING))
        return false;
    *out = (str){ (const char *)bytes, got };
    return true;
}

str url_encode(struct arena *arena, str text)
{
    static const char hex[] = "0123456789ABCDEF";
    char             *at = arena_alloc(arena, text.len * 3 + 1);
    size_t            len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            (c && strchr("-._~", c))) {
            at[len++] = (char)c;
        } else {
            at[len++] = '%';
            at[len++] = hex[c >> 4];
            at[len++] = hex[c & 15];
        }
    }
    return (str){ at, len };
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool url_decode(struct arena *arena, str text, bool plus_is_space, str *out)
{
    char  *at = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            if (i + 2 >= text.len || hex_value(text.at[i + 1]) < 0 || hex_value(text.at[i + 2]) < 0)
                return false;
            c = (char)(hex_value(text.at[i + 1]) << 4 | hex_value(text.at[i + 2]));
            i += 2;
        }
        if (!c)
            return false;
        at[len++] = c;
    }
    if (!utf8_valid((str){ at, len }))
        return false;
    *out = (str){ at, len };
    return true;
}
