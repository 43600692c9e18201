/* sync_own.h - what the files of sync/ share. Private to the folder. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "events/outbox.h"
#include "notices/notice.h"
#include "orders/intake_flow.h"
#include "sync/night_store.h"
#include "sync/sync.h"

#define LEASE_MS       (120 * SECOND_MS)
#define CALL_WAIT_MS   (5 * SECOND_MS)   /* longest wait for a token inside a conversation; beyond, the work is put off */
#define STEPS_MAX      20000             /* of one run; a market whose pages never end is a fault */
#define COMMAND_STEPS_MAX 200
#define BACKOFF_MS_MAX (15 * MINUTE_MS)
#define TRIES_MAX      24                /* about four hours of back-off, then people must look */
#define PAGE_ITEMS     200               /* orders in one transaction */
#define PAYLOAD_BYTES_MAX ((size_t)1 << 20)

/* Telling people: kinds of work of which one thread at a time does each, and ways that are left alone for a while. */
enum tell_kind { TELL_NONE, TELL_SPREAD, TELL_CLIMB, TELL_SEND, TELL_BOT, TELL_WATCH, TELL_COUNT };
struct tell_lane { bool busy; instant not_before; };
struct tell_medium { int failures; instant until; };

/* Notifications on their way into the database (hook_join.c): those that wait, and the accounts of which a page is being stored. */
struct hook_wait;
struct hook_store { rid account; struct hook_store *next; };
struct hook_queue { pthread_mutex_t lock; struct hook_wait *waiting; struct hook_store *storing; };

struct sync_engine {
    struct sync_options   o;
    struct hook_queue     hooks;
    struct pacer         *pacer;
    char                  server[160];  /* "host/127.0.0.1:8080": who has taken what, in leases */
    const struct channel *const *channels;
    _Atomic bool          stop;
    _Atomic unsigned      seed;         /* of the spread in back-off */
    /* Threads: one of them looks for work at a time. All below under `lock`. */
    pthread_mutex_t       lock;
    pthread_cond_t        wake, follow;
    bool                  leading, woken;
    pthread_t             threads[16];
    int                   threads_count;
    instant               house_next;   /* when tidying up is due */
    instant               review_next;  /* when to look whether people are to be reviewed */
    atomic_bool           reviewing;
    struct tell_lane      media_lane;   /* one picture at a time, and none before its turn at the market */
    struct tell_lane      label_lane;   /* one conversation about labels at a time */
    struct { rid account; int n; instant not_before; } busy[64];     /* pushes of an account under way */
    int                   busy_count;
    rid                   telling[2];   /* addresses that a thread is telling something */
    instant               spread_not_before;
    struct tell_lane      lanes[TELL_COUNT];
    struct tell_medium    media[MEDIUM_COUNT];
    bool                  weighed;      /* orders have their places among equals; as the next, of the lane that watches limits */
    instant               watch_next, reasons_next;          /* when limits are looked at again */
    instant               seen;         /* the latest time of the clock; of the leader alone */
};

/* The nightly reading of a stream. What the market told with a time before `seen` had been there to be read before. */
struct night { struct night_run run; instant seen; int listed; };

/* One conversation with one account. */
struct talk {
    struct sync_engine *e;
    struct work        *w;
    struct channel_account account;
    const struct channel *channel;
    struct setting_value_list settings;
    struct status_map   map;
    bool                is_urgent;
    struct night       *night;          /* whole days are read again: what that finds is written down */
};

/* Loads account, settings and statuses into the arena of `w`. ERR_NOT_FOUND, ERR_SETTING. */
MUST_CHECK bool talk_open(struct sync_engine *, struct work *, rid account_id, struct talk *out, struct err *);
/* The same for work of the engine itself: an account that cannot be opened (its secret was sealed with another key) is stopped. */
MUST_CHECK bool talk_begin(struct sync_engine *, struct work *, rid account_id, struct talk *out, struct err *);
struct call talk_call(const struct talk *, struct arena *);
/* Waits for a token and sends. False: ERR_CHANNEL_BUSY (parked or no token within CALL_WAIT_MS; retry_after_s says when to come
 * again), ERR_BUSY (we are stopping; the reply's fate says whether it had left). An answer of any kind is true.
 * `before` is called when the token is there and the request is about to leave; false of it sends nothing. */
struct talk_gate { bool (*before)(void *ctx, struct err *); void *ctx; };
MUST_CHECK bool talk_send(struct talk *, struct arena *, const struct http_request *, const struct talk_gate *, struct http_reply *out,
                          struct err *);

/* 2 s · 2ⁿ up to 15 min, spread by a fifth. */
int64_t backoff_ms(struct sync_engine *, int64_t tries);
/* Copies of text that is safe to store in both databases. */
str tidy_text(struct arena *, str);

