#include "customers/card_note_store.h"

enum { Q_OF, Q_WRITE, Q_DROP, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_OF] = { "card_notes.of",
        "WITH RECURSIVE cards (id) AS (SELECT id FROM customers WHERE id = $1 UNION SELECT c.id FROM cards JOIN customers c ON c.merged_into = cards.id) "
        "SELECT n.* FROM customer_notes n WHERE n.customer_id IN (SELECT id FROM cards) ORDER BY n.at DESC, n.id DESC LIMIT $2", NULL },
    [Q_WRITE] = { "card_notes.write", "UPDATE customer_notes SET text = $2, edited_at = $3, version = version + 1 WHERE id = $1", NULL },
    [Q_DROP] = { "card_notes.drop", "DELETE FROM customer_notes WHERE id = $1", NULL },
};
static const struct field card_note_fields[] = {
    FIELD(card_note, id,          .access = READ_ONLY),
    FIELD(card_note, customer_id, .access = READ_ONLY),
    FIELD(card_note, at,          .access = READ_ONLY),
    FIELD(card_note, author_id,   .access = READ_ONLY),
    FIELD(card_note, author_name, .access = READ_ONLY, .max = 200),
    FIELD(card_note, text,        .required = true, .min = 1, .max = 4000, .doc = "what to remember of this person"),
    FIELD(card_note, edited_at,   .access = READ_ONLY),
    FIELD(card_note, version,     .access = READ_ONLY),
};
const struct record card_note_record = RECORD(card_note, "customer_notes", card_note_fields);
/* clang-format on */

bool card_notes_of(struct db *db, rid card, int max, struct arena *a, struct card_note_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_id(&st, 1, card);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&card_note_record, &st, a, card_note_list_add(out, a));
    return db_ok(&st, err);
}

bool card_note_write(struct db *db, const struct card_note *n, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WRITE]);
    bind_id(&st, 1, n->id);
    bind_text(&st, 2, n->text);
    bind_instant(&st, 3, n->edited_at);
    return db_exec(&st, err);
}

bool card_note_drop(struct db *db, rid id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_id(&st, 1, id);
    return db_exec(&st, err);
}
