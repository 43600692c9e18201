/* work.h - what one request or one job works with. Made by the router or the worker, passed down. */
#pragma once
#include "base/log.h"
#include "db/db.h"

enum actor_kind { ACTOR_SYSTEM, ACTOR_USER, ACTOR_KEY, ACTOR_CHANNEL, ACTOR_RULE, ACTOR_KIND_COUNT };
extern const char *const actor_kind_names[];             /* "system" "user" "key" "channel" "rule" NULL */

struct actor {
    enum actor_kind kind;
    rid      id;                        /* user, key or channel account */
    str      name;                      /* shown in histories */
    str      address;                   /* network address of a person */
};

struct shop;
struct pair_weights;
struct work {
    struct db        *db;
    struct arena     *arena;
    struct id_source *ids;
    instant           now;              /* one moment for the whole work */
    struct actor      actor;
    const struct log *log;
    const struct shop *shop;            /* the shop's rules as of the start of the work: deadlines/shop.h */
    const struct pair_weights *weights;  /* of records of buyers, as of then; NULL: the handbook's: customers/weights.h */
};
static inline rid work_id(const struct work *w) { return id_next(w->ids, w->now); }
