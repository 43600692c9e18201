/* return_words.c - the name tables of a return's life. */
#include "returns/return_words.h"

const char *const return_kind_names[] = {
    [RETURN_GOODS] = "return", [RETURN_REFUSAL] = "refusal_at_door", [RETURN_EXCHANGE] = "exchange", [RETURN_DEFECT] = "defect",
    [RETURN_NOT_ORDERED] = "not_ordered", [RETURN_CANCELLATION] = "cancellation", NULL
};
_Static_assert(COUNT_OF(return_kind_names) == RETURN_KIND_COUNT + 1, "a name per kind");

const char *const return_state_names[] = {
    [RETURN_REQUESTED] = "requested", [RETURN_CHECKING] = "checking", [RETURN_INFO_NEEDED] = "info_needed", [RETURN_APPROVED] = "approved",
    [RETURN_AWAITING_DROPOFF] = "awaiting_dropoff", [RETURN_IN_TRANSIT] = "in_transit", [RETURN_LOST] = "lost", [RETURN_RECEIVED] = "received",
    [RETURN_INSPECTED] = "inspected", [RETURN_PARTLY_APPROVED] = "partly_approved", [RETURN_REFUNDING] = "refunding",
    [RETURN_REPLACING] = "replacing", [RETURN_REFUNDED] = "refunded", [RETURN_REPLACED] = "replaced", [RETURN_REJECTED] = "rejected",
    [RETURN_REJECTED_AFTER_CHECK] = "rejected_after_check", [RETURN_EXPIRED] = "expired", [RETURN_CANCELLED] = "cancelled",
    [RETURN_CLOSED] = "closed", NULL
};
_Static_assert(COUNT_OF(return_state_names) == RETURN_STATE_COUNT + 1, "a name per state");

const char *const return_stage_names[] = {
    [STAGE_REQUEST] = "request", [STAGE_CHECK] = "check", [STAGE_APPROVED] = "approved", [STAGE_MONEY] = "money", [STAGE_CLOSED] = "closed", NULL
};
_Static_assert(COUNT_OF(return_stage_names) == RETURN_STAGE_COUNT + 1, "a name per stage");

const char *const return_goods_names[] = {
    [GOODS_NONE] = "none", [GOODS_EXPECTED] = "expected", [GOODS_RECEIVED] = "received", [GOODS_PAID_BACK] = "refunded", NULL
};
_Static_assert(COUNT_OF(return_goods_names) == RETURN_GOODS_COUNT + 1, "a name per place of the goods");

const char *const return_route_names[] = { [ROUTE_TO_SELLER] = "to_seller", [ROUTE_TO_CHANNEL] = "to_channel", [ROUTE_KEEP] = "keep", NULL };
_Static_assert(COUNT_OF(return_route_names) == RETURN_ROUTE_COUNT + 1, "a name per route");

const char *const return_condition_names[] = {
    [CONDITION_UNKNOWN] = "", [CONDITION_UNOPENED] = "unopened", [CONDITION_USED] = "used", [CONDITION_DAMAGED] = "damaged",
    [CONDITION_WRONG] = "wrong", [CONDITION_MISSING] = "missing", NULL
};
_Static_assert(COUNT_OF(return_condition_names) == RETURN_CONDITION_COUNT + 1, "a name per condition");

const char *const return_disposition_names[] = {
    [DISPOSE_NOT_YET] = "", [DISPOSE_RESELL] = "resell", [DISPOSE_DISCOUNT] = "discount", [DISPOSE_REPAIR] = "repair",
    [DISPOSE_SUPPLIER] = "supplier", [DISPOSE_WRITE_OFF] = "write_off", NULL
};
_Static_assert(COUNT_OF(return_disposition_names) == RETURN_DISPOSITION_COUNT + 1, "a name per disposition");

const char *const return_group_names[] = {
    [GROUP_CHANGED_MIND] = "changed_mind", [GROUP_SIZE] = "size", [GROUP_DEFECT] = "defect", [GROUP_NOT_AS_DESCRIBED] = "not_as_described",
    [GROUP_WRONG_ITEM] = "wrong_item", [GROUP_LATE] = "late", [GROUP_DAMAGED] = "damaged_in_transit", [GROUP_OTHER] = "other", NULL
};
_Static_assert(COUNT_OF(return_group_names) == RETURN_GROUP_COUNT + 1, "a name per group");

const char *const return_fault_names[] = {
    [FAULT_BUYER] = "buyer", [FAULT_SELLER] = "seller", [FAULT_CHANNEL] = "channel", [FAULT_CARRIER] = "carrier", NULL
};
_Static_assert(COUNT_OF(return_fault_names) == RETURN_FAULT_COUNT + 1, "a name per fault");

const char *const claim_side_names[] = {
    [CLAIM_BUYER] = "buyer_to_us", [CLAIM_CHANNEL] = "channel_to_us", [CLAIM_TO_CHANNEL] = "us_to_channel", [CLAIM_TO_CARRIER] = "us_to_carrier", NULL
};
_Static_assert(COUNT_OF(claim_side_names) == CLAIM_SIDE_COUNT + 1, "a name per side");

const char *const claim_state_names[] = {
    [CLAIM_OPEN] = "open", [CLAIM_EVIDENCE] = "evidence", [CLAIM_SUBMITTED] = "submitted", [CLAIM_IN_REVIEW] = "in_review", [CLAIM_WON] = "won",
    [CLAIM_LOST] = "lost", [CLAIM_PARTLY_WON] = "partly_won", [CLAIM_APPEALED] = "appealed", [CLAIM_SETTLED] = "settled",
    [CLAIM_WITHDRAWN] = "withdrawn", NULL
};
_Static_assert(COUNT_OF(claim_state_names) == CLAIM_STATE_COUNT + 1, "a name per state of a claim");

const char *const refund_state_names[] = {
    [REFUND_PROPOSED] = "proposed", [REFUND_APPROVED] = "approved", [REFUND_PAID] = "paid", [REFUND_CANCELLED] = "cancelled", NULL
};
_Static_assert(COUNT_OF(refund_state_names) == REFUND_STATE_COUNT + 1, "a name per state of a refund");
