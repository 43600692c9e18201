#include "base/push.h"

#include "base/buf.h"
#include "base/secret.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#define SALT_BYTES    16
#define SECRET_BYTES  32
#define KEY_BYTES     16
#define NONCE_BYTES   12
#define TAG_BYTES     16
#define RECORD_BYTES  4096
#define HEAD_BYTES    (SALT_BYTES + 4 + 1 + PUSH_POINT_BYTES)

static const char CURVE[] = "prime256v1";

static bool refused(struct err *err)
{
    return err_set(err, ERR_INTERNAL, "", "the cryptographic library refused");
}

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void context_free(EVP_PKEY_CTX **c)
{
    EVP_PKEY_CTX_free(*c);
}

/* ---- keys ---- */

/* `private_key` may be empty: then only the public half is known. NULL when they are no key of the curve. */
static EVP_PKEY *key_of(str public_key, str private_key)
{
    OSSL_PARAM_BLD *build   = OSSL_PARAM_BLD_new();
    OSSL_PARAM     *params  = NULL;
    EVP_PKEY_CTX   *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY       *key     = NULL;
    BIGNUM         *number  = private_key.len ? BN_bin2bn((const unsigned char *)private_key.at, (int)private_key.len, NULL) : NULL;
    bool ok = build && context && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, CURVE, 0) == 1 &&
              OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, public_key.at, public_key.len) == 1 &&
              (!number || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1) &&
              (params = OSSL_PARAM_BLD_to_param(build)) != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
              EVP_PKEY_fromdata(context, &key, number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) == 1;
    if (!ok) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    BN_clear_free(number);
    return key;
}

bool push_keys_make(struct arena *a, struct push_keys *out, struct err *err)
{
    CLEANUP(key_free) EVP_PKEY *key = EVP_EC_gen(CURVE);
    unsigned char *point  = arena_raw(a, PUSH_POINT_BYTES);
    unsigned char *secret = arena_raw(a, SECRET_BYTES);
    BIGNUM        *number = NULL;
    size_t         len    = 0;
    bool ok = key && EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, PUSH_POINT_BYTES, &len) == 1 &&
              len == PUSH_POINT_BYTES && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
              BN_bn2binpad(number, secret, SECRET_BYTES) == SECRET_BYTES;
    BN_clear_free(number);
    if (!ok)
        return refused(err);
    *out = (struct push_keys){ { (char *)secret, SECRET_BYTES }, { (char *)point, PUSH_POINT_BYTES } };
    return true;
}

bool push_reader_check(const struct push_reader *r, struct err *err)
{
    if (r->auth.len != PUSH_AUTH_BYTES)
        return err_set(err, ERR_BODY_INVALID, "auth", "must be %d bytes", PUSH_AUTH_BYTES);
    if (r->public_key.len != PUSH_POINT_BYTES || r->public_key.at[0] != 4)
        return err_set(err, ERR_BODY_INVALID, "p256dh", "must be an uncompressed point of P-256");
    CLEANUP(key_free) EVP_PKEY *key = key_of(r->public_key, (str){ 0 });
    CLEANUP(context_free) EVP_PKEY_CTX *check = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    if (!check || EVP_PKEY_public_check(check) != 1)
        return err_set(err, ERR_BODY_INVALID, "p256dh", "is no point of the curve P-256");
    return true;
}

/* ---- the message ---- */

static bool agree(struct arena *a, EVP_PKEY *mine, EVP_PKEY *other, str *out, struct err *err)
{
    CLEANUP(context_free) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(mine, NULL);
    unsigned char *secret = arena_raw(a, SECRET_BYTES);
    size_t         len    = SECRET_BYTES;
    if (!context || EVP_PKEY_derive_init(context) != 1 || EVP_PKEY_derive_set_peer(context, other) != 1 ||
        EVP_PKEY_derive(context, secret, &len) != 1 || len != SECRET_BYTES)
        return refused(err);
    *out = (str){ (char *)secret, len };
    return true;
}

static bool seal(const unsigned char *key, const unsigned char *nonce, str plain, unsigned char *out, struct err *err)
{
    EVP_CIPHER_CTX *c   = EVP_CIPHER_CTX_new();
    int             len = 0, rest = 0;
    bool ok = c && EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
              EVP_EncryptUpdate(c, out, &len, (const unsigned char *)plain.at, (int)plain.len) == 1 &&
              EVP_EncryptFinal_ex(c, out + len, &rest) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + len + rest) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok || refused(err);
}

