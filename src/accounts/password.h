/* password.h - what a password may be. Pure.
 *
 * At least eight characters, at most 200 bytes; none of those that are guessed first (passwords/README.md), alone or with figures
 * and signs behind it; no run along the keyboard or the alphabet; not the login. There is no rule about kinds of characters: it
 * makes people choose worse ones.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"

#define PASSWORD_CHARS_MIN 8
#define PASSWORD_BYTES_MAX 200

/* `field` is named in the error. */
MUST_CHECK bool password_check(struct arena *, const char *field, str password, str login, struct err *err);
