/* Keys that so many records share that they say nothing: what matching passed over, and the choice to look all the same. */
#include "customers/match_store.h"
#include "customers/review_flow.h"
#include "deadlines/shop.h"
#include "orders/customers_http.h"

#define SHOWN_MAX 200

static bool whole_shop(const struct request *rq, struct err *err)
{
    return !rq->who.accounts_count || err_set(err, ERR_FORBIDDEN, "", "this list is for those who see all accounts");
}

static bool samples_load(struct request *rq, const struct block_list *blocks, struct customer_source_list *out, struct err *err)
{
    rid *ids = ARENA_ARRAY(rq->work.arena, rid, blocks->count + 1);
    for (int i = 0; i < blocks->count; i++)
        ids[i] = blocks->at[i].source;
    if (blocks->count && !customer_sources_by_ids(rq->work.db, ids, blocks->count, rq->work.arena, out, err))
        return false;
    for (int i = 0; i < out->count; i++)
        ids[i] = out->at[i].customer_id;
    return !out->count || contacts_seen(rq, ids, out->count, "hubs", err);
}

static bool hubs_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct block_list           blocks  = { 0 };
    struct customer_source_list samples = { 0 };
    int64_t made = 0;
    if (!whole_shop(rq, err) || !identity_keys_made(rq->work.db, &made, err) ||
        !blocks_list(rq->work.db, SHOWN_MAX, rq->work.arena, &blocks, err) || !samples_load(rq, &blocks, &samples, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "keys_ready", made == KEYS_RECIPE);
    json_number(&j, "members_max", BLOCK_HOT);
    json_number(&j, "spared_max", BLOCK_SPARED);
    json_begin(&j, "items", '[');
    for (int i = 0; i < blocks.count; i++) {
        const struct block *b = &blocks.at[i];
        json_begin(&j, NULL, '{');
        json_text(&j, "key", str_print(rq->work.arena, "%lld", (long long)b->key));
        json_text(&j, "kind", b->kind);
        json_text(&j, "state", b->state);
        json_number(&j, "members", b->members);
        json_instant(&j, "at", b->at);
        json_text_or_null(&j, "decided_by", b->actor_name);
        json_begin(&j, "records", '[');
        for (int k = 0; k < samples.count; k++)
            if (id_eq(samples.at[k].id, b->source))
                source_write(&j, rq, &samples.at[k], NULL);
        json_end(&j);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

static bool hub_post(struct request *rq, struct reply *rp, struct err *err)
{
    str     state = json_str(json_get(rq->json, "state"));
    int64_t key;
    if (!whole_shop(rq, err))
        return false;
    if (!str_to_int(path_text(rq, "key"), &key))
        return err_set(err, ERR_NOT_FOUND, "key", "there is no such key");
    if (!str_is(state, "spared") && !str_is(state, "hub"))
        return err_add(err, "state", "must be spared or hub");
    struct block_choice choice = { (uint64_t)key, str_is(state, "spared"), rq->work.shop->country };
    if (!identity_block_decide(&rq->work, &choice, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route hub_routes[] = {
    { HTTP_GET, "/api/identity/hubs", PERM_CUSTOMERS_MERGE, hubs_get, .reply_schema = "IdentityHubs", .tag = "customers",
      .doc = "Keys that too many records share to make pairs, the largest first, as the last run has counted them; with one of the records" },
    { HTTP_POST, "/api/identity/hubs/{key}", PERM_CUSTOMERS_MERGE, hub_post, .json = true, .tag = "customers",
      .doc = "Say that a key is no hub (`state` spared) and its records are to be compared, or that it is one (hub)" },
    { .method = HTTP_NONE },
};
