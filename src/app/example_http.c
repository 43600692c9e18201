/* The example of a new shop: is it there, may it be, show it, take it away. */
#include "app/example.h"

#include "deadlines/deadlines_http.h"
#include "deadlines/shop_store.h"

static bool example_get(struct request *rq, struct reply *rp, struct err *err)
{
    enum example_why why;
    if (!example_ask(&rq->work, &why, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "shown", why == EXAMPLE_SHOWN);
    json_text_or_null(&j, "why", str_of(example_why_names[why]));
    json_end(&j);
    return true;
}

static bool example_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct app *app = rq->app;
    if (!example_show(app->example, &rq->work, rq->who.language, err))
        return false;
    request_shop_changed(rq);
    return example_get(rq, rp, err);
}

static bool example_remove_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct app         *app = rq->app;
    struct example_gone gone;
    if (!example_remove(app->example, &rq->work, &gone, err))
        return false;
    request_shop_changed(rq);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "orders", gone.orders);
    json_number(&j, "returns", gone.returns);
    json_number(&j, "people", gone.people);
    json_end(&j);
    return true;
}

const struct route example_routes[] = {
    { HTTP_GET, "/api/example", PERM_SETTINGS, example_get, .reply_schema = "Example", .tag = "settings",
      .doc = "Is the example shown, and if it cannot be, why" },
    { HTTP_POST, "/api/example", PERM_SETTINGS, example_post, .reply_schema = "Example", .tag = "settings",
      .doc = "Fill an empty shop with the example: three played marketplaces inside this server" },
    { HTTP_POST, "/api/example/remove", PERM_SETTINGS, example_remove_post, .reply_schema = "ExampleGone", .tag = "settings",
      .doc = "Take the example away with all that came with it" },
    { .method = HTTP_NONE },
};
