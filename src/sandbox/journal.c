/* journal.c - what the markets know, one JSON object a line, appended as it happens. The last line about a
 * thing counts.
 *
 * A line is written before the reply leaves, so that a restart never forgets what a client was told. A torn
 * last line (the process was killed while writing) is left out and cut off.
 */
#include "sandbox/market.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void journal_write(struct sandbox *sb, const char *kind, const struct record *record, const void *row,
                          const struct mline_list *lines)
{
    if (!sb->journal)
        return;
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct buf b = buf_in(&arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "kind", str_of(kind));
    json_instant(&j, "at", clock_now(&sb->clock));
    record_write_json(record, row, &j, "row", NULL);
    if (lines) {
        json_begin(&j, "lines", '[');
        for (int i = 0; i < lines->count; i++)
            record_write_json(&mline_record, &lines->at[i], &j, NULL, NULL);
        json_end(&j);
    }
    json_end(&j);
    buf_add_char(&b, '\n');
    fwrite(b.at, 1, b.len, sb->journal);
    fflush(sb->journal);
}

void journal_order(struct sandbox *sb, const struct morder *o)
{
    journal_write(sb, "order", &morder_record, o, &o->lines);
}

void journal_batch(struct sandbox *sb, const struct mbatch *b)
{
    journal_write(sb, "batch", &mbatch_record, b, NULL);
}

void journal_heard(struct sandbox *sb, const struct mheard *h)
{
    journal_write(sb, "heard", &mheard_record, h, NULL);
}

void journal_return(struct sandbox *sb, const struct mreturn *r)
{
    journal_write(sb, "return", &mreturn_record, r, NULL);
}

/* ---- reading it again ---- */

/* Texts of a row point into the line that was read; copy them to where the row lives. */
static void row_own(const struct record *record, void *row, struct arena *arena)
{
    for (int i = 0; i < record->count; i++)
        if (record->fields[i].kind == KIND_TEXT) {
            str *s = (str *)(void *)((char *)row + record->fields[i].offset);
            *s = str_copy(arena, *s);
        }
}

static bool row_read(const struct record *record, const struct json *j, void *row, struct sandbox *sb,
                     struct arena *scratch, struct err *err)
{
    uint64_t set;
    if (!record_read_json(record, j, READ_UPDATE, scratch, row, &set, err))
        return false;
    row_own(record, row, &sb->arena);
    return true;
}

static bool order_read(struct sandbox *sb, const struct json *line, struct arena *scratch, struct err *err)
{
    struct morder row = { 0 };
    if (!row_read(&morder_record, json_get(line, "row"), &row, sb, scratch, err))
        return false;
    JSON_EACH(part, json_get(line, "lines"))
        if (!row_read(&mline_record, part, mline_list_add(&row.lines, &sb->arena), sb, scratch, err))
            return err_note(err, "lines");
    struct morder *o = morder_find(sb, row.market, row.id);
    if (o) {
        *o = row;
        if (instant_is_set(o->next_at) && o->next_at.ms < sb->due_at.ms)
            sb->due_at = o->next_at;
        return true;
    }
    o = ARENA_NEW(&sb->arena, struct morder);
    *o = row;
    morder_index(sb, o);
    return true;
}

static bool batch_read(struct sandbox *sb, const struct json *line, struct arena *scratch, struct err *err)
{
    struct mbatch row = { 0 };
    if (!row_read(&mbatch_record, json_get(line, "row"), &row, sb, scratch, err))
        return false;
    int64_t n;
    str digits = str_starts(row.id, STR("WB-GI-")) ? str_sub(row.id, 6, row.id.len) : row.id;
    if (str_to_int(digits, &n) && n > sb->last_batch)
        sb->last_batch = n;
    for (int i = 0; i < sb->batches.count; i++)
        if (sb->batches.at[i]->market == row.market && str_eq(sb->batches.at[i]->id, row.id)) {
            *sb->batches.at[i] = row;
            return true;
        }
    struct mbatch *b = ARENA_NEW(&sb->arena, struct mbatch);
    *b = row;
    *mbatch_refs_add(&sb->batches, &sb->arena) = b;
    return true;
}

static bool return_read(struct sandbox *sb, const struct json *line, struct arena *scratch, struct err *err)
{
    struct mreturn row = { 0 };
    if (!row_read(&mreturn_record, json_get(line, "row"), &row, sb, scratch, err))
        return false;
    struct mreturn *r = mreturn_find(sb, row.market, row.id);
    if (!r) {
        r  = ARENA_NEW(&sb->arena, struct mreturn);
        *r = row;
        mreturn_index(sb, r);
        return true;
    }
    *r = row;
    sb->returns_due = (instant){ 1 };
    return true;
}

static bool line_read(struct sandbox *sb, str text, struct arena *scratch, struct err *err)
{
    const struct json *line;
    if (!json_read(scratch, text, 1 << 20, &line, err))
        return false;
    instant at;
    if (instant_parse(json_str(json_get(line, "at")), &at) && at.ms > sb->seen_at.ms)
        sb->seen_at = at;
    str kind = json_str(json_get(line, "kind"));
    if (str_is(kind, "order"))
        return order_read(sb, line, scratch, err);
    if (str_is(kind, "batch"))
        return batch_read(sb, line, scratch, err);
    if (str_is(kind, "return"))
        return return_read(sb, line, scratch, err);
    if (str_is(kind, "heard"))
        return row_read(&mheard_record, json_get(line, "row"), mheard_list_add(&sb->heard, &sb->arena), sb,
                        scratch, err);
    return err_set(err, ERR_FILE, "kind", "the journal has a line of an unknown kind \"%.*s\"",
                   STR_ARG(kind));
}

static bool journal_read(struct sandbox *sb, const char *path, struct err *err)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? true
                               : err_set(err, ERR_FILE, "data", "cannot read %s: %s", path, strerror(errno));
    CLEANUP(arena_done) struct arena scratch = { 0 };
    char *line = NULL;
    size_t cap = 0;
    int64_t number = 0;
    off_t whole = 0;
    bool ok = true;
    ssize_t n;
    while (ok && (n = getline(&line, &cap, f)) > 0) {
        number++;
        if (line[n - 1] != '\n')
            break;
        ok = line_read(sb, (str){ line, (size_t)n - 1 }, &scratch, err);
        arena_reset(&scratch);
        whole += n;
    }
    free(line);
    fclose(f);
    if (!ok)
        return err_note(err, "line %lld of %s", (long long)number, path);
    if (truncate(path, whole) != 0)
        return err_set(err, ERR_FILE, "data", "cannot mend %s: %s", path, strerror(errno));
    return true;
}

bool journal_open(struct sandbox *sb, struct err *err)
{
    if (!sb->options.data.len)
        return true;
    CLEANUP(arena_done) struct arena scratch = { 0 };
    const char *folder = str_zero(&scratch, sb->options.data);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return err_set(err, ERR_FILE, "data", "cannot make the folder %s: %s", folder, strerror(errno));
    const char *path = str_zero(&scratch, str_print(&scratch, "%s/sandbox.jsonl", folder));
    if (!journal_read(sb, path, err))
        return false;
    sb->journal = fopen(path, "ae");
    if (!sb->journal)
        return err_set(err, ERR_FILE, "data", "cannot write %s: %s", path, strerror(errno));
    return true;
}
