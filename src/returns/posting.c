#include "returns/posting.h"

const char *const posting_part_names[] = { [POST_GOODS] = "goods", [POST_DELIVERY] = "delivery", [POST_POINTS] = "points", NULL };
_Static_assert(COUNT_OF(posting_part_names) == POSTING_PART_COUNT + 1, "a name per part");

/* clang-format off */
#define SEEN(member) FIELD(posting, member, .access = READ_ONLY)
static const struct field posting_fields[] = {
    FIELD(posting, doc, .access = READ_ONLY, .max = 20), SEEN(doc_id), SEEN(turn), SEEN(line),
    FIELD(posting, part, .access = READ_ONLY, .choices = posting_part_names),
    FIELD(posting, debit, .access = READ_ONLY, .max = 40), FIELD(posting, credit, .access = READ_ONLY, .max = 40),
    FIELD(posting, amount, .access = READ_ONLY, .price = true), FIELD(posting, currency, .access = READ_ONLY, .max = 3), SEEN(at),
    SEEN(account_id), SEEN(order_id), SEEN(return_id),
};
const struct record posting_record = RECORD(posting, "postings", posting_fields);
/* clang-format on */

static void add_line(const struct refund *m, int64_t turn, enum posting_part part, amount sum, instant at, struct arena *a, struct posting_list *out)
{
    if (sum.minor <= 0)
        return;
    *posting_list_add(out, a) = (struct posting){
        .doc = STR("refund"), .doc_id = m->id, .turn = turn, .line = (int64_t)part + 1, .part = part, .debit = STR(LEDGER_RETURNS),
        .credit = part == POST_POINTS ? STR(LEDGER_POINTS) : m->by_market ? STR(LEDGER_MARKETPLACE) : STR(LEDGER_BUYERS),
        .amount = sum, .currency = m->currency, .at = at, .account_id = m->account_id, .order_id = m->order_id, .return_id = m->return_id,
    };
}

static void lines_owed(const struct refund *m, int64_t turn, instant at, struct arena *a, struct posting_list *out)
{
    if (m->state != REFUND_APPROVED && m->state != REFUND_PAID)
        return;
    add_line(m, turn, POST_GOODS, (amount){ m->amount.minor - m->delivery.minor }, at, a, out);
    add_line(m, turn, POST_DELIVERY, m->delivery, at, a, out);
    add_line(m, turn, POST_POINTS, m->points, at, a, out);
}

static bool same_lines(const struct posting_list *x, const struct posting_list *y)
{
    bool same = x->count == y->count;
    for (int i = 0; i < x->count && same; i++)
        same = x->at[i].part == y->at[i].part && x->at[i].amount.minor == y->at[i].amount.minor && str_eq(x->at[i].credit, y->at[i].credit) &&
               str_eq(x->at[i].currency, y->at[i].currency);
    return same;
}

void refund_postings(const struct refund *m, const struct posting_list *written, instant now, struct arena *a, struct posting_list *out)
{
    struct posting_list stands = { 0 }, owed = { 0 };
    int64_t             turn   = written->count ? written->at[written->count - 1].turn : 0;
    *out = (struct posting_list){ 0 };
    for (int i = 0; i < written->count; i++)
        if (turn % 2 && written->at[i].turn == turn)
            *posting_list_add(&stands, a) = written->at[i];
    lines_owed(m, 0, now, a, &owed);
    if (same_lines(&stands, &owed))
        return;
    turn += stands.count > 0;
    for (int i = 0; i < stands.count; i++) {
        struct posting *p = posting_list_add(out, a);
        *p        = stands.at[i];
        p->turn   = turn;
        p->debit  = stands.at[i].credit;
        p->credit = stands.at[i].debit;
        p->at     = now;
    }
    lines_owed(m, turn + 1, now, a, out);
}
