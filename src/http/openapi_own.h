/* openapi_own.h - what openapi.c and openapi_paths.c share. Nobody else includes it. */
#pragma once
#include "http/openapi.h"
#include "base/list.h"

/* A record in one of its shapes. */
struct shape {
    const struct record *record;
    enum record_schema   which;
    str                  name;
};
LIST(shape)

struct operation {
    const struct route *route;
    str                 id;
};
LIST(operation)

struct document {
    const struct openapi_schema *extra;
    struct operation_list operations;
    struct shape_list     shapes;
    struct arena         *arena;
    struct json_out       j;
    struct err           *err;
};

static inline bool is_edit(const struct route *r) { return r->method == HTTP_PATCH; }
/* "orders", "orders_create", "orders_edit". */
str  shape_name(struct arena *, const struct record *, enum record_schema);
str  tag_of(const struct route *);
/* "key": { "type": "name" } */
void openapi_type(struct document *, const char *key, const char *name);
void openapi_paths(struct document *);
