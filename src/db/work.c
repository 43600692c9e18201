#include "db/work.h"

const char *const actor_kind_names[] = {
    [ACTOR_SYSTEM] = "system", [ACTOR_USER] = "user", [ACTOR_KEY] = "key", [ACTOR_CHANNEL] = "channel", [ACTOR_RULE] = "rule", NULL
};
_Static_assert(COUNT_OF(actor_kind_names) == ACTOR_KIND_COUNT + 1, "a name per kind");
