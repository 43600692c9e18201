/* totp.h - codes of an authenticator app: RFC 6238 with SHA-1, six digits, thirty seconds, which every such app understands. Pure.
 *
 *     int64_t step;
 *     if (totp_match(secret, STR("081804"), now, last_step, &step)) …   // keep `step`: no code before it is taken again
 */
#pragma once
#include "base/arena.h"
#include "base/instant.h"

#define TOTP_STEP_S       30
#define TOTP_DIGITS       6
#define TOTP_SECRET_BYTES 20

/* RFC 4226: the code of a counter, at most eight digits. */
uint32_t totp_code(str secret, int64_t step, int digits);
static inline int64_t totp_step(instant now) { return now.ms / 1000 / TOTP_STEP_S; }
/* Is it the code of this step, the one before or the one after, and later than `after`? A clock of a phone may be half a minute off. */
MUST_CHECK bool totp_match(str secret, str code, instant now, int64_t after, int64_t *step);
/* "otpauth://totp/…": what the picture that an app reads says. */
str totp_address(struct arena *, str issuer, str login, str secret);
/* RFC 4648, upper case, without padding. */
str base32_encode(struct arena *, str bytes);
