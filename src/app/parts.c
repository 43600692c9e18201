#include "app/parts.h"

#include "accounts/accounts_http.h"
#include "app/example.h"
#include "app/notice_http.h"
#include "app/overview_http.h"
#include "app/presence_http.h"
#include "orders/customers_http.h"
#include "deadlines/deadlines_http.h"
#include "orders/queue_http.h"
#include "orders/standing_http.h"
#include "orders/transfer_http.h"
#include "returns/return_http.h"
#include "sync/channels_http.h"
#include "webhooks/webhook_http.h"

const struct route *const api_routes[] = {
    system_routes, setup_routes, session_routes, factor_routes, user_routes, role_routes, invitation_routes, key_routes, view_routes, audit_routes,
    figure_routes, choice_routes, board_routes, example_routes,
    overview_routes, notice_routes, queue_routes, order_card_routes, order_routes, task_routes, presence_routes, search_routes, transfer_routes,
    customer_routes, customer_card_routes, identity_routes, hub_routes, tag_routes, card_note_routes, weight_routes, privacy_routes, no_contact_routes, people_file_routes, deadline_routes, channel_routes, label_routes, hook_routes, webhook_routes, way_routes,
    standing_routes, work_report_routes, rule_day_routes, return_report_routes,
    return_routes, return_card_routes, return_make_routes, return_bulk_routes, photo_routes, claim_routes, posting_routes, NULL
};

const struct openapi_schema *const api_schemas[] = { order_schemas, customer_schemas, accounts_schemas, deadlines_schemas, channel_schemas, webhook_schemas, notice_schemas, return_schemas, standing_schemas, NULL };
