/* mail.h - the text of one letter to one person.
 *
 * RFC 5322 with MIME: plain UTF-8 in base64, the subject in encoded words (RFC 2047), Auto-Submitted (RFC 3834), lines within 998
 * octets. A relay signs (DKIM); we do not. Handing it over is net/smtp.h.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/instant.h"

enum mail_safety { MAIL_TLS, MAIL_STARTTLS, MAIL_PLAIN, MAIL_SAFETY_COUNT };
extern const char *const mail_safety_names[];            /* "tls" (port 465) "starttls" (587) "plain" (own network only) NULL */

struct mail {
    str     from_name, from, to;        /* addresses are ASCII, as email_normalise gives them */
    str     subject, text;
    str     message_id;                 /* without < >: the same on every try, so that a reader's program shows one */
    instant at;
};
/* ERR_BODY_INVALID when an address holds what would end its line. */
MUST_CHECK bool mail_text(struct arena *, const struct mail *, str *out, struct err *);
