/* people_import.h - people from a file: CSV or TSV, read into source records with all that is wrong in them. Pure.
 *
 * Columns are found by their headings, in four languages and any order; `map` names others. What nobody knows is passed over and
 * named. A row is one record of a person; two rows with one id are a mistake of the file.
 */
#pragma once
#include "customers/customer.h"
#include "orders/order_import.h"

#define PEOPLE_MARK "# customers"       /* the first cell of what we have exported */

enum people_column {
    PEOPLE_ID, PEOPLE_CUSTOMER_ID, PEOPLE_NAME, PEOPLE_SURNAME, PEOPLE_PATRONYMIC, PEOPLE_PHONE, PEOPLE_EMAIL, PEOPLE_CITY, PEOPLE_ADDRESS,
    PEOPLE_BIRTH_DATE, PEOPLE_CREATED, PEOPLE_COLUMN_COUNT
};
extern const char *const people_column_names[];          /* "external_id" "customer_id" "name" … */

struct people_row {
    int64_t      row;
    struct buyer buyer;                 /* account and moment are not set but for what the file tells */
    rid          customer_id;           /* of our own export; not set: none */
    unsigned     told;                  /* a bit per enum customer_value that has a value */
    struct import_trouble_list troubles;
    const str   *cells;                 /* as it stood in the file */
    int          count;
};
struct people_sheet {
    struct str_list headings, unknown;
    int64_t         rows;
};
typedef bool people_row_fn(void *ctx, struct people_row *, struct err *);

/* Each row and what it holds is in *batch, which the callback may reset. */
MUST_CHECK bool people_read(str bytes, const struct import_options *, struct arena *batch, struct arena *sheet_arena, struct people_sheet *,
                            people_row_fn *, void *ctx, struct err *);
