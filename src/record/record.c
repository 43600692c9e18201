/* record.c - names and offsets: what every part of the engine asks about a field. */
#include "record/record_own.h"
#include "base/email.h"
#include "base/fold.h"
#include "base/phone.h"
#include <assert.h>

const struct field *record_field(const struct record *r, str name)
{
    for (int i = 0; i < r->count; i++)
        if (str_is(name, r->fields[i].name))
            return &r->fields[i];
    return NULL;
}

str record_search_text(const struct record *r, const void *row, struct arena *a)
{
    struct buf all = buf_in(a);
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (!f->searchable || f->kind != KIND_TEXT)
            continue;
        buf_add(&all, field_text(f, row));
        buf_add_char(&all, ' ');
    }
    return fold_search(a, buf_str(&all));
}

bool field_shown(const struct field *f, const struct record_view *view)
{
    if (f->access == SECRET || f->internal)
        return false;
    if (!view)
        return true;
    if (f->price && !view->prices)
        return false;
    return !f->contact || view->contacts || f->kind == KIND_TEXT;   /* only a text can be masked */
}

bool field_masked(const struct field *f, const struct record_view *view)
{
    return f->contact && view && !view->contacts;
}

bool field_choice(const struct field *f, str name, unsigned *out)
{
    for (unsigned i = 0; f->choices[i]; i++)
        if (str_is(name, f->choices[i])) {
            *out = i;
            return true;
        }
    return false;
}

str field_choice_name(const struct field *f, unsigned value)
{
    for (unsigned i = 0; i < value; i++)
        assert(f->choices[i]);
    assert(f->choices[value]);
    return str_of(f->choices[value]);
}

str contact_masked(struct arena *a, str contact)
{
    if (!contact.len)
        return contact;
    if (str_has(contact, STR("@")))
        return email_masked(a, contact);
    if (contact.at[0] == '+' && contact.len >= 8 && contact.len <= 16)
        return phone_masked(a, contact);
    return STR("•••");
}

int64_t field_int(const struct field *f, const void *row)
{
    const void *at = field_at(f, row);
    switch ((enum kind)f->kind) {
    case KIND_INT:     return *(const int64_t *)at;
    case KIND_BOOL:    return *(const bool *)at;
    case KIND_AMOUNT:  return ((const amount *)at)->minor;
    case KIND_INSTANT: return ((const instant *)at)->ms;
    case KIND_ID:      return ((const rid *)at)->v;
    case KIND_TEXT:
    case KIND_CHOICE:  break;
    }
    assert(false);                       /* a text has no number */
    return 0;
}

static bool same_value(const struct field *f, const void *a, const void *b)
{
    if (f->kind == KIND_TEXT)
        return str_eq(field_text(f, a), field_text(f, b));
    if (f->kind == KIND_CHOICE)
        return field_choice_value(f, a) == field_choice_value(f, b);
    return field_int(f, a) == field_int(f, b);
}

uint64_t record_diff(const struct record *r, const void *a, const void *b)
{
    uint64_t set = 0;
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (strcmp(f->name, "version") != 0 && strcmp(f->name, "created_at") != 0 && !same_value(f, a, b))
            set |= UINT64_C(1) << i;
    }
    return set;
}
