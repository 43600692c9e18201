/* Which records are one person: merging, taking apart, suggestions, verdicts, runs. */
#include "orders/customers_http.h"

#include "customers/merge_flow.h"
#include "deadlines/shop.h"
#include "orders/no_contact_flow.h"
#include "orders/person_store.h"

#define DECIDE_MAX 200
#define MERGE_MAX  50
#define COUNTED_MAX 1000
#define SHARE_OF    20000               /* newest orders, of which the share of known buyers is told */

static bool other_of(struct request *rq, rid *out, struct err *err)
{
    rid told;
    if (!id_parse(json_str(json_get(rq->json, "with")), &told))
        return err_add(err, "with", "must be the id of a customer");
    if (!customer_living(rq->work.db, told, out, err))
        return false;
    if (!id_is_set(*out))
        return err_set(err, ERR_NOT_FOUND, "with", "there is no such customer");
    return customer_in_scope(rq, *out, err);
}

static bool choices_read(const struct json *object, enum merge_choice *out, struct err *err)
{
    bool ok = true;
    JSON_EACH(m, object) {
        enum customer_value v = customer_value_find(m->key);
        int choice = name_find(merge_choice_names, json_str(m));
        if (v == VALUE_COUNT || choice < 0)
            ok = err_add(err, "choices", "must say computed, kept or gone for name, phone, email, city or birth_date");
        else
            out[v] = (enum merge_choice)choice;
    }
    return ok;
}

static bool plan_read(struct request *rq, struct merge_plan *m, struct err *err)
{
    *m = (struct merge_plan){ .by_person = true, .country = rq->work.shop->country, .withdraw = json_true(json_get(rq->json, "withdraw")) };
    if (!request_customer(rq, &m->kept, err) || !other_of(rq, &m->gone, err))
        return false;
    const struct json *own = json_get(rq->json, "version"), *other = json_get(rq->json, "with_version");
    if ((own && !json_int(own, &m->kept_version)) || (other && !json_int(other, &m->gone_version)))
        return err_add(err, "version", "must be a number");
    return choices_read(json_get(rq->json, "choices"), m->choices, err);
}

static void sums_write(struct json_out *j, const char *key, const struct merge_sums *s, bool prices)
{
    json_begin(j, key, '{');
    json_number(j, "orders", s->orders);
    if (prices)
        json_amount_text(j, "sum", s->sum);
    else
        json_null(j, "sum");
    json_text_or_null(j, "currency", s->currency);
    json_instant(j, "first_at", s->first);
    json_instant(j, "last_at", s->last);
    json_end(j);
}

static void view_write(struct json_out *j, const char *key, struct request *rq, const struct merge_view *v, rid event)
{
    struct record_view view = contact_view(rq);
    json_begin(j, key, '{');
    record_write_json(&customer_record, &v->kept, j, "kept", &view);
    record_write_json(&customer_record, &v->gone, j, "gone", &view);
    record_write_json(&customer_record, &v->united, j, "united", &view);
    json_begin(j, "totals", '{');
    sums_write(j, "kept", &v->sums[0], view.prices);
    sums_write(j, "gone", &v->sums[1], view.prices);
    sums_write(j, "united", &v->sums[2], view.prices);
    json_end(j);
    json_begin(j, "sources", '[');
    for (int i = 0; i < v->sources.count; i++)
        if (source_in_scope(rq, &v->sources.at[i]))
            source_write(j, rq, &v->sources.at[i], NULL);
    json_end(j);
    json_begin(j, "consents", '[');
    for (int i = 0; i < v->consents.count; i++) {
        json_begin(j, NULL, '{');
        json_text(j, "purpose", v->consents.at[i].purpose);
        json_text(j, "medium", v->consents.at[i].medium);
        json_text(j, "state", v->consents.at[i].state);
        json_end(j);
    }
    json_end(j);
    json_bool(j, "barred", v->barred.count > 0);
    json_id(j, "event_id", event);
    json_end(j);
}

static bool preview_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct merge_plan m;
    struct merge_view v;
    if (!plan_read(rq, &m, err) || !merge_look(rq->work.db, &rq->work, &m, &v, err))
        return false;
    const rid both[2] = { m.kept, m.gone };
    if (!contacts_seen(rq, both, 2, "merge", err))
        return false;
    struct json_out j = reply_json(rq, rp);
    view_write(&j, NULL, rq, &v, (rid){ 0 });
    return true;
}

