/* return_words.h - the words of a return's life. Stored and sent by name (domain handbook §2, §3.2, §3.3). */
#pragma once
#include "base/str.h"

enum return_kind { RETURN_GOODS, RETURN_REFUSAL, RETURN_EXCHANGE, RETURN_DEFECT, RETURN_NOT_ORDERED, RETURN_CANCELLATION, RETURN_KIND_COUNT };
extern const char *const return_kind_names[];            /* "return" "refusal_at_door" "exchange" "defect" "not_ordered" "cancellation" */

enum return_state {
    RETURN_REQUESTED, RETURN_CHECKING, RETURN_INFO_NEEDED, RETURN_APPROVED, RETURN_AWAITING_DROPOFF, RETURN_IN_TRANSIT, RETURN_LOST,
    RETURN_RECEIVED, RETURN_INSPECTED, RETURN_PARTLY_APPROVED, RETURN_REFUNDING, RETURN_REPLACING, RETURN_REFUNDED, RETURN_REPLACED,
    RETURN_REJECTED, RETURN_REJECTED_AFTER_CHECK, RETURN_EXPIRED, RETURN_CANCELLED, RETURN_CLOSED, RETURN_STATE_COUNT
};
extern const char *const return_state_names[];           /* "requested" "checking" "info_needed" "approved" … */

/* The seller's simple view: request → check → approved → money → closed. */
enum return_stage { STAGE_REQUEST, STAGE_CHECK, STAGE_APPROVED, STAGE_MONEY, STAGE_CLOSED, RETURN_STAGE_COUNT };
extern const char *const return_stage_names[];           /* "request" "check" "approved" "money" "closed" */
/* The warehouse's simple view: where the goods are. */
enum return_goods { GOODS_NONE, GOODS_EXPECTED, GOODS_RECEIVED, GOODS_PAID_BACK, RETURN_GOODS_COUNT };
extern const char *const return_goods_names[];           /* "none" "expected" "received" "refunded" */

enum return_route { ROUTE_TO_SELLER, ROUTE_TO_CHANNEL, ROUTE_KEEP, RETURN_ROUTE_COUNT };
extern const char *const return_route_names[];           /* "to_seller" "to_channel" "keep" */

enum return_condition { CONDITION_UNKNOWN, CONDITION_UNOPENED, CONDITION_USED, CONDITION_DAMAGED, CONDITION_WRONG, CONDITION_MISSING, RETURN_CONDITION_COUNT };
extern const char *const return_condition_names[];       /* "" "unopened" "used" "damaged" "wrong" "missing" */

enum return_disposition { DISPOSE_NOT_YET, DISPOSE_RESELL, DISPOSE_DISCOUNT, DISPOSE_REPAIR, DISPOSE_SUPPLIER, DISPOSE_WRITE_OFF, RETURN_DISPOSITION_COUNT };
extern const char *const return_disposition_names[];     /* "" "resell" "discount" "repair" "supplier" "write_off" */

enum return_group { GROUP_CHANGED_MIND, GROUP_SIZE, GROUP_DEFECT, GROUP_NOT_AS_DESCRIBED, GROUP_WRONG_ITEM, GROUP_LATE, GROUP_DAMAGED, GROUP_OTHER, RETURN_GROUP_COUNT };
extern const char *const return_group_names[];           /* "changed_mind" "size" "defect" "not_as_described" "wrong_item" "late" "damaged_in_transit" "other" */

enum return_fault { FAULT_BUYER, FAULT_SELLER, FAULT_CHANNEL, FAULT_CARRIER, RETURN_FAULT_COUNT };
extern const char *const return_fault_names[];           /* "buyer" "seller" "channel" "carrier" */

enum claim_side { CLAIM_BUYER, CLAIM_CHANNEL, CLAIM_TO_CHANNEL, CLAIM_TO_CARRIER, CLAIM_SIDE_COUNT };
extern const char *const claim_side_names[];             /* "buyer_to_us" "channel_to_us" "us_to_channel" "us_to_carrier" */
enum claim_state {
    CLAIM_OPEN, CLAIM_EVIDENCE, CLAIM_SUBMITTED, CLAIM_IN_REVIEW, CLAIM_WON, CLAIM_LOST, CLAIM_PARTLY_WON, CLAIM_APPEALED, CLAIM_SETTLED,
    CLAIM_WITHDRAWN, CLAIM_STATE_COUNT
};
extern const char *const claim_state_names[];            /* "open" "evidence" "submitted" "in_review" … */

enum refund_state { REFUND_PROPOSED, REFUND_APPROVED, REFUND_PAID, REFUND_CANCELLED, REFUND_STATE_COUNT };
extern const char *const refund_state_names[];           /* "proposed" "approved" "paid" "cancelled" */
