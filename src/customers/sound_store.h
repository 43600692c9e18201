/* sound_store.h - finding people by how their names sound: in any alphabet and spelling, by short forms. */
#pragma once
#include "customers/customer_store.h"

/* The sounds of a name become keys of the customer. Inside db_tx. */
bool customer_sounds_add(struct db *, struct arena *, str name, rid customer, struct err *);
/* People of a name, at most `max` ids: those with these very words first, then, when there is room, those that sound the same.
 * However many people begin so, it looks at some ten thousand keys at most. */
MUST_CHECK bool customer_by_name(struct db *, str text, int max, struct arena *, struct int_list *out, struct err *);

/* Cards that show a name set by hand, by id. */
struct named { rid id; str name; };
LIST(named)
MUST_CHECK bool customers_named_after(struct db *, rid after, int max, struct arena *, struct named_list *out, struct err *);
