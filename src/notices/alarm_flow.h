/* alarm_flow.h - limits that are watched: a marketplace's limit comes near or is passed, a reason grows behind a product's returns
 * (domain handbook §5, §6). Each crossing is told once: a notice to those who can do something, a task, an event for open screens. It ends
 * by itself when the number is back; the next crossing is another one. */
#pragma once
#include "notices/alarm_store.h"

#define ALARM_DAYS 90                   /* of returns that a reason's share is counted over */

/* *crossed: how many limits were passed since the last look, by whichever server looked. `reasons`: look at returns too, which reads more. */
MUST_CHECK bool alarms_watch(struct work *, bool reasons, int *crossed, struct err *);
