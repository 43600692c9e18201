/* The weights by which buyers are compared: those of the handbook, those that hold, and each set that was learnt from verdicts. */
#include "customers/weights_flow.h"
#include "deadlines/shop.h"
#include "deadlines/shop_store.h"
#include "identity/learn.h"
#include "orders/customers_http.h"

#define SETS_MAX 20

static bool whole_shop(const struct request *rq, struct err *err)
{
    return !rq->who.accounts_count || err_set(err, ERR_FORBIDDEN, "", "this is for those who see all accounts");
}

/* What differs: [{code, before, after}]. */
static void changes_write(struct json_out *j, struct request *rq, const struct weight_set *s)
{
    struct pair_weights before, after;
    weights_read(rq->work.arena, s->before_json, &before);
    weights_read(rq->work.arena, s->weights, &after);
    json_begin(j, "changes", '[');
    for (int c = 1; c < EV_COUNT; c++)
        if (before.of[c] != after.of[c]) {
            json_begin(j, NULL, '{');
            json_text(j, "code", str_of(evidence_names[c]));
            json_number(j, "before", before.of[c]);
            json_number(j, "after", after.of[c]);
            json_end(j);
        }
    json_end(j);
}

static bool weights_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct weight_set_list     sets = { 0 };
    const struct pair_weights *now  = NULL;
    int64_t                    verdicts;
    if (!whole_shop(rq, err) || !weights_now(rq->work.db, rq->work.arena, &now, err) ||
        !weight_sets(rq->work.db, SETS_MAX, rq->work.arena, &sets, err) || !verdicts_by_people_count(rq->work.db, &verdicts, err))
        return false;
    now = now ? now : &pair_weights_default;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "verdicts", verdicts);
    json_number(&j, "verdicts_needed", LEARN_MIN);
    json_begin(&j, "weights", '[');
    for (int c = 1; c < EV_COUNT; c++)
        if (pair_weights_default.of[c]) {
            json_begin(&j, NULL, '{');
            json_text(&j, "code", str_of(evidence_names[c]));
            json_number(&j, "handbook", pair_weights_default.of[c]);
            json_number(&j, "now", now->of[c]);
            json_bool(&j, "learns", learn_is_free((enum evidence_code)c));
            json_end(&j);
        }
    json_end(&j);
    json_begin(&j, "sets", '[');
    bool holds = true;                          /* the newest that nobody took back */
    for (int i = 0; i < sets.count; i++) {
        bool kept = str_is(sets.at[i].state, "kept");
        json_begin(&j, NULL, '{');
        record_write_fields(&weight_set_record, &sets.at[i], &j, NULL);
        json_bool(&j, "holds", kept && holds);
        holds &= !kept;
        changes_write(&j, rq, &sets.at[i]);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

static bool weights_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct weight_set set;
    bool only_try = json_true(json_get(rq->json, "only_try"));
    if (!whole_shop(rq, err) || !weights_by_hand(&rq->work, rq->work.shop->country, only_try, &set, err))
        return false;
    if (!only_try && id_is_set(set.id))
        request_shop_changed(rq);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "verdicts", set.verdicts_n);
    if (id_is_set(set.id)) {
        changes_write(&j, rq, &set);
    } else {
        json_begin(&j, "changes", '[');
        json_end(&j);
    }
    json_end(&j);
    return true;
}

static bool weights_undo_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    if (!whole_shop(rq, err) || !path_id(rq, "id", &id, err) || !weights_undo(&rq->work, id, err))
        return false;
    request_shop_changed(rq);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route weight_routes[] = {
    { HTTP_GET, "/api/identity/weights", PERM_CUSTOMERS_MERGE, weights_get, .reply_schema = "IdentityWeights", .tag = "customers",
      .doc = "What agreement and difference of two records weigh, log2 of the likelihood x 100, and the sets that were learnt from verdicts" },
    { HTTP_POST, "/api/identity/weights", PERM_CUSTOMERS_MERGE, weights_post, .json = true, .reply_schema = "WeightsLearnt", .tag = "customers",
      .doc = "Learn the weights anew from what people have decided; {only_try: true} tells what would change" },
    { HTTP_POST, "/api/identity/weights/{id}/undo", PERM_CUSTOMERS_MERGE, weights_undo_post, .json = true, .tag = "customers",
      .doc = "Take a learnt set back: the weights before it hold again" },
    { .method = HTTP_NONE },
};
