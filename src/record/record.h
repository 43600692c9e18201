/* record.h - entities described once: struct + constant field table + one engine (guide in docs/decisions).
 *
 * The kind of a field comes from the member's C type, so the table cannot disagree with the struct.
 *
 *     static const struct field note_fields[] = {
 *         FIELD(note, id,   .access = READ_ONLY),
 *         FIELD(note, text, .required = true, .max = 2000, .doc = "what to remember"),
 *     };
 *     const struct record note_record = RECORD(note, "notes", note_fields);
 */
#pragma once
#include "base/amount.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "db/db.h"

enum kind { KIND_INT, KIND_BOOL, KIND_TEXT, KIND_AMOUNT, KIND_INSTANT, KIND_ID, KIND_CHOICE };
enum access { RW, ON_CREATE, READ_ONLY, SECRET };        /* what API clients may do; SECRET: written, never shown */

struct field {
    const char *name;                   /* column, JSON key, CSV heading, filter name */
    uint16_t offset;
    uint8_t  kind, access;
    bool     required, searchable, sortable, filterable;
    bool     contact;                   /* personal contact: masked for roles without PERM_CONTACTS_SEE */
    bool     price;                     /* hidden from roles without PERM_PRICES_SEE */
    bool     no_column;                 /* not in the table: computed, or of a JSON body only */
    bool     internal;                  /* a column of ours (search key, digest): never in JSON, CSV or the API document */
    int64_t  min, max;                  /* number range, or length of text in bytes; 0,0 = the kind's default (text 1000) */
    const char *const *choices;         /* KIND_CHOICE: names by value, NULL at the end */
    const char *doc;                    /* one line for the API document and the form hint */
};
struct record {
    const char         *name;           /* table and schema name: "orders" */
    const struct field *fields;
    int                 count;
    size_t              size;
};

#define KIND_OF(x) _Generic((x), int64_t: KIND_INT, bool: KIND_BOOL, str: KIND_TEXT, amount: KIND_AMOUNT, \
                                 instant: KIND_INSTANT, rid: KIND_ID, unsigned: KIND_CHOICE)
#define FIELD(type, member, ...) \
    { .name = #member, .offset = offsetof(struct type, member), .kind = KIND_OF(((struct type *)0)->member), __VA_ARGS__ }
#define RECORD(type, table, list) { table, list, COUNT_OF(list), sizeof(struct type) }

#define RECORD_FIELDS_MAX 64

const struct field *record_field(const struct record *, str name);
/* The texts of all searchable fields, folded, one space between them: what a `search` column holds. */
str record_search_text(const struct record *, const void *row, struct arena *);

/* ---- database ---- */
/* All columns, bound in the table's order. Inside db_tx. */
MUST_CHECK bool record_insert(struct db *, const struct record *, const void *row, struct err *);
/* Several rows, gathered as by db_insert: with those of other calls they go to the database together. */
MUST_CHECK bool record_insert_many(struct db *, const struct record *, const void *rows, int count, struct err *);
/* ERR_NOT_FOUND. */
MUST_CHECK bool record_get(struct db *, const struct record *, rid id, struct arena *, void *out, struct err *);
/* Rows by ids in the order of the ids; a missing one is left out. `out` has room for `count`; *found says how many. */
MUST_CHECK bool record_load(struct db *, const struct record *, const rid *ids, int count, struct arena *, void *out, int *found, struct err *);
/* Writes the fields of `set` (bit per field index) where id and version match, version + 1. ERR_VERSION_OLD or ERR_NOT_FOUND. */
MUST_CHECK bool record_update(struct db *, const struct record *, const void *row, uint64_t set, struct err *);
MUST_CHECK bool record_delete(struct db *, const struct record *, rid id, int64_t version, struct err *);
/* Reads the current row of a statement by column name into `out` (columns that are no field are skipped). */
void record_scan(const struct record *, struct stmt *, struct arena *, void *out);
/* "id, account_id, …" with an alias prefix ("o."), for hand-written SELECTs. */
str  record_columns(const struct record *, struct arena *, const char *prefix);
/* Compares the table with the database's real columns; at start and in a test. ERR_INTERNAL names the difference. */
MUST_CHECK bool record_check(struct db *, const struct record *, struct err *);

/* ---- JSON ---- */
enum record_read_mode { READ_CREATE, READ_UPDATE };
/* All field errors at once (ERR_BODY_INVALID), unknown keys refused. *set (may be NULL) gets a bit per field that came.
 * Fields that did not come keep what `out` held; on failure `out` and *set are untouched. */
MUST_CHECK bool record_read_json(const struct record *, const struct json *, enum record_read_mode, struct arena *, void *out,
                                 uint64_t *set, struct err *);
/* What the reader may see. */
struct record_view { bool contacts, prices; };
/* Members into an object that is open; contacts masked (phone_masked, email_masked), prices left out, as `view` says. NULL: all. */
void record_write_fields(const struct record *, const void *row, struct json_out *, const struct record_view *);
void record_write_json(const struct record *, const void *row, struct json_out *, const char *key, const struct record_view *);

/* ---- lists: ?status=new,confirmed&placed_from=…&placed_to=…&q=…&sort=-placed_at&after=…&limit=50 ---- */
struct record_query {
    const char *from;                   /* "orders o JOIN …": constant text; NULL = the record's table alias o */
    const char *where;                  /* constant condition or NULL */
    const char *search_column;          /* folded text column for ?q=, or NULL */
    const char *default_sort;           /* "-placed_at" */
    int         limit_max;              /* 0 = 200 */
    const rid  *accounts;               /* scope: account_id IN (…); count 0 = all */
    int         accounts_count;
    const char *const *own;             /* parameters that the caller reads itself, NULL at the end; or NULL */
    const struct record_view *view;     /* no filter and no sort by what the reader may not see; NULL: all */
};
/* Parameters: `field=value` or a list with commas (an empty value asks for texts, ids and instants that are not set);
 * `field_from` (at least) and `field_to` (numbers: at most; instants: before), where placed_at may be written placed_from;
 * `q`: words of the folded text, each found anywhere in search_column. At least one word of three letters or digits, because
 * the trigram indexes of both databases serve LIKE only from three on; shorter words beside it narrow further.
 * Not set sorts last, in both directions. A cursor holds the last row's sort value and id, and serves only the sort it came from.
 *
 * Filters by the fields marked filterable (several values: comma; instants and numbers: name_from, name_to; ids and choices by value),
 * sort by sortable fields plus id, keyset page. ERR_QUERY_INVALID for unknown names. `rows` has room for limit_max; *next is the
 * cursor text or empty. One statement. */
MUST_CHECK bool record_list(struct db *, const struct record *, const struct record_query *, str url_query, struct arena *,
                            void *rows, int *count, str *next, struct err *);

/* ---- CSV, API document ---- */
void record_csv_head(const struct record *, struct buf *, const struct record_view *);
void record_csv_row(const struct record *, const void *row, struct buf *, const struct record_view *);
/* JSON Schema (2020-12, as OpenAPI 3.1 wants) of the record for answers, for creating, for editing. */
enum record_schema { SCHEMA_REPLY, SCHEMA_CREATE, SCHEMA_EDIT };
void record_schema(const struct record *, enum record_schema, struct json_out *, const char *key);

/* Bit per field in which the rows differ (version and created_at left out). Texts are compared by bytes. */
uint64_t record_diff(const struct record *, const void *a, const void *b);