static bool merge_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct merge_plan m;
    struct merge_view v;
    rid event = { 0 };
    if (!plan_read(rq, &m, err))
        return false;
    if (!m.kept_version || !m.gone_version)
        return err_set(err, ERR_VERSION_MISSING, "version", "say which versions of the two cards you have seen: version, with_version");
    bool ok = merge_do(&rq->work, &m, &v, &event, err);
    if (ok || err->code == ERR_VERSION_OLD) {
        struct json_out j = reply_json(rq, rp);
        view_write(&j, NULL, rq, &v, event);
    }
    return ok;
}

static bool many_read(struct request *rq, struct merge_many_plan *m, struct err *err)
{
    const struct json *others = json_get(rq->json, "others"), *version = json_get(rq->json, "version");
    int count = others && others->kind == JSON_ARRAY ? (int)others->count : 0;
    if (count < 1 || count > MERGE_MAX)
        return err_add(err, "others", "must be a list of 1 to %d cards", MERGE_MAX);
    rid     *gone     = ARENA_ARRAY(rq->work.arena, rid, count + 1);
    int64_t *versions = ARENA_ARRAY(rq->work.arena, int64_t, count + 1);
    if (!request_customer(rq, &m->kept, err))
        return false;
    if (version && !json_int(version, &m->kept_version))
        return err_add(err, "version", "must be a number");
    JSON_EACH(one, others) {
        const struct json *seen = json_get(one, "version");
        rid                told;
        if (!id_parse(json_str(json_get(one, "id")), &told) || (seen && !json_int(seen, &versions[m->count])))
            return err_add(err, "others", "must have the id of a customer and its version");
        if (!customer_living(rq->work.db, told, &gone[m->count], err))
            return false;
        if (!id_is_set(gone[m->count]))
            return err_set(err, ERR_NOT_FOUND, "others", "there is no such customer");
        if (!customer_in_scope(rq, gone[m->count], err))
            return false;
        m->count++;
    }
    m->gone          = gone;
    m->gone_versions = versions;
    return true;
}

static bool merge_many_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct merge_many_plan m = { .country = rq->work.shop->country, .withdraw = json_true(json_get(rq->json, "withdraw")),
                                 .only_try = json_true(json_get(rq->json, "only_try")) };
    struct merge_many_done done;
    struct record_view     view = contact_view(rq);
    if (!many_read(rq, &m, err))
        return false;
    bool seen = m.kept_version > 0;
    for (int i = 0; i < m.count; i++)
        seen = seen && m.gone_versions[i] > 0;
    if (!seen && !m.only_try)
        return err_set(err, ERR_VERSION_MISSING, "version", "say which versions of the cards you have seen: version, and that of each other");
    if (!merge_many(&rq->work, &m, &done, err) || !contacts_seen(rq, &m.kept, 1, "merge", err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    record_write_json(&customer_record, &done.kept, &j, "kept", &view);
    sums_write(&j, "totals", &done.sums, view.prices);
    json_bool(&j, "barred", done.barred);
    json_begin(&j, "events", '[');
    for (int i = 0; i < m.count && !m.only_try; i++)
        json_id(&j, NULL, done.events[i]);
    json_end(&j);
    json_end(&j);
    return true;
}

static bool unmerge_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct unmerge_plan u = { .forget = json_true(json_get(rq->json, "forget")), .country = rq->work.shop->country };
    struct unmerge_done done;
    struct record_view  view = contact_view(rq);
    str source = json_str(json_get(rq->json, "source")), event = json_str(json_get(rq->json, "event"));
    const struct json *version = json_get(rq->json, "version");

    if (!request_customer(rq, &u.customer, err))
        return false;
    if (source.len == 0 ? !id_parse(event, &u.event) : !id_parse(source, &u.source))
        return err_add(err, source.len ? "source" : "event", "must be the id of a record or of a merge");
    if (version && !json_int(version, &u.version))
        return err_add(err, "version", "must be a number");
    bool ok = unmerge_do(&rq->work, &u, &done, err);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(done.kept.id))) {
        struct json_out j = reply_json(rq, rp);
        json_begin(&j, NULL, '{');
        record_write_json(&customer_record, &done.kept, &j, "kept", &view);
        if (ok)
            record_write_json(&customer_record, &done.gone, &j, "gone", &view);
        json_id(&j, "event_id", done.event);
        json_end(&j);
    }
    return ok;
}

