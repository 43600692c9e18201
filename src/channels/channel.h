/* channel.h - the connector contract. A connector knows one marketplace's words and nothing else.
 *
 * Every function is pure: same input, same output. No socket, no database, no clock, no sleeping, no retrying: it says what to
 * request and reads what came back; sync/ does the talking, pacing, waiting and retrying for all of them.
 *
 * Conversations of several requests are steps: the engine calls *_step with reply = NULL, sends what it asks for, calls again
 * with the reply, until `out->method` stays HTTP_NONE. What must be remembered between steps is JSON text in `memory`.
 */
#pragma once
#include "base/amount.h"
#include "base/err.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/json_read.h"
#include "base/list.h"
#include "net/exchange.h"
#include "orders/order_draft.h"
#include "returns/return_draft.h"
#include "orders/order_status.h"

/* ---- what a connector is told ---- */

struct channel_setting {                /* a field of the connect form: credentials and options */
    const char *name;                   /* "token" */
    bool        secret, required;
    const char *fallback;               /* default text; NULL none */
    const char *doc;                    /* English, one line */
};
struct setting_value { str name, value; };
LIST(setting_value)

struct channel;
struct call {
    struct arena *arena;
    instant       now;
    str           base_url;             /* "https://kaspi.kz/shop/api" or the sandbox; no slash at the end. WB, Ozon: scheme://host[/prefix] */
    str           country;              /* of the seller, "KZ" */
    const struct setting_value_list *settings;
    const struct channel *channel;      /* whose table holds the fallbacks for call_setting; connectors know their own */
};
str call_setting(const struct call *, const char *name);         /* value or the fallback of the table; empty */

/* ---- status map: data, changeable per account ---- */

struct status_row {
    const char     *key;                /* "ACCEPTED_BY_MERCHANT+assembled", "confirm/waiting"; "*" stands for any half that the table names */
    enum hub_status to;
    bool            keeps;              /* no change of status (but marks apply); `to` only when the order is seen for the first time */
    unsigned        marks;              /* BIT(MARK_…) */
    enum cancel_side cancel_side;       /* for HUB_CANCELLED */
    const char     *note;               /* what it means, English, shown in the settings */
};

/* ---- pulling ---- */

struct stream {                         /* one thing to poll */
    const char *name;                   /* "active", "archive", "new" */
    int         period_s;               /* default pause between runs */
    bool        refresh;                /* wants `known`: external ids / numbers of our open orders that the lists no longer show */
    bool        returns;                /* tells returns: each payload is a page with one row, for returns_read */
    bool        rating;                 /* tells how buyers rate the shop, in pull.rating */
};
struct known_order { str external_id, number; instant placed_at; };
LIST(known_order)

struct raw_event {
    str     external_id;                /* order it speaks of; empty if unreadable */
    str     event_key;                  /* unique within account and stream: external id + change time or payload hash */
    str     payload;                    /* JSON: the order as received (parts of several replies joined under names) */
    str     problem;                    /* not empty: cannot be read, park it with this reason */
};
LIST(raw_event)

struct pull {
    const struct stream *stream;
    str  cursor;                        /* in: where the last run ended ("" at first); out: saved with the events of the step */
    str  memory;                        /* between steps of one run */
    bool deep;                          /* nightly pass: overlap 24 h or more instead of 15 min */
    struct known_order_list known;      /* for refresh streams */
    struct raw_event_list events;       /* out: events of this step; the engine empties it before the next */
    int64_t rating;                     /* out, of rating streams: hundredths of a star, 455; 0: the market says none */
};

/* ---- outgoing commands ---- */

enum order_op {
    OP_CONFIRM, OP_ASSEMBLE, OP_HAND_OVER, OP_CANCEL, ORDER_OP_COUNT,
    OP_RETURN_APPROVE = ORDER_OP_COUNT, OP_RETURN_REJECT, OP_RETURN_KEEP, OP_RETURN_RECEIVE, OP_RETURN_PAY, OP_RETURN_PART,
    COMMAND_OP_COUNT
};
extern const char *const order_op_names[];               /* "confirm" "assemble" "hand_over" "cancel" "return_approve" … */

