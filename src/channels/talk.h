/* talk.h - what every connector needs to speak HTTP and JSON with a marketplace. Private to channels/.
 *
 * Pure like the connectors: no socket, no clock. Everything lives in the arena of the call.
 */
#pragma once
#include "base/buf.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/secret.h"
#include "channels/channel.h"

#define REPLY_BYTES_MAX ((size_t)32 << 20)

/* ---- settings ---- */

/* The value given in the call, else the fallback of `table`, else empty. */
str     setting_text(const struct call *, const struct channel_setting *table, const char *name);
/* As a whole number between low and high; `fallback` when it is none. */
int64_t setting_number(const struct call *, const struct channel_setting *table, const char *name, int64_t low, int64_t high,
                       int64_t fallback);

/* ---- replies ---- */

/* The market's own words in an error body, for people; never longer than 300 bytes. Empty when it said nothing. */
str  reply_words(struct arena *, const struct http_reply *);
/* Seconds to wait after a 429: Retry-After (seconds or date), X-Ratelimit-Retry; 0 when not told. */
int  reply_wait_s(const struct call *, const struct http_reply *);
/* reply_ok and then JSON; ERR_CHANNEL_PAYLOAD when a 2xx answer is not JSON. */
MUST_CHECK bool reply_read_json(const struct call *, const struct http_reply *, const struct json **out, struct err *);
/* "Sun, 06 Nov 1994 08:49:37 GMT" */
MUST_CHECK bool http_date_parse(str, instant *out);

/* ---- reading payloads: null or missing leaves the output unset; a wrong value fails with ERR_CHANNEL_PAYLOAD and its path ---- */

/* Fails at the value's own path. Returns false. */
bool payload_wrong(struct arena *, const struct json *at, struct err *, const char *must);
/* Fails at `name` inside `in`, which is missing. Returns false. */
bool payload_missing(struct arena *, const struct json *in, const char *name, struct err *);
str  payload_text(const struct json *);                                     /* trimmed text or digits; else empty */
/* 4.55 as 455, rounded; 0 of anything that is no rating out of five. */
int64_t payload_rating(const struct json *);
/* Was a rating told? False without an error: this key may not ask, which keeps nobody from selling. */
bool rating_reply(const struct call *, const struct http_reply *, const struct json **root, bool *told, struct err *);
int64_t payload_number(const struct json *, const char *key);               /* a whole number under the key; else 0 */
MUST_CHECK bool payload_amount(struct arena *, const struct json *, bool *has, amount *out, struct err *);
MUST_CHECK bool payload_kopecks(struct arena *, const struct json *, bool *has, amount *out, struct err *);  /* whole number of hundredths */
MUST_CHECK bool payload_ms(struct arena *, const struct json *, instant *out, struct err *);    /* Unix milliseconds */
MUST_CHECK bool payload_time(struct arena *, const struct json *, instant *out, struct err *);  /* RFC 3339; "" is not set */
/* Whole number, also "3" and 3.0. False when it is missing or something else. */
MUST_CHECK bool payload_whole(const struct json *, int64_t *out);

/* ---- events ---- */

/* Adds an event whose key is the order's id and a hash of the payload: no market here gives a change time that can be trusted. */
struct raw_event *raw_event_add(struct raw_event_list *, struct arena *, str external_id, str payload, str problem);

/* ---- returns ---- */

/* Reads one row of a page into the list: whatever is wrong with it is its problem alone. */
void returned_add(const struct call *, struct returned_list *, const struct json *row,
                  bool (*read)(const struct call *, const struct json *row, struct return_draft *, struct err *));

/* Addresses that a market gives: "//host/1.webp", "https://host/1.jpg". What is no https address of a named host is left out. */
void media_read(struct arena *, const struct json *list, bool is_video, struct return_medium_list *out);
/* Asks for a file of these types on one of `hosts`, as media_ask does. */
bool file_ask(const struct call *, str hosts, str url, str types, struct http_request *out);
/* Asks for a picture on one of `hosts` ("a.ru, b.ru": these and all below them); false: it is on none of them. A market that is played
 * somewhere else than at its real address has its pictures there, under /media/<host>/. */
