/* Words on cards of people: which there are, and putting one on many cards or taking it off. */
#include "customers/tag_flow.h"
#include "orders/customers_http.h"

#define NAMES_MAX 200

void tags_members(struct json_out *j, const struct customer_tag_list *tags, rid customer)
{
    json_begin(j, "tags", '[');
    for (int i = 0; i < tags->count; i++)
        if (id_eq(tags->at[i].customer_id, customer))
            json_text(j, NULL, tags->at[i].tag);
    json_end(j);
}

bool tags_condition(struct request *rq, struct buf *where, struct err *err)
{
    str  asked = query_text(rq, "tag"), one;
    bool first = true;
    while (asked.len && str_split(&asked, ',', &one)) {
        if (!tag_read(rq->work.arena, one, "tag", &one, err)) {
            err->code = ERR_QUERY_INVALID;
            return false;
        }
        buf_print(where, "%s%lld", first ? " AND o.id IN (SELECT t.customer_id FROM customer_tags t WHERE t.tag_hash IN (" : ", ",
                  (long long)tag_hash(rq->work.arena, one));
        first = false;
    }
    if (!first)
        buf_add(where, STR("))"));
    return true;
}

static bool tags_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct str_list names = { 0 };
    if (!customer_tag_names(rq->work.db, NAMES_MAX, rq->work.arena, &names, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < names.count; i++)
        json_text(&j, NULL, names.at[i]);
    json_end(&j);
    json_end(&j);
    return true;
}

static bool ids_read(struct request *rq, rid **out, int *count, struct err *err)
{
    struct arena      *a    = rq->work.arena;
    const struct json *list = json_get(rq->json, "ids");
    struct int_list    ids  = { 0 };
    rid                id;
    if (!list || list->kind != JSON_ARRAY || !list->count || list->count > TAGGED_MAX)
        return err_add(err, "ids", "must be a list of 1 to %d ids", TAGGED_MAX);
    JSON_EACH(one, list) {
        bool twice = false;
        if (!id_parse(json_str(one), &id))
            return err_add(err, "ids", "must be ids");
        for (int i = 0; i < ids.count && !twice; i++)
            twice = ids.at[i] == id.v;
        if (!twice)
            *int_list_add(&ids, a) = id.v;
    }
    if (!customers_in_accounts(rq->work.db, rq->who.accounts, rq->who.accounts_count, a, &ids, err))
        return false;
    *out   = ARENA_ARRAY(a, rid, ids.count + 1);
    *count = ids.count;
    for (int i = 0; i < ids.count; i++)
        (*out)[i] = (rid){ ids.at[i] };
    return ids.count > 0 || err_set(err, ERR_NOT_FOUND, "ids", "there are no such customers");
}

static bool tags_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct json *on = json_get(rq->json, "on");
    struct tagged      done;
    rid               *ids = NULL;
    int                count = 0;
    str                tag;
    if (!tag_read(rq->work.arena, json_str(json_get(rq->json, "tag")), "tag", &tag, err))
        return false;
    if (on && on->kind != JSON_BOOL)
        return err_add(err, "on", "must be true or false");
    if (!ids_read(rq, &ids, &count, err) || !customers_tag(&rq->work, ids, count, tag, !on || json_true(on), &done, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "changed", '[');
    for (int i = 0; i < done.count; i++)
        json_id(&j, NULL, done.changed[i]);
    json_end(&j);
    json_number(&j, "left", done.left);
    json_end(&j);
    return true;
}

const struct route tag_routes[] = {
    { HTTP_GET, "/api/customers/tags", PERM_CUSTOMERS_SEE, tags_get, .reply_schema = "CustomerTags", .tag = "customers",
      .doc = "Words that are on cards of people" },
    { HTTP_POST, "/api/customers/tags", PERM_CUSTOMERS_TAG, tags_post, .json = true, .reply_schema = "CustomersTagged", .tag = "customers",
      .doc = "Put a word on cards, or take it off with on=false: {ids, tag, on}; `left` are cards that are full or live no more" },
    { .method = HTTP_NONE },
};
