/* sound_flow.h - the keys by which names are found in any spelling, for people that an older version has stored. */
#pragma once
#include "db/work.h"

/* The rules by which sounds are made (identity/sound.h, names/given.txt); raise it when they change, and the next start adds to the keys. */
#define SOUNDS_RECIPE 1
/* At start, before anybody works. */
MUST_CHECK bool customer_sounds_ready(struct work *, struct err *);
