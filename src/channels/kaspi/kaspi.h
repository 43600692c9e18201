/* kaspi.h - Kaspi Магазин. The files of this folder share this; everybody else goes through channel.h. */
#pragma once
#include "base/phone.h"
#include "channels/talk.h"

extern const struct channel         kaspi_channel;
extern const struct channel_setting kaspi_settings[];
extern const struct status_row      kaspi_statuses[];
extern const struct cancel_reason   kaspi_cancel_reasons[];

/* Host and headers that every request needs; `url` is whole. */
void kaspi_request(const struct call *, struct http_request *out, enum http_method, str url);
/* ".../v2/orders/{id}" with `tail` behind it. Ids are never normalised, only encoded. */
str  kaspi_order_url(const struct call *, str id, const char *tail);
/* One event per order of a JSON:API page: {"order":…,"entries":[…]}. With `without`, orders whose lines the page leaves out go
 * there instead. With `state`, rows of another tab that we know are left to that tab. A row that is no order becomes an event
 * with a problem. */
bool kaspi_page_events(const struct call *, const struct json *root, const char *state, struct raw_event_list *out,
                       struct raw_event_list *without, struct err *);
str  kaspi_payload(struct arena *, const struct json *order, const struct json *entries);

bool kaspi_order_read(const struct call *, str payload, struct order_draft *out, struct err *);
bool kaspi_page_read(const struct call *, str body, struct raw_event_list *out, struct err *);
/* The return that an order's payload tells of, if it does. */
void kaspi_order_back(const struct call *, const struct raw_event *, struct returned_list *out);
bool kaspi_returns_read(const struct call *, str body, struct returned_list *out, struct err *);
enum label_wait kaspi_label_wait(const struct label_order *);
bool kaspi_labels_step(const struct call *, struct label_talk *, const struct http_reply *, struct http_request *out, struct err *);
bool kaspi_pull_step(const struct call *, struct pull *, const struct http_reply *, struct http_request *out, struct err *);
bool kaspi_command_step(const struct call *, const struct command *, str *memory, const struct http_reply *,
                        struct http_request *out, struct receipt *, struct err *);