struct command_line { str external_id, external_offer_id, article; int64_t qty; };
LIST(command_line)
struct command {
    enum order_op op;
    str  key;                           /* ours, never changes over retries */
    str  external_id, number;
    str  external_status;               /* as last heard; of the return, when it is about one */
    str  return_id;                     /* the market's id of the return; external_id: of its order, when that is known */
    str  payload;                       /* the order's last payload: WB needs warehouse and cargo type, Ozon the delivery method */
    str  reason, comment;               /* of a cancel; reason is a `cancel_reason.code` */
    str  code;                          /* security code of the buyer, where a hand-over needs it */
    int  boxes;                         /* parcels; 0 = 1 */
    amount sum;                         /* of a part that is given back */
    struct command_line_list lines;
};

enum receipt_kind {
    RECEIPT_MORE,                       /* `out` holds the next request */
    RECEIPT_DONE,                       /* the market accepted it */
    RECEIPT_DONE_BEFORE,                /* it had been done already */
    RECEIPT_NOTHING,                    /* the market has no such step: nothing to send */
    RECEIPT_LATER,                      /* not now: wait_s */
    RECEIPT_REFUSED,                    /* for good; text in the market's words */
    RECEIPT_AUTH                        /* key refused: stops the account, not the command */
};
struct receipt {
    enum receipt_kind kind;
    int  wait_s;
    str  text;                          /* the market's words, for people */
    str  note;                          /* JSON of what was learnt: {"supply":"WB-GI-1"}; kept with the order */
};

struct cancel_reason { const char *code; const char *native; bool needs_comment, hurts_rating; const char *doc; };

/* ---- notifications ---- */

struct hook_result {
    struct raw_event_list events;       /* complete orders told by the push itself */
    struct known_order_list hints;      /* orders to read back soon */
    int  status;                        /* what to answer */
    str  content_type, body;
};

/* ---- returns ---- */

/* One return of a page; `problem` is set when it cannot be read, or tells a state that is not known. */
struct returned { str external_id; struct return_draft draft; str problem; };
LIST(returned)

/* ---- labels: what is stuck on the parcel, as the market draws it ---- */

/* Why there is none to be asked for. LABEL_MAY: it may be asked for. */
enum label_wait { LABEL_MAY, LABEL_AFTER_CONFIRM, LABEL_AFTER_READY, LABEL_OVER, LABEL_NONE, LABEL_WAIT_COUNT };
extern const char *const label_wait_names[];             /* "" "after_confirm" "after_ready" "over" "none" */

struct label_order { str external_id, number, external_status; enum hub_status status; enum order_scheme scheme; };
enum label_fate { LABEL_LATER, LABEL_HERE, LABEL_NEVER };
struct label_told {
    enum label_fate fate;
    str file;                           /* LABEL_HERE: the bytes as the market gives them; what they are is found out by whoever keeps them */
    str words;                          /* the market's own, for people */
    str memory;                         /* LABEL_LATER: those of one memory are asked for together next time; nothing else survives a step */
    int wait_s;                         /* LABEL_LATER: not before; 0: as after any failure */
};
struct label_talk {
    const struct label_order *orders;   /* `count` of them, at most channel.labels_max; all of one memory */
    int  count;
    str  memory;                        /* "" at first */
    int  width_mm, height_mm;           /* out: the paper; 0: the file says */
    struct label_told *told;            /* out, one for each order, zeroed: not told means later */
};

/* ---- checking a connection ---- */

/* name: "key", "orders", "clock", "statuses", "sample". What was found is a code, with a number and a word where it has one: screens say it
 * in the reader's language. text: the market's own words, or the program's, beside it. */
struct check_item { str name; bool ok; str code; int64_t n; str about, text; };
LIST(check_item)
struct check { str memory; struct check_item_list items; };

