#include "orders/erase_store.h"

/* clang-format off */
static const struct field erasure_fields[] = {
    FIELD(erasure, id, .access = READ_ONLY, .sortable = true), FIELD(erasure, at, .access = READ_ONLY),
    FIELD(erasure, actor_kind, .access = READ_ONLY, .max = 16), FIELD(erasure, actor_id, .access = READ_ONLY),
    FIELD(erasure, actor_name, .access = READ_ONLY, .max = 200), FIELD(erasure, customers, .access = READ_ONLY, .max = 100000),
    FIELD(erasure, sources, .access = READ_ONLY, .max = 100000), FIELD(erasure, orders_n, .access = READ_ONLY),
    FIELD(erasure, do_not_contact, .access = READ_ONLY), FIELD(erasure, reason, .access = READ_ONLY, .max = 20),
    FIELD(erasure, asked_name, .access = READ_ONLY, .max = 200),
};
const struct record erasure_record = RECORD(erasure, "erasures", erasure_fields);
/* clang-format on */

enum {
    Q_CARDS, Q_ORDERS, Q_ORDERS_COUNT, Q_SEEN, Q_SENT_BACK,
    /* Told the customer of the orders and the token. */
    Q_ORDER, Q_NOTES, Q_TASKS, Q_SOURCES, Q_LAST_TOKEN = Q_SOURCES,
    /* Told the customer of the orders. */
    Q_HISTORY, Q_COMMANDS, Q_INTAKE, Q_IMPORTS, Q_PEOPLE_IMPORTS, Q_CHANGES, Q_HOLDS, Q_LABEL_FILES, Q_LABELS, Q_AUDIT_ORDERS, Q_AUDIT_RETURNS, Q_AUDIT_CLAIMS,
    Q_RETURNS, Q_RETURN_STEPS, Q_RETURN_PHOTOS, Q_RETURN_MEDIA, Q_RETURN_UNDO, Q_CLAIMS, Q_CLAIM_STEPS, Q_LAST_ORDER = Q_CLAIM_STEPS,
    /* Told the cards. */
    Q_KEYS, Q_TAGS, Q_CARD_NOTES, Q_FIELDS, Q_CONSENTS, Q_MERGES_KEPT, Q_MERGES_GONE, Q_AUDIT, Q_OFFERS_A, Q_OFFERS_B, Q_LAST_CARDS = Q_OFFERS_B, Q_TAG_NAMES,
    Q_CUSTOMERS, Q_KEPT_ANSWERS, Q_PARKED, Q_TOLD_OTHERS, Q_DO_NOT, Q_DO_NOT_KNOWN, Q_DO_NOT_OFF, Q_SALT, Q_SALT_SET, Q_ERASURES, Q_COUNT
};
#define ITS_ORDERS "(SELECT o.id FROM orders o WHERE o.customer_id = $1)"
#define ITS_RETURNS "(SELECT r.id FROM returns r JOIN orders o ON o.id = r.order_id WHERE o.customer_id = $1)"
#define ITS_CLAIMS "(SELECT c.id FROM claims c JOIN orders o ON o.id = c.order_id WHERE o.customer_id = $1)"
static const struct sql SQL[Q_COUNT] = {
    [Q_CARDS] = { "erase.cards",
        "WITH RECURSIVE card (id, step) AS (SELECT id, 0 FROM customers WHERE id = $1 "
        "   UNION ALL SELECT c.id, card.step + 1 FROM card JOIN customers c ON c.merged_into = card.id WHERE card.step < 100) SELECT id FROM card", NULL },
    [Q_ORDERS] = { "erase.orders", "SELECT * FROM orders WHERE customer_id = $1 ORDER BY sort_at, id LIMIT $2", NULL },
    [Q_ORDERS_COUNT] = { "erase.orders_count", "SELECT COUNT(*), COUNT(*) FILTER (WHERE closed = 0) FROM orders WHERE customer_id = $1", NULL },
    [Q_SENT_BACK] = { "erase.sent_back",
        "SELECT r.id, r.order_number, r.title, r.state, r.reason, r.external_reason, r.buyer_text, r.decision_text, r.rule, r.rule_inputs, r.requested_at, "
        "       (SELECT COUNT(*) FROM return_photos p WHERE p.return_id = r.id) "
        "  FROM returns r JOIN orders o ON o.id = r.order_id WHERE o.customer_id = $1 ORDER BY r.id LIMIT $2", NULL },
    [Q_SEEN] = { "erase.seen",
        "SELECT * FROM audit_entries WHERE entity = 'customer' AND entity_id = $1 ORDER BY id DESC LIMIT $2", NULL },

    [Q_ORDER] = { "erase.order",
        "UPDATE orders SET customer_name = $2, recipient_name = $2, recipient_phone = '', delivery_address = '', comment_buyer = '', comment = '', "
        "       tags = '', version = version + 1 WHERE customer_id = $1", NULL },
    [Q_NOTES] = { "erase.notes", "UPDATE order_notes SET text = $2 WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_TASKS] = { "erase.tasks", "UPDATE tasks SET title = $2 WHERE kind = 'person' AND order_id IN " ITS_ORDERS, NULL },
    [Q_SOURCES] = { "erase.sources",
        "UPDATE customer_sources SET external_id = $2 || CAST(id AS TEXT), name = $2, phone = '', phone_raw = '', email = '', address = '', "
        "       birth_date = '', masked = 0, contested = 0 WHERE customer_id = $1", NULL },

    [Q_HISTORY] = { "erase.history",               /* undo and refusals are known by the word that they begin with */
        "UPDATE order_history SET note = CASE WHEN note IN ('undo', 'label_printed', 'label_reprinted') THEN note WHEN note LIKE 'refused%' THEN 'refused' ELSE '' END "
        " WHERE note <> '' AND order_id IN " ITS_ORDERS, NULL },
    [Q_COMMANDS] = { "erase.commands", "UPDATE outbox SET payload = '{}', memory = '', text = '', note = '' WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_INTAKE] = { "erase.intake", "UPDATE intake_events SET payload = '', problem = '' WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_IMPORTS] = { "erase.imports", "UPDATE import_rows SET before_json = '' WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_PEOPLE_IMPORTS] = { "erase.people_imports",
        "UPDATE people_import_rows SET before_json = '' WHERE source_id IN (SELECT s.id FROM customer_sources s WHERE s.customer_id = $1)", NULL },
    [Q_CHANGES] = { "erase.changes", "UPDATE order_changes SET was = '', became = '' WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_HOLDS] = { "erase.holds", "UPDATE order_holds SET reason = '' WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_LABEL_FILES] = { "erase.label_files", "DELETE FROM label_files WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_LABELS] = { "erase.labels", "DELETE FROM labels WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_AUDIT_ORDERS] = { "erase.audit_orders",
        "UPDATE audit_entries SET before_json = '', after_json = '' WHERE entity = 'order' AND entity_id IN " ITS_ORDERS, NULL },

    /* What the buyer wrote of a return and was answered, and pictures of what came back. */
    [Q_AUDIT_RETURNS] = { "erase.audit_returns",
        "UPDATE audit_entries SET before_json = '', after_json = '' WHERE entity = 'return' AND entity_id IN " ITS_RETURNS, NULL },
    [Q_AUDIT_CLAIMS] = { "erase.audit_claims",
        "UPDATE audit_entries SET before_json = '', after_json = '' WHERE entity = 'claim' AND entity_id IN " ITS_CLAIMS, NULL },
    [Q_RETURNS] = { "erase.returns",
        "UPDATE returns SET buyer_text = '', comment = '', decision_text = '', version = version + 1 WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_RETURN_STEPS] = { "erase.return_steps",
        "UPDATE return_history SET note = CASE WHEN note IN ('undo', 'backward', 'silent', 'not_handed_in', 'disposed', 'refund_proposed', 'joined', 'split', 'decided_by_market', 'offer_declined') THEN note "
        "                                      WHEN note LIKE 'refused%' THEN 'refused' ELSE '' END WHERE note <> '' AND return_id IN " ITS_RETURNS, NULL },
    [Q_RETURN_PHOTOS] = { "erase.return_photos", "DELETE FROM return_photos WHERE return_id IN " ITS_RETURNS, NULL },
    [Q_RETURN_MEDIA] = { "erase.return_media", "DELETE FROM return_media WHERE return_id IN " ITS_RETURNS, NULL },
    [Q_RETURN_UNDO] = { "erase.return_undo", "DELETE FROM return_undo WHERE return_id IN " ITS_RETURNS, NULL },
    [Q_CLAIMS] = { "erase.claims", "UPDATE claims SET evidence = '', decision = '', version = version + 1 WHERE order_id IN " ITS_ORDERS, NULL },
    [Q_CLAIM_STEPS] = { "erase.claim_steps", "UPDATE claim_history SET note = '', before = '' WHERE claim_id IN " ITS_CLAIMS, NULL },

    [Q_KEYS] = { "erase.keys", "DELETE FROM customer_keys WHERE customer_id IN ({ids:$1})", NULL },
    [Q_TAGS] = { "erase.tags", "DELETE FROM customer_tags WHERE customer_id IN ({ids:$1})", NULL },
    [Q_CARD_NOTES] = { "erase.card_notes", "DELETE FROM customer_notes WHERE customer_id IN ({ids:$1})", NULL },
    [Q_FIELDS] = { "erase.fields", "DELETE FROM customer_fields WHERE customer_id IN ({ids:$1})", NULL },
    [Q_CONSENTS] = { "erase.consents", "DELETE FROM consents WHERE customer_id IN ({ids:$1})", NULL },
    [Q_MERGES_KEPT] = { "erase.merges_kept",
        "UPDATE merge_events SET choices = '{}', before_json = '{}', after_json = '{}' WHERE kept_id IN ({ids:$1})", NULL },
    [Q_MERGES_GONE] = { "erase.merges_gone",
        "UPDATE merge_events SET choices = '{}', before_json = '{}', after_json = '{}' WHERE gone_id IN ({ids:$1})", NULL },
    [Q_AUDIT] = { "erase.audit",
        "UPDATE audit_entries SET before_json = '', after_json = '' WHERE entity = 'customer' AND entity_id IN ({ids:$1})", NULL },
    [Q_OFFERS_A] = { "erase.offers_a", "UPDATE identity_suggestions SET state = 'stale' WHERE state = 'open' AND customer_a IN ({ids:$1})", NULL },
    [Q_OFFERS_B] = { "erase.offers_b", "UPDATE identity_suggestions SET state = 'stale' WHERE state = 'open' AND customer_b IN ({ids:$1})", NULL },
    [Q_TAG_NAMES] = { "erase.tag_names",                  /* words that were on nobody else's card */
        "DELETE FROM customer_tag_names WHERE NOT EXISTS (SELECT 1 FROM customer_tags t WHERE t.tag_hash = customer_tag_names.tag_hash)", NULL },
    [Q_CUSTOMERS] = { "erase.customers",
        "UPDATE customers SET name = $2, phone = '', email = '', birth_date = '', manual = '', state = 'erased', version = version + 1, updated_at = $3 "
        " WHERE id IN ({ids:$1})", NULL },
    [Q_KEPT_ANSWERS] = { "erase.kept_answers", "DELETE FROM idempotency_keys WHERE body LIKE $1", NULL },
    [Q_PARKED] = { "erase.parked", "UPDATE intake_events SET payload = '', problem = '' WHERE state = 'parked' AND payload LIKE $1", NULL },
    [Q_TOLD_OTHERS] = { "erase.told_others", "DELETE FROM webhook_deliveries WHERE body LIKE $1", NULL },
    [Q_DO_NOT] = { "erase.do_not_contact", "INSERT INTO do_not_contact (digest, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", NULL },
    [Q_DO_NOT_KNOWN] = { "erase.do_not_contact_known", "SELECT digest FROM do_not_contact WHERE digest IN ({texts:$1})", NULL },
    [Q_DO_NOT_OFF] = { "erase.do_not_contact_off", "DELETE FROM do_not_contact WHERE digest IN ({texts:$1})", NULL },
    [Q_SALT] = { "erase.salt", "SELECT value FROM settings WHERE key = 'do_not_contact.salt'", NULL },
    [Q_SALT_SET] = { "erase.salt_set", "INSERT INTO settings (key, value) VALUES ('do_not_contact.salt', $1) ON CONFLICT DO NOTHING", NULL },
    [Q_ERASURES] = { "erase.erasures", "SELECT * FROM erasures WHERE id > $1 ORDER BY id LIMIT $2", NULL },
};

bool cards_of(struct db *db, rid customer, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CARDS]);
    bind_id(&st, 1, customer);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

