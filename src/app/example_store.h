/* example_store.h - the example's own rows: which accounts are its, and everything that hangs on them, taken away. */
#pragma once
#include "customers/customer_store.h"
#include "db/work.h"

/* accounts.count 0: no example is shown. `address`: where the played markets answered last. */
struct example { struct int_list accounts; str address; };

MUST_CHECK bool example_load(struct db *, struct arena *, struct example *out, struct err *);
MUST_CHECK bool example_save(struct db *, struct arena *, const struct example *, struct err *);
MUST_CHECK bool example_forget(struct db *, struct err *);
/* What a shop has of its own: an example is only for one that has nothing yet. `servers`: how many work on this database. */
struct example_ground { int64_t accounts, orders, people, servers; };
MUST_CHECK bool example_look(struct db *, instant now, struct example_ground *out, struct err *);

/* Streams of these accounts that are being read, and commands that are being sent. */
MUST_CHECK bool example_under_way(struct db *, const struct int_list *accounts, instant now, int64_t *out, struct err *);

/* Everything that came with the accounts. Orders also of other accounts that were made in exchange for goods of theirs. */
struct example_rows {
    struct int_list orders, returns, buyers;              /* buyers: cards that these orders belong to */
    struct customer_source_list sources;
    struct int_list cards;                                /* people who were never known from anywhere else */
    struct str_list contacts;                             /* their phones and addresses */
};
MUST_CHECK bool example_rows(struct db *, const struct int_list *accounts, struct arena *, struct example_rows *out, struct err *);
/* Inside db_tx. The people's records themselves go by people_leave; before it what would hold their cards, behind it what is left. */
MUST_CHECK bool example_rows_remove(struct db *, struct arena *, const struct int_list *accounts, const struct example_rows *, struct err *);
MUST_CHECK bool example_cards_remove(struct db *, struct arena *, const struct example_rows *, struct err *);
