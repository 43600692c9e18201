/* presence.h - who has which order open right now. Pure: a table in memory of one server, times given by the caller.
 *
 * A screen says every twenty seconds that it still has the order open; who falls silent is gone after PRESENCE_MS. Of one person
 * at most PRESENCE_EACH orders are kept, of all together PRESENCE_MAX: the one heard of longest ago gives its place away.
 */
#pragma once
#include "base/id.h"
#include "base/instant.h"
#include "base/str.h"

#define PRESENCE_MS   (60 * SECOND_MS)
#define PRESENCE_MAX  1024
#define PRESENCE_EACH 8
#define PRESENCE_NAME 128

struct presence {
    rid     user_id, order_id, account_id;
    instant since, until;               /* until not set: the place is free */
    size_t  name_len;
    char    name[PRESENCE_NAME];
};
struct presence_table { struct presence at[PRESENCE_MAX]; };

/* Says that it is still open; the entry as it is now. */
const struct presence *presence_put(struct presence_table *, rid user_id, str name, rid order_id, rid account_id, instant now);
/* True when there was something to take away. */
bool presence_drop(struct presence_table *, rid user_id, rid order_id);
/* The next entry that is alive, from place *at on; NULL at the end. */
const struct presence *presence_next(const struct presence_table *, instant now, int *at);