bool orders_of_customer(struct db *db, rid customer, int max, struct arena *a, struct order_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ORDERS]);
    bind_id(&st, 1, customer);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&order_record, &st, a, order_list_add(out, a));
    return db_ok(&st, err);
}

bool sent_back_by(struct db *db, rid customer, int max, struct arena *a, struct sent_back_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SENT_BACK]);
    bind_id(&st, 1, customer);
    bind_int(&st, 2, max);
    while (db_row(&st))
        *sent_back_list_add(out, a) = (struct sent_back){
            col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_text_copy(&st, 3, a), col_text_copy(&st, 4, a),
            col_text_copy(&st, 5, a), col_text_copy(&st, 6, a), col_text_copy(&st, 7, a), col_text_copy(&st, 8, a), col_text_copy(&st, 9, a),
            col_instant(&st, 10), col_int(&st, 11),
        };
    return db_ok(&st, err);
}

bool orders_of_customer_count(struct db *db, rid customer, int64_t *all, int64_t *open, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ORDERS_COUNT]);
    bind_id(&st, 1, customer);
    *all = *open = 0;
    if (db_row(&st)) {
        *all  = col_int(&st, 0);
        *open = col_int(&st, 1);
    }
    return db_ok(&st, err);
}

bool contacts_seen_by(struct db *db, rid customer, int max, struct arena *a, struct audit_entry *rows, int *count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SEEN]);
    bind_id(&st, 1, customer);
    bind_int(&st, 2, max);
    for (*count = 0; *count < max && db_row(&st); ++*count)
        record_scan(&audit_record, &st, a, &rows[*count]);
    return db_ok(&st, err);
}

