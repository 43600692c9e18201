/* presence_http.h - colleagues see who has an order open: told over the live stream, kept in memory, never in a table. */
#pragma once
#include "http/http.h"

struct presence_room;
struct presence_room *presence_room_new(struct arena *);
void presence_room_done(struct presence_room *);

extern const struct route presence_routes[];
