/* sandbox.h - Kaspi, Wildberries and Ozon played by ourselves: their order APIs over HTTP on one port.
 *
 * Each market lives under a prefix that takes the place of its real address:
 *     /kaspi/shop/api   for https://kaspi.kz/shop/api
 *     /wb               for https://marketplace-api.wildberries.ru
 *     /ozon             for https://api-seller.ozon.ru
 *     /telegram         for https://api.telegram.org
 * and /control moves the clock, plays the buyer, breaks replies and tells what the markets have received.
 *
 * Orders and everything the markets were told live in memory and in an append-only journal, so that a restart
 * keeps them. One lock guards all of it; handlers hold it for one request, without sleeping.
 */
#pragma once
#include "base/err.h"
#include "base/instant.h"

struct sandbox;
struct sandbox_options {
    str      address;                   /* "" = 127.0.0.1 */
    int      port;                      /* 0: any free port */
    str      data;                      /* folder of the journal; "" = memory only */
    str      scene;                     /* "karapuz", "quiet", "stream"; "" = quiet */
    uint64_t seed;
    instant  now;                       /* the clock starts here; not set: real time */
    bool     frozen;                    /* the clock stands still until moved */
    bool     no_limits;                 /* no token buckets: for tests that want to be quick */
    int64_t  orders_per_hour;           /* of the stream, in thousandths; 0 = 129 a day */
    str      control_token;             /* asked for in X-Control-Token when not empty */
};

/* Command line of `sauda-sandbox` and `sauda sandbox`; runs until a signal. */
bool sandbox_run(int argc, char **argv);

MUST_CHECK bool sandbox_start(const struct sandbox_options *, struct sandbox **out, struct err *);
int  sandbox_port(const struct sandbox *);
void sandbox_wake(struct sandbox *);    /* lets the markets live up to now: new orders, couriers, buyers */
void sandbox_stop(struct sandbox *);
