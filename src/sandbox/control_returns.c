/* control_returns.c - the back door for returns: looking at them, a buyer who asks for one, and what becomes of it. */
#include "sandbox/control.h"

static bool returns_get(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    str market = query_text(rq, "market"), order = query_text(rq, "order");
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < sb->returns.count; i++) {
        const struct mreturn *r = sb->returns.at[i];
        if ((!market.len || str_is(market, market_names[r->market])) && (!order.len || str_eq(order, r->order)))
            record_write_json(&mreturn_record, r, &j, NULL, NULL);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

/* Texts point into the request: they are copied to where the return lives. */
static void own_texts(struct sandbox *sb, struct mreturn *r)
{
    str *texts[] = { &r->id, &r->order, &r->reason, &r->text, &r->comment, &r->answer, &r->sku, &r->title };
    for (int i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = str_copy(&sb->arena, *texts[i]);
}

static struct morder *order_named(struct sandbox *sb, enum market market, str name, struct err *err)
{
    struct morder *o = morder_find(sb, market, name);
    if (!o)
        o = morder_by_number(sb, market, name);
    if (!o)
        err_set(err, ERR_NOT_FOUND, "order", "the market has no such order");
    return o;
}

static void write_return(struct request *rq, struct reply *rp, const struct mreturn *r)
{
    struct json_out j = reply_json(rq, rp);
    record_write_json(&mreturn_record, r, &j, NULL, NULL);
}

/* Kaspi tells returns by the order: there it is the order that goes back. */
static bool kaspi_return(struct sandbox *sb, struct morder *o, const struct json *body, struct err *err)
{
    for (const struct act *act = acts; act->name; act++)
        if (strcmp(act->name, "returns") == 0 && !act->run(sb, o, err))
            return false;
    str reason = json_str(json_get(body, "reason"));
    if (reason.len) {
        o->cancel_reason = str_copy(&sb->arena, reason);
        morder_changed(sb, o);
    }
    return true;
}

static bool return_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    enum market market;
    uint64_t    set;
    if (!control_market(json_str(json_get(rq->json, "market")), &market, err))
        return false;
    struct morder *o = order_named(sb, market, json_str(json_get(rq->json, "order")), err);
    if (!o)
        return false;
    rp->status = REPLY_CREATED;
    struct mreturn *r = mreturn_of(sb, o, json_true(json_get(rq->json, "parcel")), clock_now(&sb->clock));
    if (market == MARKET_KASPI) {
        if (!kaspi_return(sb, o, rq->json, err))
            return false;
        write_return(rq, rp, r);
        return true;
    }
    struct mreturn asked = *r;
    if (!record_read_json(&mreturn_record, rq->json, READ_UPDATE, &sb->arena, &asked, &set, err))
        return false;
    own_texts(sb, &asked);
    asked.market = market;
    asked.order  = o->id;
    if (!asked.id.len || mreturn_find(sb, market, asked.id))
        return err_set(err, ERR_CONFLICT, "id", "a return with this number exists");
    *r = asked;
    mreturn_keep(sb, r);
    write_return(rq, rp, r);
    return true;
}

/* {"market","return" or "order","event"}: the last return of the order. */
static bool return_act_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    enum market market;
    if (!control_market(json_str(json_get(rq->json, "market")), &market, err))
        return false;
    str name = json_str(json_get(rq->json, "return")), order = json_str(json_get(rq->json, "order"));
    struct mreturn *r = mreturn_find(sb, market, name);
    struct morder  *o = r ? NULL : order_named(sb, market, order.len ? order : name, err);
    if (!r && !o)
        return false;
    if (!r)
        r = mreturn_of_order(sb, o);
    if (!r)
        return err_set(err, ERR_NOT_FOUND, "return", "the market has no such return");
    const struct ract *act = ract_find(json_str(json_get(rq->json, "event")));
    if (!act)
        return err_set(err, ERR_BODY_INVALID, "event", "is not known here");
    if (!(act->from & BIT(r->stage)))
        return err_set(err, ERR_ACTION_REFUSED, "event", "%s does not happen to a return that is %s", act->name, rstage_names[r->stage]);
    mreturn_stage(sb, r, act->to);
    write_return(rq, rp, r);
    return true;
}

const struct route control_return_routes[] = {
    { HTTP_GET, "/control/returns", PERM_PUBLIC, returns_get, .tag = "control", .doc = "for tests" },
    { HTTP_POST, "/control/return", PERM_PUBLIC, return_post, .json = true, .no_csrf = true, .tag = "control", .doc = "for tests" },
    { HTTP_POST, "/control/return_act", PERM_PUBLIC, return_act_post, .json = true, .no_csrf = true, .tag = "control", .doc = "for tests" },
    { HTTP_NONE },
};
