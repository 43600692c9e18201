/* market.h - inside of the sandbox: orders as a market holds them, and how a request is served.
 *
 * An order has one `stage` of its life; the words of each market (APPROVED_BY_BANK, confirm/waiting,
 * awaiting_deliver) are derived from it in <market>.c. Times that are not set have not happened. Everything
 * here is touched under sandbox.lock.
 */
#pragma once
#include "base/clock.h"
#include "base/list.h"
#include "http/http.h"
#include "sandbox/sandbox.h"
#include <pthread.h>
#include <stdio.h>

enum market { MARKET_KASPI, MARKET_WB, MARKET_OZON, MARKET_COUNT };
extern const char *const market_names[];                 /* "kaspi" "wildberries" "ozon" NULL */

enum stage {
    STAGE_NEW,
    STAGE_SHIPPING, /* Ozon: ship was called, not yet carried out */
    STAGE_ACCEPTED,
    STAGE_ASSEMBLED,
    STAGE_HANDED, /* with the courier, or the supply is closed */
    STAGE_SORTED, /* the market's centre has it */
    STAGE_AT_PICKUP,
    STAGE_DELIVERED,
    STAGE_CANCELLING,
    STAGE_CANCELLED,
    STAGE_RETURNING,
    STAGE_RETURNED,
    STAGE_COUNT
};
extern const char *const stage_names[];

/* What the buyer and the courier will do, decided when the order is made. */
enum fate { FATE_BUYS, FATE_CANCELS_NEW, FATE_CANCELS_LATER, FATE_RETURNS, FATE_STAYS, FATE_COUNT };
extern const char *const fate_names[];
enum by { BY_NOBODY, BY_BUYER, BY_SELLER, BY_MARKET, BY_COUNT };
extern const char *const by_names[];

struct mline {
    str     sku;                        /* the seller's article */
    str     title, barcode, category;
    int64_t offer;                      /* the market's id: WB nmId, Ozon sku, Kaspi master product */
    int64_t size;                       /* WB chrtId */
    int64_t qty, weight_g;
    amount  price;
};
LIST(mline)

struct morder {
    unsigned market, stage, stage_before, fate, cancelled_by;
    str     id, number, group, rid;     /* rid: WB; group: Ozon order number, WB orderUid */
    amount  total;
    instant created_at, deadline_at, changed_at, accepted_at, shipping_at, assembled_at, handed_at, closed_at,
        next_at;
    str     name, surname, phone, city, address;
    str     cancel_reason, cancel_message;
    bool    kaspi_delivery, signature_required, is_signed, preorder, arrived, express, returned_to_warehouse;
    str mode, payment, code; /* Kaspi: delivery mode, payment mode, security code that the buyer was sent */
    int64_t spaces;                     /* Kaspi: parcels */
    int64_t cargo_type, warehouse, delivery_method;
    str     batch;                      /* WB supply, Ozon carriage */
    struct mline_list lines;
};
extern const struct record morder_record, mline_record, mbatch_record, mheard_record;

/* A return as a market holds it: a claim of a buyer, or a parcel that was not taken and comes back. Kaspi has none: there the order
 * itself says it. The words of each market are derived from the stage in <market>_returns.c. */
enum rstage {
    RSTAGE_REQUESTED,
    RSTAGE_APPROVED,
    RSTAGE_MOVING,
    RSTAGE_AT_PLACE,                    /* waits at a point for the seller */
    RSTAGE_RECEIVED,
    RSTAGE_PAID,
    RSTAGE_KEPT,                        /* approved, the buyer keeps the goods */
    RSTAGE_SCRAPPED,
    RSTAGE_REJECTED,
    RSTAGE_CANCELLED,
    RSTAGE_OFFERED,                     /* Ozon: a part of the price, the buyer keeps the goods, if he agrees */
    RSTAGE_DECLINED,                    /* he does not: the seller decides again */
    RSTAGE_PART_PAID,
    RSTAGE_COUNT
};
extern const char *const rstage_names[];
struct mreturn {
    unsigned market, stage;
    bool     parcel, rfbs;              /* rfbs: Ozon, asked of the seller himself */
    str      id, order, reason, text, comment, answer;      /* answer: what the seller chose */
    int64_t  photos, qty, offer;
    str      sku, title;
    amount   price;                     /* of one unit */
    instant  requested_at, changed_at, received_at, next_at;
};
LIST_OF(struct mreturn *, mreturn_refs)
extern const struct record mreturn_record;