/* ---- rate ---- */
struct pace {                           /* ends with family NULL */
    const char *family;
    int         per_minute, burst, parallel;
    int         refused_weight;         /* tokens that an answer with a 4xx costs in all; 0 = as any other */
};

struct channel {
    const char *name, *title;           /* "kaspi": in the database, never changes */
    const char *currency;               /* of the seller account when nothing else is told; NULL: never assume */
    const char *base_url;               /* the real one */
    const char *zone;                   /* the market's clock for people: "Europe/Moscow" */
    const struct channel_setting *settings;              /* ends with name NULL */
    const struct stream          *streams;               /* ends with name NULL */
    const struct pace            *pace;
    const struct status_row      *statuses;              /* first match wins; ends with key NULL */
    const struct cancel_reason   *cancel_reasons;
    unsigned                      ops;                   /* BIT(OP_…) that the market knows as a command */
    bool                          commands_alone;        /* commands of an account share things there (a supply): never two at once */

    /* Next request of a run, reading the reply to the one before (NULL at first). Fails with ERR_CHANNEL_*: the run ends, nothing lost. */
    bool (*pull_step)(const struct call *, struct pull *, const struct http_reply *, struct http_request *out, struct err *);
    /* Reads one payload of a raw_event. Fails with ERR_CHANNEL_PAYLOAD and the path. */
    bool (*order_read)(const struct call *, str payload, struct order_draft *out, struct err *);
    /* A page as the market sends it (for `sauda map`): one raw event per order in it. */
    bool (*page_read)(const struct call *, str body, struct raw_event_list *out, struct err *);
    /* A page of returns as the market sends it; orders that are no returns are left out. */
    bool (*returns_read)(const struct call *, str body, struct returned_list *out, struct err *);
    /* MAY be NULL: this market tells of returns by the status of the order. Adds the return of an order's payload, if it is one. */
    void (*order_back)(const struct call *, const struct raw_event *, struct returned_list *out);
    /* MAY be NULL: this market gives no addresses of what buyers have photographed. False: the address is on no host of the market's, nothing
     * may be fetched from it. The request carries no key. */
    bool (*media_request)(const struct call *, str url, struct http_request *out);
    /* Carries out one command. `memory` survives retries. A reply with fate HTTP_UNKNOWN must be answered by a read-back request. */
    bool (*command_step)(const struct call *, const struct command *, str *memory, const struct http_reply *, struct http_request *out,
                         struct receipt *, struct err *);
    bool (*check_step)(const struct call *, struct check *, const struct http_reply *, struct http_request *out, struct err *);
    /* MAY be NULL, both: the market draws no labels. May one be asked for, as far as the order tells? */
    enum label_wait (*label_wait)(const struct label_order *);
    /* Fetches labels of up to `labels_max` orders; `memory` as in a pull. Ends with HTTP_NONE: `told` says what became of each. */
    bool (*labels_step)(const struct call *, struct label_talk *, const struct http_reply *, struct http_request *out, struct err *);
    int    labels_max;
    /* MAY be NULL: the market has no push. */
    bool (*hook_read)(const struct call *, const struct http_header_list *, str body, struct hook_result *out, struct err *);
};

extern const struct channel *const channels[];           /* ends with NULL: channels.c */
const struct channel *channel_find(str name);
/* The row of a table for a key, or NULL: unknown. A half of a pair may be a star in a row; it stands for any half that some row of
 * the same table names on that side, so that a new word of the market parks the event. First match in table order. */
const struct status_row *status_row_find(const struct status_row *rows, str key);

/* For connectors: turns a reply that is no 2xx into the right error (429 with Retry-After / X-Ratelimit-Retry → ERR_CHANNEL_BUSY,
 * 401/403 → AUTH, 5xx and cut → DOWN, other 4xx → REFUSED with the market's words). True for 2xx. */
bool reply_ok(const struct call *, const struct http_reply *, struct err *);
