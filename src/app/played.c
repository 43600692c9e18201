#include "app/played.h"

#include "channels/channel.h"
#include "sync/channel_account_store.h"

/* Any key opens the sandbox; Wildberries wants a token of the right shape: {"alg":"ES256","typ":"JWT"}.{"exp":4102444800,"s":16}. */
#define WB_TOKEN "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjQxMDI0NDQ4MDAsInMiOjE2fQ.ZGVtbw"

static const struct { const char *channel, *name, *path; struct { const char *name, *value; } settings[2]; } markets[] = {
    { "kaspi", "Kaspi", "/kaspi/shop/api", { { "token", "demo-karapuz-kaspi" } } },
    { "wildberries", "WB", "/wb", { { "token", WB_TOKEN } } },
    { "ozon", "Ozon", "/ozon", { { "client_id", "771234" }, { "api_key", "demo-karapuz-ozon" } } },
};

bool played_accounts_add(struct db *db, struct work *w, const struct secret_key *key, str before, str sandbox, struct int_list *out, struct err *err)
{
    struct arena *a = w->arena;
    for (int i = 0; i < COUNT_OF(markets); i++) {
        const struct channel *channel = channel_find(str_of(markets[i].channel));
        struct setting_value_list settings = { 0 };
        struct channel_account acc = {
            .id = work_id(w), .channel = str_of(channel->name), .name = str_print(a, "%.*s%s", STR_ARG(before), markets[i].name),
            .base_url = str_print(a, "%.*s%s", STR_ARG(sandbox), markets[i].path), .mode = ACCOUNT_LIVE, .state = ACCOUNT_ACTIVE, .version = 1,
            .created_at = w->now, .updated_at = w->now,
        };
        for (int k = 0; k < COUNT_OF(markets[i].settings) && markets[i].settings[k].name; k++)
            *setting_value_list_add(&settings, a) =
                (struct setting_value){ str_of(markets[i].settings[k].name), str_of(markets[i].settings[k].value) };
        account_settings_save(&acc, channel, key, a, &settings);
        if (!record_insert(db, &channel_account_record, &acc, err) || !streams_ensure(db, acc.id, channel->streams, w->now, err))
            return false;
        *int_list_add(out, a) = acc.id.v;
    }
    return true;
}

bool played_accounts_move(struct db *db, struct work *w, str from, str to, struct err *err)
{
    struct channel_account_list all = { 0 };
    if (!accounts_all(db, w->arena, &all, err))
        return false;
    for (int i = 0; i < all.count; i++) {
        struct channel_account now = all.at[i];
        if (!from.len || !str_starts(now.base_url, from))
            continue;
        now.base_url = str_print(w->arena, "%.*s%.*s", STR_ARG(to), STR_ARG(str_sub(now.base_url, from.len, SIZE_MAX)));
        if (!record_update(db, &channel_account_record, &now, record_diff(&channel_account_record, &all.at[i], &now), err))
            return false;
    }
    return true;
}
