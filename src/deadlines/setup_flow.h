/* setup_flow.h - the first run: the owner, the shop and its first rules in one transaction; never again afterwards. */
#pragma once
#include "accounts/session_flow.h"
#include "deadlines/policy_flow.h"
#include "deadlines/setup.h"

/* Is there nobody yet? */
MUST_CHECK bool setup_needed(struct db *, bool *out, struct err *);
/* ERR_CONFLICT when somebody is there already. `out` is the owner, signed in. The demo also comes this way. */
MUST_CHECK bool setup_run(struct work *, const struct setup *, bool demo, str agent, struct signed_in *out, struct err *);
