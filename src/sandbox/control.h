/* control.h - between the files of the back door. */
#pragma once
#include "sandbox/market.h"

/* Under the lock until control_end; NULL: whoever asks does not know the token. */
struct sandbox *control_begin(struct request *, struct err *);
void            control_end(struct sandbox **);
MUST_CHECK bool control_market(str name, enum market *out, struct err *);
#define CONTROL(sb, rq, err)                                                      \
    CLEANUP(control_end) struct sandbox *sb = control_begin(rq, err);             \
    if (!sb)                                                                      \
        return false
