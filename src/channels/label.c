/* label.c - what the connectors share about labels. */
#include "channels/talk.h"

const char *const label_wait_names[] = {
    [LABEL_MAY] = "", [LABEL_AFTER_CONFIRM] = "after_confirm", [LABEL_AFTER_READY] = "after_ready", [LABEL_OVER] = "over", [LABEL_NONE] = "none", NULL
};
_Static_assert(COUNT_OF(label_wait_names) == LABEL_WAIT_COUNT + 1, "a name per reason");

enum label_wait label_wait_common(const struct label_order *o)
{
    if (o->scheme != SCHEME_FBS || !o->external_id.len)
        return LABEL_NONE;
    if (o->status > HUB_IN_DELIVERY)
        return LABEL_OVER;
    return o->status == HUB_NEW ? LABEL_AFTER_CONFIRM : LABEL_MAY;
}

void label_file(const struct call *call, const struct http_reply *reply, struct label_told *t)
{
    struct err bad = { 0 };
    t->memory = (str){ 0 };
    bool cut = reply->fate == HTTP_UNKNOWN && reply->body.len;         /* or longer than a label may be: its bytes will say so */
    if (cut || (reply->fate == HTTP_ANSWERED && reply->status == 200)) {
        t->fate = LABEL_HERE;
        t->file = reply->body;
    } else if (!reply_ok(call, reply, &bad)) {
        t->wait_s = bad.retry_after_s;
        t->words  = reply->fate == HTTP_ANSWERED ? str_print(call->arena, "HTTP %d", reply->status) : (str){ 0 };
    }
}

bool label_size(str text, int *width_mm, int *height_mm)
{
    str     width;
    int64_t w, h;
    if (!str_split(&text, 'x', &width) || !str_to_int(width, &w) || !str_to_int(text, &h) || w < 10 || w > 300 || h < 10 || h > 300)
        return false;
    *width_mm  = (int)w;
    *height_mm = (int)h;
    return true;
}
