/* phone.h - telephone numbers to E.164 (domain handbook §0), and how they are shown.
 *
 * Own rules for the habits of KZ, RU, UA first, libphonenumber for the rest; a list of national prefixes overrides the
 * library's metadata of 2022. About 25 µs when the library is asked.
 */
#pragma once
#include "base/arena.h"

/* `country` is two letters of the seller ("KZ"). Empty result: not a key (too short, all digits equal, masked with *,
 * or a marketplace's mask such as +0(000)-000-00-00). Never fails. */
str  phone_normalise(struct arena *, str raw, str country);
bool phone_is_masked(str raw);
str  phone_shown(struct arena *, str e164);              /* "+7 777 123 45 67" (spaces U+00A0) */
str  phone_masked(struct arena *, str e164);             /* "+7 777 •••-••-67" */
