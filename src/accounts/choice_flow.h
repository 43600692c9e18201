/* choice_flow.h - keeps what a person has chosen for a screen. */
#pragma once
#include "accounts/choice_store.h"

#define CHOICE_BYTES_MAX 8000

MUST_CHECK bool choice_save(struct work *, str name, str value, struct err *);
