/* client.h - a plain HTTP client for tests of the whole server: a person with a cookie, or a program with a key.
 *
 * Source: client.c. What comes back lives in the arena that client_open was given.
 */
#pragma once
#include "base/json_read.h"
#include "net/exchange.h"

struct client {
    struct arena *arena;
    int           port;
    void         *curl;
    bool          is_new;               /* a connection of its own for every request: the server may be another one by now */
    str           cookie, csrf, key;    /* empty: signed out */
};

struct client_reply {
    int         status;                 /* 0: no whole answer came */
    str         body;
    struct http_header_list headers;
    const struct json *json;            /* NULL when the body is none */
};

/* `body` empty: none is sent. `extra` ends with an empty name; may be NULL. */
struct client_ask { const char *method; str path, body, type; const struct http_header *extra; };

void client_open(struct client *, struct arena *, int port);
void client_close(struct client *);
struct client_reply client_send(struct client *, const struct client_ask *);
/* Keeps cookie and CSRF token of an answer that signs somebody in. */
bool client_signed_in(struct client *, const struct client_reply *);
void client_sign_out(struct client *);
/* Percent-codes spaces and everything that is not ASCII; the rest stays as it is. */
str  client_path(struct arena *, str);
