/* parts.h - THE lists: what the house is made of. Adding a route table, a schema or a record is a line in parts.c. */
#pragma once
#include "http/http.h"
#include "http/openapi.h"

extern const struct route *const api_routes[];           /* ends with NULL */
extern const struct route *const test_routes[];          /* only with a control token: clock and jobs, for tests */
extern const struct openapi_schema *const api_schemas[];  /* lists, ends with NULL */
extern const struct openapi_schema order_schemas[];      /* schemas.c */
