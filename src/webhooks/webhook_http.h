/* webhook_http.h - routes of the addresses that are told what happened. */
#pragma once
#include "accounts/accounts_http.h"

struct secret_key;
/* Defined by the program: what seals the secrets, and whether addresses of the own network may be told. */
struct webhook_house { const struct secret_key *key; bool allow_private; };
struct webhook_house request_webhooks(const struct request *);

extern const struct route webhook_routes[];
extern const struct openapi_schema webhook_schemas[];    /* ends with name NULL */
