/* wildberries.h - Wildberries, own-warehouse scheme (FBS). Shared by the files of this folder only. */
#pragma once
#include "channels/talk.h"

extern const struct channel         wildberries_channel;
extern const struct channel_setting wb_settings[];
extern const struct status_row      wb_statuses[];

/* Host, path and token of a request. `family` is the rate group. */
void wb_request(const struct call *, struct http_request *out, enum http_method, str url, const char *family);
str  wb_url(const struct call *, const char *path);
/* POST /api/v3/orders/status for ids that are all whole numbers. */
void wb_ask_statuses(const struct call *, const str *ids, int count, struct http_request *out);
/* The order with supplierStatus and wbStatus written into it. `status` may be NULL. */
str  wb_payload(struct arena *, const struct json *order, const struct json *status);
/* Row with this id in a list of orders or statuses, or NULL. */
const struct json *wb_row(const struct json *list, str id);

bool wb_order_read(const struct call *, str payload, struct order_draft *out, struct err *);
bool wb_page_read(const struct call *, str body, struct raw_event_list *out, struct err *);
/* The same with another host of Wildberries ("returns-api"): each group of methods has its own. */
str  wb_host_url(const struct call *, const char *host, const char *path);
/* GET /api/v1/claims for one claim. */
void wb_ask_claim(const struct call *, str id, bool archive, struct http_request *out);
bool wb_returns_step(const struct call *, struct pull *, const struct http_reply *, struct http_request *out, struct err *);
bool wb_media_request(const struct call *, str url, struct http_request *out);
bool wb_returns_read(const struct call *, str body, struct returned_list *out, struct err *);
/* A number such as 643, or the letters; empty when it is missing. ERR_CHANNEL_PAYLOAD for one that is not known here. */
bool wb_currency(struct arena *, const struct json *, str *out, struct err *);
enum label_wait wb_label_wait(const struct label_order *);
bool wb_labels_step(const struct call *, struct label_talk *, const struct http_reply *, struct http_request *out, struct err *);
bool wb_pull_step(const struct call *, struct pull *, const struct http_reply *, struct http_request *out, struct err *);
/* Commands about returns. */
bool wb_return_step(const struct call *, const struct command *, str *memory, const struct http_reply *, struct http_request *out,
                    struct receipt *, struct err *);
bool wb_command_step(const struct call *, const struct command *, str *memory, const struct http_reply *, struct http_request *out,
                     struct receipt *, struct err *);
