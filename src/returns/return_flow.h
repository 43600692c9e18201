/* return_flow.h - what people do to returns: one rule, one transaction, every effect inside. */
#pragma once
#include "returns/return_edit_flow.h"

struct return_input {
    enum return_action action;
    int64_t            version;         /* that was seen */
    str                text;            /* to the buyer; a refusal needs one */
    const rid         *accounts;        /* scope; count 0 = all */
    int                accounts_count;
};
/* ERR_ACTION_REFUSED, ERR_VERSION_OLD, ERR_BODY_INVALID for a refusal without a text. Paying back is not among the actions here. */
MUST_CHECK bool return_do(struct work *, rid id, const struct return_input *, struct err *);
