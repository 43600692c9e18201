/* channels_http.h - routes of the channel settings, of what is parked, of troubled commands, and of the markets' notifications. */
#pragma once
#include "http/http.h"
#include "http/openapi.h"
#include "sync/sync.h"

extern const struct route channel_routes[], hook_routes[], way_routes[], label_routes[];
extern const struct openapi_schema channel_schemas[], notice_schemas[];      /* end with name NULL */

/* Everything that account summaries need, in a fixed number of statements; for the overview too. */
struct account_facts {
    struct channel_account_list accounts;                /* in scope only */
    struct stream_row_list      streams;
    struct trouble_count_list   dead;
    struct today_count_list     today;
    struct { rid account_id; int64_t n; } *parked;
    int                         parked_count;
};
MUST_CHECK bool account_facts_load(struct request *, struct account_facts *, struct err *);
void account_summary_write(struct request *, const struct account_facts *, const struct channel_account *, struct json_out *, const char *key);
