/* people_leave_flow.h - records that an import made or changed go, whatever kind of import it was. */
#pragma once
#include "customers/customer_store.h"
#include "db/work.h"

struct people_leaving {
    struct customer_source_list out;            /* made by it: removed */
    struct customer_source_list was, back;      /* changed by it: as they are, and as they will be; in the same order */
    instant                     since;          /* cards made before then stay, also without a record */
};
/* Inside db_tx. Cards that nothing holds any more go with their records, the others show what is left; *cards_gone of them. */
MUST_CHECK bool people_leave(struct db *, struct work *, const struct people_leaving *, int *cards_gone, struct err *);