struct mbatch {                         /* WB supply or Ozon carriage */
    unsigned market;
    str      id, name;
    instant  created_at, closed_at, departure_at;
    int64_t  cargo_type, warehouse, delivery_method;
    bool     is_gone;                   /* deleted or cancelled */
};

struct mheard {                         /* one write that a market received */
    unsigned market;
    str      op, order_id, detail;
    instant  at;
    int64_t  status;
    bool     applied;                   /* it changed the order (false: refused, or had been done already) */
};
LIST(mheard)
LIST_OF(struct morder *, morder_refs)
LIST_OF(struct mbatch *, mbatch_refs)

/* ---- faults and limits ---- */

enum fault_kind {
    FAULT_429,
    FAULT_500,
    FAULT_CUT,
    FAULT_SILENT,
    FAULT_DUPLICATE,
    FAULT_REORDER,
    FAULT_RETIRED,
    FAULT_FIELD,
    FAULT_WORD,
    FAULT_SLOW,
    FAULT_LOST,
    FAULT_BROKEN,
    FAULT_COUNT
};
extern const char *const fault_names[];
struct fault {
    int      market;                    /* -1: any */
    unsigned kind;
    str      path_contains, field;
    int64_t  times, retry_after_s, delay_ms;
    bool     after_effect;              /* the market does what it was asked, only the reply is spoilt */
};
LIST(fault)

struct bucket_def {                     /* one method group of a market */
    const char *name;
    int64_t     every_ms, burst;        /* a token comes back every `every_ms` */
    int64_t     penalty;                /* tokens that an answer 4XX costs; 0 = 1 */
};
struct bucket {
    const struct bucket_def *def;
    str      key;
    int64_t  left;                      /* may be below 0 after penalties */
    instant  filled_at;
};
LIST(bucket)

/* ---- the whole ---- */

/* What the bot sent to a chat; its number is its place in the list, from 1. */
struct chat_message { int64_t id, chat; str text, buttons; };
LIST(chat_message)

struct sandbox {
    struct arena     arena;             /* lives as long as the sandbox */
    struct clock     clock;
    pthread_mutex_t  lock;
    FILE            *journal;
    struct http_server *server;
    struct id_source ids;
    struct log       log;
    struct sandbox_options options;
    struct morder_refs orders;          /* in order of making */
    struct morder  **index;             /* hash of (market, id) */
    int              index_cap;
    struct mbatch_refs batches;
    struct mreturn_refs returns;
    instant          returns_due;       /* earliest next_at of a return */
    struct mheard_list heard;
    struct fault_list  faults;
    struct bucket_list buckets;
    uint64_t         random;
    bool             stream_on, limits_on;
    int64_t          stream_rate;       /* orders per hour, in thousandths */
    instant          stream_at;         /* the next order comes then */
    instant          due_at;            /* earliest next_at of any order */
    instant          seen_at;           /* latest moment of the journal */
    int64_t          last_number[MARKET_COUNT], last_batch, last_return;
    const struct route *routes;
    struct chat_message_list messages;  /* of the bot */
    struct str_list  updates, pressed;  /* what people did in their chats, as JSON; the answers to their buttons */
    int64_t          updates_read;
    struct int_list  chats_closed;
};

