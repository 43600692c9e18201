/* openapi.h - the API document (OpenAPI 3.1), made of the route tables and the records they name.
 *
 * Nothing is described by hand that a table already says: parameters come from the path pattern, the query
 * list and, for lists, the record's filterable and sortable fields; bodies and answers are schemas of records
 * or hand-written ones by name. The order is that of the tables, so that a change of the API is a small
 * difference of the text.
 */
#pragma once
#include "http/http.h"

/* A schema that no record describes. The list ends with name NULL. */
struct openapi_schema { const char *name, *json; };

/* `tables` as router_new takes them; `extra` may be NULL. ERR_INTERNAL names the row that is wrong: two
 * operations with one id, a schema that does not exist, two schemas with one name. */
MUST_CHECK bool openapi_write(const struct route *const *tables, const struct openapi_schema *extra,
                              struct buf *out, struct err *);
