/* doctor.h - what `sauda doctor` looks at. Each look says in one line how a thing is, and when it is not well, what to do about it.
 *
 * FINE: as it should be. LOOK: works, and somebody should know. BAD: does not work, or will cost data.
 */
#pragma once
#include "app/app.h"

enum finding { FINDING_FINE, FINDING_LOOK, FINDING_BAD, FINDING_COUNT };

struct doctor {
    struct arena        *arena;
    const struct config *config;
    const char *const   *sources;       /* where each setting came from */
    int                  count[FINDING_COUNT];
};
/* One line; `advice` may be NULL. */
void doctor_say(struct doctor *, enum finding, str what, const char *advice);

void doctor_machine(struct doctor *);   /* settings, folder, key, disk, clock, zones, port: without the database */
void doctor_shop(struct doctor *);      /* the database and what is in it */
