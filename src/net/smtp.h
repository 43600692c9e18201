/* smtp.h - hands one letter to a relay by SMTP. libcurl is met here and in http_client.c alone. */
#pragma once
#include "base/mail.h"

struct mail_server {
    str  host;
    int  port;                          /* 0 = the usual one of the safety */
    enum mail_safety safety;
    str  login, password;               /* empty: the relay asks for none */
    bool allow_private;
    str  ca_file;                       /* whose signature is trusted; empty: those the system trusts */
};
struct mail_reply {
    bool sent;                          /* taken over by the relay */
    bool for_good;                      /* refused, and a second try would be too: 5xx */
    int  status;                        /* of SMTP, 0 when there was no answer */
    str  text;                          /* the relay's last words, or ours for why there were none */
};

struct mail_client {
    void (*send)(struct mail_client *, struct arena *, const struct mail_server *, const struct mail *, struct mail_reply *);
    void  *ctx;
};
/* The real one; needs no closing. */
struct mail_client mail_client(void);