/* HMAC-SHA256(key, label 00 more 01), the one step of HKDF that is ever needed here. */
static str expand(struct arena *a, str key, const char *label, str more)
{
    struct buf b = buf_in(a);
    buf_add(&b, str_of(label));
    buf_add_char(&b, '\0');
    buf_add(&b, more);
    buf_add_char(&b, '\1');
    return secret_hmac_sha256(a, key, buf_str(&b), (str){ 0 });
}

bool push_encrypt_with(struct arena *a, const struct push_reader *reader, const struct push_keys *sender, str salt, str text,
                       str *body, struct err *err)
{
    if (text.len > PUSH_TEXT_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "text", "at most %d bytes", PUSH_TEXT_BYTES_MAX);
    if (!push_reader_check(reader, err))
        return false;
    CLEANUP(key_free) EVP_PKEY *mine  = key_of(sender->public_key, sender->private_key);
    CLEANUP(key_free) EVP_PKEY *other = key_of(reader->public_key, (str){ 0 });
    str shared;
    if (!mine || !other)
        return refused(err);
    if (!agree(a, mine, other, &shared, err))
        return false;

    const str both[] = { reader->public_key, sender->public_key };
    str keying = expand(a, secret_hmac_sha256(a, reader->auth, shared, (str){ 0 }), "WebPush: info", str_join(a, both, 2, (str){ 0 }));
    str secret = secret_hmac_sha256(a, salt, keying, (str){ 0 });
    str key    = expand(a, secret, "Content-Encoding: aes128gcm", (str){ 0 });
    str nonce  = expand(a, secret, "Content-Encoding: nonce", (str){ 0 });

    static const char record[] = { 0, 0, RECORD_BYTES >> 8, RECORD_BYTES & 255, PUSH_POINT_BYTES };
    size_t     sealed = text.len + 1 + TAG_BYTES;
    struct buf plain  = buf_in(a), out = buf_in(a);
    buf_add(&plain, text);
    buf_add_char(&plain, '\2');                             /* the last record */
    buf_add(&out, salt);
    buf_add(&out, (str){ record, sizeof record });
    buf_add(&out, sender->public_key);
    unsigned char *room = (unsigned char *)buf_reserve(&out, sealed);
    if (!seal((const unsigned char *)key.at, (const unsigned char *)nonce.at, buf_str(&plain), room, err))
        return false;
    out.len += sealed;
    *body = buf_str(&out);
    return true;
}

bool push_encrypt(struct arena *a, const struct push_reader *reader, str text, str *body, struct err *err)
{
    struct push_keys sender;
    char            *salt = arena_raw(a, SALT_BYTES);
    secret_random(salt, SALT_BYTES);
    return push_keys_make(a, &sender, err) && push_encrypt_with(a, reader, &sender, (str){ salt, SALT_BYTES }, text, body, err);
}

/* ---- who sent it ---- */

/* The signature as r and s, 32 bytes each: the library gives DER. */
static bool sign(struct arena *a, EVP_PKEY *key, str text, str *out, struct err *err)
{
    unsigned char  der[96];
    size_t         len  = sizeof der;
    unsigned char *flat = arena_raw(a, 64);
    const unsigned char *at = der;
    EVP_MD_CTX    *c    = EVP_MD_CTX_new();
    ECDSA_SIG     *sig  = NULL;
    bool ok = c && EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(c, der, &len, (const unsigned char *)text.at, text.len) == 1 &&
              (sig = d2i_ECDSA_SIG(NULL, &at, (long)len)) != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), flat, 32) == 32 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(sig), flat + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(c);
    *out = (str){ (char *)flat, 64 };
    return ok || refused(err);
}

bool push_authorization(struct arena *a, const struct push_keys *keys, str origin, str subject, instant until, str *out, struct err *err)
{
    CLEANUP(key_free) EVP_PKEY *key = key_of(keys->public_key, keys->private_key);
    str claims = str_print(a, "{\"aud\":\"%.*s\",\"exp\":%lld,\"sub\":\"%.*s\"}", STR_ARG(origin), (long long)(until.ms / 1000),
                           STR_ARG(subject));
    str head   = base64_url(a, STR("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"));
    str token  = str_print(a, "%.*s.%.*s", STR_ARG(head), STR_ARG(base64_url(a, claims)));
    str signature;
    if (!key)
        return refused(err);
    if (!sign(a, key, token, &signature, err))
        return false;
    *out = str_print(a, "vapid t=%.*s.%.*s, k=%.*s", STR_ARG(token), STR_ARG(base64_url(a, signature)),
                     STR_ARG(base64_url(a, keys->public_key)));
    return true;
}
