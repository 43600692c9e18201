/* memory.c - the memory of a conversation as a table of members, and where runs over a list begin and end. */
#include "channels/memory.h"

#define CURSOR_BYTES_MAX 4096
#define OVERLAP_DEEP_MS  (25 * HOUR_MS)

bool memory_read(struct arena *arena, const struct memory_field *fields, str memory, void *out, const char *of, struct err *err)
{
    const struct json *root;
    if (!json_read(arena, memory, REPLY_BYTES_MAX, &root, err))
        return err_note(err, "%s", of);
    for (const struct memory_field *f = fields; f->key; f++) {
        char *at = (char *)out + f->at;
        const struct json *value = json_get(root, f->key);
        switch (f->kind) {
        case MEMORY_NUMBER: *(int64_t *)(void *)at = payload_number(root, f->key); break;
        case MEMORY_FLAG:   *(bool *)at = json_true(value); break;
        case MEMORY_TEXT:   *(str *)(void *)at = json_str(value); break;
        case MEMORY_JSON:   *(const struct json **)(void *)at = value; break;
        }
    }
    return true;
}

str memory_text(struct arena *arena, const struct memory_field *fields, const void *from)
{
    struct buf buf = buf_in(arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    for (const struct memory_field *f = fields; f->key; f++) {
        const char *at = (const char *)from + f->at;
        const struct json *value = NULL;
        switch (f->kind) {
        case MEMORY_NUMBER: json_number(&j, f->key, *(const int64_t *)(const void *)at); break;
        case MEMORY_FLAG:   json_bool(&j, f->key, *(const bool *)at); break;
        case MEMORY_TEXT:   json_text(&j, f->key, *(const str *)(const void *)at); break;
        case MEMORY_JSON:
            value = *(const struct json *const *)(const void *)at;
            if (value)
                json_raw(&j, f->key, json_print(arena, value));
            break;
        }
    }
    json_end(&j);
    return buf_str(&buf);
}

int64_t run_seen(const struct call *call, const struct pull *pull)
{
    const struct json *cursor;
    struct err ignored = { 0 };
    if (!pull->cursor.len || !json_read(call->arena, pull->cursor, CURSOR_BYTES_MAX, &cursor, &ignored))
        return 0;
    int64_t seen = payload_number(cursor, "seen");
    return seen <= call->now.ms ? seen : 0;
}

int64_t run_from(const struct call *call, const struct pull *pull, int64_t days, int64_t overlap_ms)
{
    int64_t seen = run_seen(call, pull);
    return seen ? seen - (pull->deep ? OVERLAP_DEEP_MS : overlap_ms) : call->now.ms - days * DAY_MS;
}

void run_end(const struct call *call, struct pull *pull, int64_t seen_ms)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    pull->memory = (str){ 0 };
    if (!seen_ms)
        return;
    json_begin(&j, NULL, '{');
    json_number(&j, "seen", seen_ms);
    json_end(&j);
    pull->cursor = buf_str(&buf);
}

bool run_list(const struct call *call, const str *texts, int count, const struct json **out, struct err *err)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '[');
    for (int i = 0; i < count; i++)
        if (texts[i].len)
            json_text(&j, NULL, texts[i]);
    json_end(&j);
    return json_read(call->arena, buf_str(&buf), REPLY_BYTES_MAX, out, err);
}
