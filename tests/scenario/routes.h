/* routes.h - walking over every route that the program serves. */
#pragma once
#include "app/parts.h"
#include "http/http.h"
#include "support/house.h"

typedef void route_visit(struct house *, const struct route *, void *ctx);
/* Every row of every table but the live stream, which never ends; signing out comes last. */
void routes_each(struct house *, route_visit *, void *ctx);
/* "/api/orders/{id}/notes" with `value` in place of every {…}, percent-coded. */
str route_path(struct arena *, const struct route *, str value);
