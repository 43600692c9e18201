#include "app/presence.h"


#include <string.h>

static bool is_alive(const struct presence *p, instant now) { return p->until.ms > now.ms; }

/* Its own place; else a free one; else that of the person's, or of anybody's, longest silence. */
static struct presence *place_for(struct presence_table *t, rid user_id, rid order_id, instant now)
{
    struct presence *unused = NULL, *oldest = NULL, *own = NULL;
    int              theirs = 0;
    for (int i = 0; i < PRESENCE_MAX; i++) {
        struct presence *p = &t->at[i];
        if (!is_alive(p, now)) {
            unused = unused ? unused : p;
            continue;
        }
        if (!oldest || p->until.ms < oldest->until.ms)
            oldest = p;
        if (!id_eq(p->user_id, user_id))
            continue;
        if (id_eq(p->order_id, order_id))
            return p;
        theirs++;
        if (!own || p->until.ms < own->until.ms)
            own = p;
    }
    return theirs >= PRESENCE_EACH ? own : unused ? unused : oldest;
}

const struct presence *presence_put(struct presence_table *t, rid user_id, str name, rid order_id, rid account_id, instant now)
{
    struct presence *p = place_for(t, user_id, order_id, now);
    if (!is_alive(p, now) || !id_eq(p->user_id, user_id) || !id_eq(p->order_id, order_id)) {
        str shown = utf8_cut(name, PRESENCE_NAME);
        *p = (struct presence){ .user_id = user_id, .order_id = order_id, .since = now, .name_len = shown.len };
        if (shown.len)
            memcpy(p->name, shown.at, shown.len);
    }
    p->account_id = account_id;
    p->until      = instant_add(now, PRESENCE_MS);
    return p;
}

bool presence_drop(struct presence_table *t, rid user_id, rid order_id)
{
    for (int i = 0; i < PRESENCE_MAX; i++)
        if (id_is_set(t->at[i].user_id) && id_eq(t->at[i].user_id, user_id) && id_eq(t->at[i].order_id, order_id)) {
            t->at[i] = (struct presence){ 0 };
            return true;
        }
    return false;
}

const struct presence *presence_next(const struct presence_table *t, instant now, int *at)
{
    while (*at < PRESENCE_MAX) {
        const struct presence *p = &t->at[(*at)++];
        if (is_alive(p, now))
            return p;
    }
    return NULL;
}
