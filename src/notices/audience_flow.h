/* audience_flow.h - the people who can be told, each by his own ways, at his own hours. Inside db_tx. */
#pragma once
#include "notices/notice_store.h"

/* Read once per pass. */
struct audience {
    struct work              *w;
    struct db                *db;
    struct user_list          users;
    struct notice_target_list targets;
    struct notice_rules      *rules;    /* one per user */
};
MUST_CHECK bool audience_read(struct db *, struct work *, struct audience *out, struct err *);
bool audience_sees(const struct audience *, const struct user *, rid account);
/* Tells the user at place `who` of the list, once per key of the notice, by every way that he has not closed for it: joined to what has
 * not left yet, or five minutes after the last of its type. *reachable becomes true when he is at the screen, or has a way open now. */
MUST_CHECK bool audience_tell(const struct audience *, int who, const struct notice *pattern, bool *reachable, struct err *);