/* Reads raw events into items of a page, dropping those whose key is known. `items` has room for all. */
/* Events with a known key are dropped. In the nightly pass they are compared with what is stored: an open order of which the market
 * tells something that it had told before, and then something else, gets that event once more. */
MUST_CHECK bool items_read(struct talk *, const struct raw_event *, int count, bool deep, struct intake_item *items, int *n, int *known,
                           struct err *);
void item_read(struct talk *, struct intake_item *);
/* One raw event as an item, read. */
void item_of(struct talk *, const struct raw_event *, struct intake_item *);
/* Stores what a notification brought, with that of others of its account that wait as well; drops what is known. On the disk when it returns. */
MUST_CHECK bool hook_store(struct talk *, struct intake_item *, int count, struct err *);
/* Applies items in pages, with the cursor at the end when `cursor` is given; falls back to one by one. */
MUST_CHECK bool items_apply(struct talk *, str stream, struct intake_item *items, int n, const str *cursor, struct intake_counts *out,
                            struct err *);

/* Tries parked events of a status key (empty: any) that were parked for `code` (empty: any) again. */
MUST_CHECK bool items_reapply(struct sync_engine *, struct work *, rid account_id, str status_key, str code, struct reapply_counts *out,
                              struct err *);

/* ---- what comes back (backs.c) ---- */
bool stream_tells_returns(const struct channel *, str stream);
/* Events of a stream of returns: read, applied in pages with the cursor at the end. */
MUST_CHECK bool backs_take(struct talk *, str stream, const struct raw_event *, int count, bool deep, const str *cursor, struct intake_counts *out,
                           int *known, struct err *);
/* Parked ones of one stream of returns. */
MUST_CHECK bool backs_again(struct talk *, const struct intake_row *rows, int count, struct reapply_counts *out, struct err *);
/* Inside the transaction of a page of orders: returns that waited for a new order are joined to it, and an order whose status has just
 * turned that way becomes a row of the returns. */
MUST_CHECK bool backs_of_orders(struct talk *, const struct intake_item *items, const struct order_turn_list *, struct err *);

/* Shared with items.c. */
void counts_sum(struct intake_counts *to, const struct intake_counts *);
bool is_passing(enum err_code);

/* Stores what became of talking to an account; tells open screens when that is news. Never fails the caller: logs. */
void account_ok(struct talk *, str stream, bool is_news);
void account_trouble(struct talk *, enum account_state, const struct err *);

/* Webhooks: is there something to be made of events (*spread), or an address with something due (taken for this thread; hook_deliver
 * gives it back)? */
MUST_CHECK bool hook_find(struct sync_engine *, struct work *, bool *spread, rid *webhook, struct err *);
MUST_CHECK bool hook_spread(struct sync_engine *, struct work *, struct err *);
MUST_CHECK bool hook_deliver(struct sync_engine *, struct work *, rid webhook, struct err *);

/* Notices to people: what is due (taken for this thread; tell_do gives it back), else when something will be. */
MUST_CHECK bool tell_find(struct sync_engine *, struct work *, enum tell_kind *out, instant *next, struct err *);
MUST_CHECK bool tell_do(struct sync_engine *, struct work *, enum tell_kind, struct err *);

/* ---- a clock that was set back (clock_back.c) ---- */
bool clock_went_back(struct sync_engine *, instant now);
MUST_CHECK bool clock_back_do(struct sync_engine *, struct work *, struct err *);
/* The latest time that the database knows of: the clock may have been set back while nobody ran. */
MUST_CHECK bool clock_seen_before(struct sync_engine *, struct db *, struct err *);

/* One picture that a buyer has sent: is one due (the caller is to fetch it then), else when; taken, fetched, kept. */
MUST_CHECK bool media_find(struct sync_engine *, struct work *, bool *due, instant *next, struct err *);
MUST_CHECK bool media_fetch(struct sync_engine *, struct work *, struct err *);

/* Labels of orders: is one due (the caller is to fetch then), else when; taken, fetched, kept. */
MUST_CHECK bool labels_find(struct sync_engine *, struct work *, bool *due, instant *next, struct err *);
MUST_CHECK bool labels_fetch(struct sync_engine *, struct work *, struct err *);

/* One taken stream. */
MUST_CHECK bool pull_run(struct sync_engine *, struct work *, struct stream_row *, struct pull_counts *, struct err *);

/* ---- people (review.c) ---- */
/* *due: somebody shall do it, and from now on that is the caller. */
bool review_find(struct sync_engine *, struct work *, bool *due, struct err *);
bool review_do(struct sync_engine *, struct work *, struct err *);
