/* backup_mark.h - when a copy was last made, in a file of the home folder, for the doctor. */
#pragma once
#include "base/arena.h"
#include "base/instant.h"

void    backup_mark_write(struct arena *, str home, instant);      /* a folder that cannot be written loses nothing but the mark */
instant backup_mark_read(struct arena *, str home);                 /* 0: never */
