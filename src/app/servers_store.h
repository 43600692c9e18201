/* servers_store.h - the leases of the servers that share this database. */
#pragma once
#include "base/list.h"
#include "db/db.h"

struct server_lease { int64_t node; str token, name; instant started_at, lease_until; };
LIST(server_lease)

/* All that have a row, by node. */
MUST_CHECK bool servers_all(struct db *, struct arena *, struct server_lease_list *out, struct err *);
/* Inside db_tx. Takes the node's row, whoever had it. */
MUST_CHECK bool server_take(struct db *, const struct server_lease *, struct err *);
/* Inside db_tx. *kept false: the row belongs to another token by now, or to nobody. */
MUST_CHECK bool server_renew(struct db *, int64_t node, str token, instant lease_until, bool *kept, struct err *);
MUST_CHECK bool server_leave(struct db *, int64_t node, str token, struct err *);
