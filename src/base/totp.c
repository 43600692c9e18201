#include "base/totp.h"

#include "base/secret.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#define DIGITS_MAX 8

uint32_t totp_code(str secret, int64_t step, int digits)
{
    unsigned char counter[8], digest[EVP_MAX_MD_SIZE];
    unsigned      len = 0;
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret.at, (int)secret.len, counter, sizeof counter, digest, &len) || len != 20)
        return UINT32_MAX;              /* no text of six digits is equal to it */
    unsigned from = digest[19] & 15;
    uint32_t code = (uint32_t)(digest[from] & 0x7f) << 24 | (uint32_t)digest[from + 1] << 16 | (uint32_t)digest[from + 2] << 8 | digest[from + 3];
    uint32_t over = 1;
    for (int i = 0; i < digits && i < DIGITS_MAX; i++)
        over *= 10;
    return code % over;
}

bool totp_match(str secret, str code, instant now, int64_t after, int64_t *step)
{
    int64_t middle = totp_step(now);
    bool    found  = false;
    /* All three are always compared, in constant time: how long it takes tells nothing. */
    for (int64_t at = middle - 1; at <= middle + 1; at++) {
        char text[16];
        snprintf(text, sizeof text, "%0*u", TOTP_DIGITS, totp_code(secret, at, TOTP_DIGITS));
        if (secret_equal(code, str_of(text)) && at > after) {
            *step = at;
            found = true;
        }
    }
    return found;
}

str totp_address(struct arena *a, str issuer, str login, str secret)
{
    str by = url_encode(a, issuer);
    return str_print(a, "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s", STR_ARG(by), STR_ARG(url_encode(a, login)),
                     STR_ARG(base32_encode(a, secret)), STR_ARG(by));
}

str base32_encode(struct arena *a, str bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char    *at   = arena_alloc(a, bytes.len * 8 / 5 + 2);
    size_t   len  = 0;
    uint32_t held = 0;
    int      bits = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        held = held << 8 | (unsigned char)bytes.at[i];
        for (bits += 8; bits >= 5; bits -= 5)
            at[len++] = letters[held >> (bits - 5) & 31];
    }
    if (bits)
        at[len++] = letters[held << (5 - bits) & 31];
    return (str){ at, len };
}
