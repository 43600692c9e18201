/* email.h - e-mail addresses as keys (domain handbook §0). */
#pragma once
#include "base/arena.h"

/* Trimmed, lower case, domain in punycode. Empty: not an address, or a marketplace's relay address. */
str email_normalise(struct arena *, str raw);
str email_secondary(struct arena *, str normalised);     /* gmail: without dots and +tag; else empty */
str email_masked(struct arena *, str normalised);        /* "m•••@email.kz" */
