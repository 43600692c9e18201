/* notice_http.h - what needs this person's attention, grouped by the order or the account it is about.
 *
 * It is read off the state of things, not kept as messages: what is cured is gone. Each has the moment it began; a person's mark
 * says up to which moment the object was read, so what happens to it later is unread again.
 */
#pragma once
#include "http/http.h"

extern const struct route notice_routes[];
