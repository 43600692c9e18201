/* view.h - lists that people keep: a name and the filters of the address. */
#pragma once
#include "base/list.h"
#include "record/record.h"

struct view {
    rid     id, owner_id;
    str     name, query, screen;        /* screen: "orders", "customers" */
    bool    shared;                     /* others see it too; only its owner changes it */
    int64_t position, version;
    instant created_at, updated_at;
};
LIST(view)
extern const struct record view_record;