/* ---- verdicts ---- */

static bool verdict_post(struct request *rq, struct reply *rp, struct err *err)
{
    str verdict = json_str(json_get(rq->json, "verdict"));
    rid one, other;
    if (!request_customer(rq, &one, err) || !other_of(rq, &other, err))
        return false;
    if (str_is(verdict, "withdrawn") ? !verdict_withdraw_between(&rq->work, one, other, rq->work.shop->country, err)
                                     : !(str_is(verdict, "different") || str_is(verdict, "same")) ?
                                       !err_add(err, "verdict", "must be different, same or withdrawn")
                                     : !verdict_between(&rq->work, one, other, verdict, rq->work.shop->country, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- suggestions ---- */

struct pairs {
    struct suggestion_list       list;
    struct customer             *cards;
    int                          cards_n;
    struct customer_source_list  sources;
    struct customer_channel_list channels;
    struct customer_tag_list     tags;
    struct int_list              silent;
};

static bool pairs_load(struct request *rq, struct pairs *p, rid *ids, struct err *err)
{
    struct arena *a = rq->work.arena;
    int           n = p->list.count * 2;
    rid          *records = ARENA_ARRAY(a, rid, n + 1);
    for (int i = 0; i < p->list.count; i++) {
        ids[2 * i]         = p->list.at[i].customer_a;
        ids[2 * i + 1]     = p->list.at[i].customer_b;
        records[2 * i]     = p->list.at[i].a_id;
        records[2 * i + 1] = p->list.at[i].b_id;
    }
    p->cards = ARENA_ARRAY(a, struct customer, n + 1);
    return !n || (record_load(rq->work.db, &customer_record, ids, n, a, p->cards, &p->cards_n, err) &&
                  customer_sources_by_ids(rq->work.db, records, n, a, &p->sources, err) &&
                  customer_channels(rq->work.db, ids, n, a, &p->channels, err) && customer_tags_of(rq->work.db, ids, n, a, &p->tags, err));
}

static void side_write(struct json_out *j, const char *key, struct request *rq, const struct pairs *p, rid customer, rid source)
{
    json_begin(j, key, '{');
    for (int i = 0; i < p->cards_n; i++)
        if (id_eq(p->cards[i].id, customer)) {
            customer_members(j, rq, &p->cards[i], &p->channels, &p->tags, &p->silent);
            break;
        }
    json_begin(j, "records", '[');
    for (int i = 0; i < p->sources.count; i++)
        if (id_eq(p->sources.at[i].id, source))
            source_write(j, rq, &p->sources.at[i], NULL);
    json_end(j);
    json_end(j);
}

static bool cursor_read(str text, struct suggestion_page *p)
{
    str score, rest = text;
    return str_split(&rest, '_', &score) && str_to_int(score, &p->after_score) && id_parse(rest, &p->after_id);
}

static bool suggestions_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct pairs           p    = { 0 };
    struct suggestion_page page = { 0 };
    str     after = query_text(rq, "after");
    int64_t limit, count = 0;
    bool    more = false;

    if (!query_int(rq, "limit", 1, 100, 20, &limit, err))
        return false;
    page.limit     = (int)limit;
    page.has_after = after.len > 0;
    if (after.len && !cursor_read(after, &page))
        return err_set(err, ERR_QUERY_INVALID, "after", "is not a cursor of this list");
    page.accounts       = rq->who.accounts;
    page.accounts_count = rq->who.accounts_count;
    rid ids[200];
    if (!suggestions_page(rq->work.db, &page, rq->work.arena, &p.list, &more, err) || !pairs_load(rq, &p, ids, err) ||
        !suggestions_count(rq->work.db, page.accounts, page.accounts_count, COUNTED_MAX, &count, err) || !no_contact_cards(rq->work.db, rq->work.arena, p.cards, p.cards_n, NULL, &p.silent, err) || !customers_as_seen(rq, p.cards, p.cards_n, err) || !contacts_seen(rq, ids, p.list.count * 2, "suggestions", err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < p.list.count; i++) {
        const struct suggestion *s = &p.list.at[i];
        json_begin(&j, NULL, '{');
        json_id(&j, "id", s->id);
        json_text(&j, "rule", s->rule);
        json_number(&j, "score", s->score);
        if (s->evidence.len)
            json_raw(&j, "evidence", s->evidence);
        else
            json_null(&j, "evidence");
        json_instant(&j, "at", s->at);
        side_write(&j, "a", rq, &p, s->customer_a, s->a_id);
        side_write(&j, "b", rq, &p, s->customer_b, s->b_id);
        json_end(&j);
    }
    json_end(&j);
    const struct suggestion *last = more ? &p.list.at[p.list.count - 1] : NULL;
    json_text_or_null(&j, "next", last ? str_print(rq->work.arena, "%lld_%lld", (long long)last->score, (long long)last->id.v) : STR(""));
    json_number(&j, "count", count);
    json_bool(&j, "count_is_floor", count >= COUNTED_MAX);
    json_end(&j);
    return true;
}

/* Whoever sees some accounts decides about their records. */
static bool pair_in_scope(struct request *rq, const struct suggestion *s, struct err *err)
{
    struct customer_source_list records = { 0 };
    const rid ids[2] = { s->a_id, s->b_id };
    if (!rq->who.accounts_count)
        return true;
    if (!customer_sources_by_ids(rq->work.db, ids, 2, rq->work.arena, &records, err))
        return false;
    for (int i = 0; i < records.count; i++)
        if (!source_in_scope(rq, &records.at[i]))
            return err_set(err, ERR_NOT_FOUND, "id", "there is no such suggestion");
    return true;
}

/* The card with more orders goes on, of equals the older one. */
static bool decide_one(struct request *rq, rid id, str decision, rid *event, struct err *err)
{
    struct suggestion s;
    struct customer   cards[2];
    struct merge_view now;
    int               found = 0;

    if (!record_get(rq->work.db, &suggestion_record, id, rq->work.arena, &s, err))
        return false;
    if (!str_is(s.state, "open"))
        return err_set(err, ERR_CONFLICT, "id", "this was decided meanwhile");
    if (!pair_in_scope(rq, &s, err))
        return false;
    if (str_is(decision, "different"))
        return verdict_between(&rq->work, s.customer_a, s.customer_b, decision, rq->work.shop->country, err);
    if (!str_is(decision, "merge"))
        return err_add(err, "decision", "must be merge or different");
    const rid ids[2] = { s.customer_a, s.customer_b };
    if (!record_load(rq->work.db, &customer_record, ids, 2, rq->work.arena, cards, &found, err))
        return false;
    bool second = found == 2 && cards[1].orders_count > cards[0].orders_count;
    struct merge_plan m = {
        .kept = ids[second], .gone = ids[!second], .by_person = true, .country = rq->work.shop->country, .score = s.score, .evidence = s.evidence,
        .source = second ? s.a_id : s.b_id, .with_source = second ? s.b_id : s.a_id,
    };
    return merge_do(&rq->work, &m, &now, event, err);
}

static bool decide_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json *items = json_get(rq->json, "items");
    if (!items || items->kind != JSON_ARRAY || items->count > DECIDE_MAX)
        return err_add(err, "items", "must be a list of at most %d", DECIDE_MAX);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "results", '[');
    JSON_EACH(one, items) {
        struct err why   = { 0 };
        rid        id    = { 0 }, event = { 0 };
        bool ok = id_parse(json_str(json_get(one, "id")), &id) ? decide_one(rq, id, json_str(json_get(one, "decision")), &event, &why)
                                                               : err_add(&why, "id", "must be the id of a suggestion");
        if (!ok && (why.code == ERR_DB_DOWN || why.code == ERR_DB_FULL)) {
            *err = why;
            return false;
        }
        json_begin(&j, NULL, '{');
        json_id(&j, "id", id);
        json_bool(&j, "ok", ok);
        json_id(&j, "event_id", event);
        json_text_or_null(&j, "code", ok ? STR("") : str_of(err_kind(why.code)->code));
        json_text(&j, "text", ok ? STR("") : str_of(why.item[0].text));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

/* ---- what is known of how well buyers are known ---- */

static bool summary_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct identified_list share = { 0 };
    int64_t open = 0;
    if (!identified_share(rq->work.db, SHARE_OF, rq->work.arena, &share, err) || 
        !suggestions_count(rq->work.db, rq->who.accounts, rq->who.accounts_count, COUNTED_MAX, &open, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "suggestions", open);
    json_number(&j, "of_orders", SHARE_OF);
    json_begin(&j, "identified", '[');
    for (int i = 0; i < share.count; i++) {
        const struct identified *s = &share.at[i];
        bool seen = !rq->who.accounts_count;
        for (int k = 0; k < rq->who.accounts_count && !seen; k++)
            seen = id_eq(rq->who.accounts[k], s->account_id);
        if (!seen)
            continue;
        json_begin(&j, NULL, '{');
        json_id(&j, "account_id", s->account_id);
        json_text(&j, "channel", s->channel);
        json_text(&j, "name", s->name);
        json_number(&j, "orders", s->orders);
        json_number(&j, "known", s->known);
        json_number(&j, "share_bp", s->orders ? (s->known * 10000 + s->orders / 2) / s->orders : 0);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

/* ---- runs ---- */

static bool runs_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct identity_run *rows = ARENA_ARRAY(rq->work.arena, struct identity_run, 200);
    struct record_query  list = { .default_sort = "-id", .limit_max = 200 };
    str next = STR("");
    int count = 0;
    if (!record_list(rq->work.db, &run_record, &list, rq->query, rq->work.arena, rows, &count, &next, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < count; i++)
        record_write_json(&run_record, &rows[i], &j, NULL, NULL);
    json_end(&j);
    json_text_or_null(&j, "next", next);
    json_end(&j);
    return true;
}

static bool run_undo_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    int undone = 0;
    if (!path_id(rq, "id", &id, err) ||
        !unmerge_run(&rq->work, id, json_str(json_get(rq->json, "rule")), json_true(json_get(rq->json, "forget")), &undone, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "undone", undone);
    json_end(&j);
    return true;
}

static const struct query_param page_params[] = { { "limit", "1 to 100" }, { "after", "cursor of the page before" }, { NULL, NULL } };
const struct route identity_routes[] = {
    { HTTP_POST, "/api/customers/{id}/merge/preview", PERM_CUSTOMERS_MERGE, preview_post, .json = true, .reply_schema = "MergeView",
      .tag = "customers", .doc = "What merging `with` into this card would give; nothing is changed" },
    { HTTP_POST, "/api/customers/{id}/merge", PERM_CUSTOMERS_MERGE, merge_post, .json = true, .reply_schema = "MergeView", .tag = "customers",
      .doc = "Merge `with` into this card; `version` and `with_version` as seen" },
    { HTTP_POST, "/api/customers/{id}/merge/many", PERM_CUSTOMERS_MERGE, merge_many_post, .json = true, .reply_schema = "MergedMany", .tag = "customers",
      .doc = "Merge all `others` ({id, version}) into this card, or none of them; with `only_try` say what it would be" },
    { HTTP_POST, "/api/customers/{id}/unmerge", PERM_CUSTOMERS_MERGE, unmerge_post, .json = true, .reply_schema = "UnmergeDone", .tag = "customers",
      .doc = "Take a record (`source`) out of this card, or a whole merge (`event`) back; `forget` leaves no verdict" },
    { HTTP_POST, "/api/customers/{id}/verdict", PERM_CUSTOMERS_MERGE, verdict_post, .json = true, .tag = "customers",
      .doc = "Say that this card and `with` are `different` people or the `same`; `withdrawn` takes it back" },
    { HTTP_GET, "/api/identity/suggestions", PERM_CUSTOMERS_MERGE, suggestions_get, .reply_schema = "SuggestionPage", .query = page_params,
      .tag = "customers", .doc = "Pairs that may be one person, the likeliest first, with reasons" },
    { HTTP_POST, "/api/identity/suggestions/decide", PERM_CUSTOMERS_MERGE, decide_post, .json = true, .reply_schema = "SuggestionsDecided",
      .tag = "customers", .doc = "Decide up to 200 suggestions: `merge` or `different` each" },
    { HTTP_GET, "/api/identity/summary", PERM_CUSTOMERS_SEE, summary_get, .reply_schema = "IdentitySummary", .tag = "customers",
      .doc = "How many suggestions wait, and of how many newest orders the buyer is known, by channel account" },
    { HTTP_GET, "/api/identity/runs", PERM_CUSTOMERS_MERGE, runs_get, .reply = &run_record, .list = true, .tag = "customers",
      .doc = "Runs of the rules over all records, newest first" },
    { HTTP_POST, "/api/identity/runs/{id}/undo", PERM_CUSTOMERS_MERGE, run_undo_post, .json = true, .reply_schema = "RunUndone", .tag = "customers",
      .doc = "Take back everything that a run did, or one `rule` of it" },
    { .method = HTTP_NONE },
};
