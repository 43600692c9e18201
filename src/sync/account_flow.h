/* account_flow.h - what people change about accounts: connect, edit, pause, take away, say what a status means. Each change is one
 * transaction with its line in the log of changes; the engine hears of it after the commit. */
#pragma once
#include "sync/sync.h"

/* Makes an account of `io` (channel, name, base_url, mode, switch) and its settings. *hook_secret: of the address for
 * notifications, told once; empty when the market has none. */
MUST_CHECK bool account_create(struct sync_engine *, struct work *, struct channel_account *io, const struct setting_value_list *,
                               str *hook_secret, struct err *);
/* `change` edits the row and its opened settings; it may fail with all faults at once. Moving the account to another host takes the
 * secrets anew: else whoever may edit settings could have them sent to himself. ERR_VERSION_OLD with the stored row in *out. */
struct account_edit {
    rid     id;
    int64_t version;
    bool  (*change)(struct channel_account *, struct setting_value_list *, bool *secrets_came, void *ctx, struct err *);
    void   *ctx;
};
MUST_CHECK bool account_change(struct sync_engine *, struct work *, const struct account_edit *, struct channel_account *out, struct err *);
MUST_CHECK bool account_remove(struct sync_engine *, struct work *, rid id, int64_t version, struct err *);
/* ACCOUNT_ACTIVE (resume: errors are forgotten, everything is due) or ACCOUNT_PAUSED. */
MUST_CHECK bool account_set_state(struct sync_engine *, struct work *, rid id, enum account_state, struct err *);
/* All streams are due now. ERR_CONFLICT when the account is paused or its key is refused. */
MUST_CHECK bool account_fetch(struct sync_engine *, struct work *, rid id, struct err *);
/* A new address for notifications; the old one is dead. ERR_CONFLICT when the market has none. */
MUST_CHECK bool account_new_hook(struct sync_engine *, struct work *, rid id, str *secret, struct err *);
/* Saves what keys mean (`to` = HUB_STATUS_COUNT: as the connector says) and tries the events again that waited for them. */
MUST_CHECK bool account_map_statuses(struct sync_engine *, struct work *, rid id, const struct status_change *, int count,
                                     struct reapply_counts *out, struct err *);
/* People give up on a parked event. ERR_CONFLICT when it is not parked. */
MUST_CHECK bool parked_drop(struct work *, rid event_id, struct err *);