/* state.c */
struct morder *morder_new(struct sandbox *, enum market); /* not yet in the index: fill it, then morder_keep */
void           morder_keep(struct sandbox *, struct morder *);       /* adds it and writes it to the journal */
struct morder *morder_find(struct sandbox *, enum market, str id);
void morder_changed(struct sandbox *, struct morder *); /* writes it to the journal, sees to its timer */
struct morder *morder_by_number(struct sandbox *, enum market, str number);
bool           morder_is_open(const struct morder *);
struct mbatch *mbatch_new(struct sandbox *, enum market);
struct mbatch *mbatch_find(struct sandbox *, enum market, str id);
void           mbatch_changed(struct sandbox *, struct mbatch *);
void           morder_index(struct sandbox *, struct morder *);
int            choice_find(const char *const *names, str word);      /* index in a NULL-ended table, or -1 */
uint64_t       chance_next(struct sandbox *);
int64_t        chance_below(struct sandbox *, int64_t n);           /* 0 … n-1 */
bool           chance_hits(struct sandbox *, int per_thousand);

/* journal.c */
MUST_CHECK bool journal_open(struct sandbox *, struct err *);
void journal_order(struct sandbox *, const struct morder *);
void journal_batch(struct sandbox *, const struct mbatch *);
void journal_heard(struct sandbox *, const struct mheard *);
void journal_return(struct sandbox *, const struct mreturn *);

/* returns.c */
struct mreturn *mreturn_of(struct sandbox *, struct morder *, bool parcel, instant at);    /* of its first line; not yet kept */
void            mreturn_keep(struct sandbox *, struct mreturn *);    /* adds it and writes it to the journal */
struct mreturn *mreturn_find(struct sandbox *, enum market, str id);
struct mreturn *mreturn_of_order(struct sandbox *, const struct morder *);
void            mreturn_stage(struct sandbox *, struct mreturn *, enum rstage);
void            mreturn_index(struct sandbox *, struct mreturn *);   /* of the journal */
void            morder_parcel_back(struct sandbox *, struct morder *);
void            morder_parcel_here(struct sandbox *, struct morder *);
void            returns_tick(struct sandbox *, instant now);
struct ract { const char *name; unsigned from; enum rstage to; };
extern const struct ract racts[];                                   /* ends with name NULL */
const struct ract *ract_find(str event);

/* life.c: what happens by itself, and what buyers and couriers do */
struct act { const char *name; bool (*run)(struct sandbox *, struct morder *, struct err *); };
extern const struct act acts[];                                     /* ends with name NULL */
void life_tick(struct sandbox *);
void life_plan(struct sandbox *, struct morder *); /* sets next_at from the stage and the fate */
void morder_stage(struct sandbox *, struct morder *,
                 enum stage); /* moves it, with the times that belong to the stage */
/* How buyers rate the shop, "4.65": each order that it cancelled itself costs it a little. */
str  market_rating(const struct sandbox *, struct arena *, enum market);
void morder_cancel(struct sandbox *, struct morder *, enum by, str reason, str message);
bool morder_is_signed(const struct morder *);

/* make.c, people.c, goods.c, scene.c */
struct person { const char *name, *surname, *phone, *city, *address; };
struct good { const char *sku, *title, *category; int64_t price, weight_g; int cargo_type; };
extern const struct good goods[];
int  goods_count(void);
const struct good *good_find(const char *title_prefix);
void person_of(struct sandbox *, int64_t n, struct morder *);       /* the n-th buyer of the town */
int64_t person_pick(struct sandbox *);                              /* often one who has bought before */
void morder_add_line(struct sandbox *, struct morder *, const struct good *, int64_t qty, int64_t price_tenge);
struct morder *morder_make(struct sandbox *, enum market, instant at);   /* random buyer and goods; kept */
struct morder *morder_blank(struct sandbox *, enum market,
                           instant at); /* ids and the market's defaults, no lines, not kept */
