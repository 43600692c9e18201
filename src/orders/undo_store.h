/* undo_store.h - the steps that an undo token takes back. */
#pragma once
#include "db/work.h"
#include "orders/order.h"

struct undo_step { rid order_id, command_id; str from_status, to_status; instant expires_at; str actor_kind; rid actor_id; };
LIST(undo_step)
bool undo_add(struct db *, str token, const struct undo_step *, struct err *);
MUST_CHECK bool undo_load(struct db *, str token, struct arena *, struct undo_step_list *out, struct err *);
/* Forgets the token, and all that expired before `before`. */
bool undo_clear(struct db *, str token, instant before, struct err *);
