/* shop.h - the shop's rules that every piece of work reads: name, country, money, time zone, deadlines, hold window.
 *
 * A snapshot, read-only, shared by all threads. The app loads it from `settings`, `policies` and `calendars` at start and after
 * each change and hands the newest to new work; older snapshots live as long as the process (they are small and rare).
 */
#pragma once
#include "deadlines/sla.h"

struct pair_weights;

struct shop {
    str                name, country, currency;          /* "Карапуз", "KZ", "KZT" */
    const struct zone *zone;
    int                hold_s;                           /* 0..15: how long a command may be undone */
    bool               demo;
    bool               example;                          /* played marketplaces stand in it (app/example.h) */
    struct sla_book    book;
    const struct pair_weights *weights;                  /* learnt from verdicts; NULL: the handbook's */
    /* Which commands a channel knows: bit per enum order_op name order confirm, assemble, hand_over, cancel. Set by the app. */
    unsigned         (*channel_ops)(str channel);
    /* What a channel has against a cancellation for this reason, a sentence; NULL: nothing. Set by the app. */
    const char      *(*cancel_objection)(str channel, str reason, str comment);
    struct arena      *kept;                             /* the app's: memory of this snapshot, and the one before it */
    const struct shop *older;
};