enum market market_pick(struct sandbox *);                          /* in the shares 67 : 34 : 28 */
bool scene_play(struct sandbox *, str name, struct err *);
void returns_play(struct sandbox *, instant now);                  /* of the town of the pictures: scene_returns.c */

/* ---- serving ---- */

struct op;
struct ask {
    struct sandbox *sb;
    struct request *rq;
    struct reply   *rp;
    struct arena   *arena;
    instant         now;
    const struct op *op;
    const struct market_def *market;
    const struct json *body;            /* NULL when there is none */
    str             account;            /* who asks: key of the token buckets */
    const struct fault *fault;          /* that plays on this request; NULL none */
    struct mheard_list heard;
};
typedef void op_fn(struct ask *);       /* writes the whole reply */
struct rule;
struct op {
    enum http_method method;
    const char *path;                   /* below the market's prefix */
    op_fn      *run;                    /* NULL: the method is retired */
    bool        writes;
    int         bucket;                 /* of market_def.buckets */
    const struct rule *rules;           /* of the body, ends with path NULL */
    bool        open;                   /* asks for no key and counts no calls: pictures */
};
struct market_def {
    const char *prefix;
    const struct op *ops;               /* ends with HTTP_NONE */
    const struct bucket_def *buckets;
    bool (*admit)(struct ask *);        /* key, agent, media type; false: it has answered */
    void (*refuse)(struct ask *, int status, const char *code, const char *text);
    void (*retired)(struct ask *);
    void (*limited)(struct ask *, const struct bucket *, int64_t wait_ms);
    void (*allowed)(struct ask *, const struct bucket *);
};
extern const struct market_def kaspi_market, wb_market, ozon_market;
extern const struct market_def *const market_defs[MARKET_COUNT];
extern const struct op kaspi_ops[], wb_ops[], ozon_ops[];
extern const struct route control_routes[], control_return_routes[], telegram_routes[];

/* picture.c */
void market_picture(struct ask *);
str  sandbox_picture(struct arena *, int n);

bool market_serve(struct request *, struct reply *, struct err *);
const struct route *market_routes(struct sandbox *);
/* Notes that the market was told something about an order; the status of the reply is added when it is known.
 */
void ask_heard(struct ask *, const char *op, str order_id, bool applied, str detail);
str  ask_header(const struct ask *, const char *name);
/* Orders of a page as the faults leave them: doubled, turned round, all but the last left out. */
void page_spoil(struct ask *, struct morder_refs *);
enum market ask_market(const struct ask *);
void reply_error_json(struct ask *, int status, const char *type);

/* faults.c */
struct fault *fault_next(struct sandbox *, enum market, str path);
bool fault_before(struct ask *, const struct fault *); /* true: it has answered instead of the market */
void fault_after(struct ask *, const struct fault *);

/* rate.c */
struct bucket *bucket_of(struct sandbox *, const struct bucket_def *, str key, instant now);
bool    bucket_take(struct bucket *, int64_t tokens);
int64_t bucket_wait_ms(const struct bucket *, instant now);         /* until one token is there */
int64_t bucket_full_ms(const struct bucket *);

/* check.c: what a body must look like */
enum rule_kind { RULE_TEXT, RULE_INT, RULE_NUMBER, RULE_BOOL, RULE_TIME, RULE_OBJECT, RULE_LIST, RULE_INTS, RULE_TEXTS };
struct rule {
    const char *path;                   /* "filter.since"; "packages.*.products" looks into each member */
    enum rule_kind kind;
    bool        required;
    int64_t     min, max;               /* value of a number, length of text, members of a list; 0,0 = any */
    const char *text;                   /* the market's words when it is wrong; NULL = its usual ones */
};
/* The first rule that is broken, or NULL. *where is the path of the bad value. */
const struct rule *rules_broken(const struct rule *, const struct json *, struct arena *, str *where,
                                bool *missing);
