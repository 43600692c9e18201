/* ozon.h - Ozon, own-warehouse schemes (FBS, rFBS). Shared by the files of this folder only. */
#pragma once
#include "base/phone.h"
#include "channels/talk.h"

extern const struct channel         ozon_channel;
extern const struct channel_setting ozon_settings[];
extern const struct status_row      ozon_statuses[];
extern const struct cancel_reason   ozon_cancel_reasons[];

/* POST of a JSON body: nearly every method is one. */
void ozon_request(const struct call *, struct http_request *out, const char *path, str body);
/* POST /v3/posting/fbs/get */
void ozon_ask_posting(const struct call *, str posting_number, struct http_request *out);
/* POST /v4/posting/fbs/unfulfilled/list */
void ozon_ask_unfulfilled(const struct call *, str cursor, int limit, struct http_request *out);
/* Postings of any known envelope: {postings}, {result:{postings}}, {result:{…}}, {result:[…]}, a list, or one posting. NULL: none. */
const struct json *ozon_postings(const struct json *root, bool *is_single);

bool ozon_order_read(const struct call *, str payload, struct order_draft *out, struct err *);
bool ozon_page_read(const struct call *, str body, struct raw_event_list *out, struct err *);
/* POST /v2/returns/rfbs/get for one request of a buyer. */
void ozon_ask_rfbs(const struct call *, str id, struct http_request *out);
bool ozon_return_step(const struct call *, const struct command *, str *memory, const struct http_reply *, struct http_request *out,
                      struct receipt *, struct err *);
/* What a state of a request means; false: it is not known. */
bool ozon_return_state(str sys_name, enum return_state *out);
bool ozon_returns_step(const struct call *, struct pull *, const struct http_reply *, struct http_request *out, struct err *);
bool ozon_media_request(const struct call *, str url, struct http_request *out);
bool ozon_returns_read(const struct call *, str body, struct returned_list *out, struct err *);
enum label_wait ozon_label_wait(const struct label_order *);
bool ozon_labels_step(const struct call *, struct label_talk *, const struct http_reply *, struct http_request *out, struct err *);
bool ozon_pull_step(const struct call *, struct pull *, const struct http_reply *, struct http_request *out, struct err *);
bool ozon_command_step(const struct call *, const struct command *, str *memory, const struct http_reply *,
                       struct http_request *out, struct receipt *, struct err *);
bool ozon_hook_read(const struct call *, const struct http_header_list *, str body, struct hook_result *out, struct err *);
/* Adds one event per posting in `root`. */
bool ozon_page_events(const struct call *, const struct json *root, struct raw_event_list *out, struct err *);
