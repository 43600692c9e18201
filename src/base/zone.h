/* zone.h - named time zones, read from the system's tz database (TZif files), never from ICU.
 *
 * A zone is loaded once per process and shared, read-only, by all threads.
 *
 *     const struct zone *z = zone_find(STR("Asia/Almaty"));      // NULL: no such zone
 *     int64_t day = zone_day(z, now);                             // local day number
 *     instant midnight = zone_instant(z, day, 0);
 */
#pragma once
#include "base/instant.h"

struct zone;

/* Thread-safe, cached for the life of the process. Names are letters, digits, '/', '_', '-', '+' only. $TZDIR overrides the folder. */
const struct zone *zone_find(str name);
str          zone_name(const struct zone *);
int          zone_offset_s(const struct zone *, instant);          /* seconds east of UTC at that moment */
struct civil zone_civil(const struct zone *, instant);
int64_t      zone_day(const struct zone *, instant);               /* local day number, as date_parse gives */
/* The moment of local wall time `second_of_day` (0..86400) of that day. A time skipped by a spring change gives the first
 * moment after the gap; a time that occurs twice gives the first. */
instant      zone_instant(const struct zone *, int64_t day, int second_of_day);
/* The same for one who asks for many times near to each other: what was found is kept in a stretch, which begins as { 0 }. */
struct zone_stretch { int64_t from_s, until_s; int offset_s; };
instant      zone_instant_near(const struct zone *, struct zone_stretch *, int64_t day, int second_of_day);
