/* card_note.h - what a colleague wrote down about a person. */
#pragma once
#include "base/id.h"
#include "base/instant.h"
#include "base/list.h"

#define CARD_NOTES_MAX 200              /* on one card */

struct card_note { rid id, customer_id; instant at; rid author_id; str author_name, text; instant edited_at; int64_t version; };
LIST(card_note)
