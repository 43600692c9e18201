/* record_own.h - what the files of src/record share. Nobody else includes it. */
#pragma once
#include "record/record.h"

/* Where a member stands in a row. */
static inline const void *field_at(const struct field *f, const void *row)
{
    return (const char *)row + f->offset;
}
static inline void *field_in(const struct field *f, void *row) { return (char *)row + f->offset; }

/* Is there a column for it? */
static inline bool field_stored(const struct field *f) { return !f->no_column; }
/* May this reader see it, at least masked? */
bool field_shown(const struct field *, const struct record_view *);
bool field_masked(const struct field *, const struct record_view *);
/* Value of a KIND_CHOICE by name; false when there is no such name. */
bool field_choice(const struct field *, str name, unsigned *out);
/* Name of a KIND_CHOICE value; a value without a name is a bug. */
str  field_choice_name(const struct field *, unsigned value);
/* The text of a contact as those see it who may not see contacts. */
str  contact_masked(struct arena *, str contact);

/* KIND_INT, BOOL, AMOUNT, INSTANT, ID as the number stored. */
int64_t field_int(const struct field *, const void *row);
static inline str field_text(const struct field *f, const void *row)
{
    return *(const str *)field_at(f, row);
}
static inline unsigned field_choice_value(const struct field *f, const void *row)
{
    return *(const unsigned *)field_at(f, row);
}

/* Limits that hold when the table says nothing. */
#define TEXT_BYTES_MAX 1000
static inline int64_t field_text_max(const struct field *f) { return f->max ? f->max : TEXT_BYTES_MAX; }
static inline bool field_limited(const struct field *f) { return f->min || f->max; }
/* May a client send it? */
static inline bool field_writable(const struct field *f, bool create)
{
    return !f->internal && (f->access == RW || f->access == SECRET || (f->access == ON_CREATE && create));
}

/* ---- SQL texts ---- */
enum record_op { OP_INSERT, OP_GET, OP_LOAD, OP_UPDATE, OP_DELETE, OP_EXISTS, OP_CHECK };
/* The statement of a record, built at first use and kept for the life of the process; any thread. NULL when
 * the record has been updated by too many different sets of fields: then the caller builds the text itself.
 */
const struct sql *record_sql(const struct record *, enum record_op, uint64_t set);
void record_sql_build(const struct record *, enum record_op, uint64_t set, struct buf *out);
void columns_add(struct buf *, const struct record *, const char *prefix);
void bind_field(struct stmt *, int n, const struct field *, const void *row);
void scan_field(struct stmt *, int column, const struct field *, struct arena *, void *row);
/* Columns in the order of columns_add. */
void scan_all(const struct record *, struct stmt *, struct arena *, void *row);

/* ---- what a list's address asks for ---- */
#define LIST_FILTERS_MAX 24
#define LIST_WORDS_MAX   8
#define LIST_VALUES_MAX  200
#define LIST_LIMIT       50             /* rows when the address does not say */
#define LIST_LIMIT_MAX   200

enum filter_how {
    FILTER_UNSET, FILTER_NUMBER, FILTER_NUMBERS, FILTER_TEXT, FILTER_TEXTS, FILTER_FROM, FILTER_TO
};
struct list_filter {
    const struct field *field;
    enum filter_how     how;
    int                 count;
    int64_t             number;
    str                 text;
    rid                *numbers;        /* ids, and whatever else is stored as a number */
    str                *texts;
};
struct list_ask {
    struct list_filter filters[LIST_FILTERS_MAX];
    int                filters_count;
    str                words[LIST_WORDS_MAX];   /* LIKE patterns */
    int                words_count;
    const struct field *sort, *id;
    str                sort_text;               /* "-placed_at" */
    bool               down;
    int                limit;
    bool               after;                   /* a cursor came */
    bool               after_unset;             /* … of a row whose sort value is not set */
    int64_t            after_number;
    str                after_text;
    rid                after_id;
};
MUST_CHECK bool list_ask_read(const struct record *, const struct record_query *, str url_query,
                              struct arena *, struct list_ask *out, struct err *);
str  list_cursor(const struct list_ask *, const void *last_row, bool unset, struct arena *);
/* Is the stored form of this kind a number? */
static inline bool kind_is_number(unsigned kind) { return kind != KIND_TEXT && kind != KIND_CHOICE; }
