/* channels_own_http.h - handlers and helpers that the route files of sync/ share. Private to the folder. */
#pragma once
#include "sync/channels_http.h"

bool account_in_scope(const struct request *, rid account);
/* {id} of the path, when who asks may see that account. */
MUST_CHECK bool path_account(const struct request *, rid *out, struct err *);

handler statuses_get, statuses_put, parked_get, parked_retry_post, parked_drop_post, commands_get, nights_get;
extern const struct query_param parked_query[], outbox_query[];
