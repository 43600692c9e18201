/* record_json.c - records from and to JSON objects. */
#include "record/record_own.h"
#include <inttypes.h>

struct reading {
    const struct record *record;
    struct arena        *arena;
    char                *row;           /* a copy: the caller's stays as it was when something is wrong */
    uint64_t             set;
    bool                 create, wrong;
    struct err          *err;
};

static void wrong(struct reading *in, const char *field, const char *text)
{
    in->wrong = true;
    err_add(in->err, field, "%s", text);
}

/* ---- one value each; what they return is the complaint, or NULL ---- */

static const char *range_text(struct arena *a, const struct field *f)
{
    char low[24], high[24];
    size_t low_len, high_len;
    if (f->kind != KIND_AMOUNT)
        return str_zero(a, str_print(a, "must be %" PRId64 " to %" PRId64, f->min, f->max));
    amount_write(low, (amount){ f->min }, &low_len);
    amount_write(high, (amount){ f->max }, &high_len);
    return str_zero(a, str_print(a, "must be %.*s to %.*s", (int)low_len, low, (int)high_len, high));
}

static const char *int_read(struct reading *in, const struct field *f, const struct json *v)
{
    int64_t number;
    if (v->kind != JSON_NUMBER || !str_to_int(v->text, &number))
        return "must be a whole number";
    if (field_limited(f) && (number < f->min || number > f->max))
        return range_text(in->arena, f);
    *(int64_t *)field_in(f, in->row) = number;
    return NULL;
}

static const char *bool_read(struct reading *in, const struct field *f, const struct json *v)
{
    if (v->kind != JSON_BOOL)
        return "must be true or false";
    *(bool *)field_in(f, in->row) = v->truth;
    return NULL;
}

static const char *text_read(struct reading *in, const struct field *f, const struct json *v)
{
    if (v->kind != JSON_TEXT)
        return "must be a text";
    str s = v->text;
    if (f->required && !str_trim(s).len)
        return "is needed";
    if ((int64_t)s.len > field_text_max(f))
        return str_zero(in->arena,
                        str_print(in->arena, "must be at most %" PRId64 " bytes long", field_text_max(f)));
    if (s.len && (int64_t)s.len < f->min)
        return str_zero(in->arena, str_print(in->arena, "must be at least %" PRId64 " bytes long", f->min));
    *(str *)field_in(f, in->row) = str_copy(in->arena, s);
    return NULL;
}

/* Money is text: as a number it would have gone through a double in the client. */
static const char *amount_read(struct reading *in, const struct field *f, const struct json *v)
{
    amount sum;
    if (v->kind != JSON_TEXT || !amount_parse(v->text, &sum))
        return "must be an amount such as \"12.50\"";
    if (field_limited(f) && (sum.minor < f->min || sum.minor > f->max))
        return range_text(in->arena, f);
    *(amount *)field_in(f, in->row) = sum;
    return NULL;
}

static const char *instant_read(struct reading *in, const struct field *f, const struct json *v)
{
    instant at;
    if (v->kind != JSON_TEXT || !instant_parse(v->text, &at))
        return "must be a time such as \"2026-12-16T04:04:00Z\"";
    *(instant *)field_in(f, in->row) = at;
    return NULL;
}

static const char *id_read(struct reading *in, const struct field *f, const struct json *v)
{
    rid id;
    if (v->kind != JSON_TEXT || !id_parse(v->text, &id))
        return "must be an id, as text";
    *(rid *)field_in(f, in->row) = id;
    return NULL;
}

static const char *choice_read(struct reading *in, const struct field *f, const struct json *v)
{
    unsigned value;
    if (v->kind == JSON_TEXT && field_choice(f, v->text, &value)) {
        *(unsigned *)field_in(f, in->row) = value;
        return NULL;
    }
    struct buf b = buf_in(in->arena);
    buf_add(&b, STR("must be one of "));
    for (int i = 0; f->choices[i]; i++) {
        if (i)
            buf_add(&b, STR(", "));
        buf_add(&b, str_of(f->choices[i]));
    }
    return str_zero(in->arena, buf_str(&b));
}

