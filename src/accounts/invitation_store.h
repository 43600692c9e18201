/* invitation_store.h - SQL of invitations. */
#pragma once
#include "accounts/invitation.h"

/* Those that can still be taken, the newest first. */
MUST_CHECK bool invitations_open(struct db *, instant now, struct arena *, struct invitation_list *out, struct err *);
MUST_CHECK bool invitation_find(struct db *, str digest, instant now, struct arena *, struct invitation *out, bool *found, struct err *);
/* Inside db_tx. *taken: it was there, and nobody else has it any more. */
MUST_CHECK bool invitation_take(struct db *, rid id, bool *taken, struct err *);
/* Inside db_tx: all of this login. */
MUST_CHECK bool invitations_drop(struct db *, str login, struct err *);
