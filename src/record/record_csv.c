/* record_csv.c - records as rows of a table: the same fields, in the same order, as JSON shows. */
#include "record/record_own.h"
#include "base/csv.h"
#include <stdio.h>

static int last_shown(const struct record *r, const struct record_view *view)
{
    int last = r->count - 1;
    while (last > 0 && !field_shown(&r->fields[last], view))
        last--;
    return last;
}

void record_csv_head(const struct record *r, struct buf *out, const struct record_view *view)
{
    int last = last_shown(r, view);
    for (int i = 0; i <= last; i++)
        if (field_shown(&r->fields[i], view))
            csv_cell(out, str_of(r->fields[i].name), i == last);
}

/* The cell's text; numbers are written into `room`, and only a mask takes memory. */
static str cell_text(const struct field *f, const void *row, const struct record_view *view, char room[32],
                     struct arena *a)
{
    size_t len = 0;
    switch ((enum kind)f->kind) {
    case KIND_TEXT:
        return field_masked(f, view) ? contact_masked(a, field_text(f, row)) : field_text(f, row);
    case KIND_CHOICE:  return field_choice_name(f, field_choice_value(f, row));
    case KIND_BOOL:    return field_int(f, row) ? STR("true") : STR("false");
    case KIND_AMOUNT:  amount_write(room, (amount){ field_int(f, row) }, &len); return (str){ room, len };
    case KIND_INSTANT:
    case KIND_ID:
        if (!field_int(f, row))
            return (str){ 0 };
        break;
    case KIND_INT:     break;
    }
    if (f->kind == KIND_INSTANT)
        instant_write(room, (instant){ field_int(f, row) }, &len);
    else
        len = (size_t)snprintf(room, 32, "%lld", (long long)field_int(f, row));
    return (str){ room, len };
}

void record_csv_row(const struct record *r, const void *row, struct buf *out, const struct record_view *view)
{
    int last = last_shown(r, view);
    char room[32];
    for (int i = 0; i <= last; i++)
        if (field_shown(&r->fields[i], view))
            csv_cell(out, cell_text(&r->fields[i], row, view, room, out->arena), i == last);
}