/* null takes away what can be missing. */
static const char *null_read(struct reading *in, const struct field *f)
{
    if (f->required)
        return "is needed";
    switch ((enum kind)f->kind) {
    case KIND_TEXT:    *(str *)field_in(f, in->row) = (str){ 0 }; return NULL;
    case KIND_INSTANT: *(instant *)field_in(f, in->row) = (instant){ 0 }; return NULL;
    case KIND_ID:      *(rid *)field_in(f, in->row) = (rid){ 0 }; return NULL;
    case KIND_INT:
    case KIND_BOOL:
    case KIND_AMOUNT:
    case KIND_CHOICE:  break;
    }
    return "must not be null";
}

static const char *value_read(struct reading *in, const struct field *f, const struct json *v)
{
    if (v->kind == JSON_NULL)
        return null_read(in, f);
    switch ((enum kind)f->kind) {
    case KIND_INT:     return int_read(in, f, v);
    case KIND_BOOL:    return bool_read(in, f, v);
    case KIND_TEXT:    return text_read(in, f, v);
    case KIND_AMOUNT:  return amount_read(in, f, v);
    case KIND_INSTANT: return instant_read(in, f, v);
    case KIND_ID:      return id_read(in, f, v);
    case KIND_CHOICE:  return choice_read(in, f, v);
    }
    return "cannot be read";
}

/* ---- the object ---- */

static void member_read(struct reading *in, const struct json *member)
{
    const struct field *f = record_field(in->record, member->key);
    if (!f || f->internal) {
        wrong(in, str_zero(in->arena, utf8_cut(member->key, sizeof in->err->item[0].field - 1)),
              "is not known here");
        return;
    }
    in->set |= UINT64_C(1) << (f - in->record->fields);
    if (!field_writable(f, in->create)) {
        wrong(in, f->name, f->access == ON_CREATE ? "cannot be changed later" : "can only be read");
        return;
    }
    const char *complaint = value_read(in, f, member);
    if (complaint)
        wrong(in, f->name, complaint);
}

bool record_read_json(const struct record *r, const struct json *object, enum record_read_mode mode,
                      struct arena *a, void *out, uint64_t *set, struct err *err)
{
    if (!object || object->kind != JSON_OBJECT)
        return err_add(err, "", "must be an object");
    struct reading in = {
        .record = r, .arena = a, .row = arena_copy(a, out, r->size), .create = mode == READ_CREATE, .err = err
    };
    JSON_EACH(member, object)
        member_read(&in, member);
    for (int i = 0; in.create && i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (f->required && field_writable(f, true) && !(in.set >> i & 1))
            wrong(&in, f->name, "is needed");
    }
    if (in.wrong)
        return false;
    memcpy(out, in.row, r->size);
    if (set)
        *set = in.set;
    return true;
}

static void field_write(const struct field *f, const void *row, struct json_out *j,
                        const struct record_view *view)
{
    const void *at = field_at(f, row);
    switch ((enum kind)f->kind) {
    case KIND_INT:     json_number(j, f->name, *(const int64_t *)at); break;
    case KIND_BOOL:    json_bool(j, f->name, *(const bool *)at); break;
    case KIND_AMOUNT:  json_amount_text(j, f->name, *(const amount *)at); break;
    case KIND_INSTANT: json_instant(j, f->name, *(const instant *)at); break;
    case KIND_ID:      json_id(j, f->name, *(const rid *)at); break;
    case KIND_CHOICE:  json_text(j, f->name, field_choice_name(f, *(const unsigned *)at)); break;
    case KIND_TEXT:
        json_text(j, f->name,
                  field_masked(f, view) ? contact_masked(j->buf->arena, *(const str *)at) : *(const str *)at);
        break;
    }
}

void record_write_fields(const struct record *r, const void *row, struct json_out *j,
                         const struct record_view *view)
{
    for (int i = 0; i < r->count; i++)
        if (field_shown(&r->fields[i], view))
            field_write(&r->fields[i], row, j, view);
}

void record_write_json(const struct record *r, const void *row, struct json_out *j, const char *key,
                       const struct record_view *view)
{
    json_begin(j, key, '{');
    record_write_fields(r, row, j, view);
    json_end(j);
}
