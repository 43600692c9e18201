/* house.h - the whole server in the test's own process: real routes, a database of its own, a clock that stands still, the
 * markets of the sandbox beside it on another port. Source: house.c.
 *
 * Nothing runs by itself: what is due is done by house_run. The owner is made at the start; other people when they are first
 * asked for.
 */
#pragma once
#include "app/app.h"
#include "sandbox/sandbox.h"
#include "support/client.h"
#include "support/pg.h"

#include <semaphore.h>

#define HOUSE_NOW     "2026-12-16T04:04:00Z"        /* 9:04 in Almaty */
#define HOUSE_TOKEN   "control"
#define HOUSE_SECRET  "vremya-otkryvat-1"           /* everybody's password */
#define HOUSE_WB_TOKEN "eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6MX0.c2ln"     /* {"exp":4000000000,"oid":1} */

struct house_session { str login, cookie, csrf; };
LIST(house_session)

struct house {
    struct arena   arena;
    const struct test_store *store;
    struct config  config;
    struct app     app;
    pthread_t      thread;
    sem_t          ready;
    bool           is_open;
    int            port;
    struct sandbox *markets;
    struct client  control;             /* talks to the sandbox */
    struct client  client;              /* talks to the server, as whoever is signed in */
    struct house_session_list sessions; /* of people who have signed in before */
    const char    *record;              /* what is said to the markets is written here, one JSON object a line; NULL: nowhere */
};

/* `scene` as of the sandbox; "" = no orders yet. False with a sentence in the error. */
MUST_CHECK bool house_open(struct house *, const struct test_store *, str scene, struct err *);
void house_close(struct house *);

/* A role ("owner", "picker"); makes and signs in a person of that name when there is none. "nobody" signs out. */
MUST_CHECK bool house_as(struct house *, str role, struct err *);
/* "kaspi", "wb" or "ozon", connected under a name; `more` holds members that replace those of the body, or is empty. *id: of the account. */
MUST_CHECK bool house_connect(struct house *, str channel, str name, const struct json *more, str *id, struct err *);
/* Does what is due. */
MUST_CHECK bool house_run(struct house *, struct err *);
/* Moves both clocks. */
MUST_CHECK bool house_advance(struct house *, int64_t ms, struct err *);

struct client_reply house_send(struct house *, const char *method, str path, str body);
struct client_reply house_control(struct house *, const char *method, str path, str body);
str house_market(str name);             /* "wb" → "wildberries" */
