/* posting_store.h - lines of the ledger, in the order in which they were written. */
#pragma once
#include "db/db.h"
#include "returns/posting.h"

MUST_CHECK bool postings_of_refund(struct db *, rid refund_id, struct arena *, struct posting_list *out, struct err *);
MUST_CHECK bool posting_insert(struct db *, const struct posting *, struct err *);
MUST_CHECK bool postings_of_return(struct db *, rid return_id, struct arena *, struct posting_list *out, struct err *);
struct posting_ask {
    instant    from, until;
    const rid *accounts;                /* scope; count 0 = all */
    int        accounts_count, limit;
    instant    after_at;                /* the last of the page before; all 0: from the beginning */
    int64_t    after_doc, after_turn, after_line;
};
MUST_CHECK bool postings_page(struct db *, const struct posting_ask *, struct arena *, struct posting_list *out, bool *more, struct err *);