bool media_ask(const struct call *, str hosts, str url, struct http_request *out);

/* ---- commands: write, and after any doubt read back before deciding ---- */

/* What is remembered of a command between steps, as JSON in `memory`. */
struct errand {
    str     phase;                      /* "": nothing sent; "write": sent, reply not seen; "read": reading back; others: own stages */
    int64_t tries;                      /* writes repeated after a read-back */
    str     words;                      /* the market's refusal, kept while reading back */
    str     thing;                      /* supply or carriage */
    str     name;
    int64_t next;                       /* paging */
    str     list;                       /* JSON text of candidates */
    bool    wrote;                      /* a write has been accepted: what remains is seeing its effect */
};
struct errand errand_of(struct arena *, str memory);
str           errand_text(struct arena *, const struct errand *);

enum answer { ANSWER_OK, ANSWER_UNKNOWN, ANSWER_REFUSED, ANSWER_LATER, ANSWER_AUTH };
/* Sorts a reply; fills the receipt for LATER (429, not sent), AUTH and REFUSED. UNKNOWN is a cut reply or 5xx: it may have been done. */
enum answer answer_of(const struct call *, const struct http_reply *, struct receipt *);

enum verdict {
    VERDICT_DONE,
    VERDICT_TODO,                       /* not done: write (again); after an accepted write that settles later: wait */
    VERDICT_AGAIN,                      /* the market tried and failed: write again */
    VERDICT_NEVER,                      /* can no longer be done */
    VERDICT_WAIT                        /* under way */
};
struct errand_plan {
    bool read_first;                    /* a refused request is dear: look before writing */
    bool settles_later;                 /* 2xx proves nothing: read until the verdict is DONE */
    int  wait_s;                        /* pause between such reads; 0 = 10 */
    bool (*write)(const struct call *, const struct command *, const struct errand *, struct http_request *out, struct err *);
    bool (*read)(const struct call *, const struct command *, const struct errand *, struct http_request *out, struct err *);
    /* What the order read back says; `text` for people when it is NEVER. */
    enum verdict (*judge)(const struct call *, const struct command *, const struct json *root, str *text);
    /* MAY be NULL: is this refusal the market's way of saying that it is done already? */
    bool (*is_done_before)(str words);
    /* MAY be NULL: what the reply to an accepted write teaches. A 2xx that refuses one of its rows puts that into `words`. */
    void (*learn)(const struct call *, struct errand *, const struct http_reply *, struct receipt *);
};
/* One step of the write / read-back machine over `e`. */
MUST_CHECK bool errand_step(const struct call *, const struct command *, const struct errand_plan *, struct errand *e,
                            const struct http_reply *, struct http_request *out, struct receipt *, struct err *);
void receipt_refuse(struct receipt *, str text);

/* ---- labels ---- */

/* The reply with the file itself: its bytes, or later and why. An address that leads nowhere any more is asked for anew. */
void label_file(const struct call *, const struct http_reply *, struct label_told *);
/* Is the order over, or not yet so far, whatever the market? LABEL_MAY when neither. */
enum label_wait label_wait_common(const struct label_order *);
/* "58x40" as millimetres; false when it is none. */
bool label_size(str text, int *width_mm, int *height_mm);

/* ---- checking a connection ---- */

void check_add(struct check *, struct arena *, const char *name, struct check_item found);
void check_failed(struct check *, struct arena *, const char *name, const struct err *);
/* Adds "key" and "clock" from a first reply. False: no use going on. */
bool check_first_reply(const struct call *, struct check *, const struct http_reply *);
/* Adds "orders", "statuses" and "sample" from a page of orders. */
void check_page(const struct call *, const struct channel *, struct check *, str body);
