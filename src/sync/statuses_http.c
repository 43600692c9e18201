/* statuses_http.c - what the market's words mean to an account, and saying so. */
#include "sync/channels_own_http.h"

#include "orders/intake_store.h"
#include "sync/account_flow.h"

#define ROWS_MAX 500

static void status_write(struct json_out *j, str key, const struct status_choice *choice, bool changed, const char *note, int64_t unknown)
{
    json_begin(j, NULL, '{');
    json_text(j, "key", key);
    json_text_or_null(j, "hub_status", choice ? str_of(hub_status_names[choice->to]) : STR(""));
    json_bool(j, "keeps", choice && choice->keeps);
    json_begin(j, "marks", '[');
    for (int m = 0; m < MARK_COUNT; m++)
        if (choice && (choice->marks & BIT(m)))
            json_text(j, NULL, str_of(order_mark_names[m]));
    json_end(j);
    json_bool(j, "changed", changed);
    json_text_or_null(j, "note", str_of(note));
    json_number(j, "unknown", unknown);
    json_end(j);
}

static bool is_changed(const struct status_map *map, str key)
{
    for (int i = 0; i < map->changes.count; i++)
        if (str_eq(map->changes.at[i].key, key))
            return true;
    return false;
}

static const struct status_row *row_named(const struct channel *c, str key)
{
    for (const struct status_row *row = c->statuses; row && row->key; row++)
        if (str_is(key, row->key))
            return row;
    return NULL;
}

/* A row of the table is shown as it is: a key with a star in it is no word of the market to be looked up. */
static struct status_choice row_choice(const struct status_map *map, const struct status_row *row)
{
    struct status_choice choice = { row->to, row->keeps, row->marks, row->cancel_side }, found;
    if (status_map_find(map, str_of(row->key), &found))
        return found;
    for (int i = 0; i < map->changes.count; i++)
        if (str_is(map->changes.at[i].key, row->key))
            choice.to = map->changes.at[i].to, choice.keeps = false;
    return choice;
}

static void statuses_write(struct json_out *j, const struct status_map *map, rid id, const struct parked_count_list *parked)
{
    struct status_choice choice;
    for (int i = 0; i < parked->count; i++)
        if (id_eq(parked->at[i].account_id, id) && str_is(parked->at[i].problem_code, "channel.status") &&
            !status_map_find(map, parked->at[i].status_key, &choice))
            status_write(j, parked->at[i].status_key, NULL, false, NULL, parked->at[i].n);
    for (const struct status_row *row = map->channel->statuses; row && row->key; row++) {
        choice = row_choice(map, row);
        status_write(j, str_of(row->key), &choice, is_changed(map, str_of(row->key)), row->note, 0);
    }
    for (int i = 0; i < map->changes.count; i++)
        if (!row_named(map->channel, map->changes.at[i].key) && status_map_find(map, map->changes.at[i].key, &choice))
            status_write(j, map->changes.at[i].key, &choice, true, NULL, 0);
}

bool statuses_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct channel_account   acc    = { 0 };
    struct status_map        map    = { 0 };
    struct parked_count_list parked = { 0 };
    rid id;
    if (!path_account(rq, &id, err) || !account_get(rq->work.db, id, rq->work.arena, &acc, err) ||
        !status_changes_of(rq->work.db, id, rq->work.arena, &map.changes, err) ||
        !intake_parked_counts(rq->work.db, rq->work.arena, &parked, err))
        return false;
    map.channel = sync_channel(request_sync(rq), acc.channel);
    map.accepted_means_assembling = acc.accepted_means_assembling;
    if (!map.channel)
        return err_set(err, ERR_CONFLICT, "channel", "this version does not know the channel");
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    statuses_write(&j, &map, id, &parked);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

static bool is_there(const struct status_change *rows, int count, str key)
{
    for (int i = 0; i < count; i++)
        if (str_eq(rows[i].key, key))
            return true;
    return false;
}

/* {"rows":[{"key":"…","hub_status":"confirmed"|null}]} */
static bool rows_read(struct request *rq, struct status_change **out, int *count, struct err *err)
{
    const struct json *rows = json_get(rq->json, "rows");
    if (!rows || rows->kind != JSON_ARRAY)
        return err_add(err, "rows", "must be a list");
    if (rows->count > ROWS_MAX)
        return err_set(err, ERR_LIMIT, "rows", "at most %d at once", ROWS_MAX);
    *out = ARENA_ARRAY(rq->work.arena, struct status_change, rows->count + 1);
    JSON_EACH(row, rows) {
        str key = json_str(json_get(row, "key")), name = json_str(json_get(row, "hub_status"));
        int to  = name.len ? name_find(hub_status_names, name) : HUB_STATUS_COUNT;
        const char *field = str_zero(rq->work.arena, str_print(rq->work.arena, "rows.%d", row->index));
        if (row->kind != JSON_OBJECT || !key.len || key.len > 200)
            err_add(err, field, "key must be text of at most 200 bytes");
        else if (to < 0)
            err_add(err, field, "hub_status must be a status or null");
        else if (is_there(*out, *count, key))
            err_add(err, field, "says again what an earlier row says of this key");
        else
            (*out)[(*count)++] = (struct status_change){ key, (enum hub_status)to };
    }
    return !err_is_set(err);
}

bool statuses_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct status_change *rows = NULL;
    struct reapply_counts c;
    int count = 0;
    rid id;
    if (!path_account(rq, &id, err) || !rows_read(rq, &rows, &count, err) ||
        !account_map_statuses(request_sync(rq), &rq->work, id, rows, count, &c, err))
        return false;
    return statuses_get(rq, rp, err);
}
