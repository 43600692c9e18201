/* telegram.h - the Bot API as far as notices need it: bodies out, answers and updates in. Pure; the contract is core.telegram.org/bots/api.
 *
 * Chat ids are numbers of up to 52 bits, kept as text. Messages go as HTML with & < > escaped.
 */
#pragma once
#include "base/err.h"
#include "base/list.h"

#define TELEGRAM_BASE "https://api.telegram.org"
#define TELEGRAM_TEXT_MAX 4000          /* characters; Telegram takes 4096 */

/* The token is part of the address: such an address is never logged. */
str telegram_url(struct arena *, str base, str token, const char *method);
/* "123456:AA…": digits, a colon, 30 to 60 letters, digits, - and _. */
bool telegram_token_ok(str token);

struct telegram_button { str text, data, url; };         /* data (64 bytes at most) or url */
str telegram_message(struct arena *, str chat, str headline, str lines, const struct telegram_button *, int count);
/* A short answer to somebody who pressed a button. */
str telegram_pressed(struct arena *, str callback_id, str text);
/* The message without its buttons, once one was pressed. */
str telegram_strip(struct arena *, str chat, str message_id);
str telegram_updates_ask(struct arena *, int64_t offset);

struct telegram_answer {
    bool ok;
    bool gone;                          /* blocked, deactivated, no such chat: never again */
    bool token_bad;
    int64_t wait_s;                     /* 429: for the whole bot */
    str  chat_now;                      /* the chat has moved to this id */
    str  message_id;                    /* of what was sent */
    str  name;                          /* getMe: the bot's */
    str  text;                          /* Telegram's words */
};
/* `status` of HTTP. What does not read is no success. */
struct telegram_answer telegram_read(struct arena *, int status, str body);

enum telegram_event { TELEGRAM_OTHER, TELEGRAM_START, TELEGRAM_BUTTON, TELEGRAM_STOPPED };
struct telegram_update {
    int64_t id;
    enum telegram_event event;          /* OTHER: acknowledged and passed over */
    str     chat;
    str     name;                       /* "@aigerim", or the name in full */
    str     text;                       /* START: the code; BUTTON: its data */
    str     callback_id, message_id;
};
LIST(telegram_update)
/* ERR_CHANNEL_PAYLOAD when it is no list of updates. */
MUST_CHECK bool telegram_updates(struct arena *, str body, struct telegram_update_list *out, struct err *);
