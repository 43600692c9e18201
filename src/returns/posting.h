/* posting.h - money that goes back, as lines of the ledger (domain handbook §2, §15): debit, credit, amount, document, moment.
 *
 * A refund that is approved is a document. Its lines are written once under the key (document, turn, line) and never changed; what is not
 * owed after all is reversed by a turn with the sides exchanged, and posted anew by another. Odd turns post, even ones reverse. Accounts
 * are the symbolic ones of the handbook, and one more: what we owe buyers ourselves until it is paid out.
 */
#pragma once
#include "returns/return.h"

#define LEDGER_RETURNS     "returns"
#define LEDGER_MARKETPLACE "receivable_marketplace"
#define LEDGER_BUYERS      "payable_buyers"
#define LEDGER_POINTS      "points_liability"

enum posting_part { POST_GOODS, POST_DELIVERY, POST_POINTS, POSTING_PART_COUNT };
extern const char *const posting_part_names[];           /* "goods" "delivery" "points" */

struct posting {
    str     doc;                        /* "refund" */
    rid     doc_id;
    int64_t turn, line;
    enum posting_part part;
    str     debit, credit;
    amount  amount;                     /* above 0 */
    str     currency;
    instant at;
    rid     account_id, order_id, return_id;
};
LIST(posting)
extern const struct record posting_record;

/* What is to be written for the document to say what the refund says, given all that is written of it, in order. None: it does already. */
void refund_postings(const struct refund *, const struct posting_list *written, instant now, struct arena *, struct posting_list *out);
