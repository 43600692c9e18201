/* deadlines_http.h - routes of the first run, rules, calendars and settings. */
#pragma once
#include "accounts/accounts_http.h"

extern const struct route setup_routes[], deadline_routes[];
extern const struct openapi_schema deadlines_schemas[];  /* ends with name NULL */
/* For struct accounts: what screens are told of the shop of the running work. */
struct shop_words request_shop_words(const struct request *);
