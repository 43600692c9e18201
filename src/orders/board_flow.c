#include "orders/board_flow.h"

#include "accounts/audit.h"
#include "base/buf.h"
#include "base/json_write.h"
#include "deadlines/shop_store.h"

/* Kept as "new=120,assembling=40". */
bool board_limits_load(struct db *db, struct arena *a, struct board_limits *out, struct err *err)
{
    str text, pair;
    *out = (struct board_limits){ 0 };
    if (!setting_get(db, STR("board_limits"), a, &text, err))
        return false;
    while (text.len && str_split(&text, ',', &pair)) {
        str     name = { 0 };
        int64_t n;
        int     status = str_split(&pair, '=', &name) ? name_find(hub_status_names, name) : -1;
        if (status >= 0 && str_to_int(pair, &n) && n > 0 && n <= BOARD_LIMIT_MAX)
            out->of[status] = n;
    }
    return true;
}

static str limits_text(struct arena *a, const struct board_limits *limits)
{
    struct buf b = buf_in(a);
    for (int s = 0; s < HUB_STATUS_COUNT; s++)
        if (limits->of[s] > 0)
            buf_print(&b, "%s%s=%lld", b.len ? "," : "", hub_status_names[s], (long long)limits->of[s]);
    return buf_str(&b);
}

static str limits_json(struct arena *a, const struct board_limits *limits)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    for (int s = 0; s < HUB_STATUS_COUNT; s++)
        if (limits->of[s] > 0)
            json_number(&j, hub_status_names[s], limits->of[s]);
    json_end(&j);
    return buf_str(&b);
}

struct saving { struct work *w; const struct board_limits *limits; };

static bool save_tx(struct db *db, void *ctx, struct err *err)
{
    struct saving      *s = ctx;
    struct arena       *a = s->w->arena;
    struct board_limits before;
    return board_limits_load(db, a, &before, err) && setting_set(db, STR("board_limits"), limits_text(a, s->limits), err) &&
           audit_write(db, s->w, STR("board.limits"), STR("settings"), (rid){ 0 }, limits_json(a, &before), limits_json(a, s->limits), err);
}

bool board_limits_save(struct work *w, const struct board_limits *limits, struct err *err)
{
    struct saving s = { w, limits };
    return db_tx(w->db, save_tx, &s, err);
}
