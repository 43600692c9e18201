/* mail.h - one letter to one person: its text, and handing it to a relay by SMTP.
 *
 * The text is RFC 5322 with MIME: plain UTF-8 in base64, the subject in encoded words (RFC 2047), Auto-Submitted (RFC 3834), lines
 * within 998 octets. A relay signs (DKIM); we do not. libcurl is met here and in http_client.c alone.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/instant.h"

enum mail_safety { MAIL_TLS, MAIL_STARTTLS, MAIL_PLAIN, MAIL_SAFETY_COUNT };
extern const char *const mail_safety_names[];            /* "tls" (port 465) "starttls" (587) "plain" (own network only) NULL */

struct mail_server {
    str  host;
    int  port;                          /* 0 = the usual one of the safety */
    enum mail_safety safety;
    str  login, password;               /* empty: the relay asks for none */
    bool allow_private;
};
struct mail {
    str     from_name, from, to;        /* addresses are ASCII, as email_normalise gives them */
    str     subject, text;
    str     message_id;                 /* without < >: the same on every try, so that a reader's program shows one */
    instant at;
};
struct mail_reply {
    bool sent;                          /* taken over by the relay */
    bool for_good;                      /* refused, and a second try would be too: 5xx */
    int  status;                        /* of SMTP, 0 when there was no answer */
    str  text;                          /* the relay's last words, or ours for why there were none */
};

/* ERR_BODY_INVALID when an address holds what would end its line. */
MUST_CHECK bool mail_text(struct arena *, const struct mail *, str *out, struct err *);

struct mail_client {
    void (*send)(struct mail_client *, struct arena *, const struct mail_server *, const struct mail *, struct mail_reply *);
    void  *ctx;
};
/* The real one; needs no closing. */
struct mail_client mail_client(void);
