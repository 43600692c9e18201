/* Lines of the ledger that refunds have made, oldest first, for whoever keeps the books. */
#include "base/zone.h"
#include "deadlines/shop.h"
#include "returns/posting_store.h"
#include "returns/return_http.h"

#define PAGE_MAX 1000

static bool read_when(const struct request *rq, const char *name, int64_t fallback, instant *out, struct err *err)
{
    str text = query_text(rq, name);
    *out = (instant){ fallback };
    return !text.len || instant_parse(text, out) || err_set(err, ERR_QUERY_INVALID, name, "must be a moment such as 2026-12-16T00:00:00Z");
}

static bool read_after(str text, struct posting_ask *q, struct err *err)
{
    str at, doc, turn;
    if (!text.len)
        return true;
    bool ok = str_split(&text, '.', &at) && str_to_int(at, &q->after_at.ms) && str_split(&text, '.', &doc) && str_to_int(doc, &q->after_doc) &&
              str_split(&text, '.', &turn) && str_to_int(turn, &q->after_turn) && str_to_int(text, &q->after_line);
    return ok || err_set(err, ERR_QUERY_INVALID, "after", "is not a cursor of this list");
}

void posting_members(struct json_out *j, const struct posting *p, const struct shop *shop, struct arena *a, bool prices)
{
    json_text(j, "doc", p->doc);
    json_id(j, "doc_id", p->doc_id);
    json_number(j, "turn", p->turn);
    json_number(j, "line", p->line);
    json_text(j, "part", str_of(posting_part_names[p->part]));
    json_text(j, "debit", p->debit);
    json_text(j, "credit", p->credit);
    if (prices)
        json_amount_text(j, "amount", p->amount);
    else
        json_null(j, "amount");
    json_text(j, "currency", p->currency);
    json_text(j, "date", date_text(a, zone_day(shop->zone, p->at)));
    json_instant(j, "at", p->at);
}

static bool postings_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct arena       *a    = rq->work.arena;
    struct posting_ask  q    = { .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count };
    struct posting_list list = { 0 };
    bool                more, prices = permission_in(rq->who.permissions, PERM_PRICES_SEE);
    int64_t             limit;
    if (!read_when(rq, "from", 0, &q.from, err) || !read_when(rq, "until", INT64_MAX, &q.until, err) ||
        !query_int(rq, "limit", 1, PAGE_MAX, 200, &limit, err) || !read_after(query_text(rq, "after"), &q, err))
        return false;
    q.limit = (int)limit;
    if (!postings_page(rq->work.db, &q, a, &list, &more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++) {
        json_begin(&j, NULL, '{');
        posting_members(&j, &list.at[i], rq->work.shop, a, prices);
        json_id(&j, "account_id", list.at[i].account_id);
        json_id(&j, "order_id", list.at[i].order_id);
        json_id(&j, "return_id", list.at[i].return_id);
        json_end(&j);
    }
    json_end(&j);
    const struct posting *last = list.count ? &list.at[list.count - 1] : NULL;
    json_text_or_null(&j, "next", more && last ? str_print(a, "%lld.%lld.%lld.%lld", (long long)last->at.ms, (long long)last->doc_id.v, (long long)last->turn,
                                                           (long long)last->line) : STR(""));
    json_end(&j);
    return true;
}

static const struct query_param params[] = {
    { "from", "RFC 3339" }, { "until", "RFC 3339, left out" }, { "limit", "1 to 1000" }, { "after", "cursor of the page before" }, { NULL, NULL },
};

const struct route posting_routes[] = {
    { HTTP_GET, "/api/postings", PERM_RETURNS_CONFIRM, postings_get, .reply_schema = "PostingPage", .query = params, .tag = "returns",
      .doc = "Money that goes back to buyers as lines of the ledger, oldest first: debit, credit, document; what was not owed after all is reversed" },
    { .method = HTTP_NONE },
};