bool person_erase(struct db *db, rid customer, const rid *cards, int count, str token, instant now, struct err *err)
{
    for (int q = Q_ORDER; q <= Q_LAST_ORDER; q++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
        bind_id(&st, 1, customer);
        if (q <= Q_LAST_TOKEN)
            bind_text(&st, 2, token);
        if (!db_exec(&st, err))
            return false;
    }
    for (int q = Q_KEYS; q <= Q_LAST_CARDS; q++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
        bind_ids(&st, 1, cards, count);
        if (!db_exec(&st, err))
            return false;
    }
    CLEANUP(stmt_done) struct stmt names = db_query(db, &SQL[Q_TAG_NAMES]);
    if (!db_exec(&names, err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CUSTOMERS]);
    bind_ids(&st, 1, cards, count);
    bind_text(&st, 2, token);
    bind_instant(&st, 3, now);
    return db_exec(&st, err);
}

bool traces_erase(struct db *db, str text, struct arena *a, struct err *err)
{
    static const int where[] = { Q_KEPT_ANSWERS, Q_PARKED, Q_TOLD_OTHERS };
    for (int i = 0; i < COUNT_OF(where); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[where[i]]);
        bind_text(&st, 1, str_print(a, "%%%.*s%%", STR_ARG(text)));
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool do_not_contact_add(struct db *db, str digest, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DO_NOT]);
    bind_text(&st, 1, digest);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}

bool do_not_contact_remove(struct db *db, const str *digests, int count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DO_NOT_OFF]);
    bind_texts(&st, 1, digests, count);
    return db_exec(&st, err);
}

bool do_not_contact_known(struct db *db, const str *digests, int count, struct arena *a, struct str_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DO_NOT_KNOWN]);
    bind_texts(&st, 1, digests, count);
    while (db_row(&st))
        *str_list_add(out, a) = col_text_copy(&st, 0, a);
    return db_ok(&st, err);
}

bool do_not_contact_salt(struct db *db, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SALT]);
    *out = db_row(&st) ? col_text_copy(&st, 0, a) : STR("");
    return db_ok(&st, err);
}

bool do_not_contact_salt_set(struct db *db, str salt, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SALT_SET]);
    bind_text(&st, 1, salt);
    return db_exec(&st, err);
}

bool erasures_after(struct db *db, rid after, int max, struct arena *a, struct erasure_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ERASURES]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&erasure_record, &st, a, erasure_list_add(out, a));
    return db_ok(&st, err);
}
