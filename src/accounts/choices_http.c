/* How a person has arranged a screen. The server keeps it and says nothing about its meaning: what a screen no longer knows, or a
 * person may no longer see, the screen leaves out. */
#include "accounts/accounts_http.h"
#include "accounts/choice_flow.h"

static const char *const screens[] = { "overview", "board", "orders", "customers" };

static bool screen_of(const struct request *rq, str *out, struct err *err)
{
    *out = path_text(rq, "name");
    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "keys have no screens");
    for (int i = 0; i < COUNT_OF(screens); i++)
        if (str_is(*out, screens[i]))
            return true;
    return err_set(err, ERR_NOT_FOUND, "name", "there is no such screen");
}

static bool choice_http_get(struct request *rq, struct reply *rp, struct err *err)
{
    str name, value;
    if (!screen_of(rq, &name, err) || !choice_get(rq->work.db, rq->who.user_id, name, rq->work.arena, &value, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    if (value.len)
        json_raw(&j, "value", value);
    else
        json_null(&j, "value");
    json_end(&j);
    return true;
}

static bool choice_http_put(struct request *rq, struct reply *rp, struct err *err)
{
    str name;
    if (!screen_of(rq, &name, err) || !choice_save(&rq->work, name, json_print(rq->work.arena, rq->json), err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
const struct route choice_routes[] = {
    { HTTP_GET, "/api/choices/{name}", PERM_SIGNED_IN, choice_http_get, .reply_schema = "choice",
      .doc = "How the person has arranged a screen; null: never", .tag = "session" },
    { HTTP_PUT, "/api/choices/{name}", PERM_SIGNED_IN, choice_http_put, .json = true, .limit_bytes = 16384,
      .doc = "Keep how a screen is arranged", .tag = "session" },
    { .method = HTTP_NONE },
};
/* clang-format on */
