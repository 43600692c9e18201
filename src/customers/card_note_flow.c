#include "customers/card_note_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "customers/customer_store.h"
#include "customers/parting_flow.h"

struct writing { struct work *w; rid card, note; int64_t version; str text; struct card_note now; };

static bool said(struct writing *e, struct db *db, str action, struct err *err)
{
    struct buf      b = buf_in(e->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "note_id", e->now.id);
    json_end(&j);
    return audit_write(db, e->w, action, STR("customer"), e->card, (str){ 0 }, buf_str(&b), err) &&
           customer_event(db, e->w, e->card, "noted", err);
}

static bool add_tx(struct db *db, void *ctx, struct err *err)
{
    struct writing       *e = ctx;
    struct work          *w = e->w;
    struct customer       c;
    struct card_note_list have = { 0 };
    if (!record_get(db, &customer_record, e->card, w->arena, &c, err) || !card_notes_of(db, e->card, CARD_NOTES_MAX, w->arena, &have, err))
        return false;
    if (!str_is(c.state, "active") || id_is_set(c.merged_into))
        return err_set(err, ERR_CONFLICT, "id", "this card lives no more");
    if (have.count >= CARD_NOTES_MAX)
        return err_set(err, ERR_CONFLICT, "text", "a card holds %d notes", CARD_NOTES_MAX);
    e->now = (struct card_note){ .id = work_id(w), .customer_id = e->card, .at = w->now, .author_id = w->actor.id, .author_name = w->actor.name,
                                 .text = e->text, .version = 1 };
    return record_insert(db, &card_note_record, &e->now, err) && said(e, db, STR("customer.note"), err);
}

bool card_note_add(struct work *w, rid card, str text, struct card_note *out, struct err *err)
{
    struct writing e  = { .w = w, .card = card, .text = text };
    bool           ok = db_tx(w->db, add_tx, &e, err);
    *out = e.now;
    return ok;
}

static bool own_load(struct writing *e, struct db *db, struct err *err)
{
    rid card;
    e->now = (struct card_note){ .version = 0 };        /* the transaction may run again */
    if (!record_get(db, &card_note_record, e->note, e->w->arena, &e->now, err) || !customer_living(db, e->now.customer_id, &card, err))
        return false;
    if (!id_eq(card, e->card))
        return err_set(err, ERR_NOT_FOUND, "note", "there is no such note on this card");
    return id_eq(e->now.author_id, e->w->actor.id) || err_set(err, ERR_FORBIDDEN, "note", "only who wrote a note changes it");
}

static bool edit_tx(struct db *db, void *ctx, struct err *err)
{
    struct writing *e = ctx;
    if (!own_load(e, db, err))
        return false;
    if (e->now.version != e->version)
        return err_set(err, ERR_VERSION_OLD, "version", "this note was changed meanwhile");
    e->now.text      = e->text;
    e->now.edited_at = e->w->now;
    e->now.version++;
    return card_note_write(db, &e->now, err) && said(e, db, STR("customer.note_edit"), err);
}

bool card_note_edit(struct work *w, rid card, rid note, int64_t version, str text, struct card_note *out, struct err *err)
{
    struct writing e  = { .w = w, .card = card, .note = note, .version = version, .text = text };
    bool           ok = db_tx(w->db, edit_tx, &e, err);
    *out = e.now;
    return ok;
}

static bool remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct writing *e = ctx;
    return own_load(e, db, err) && card_note_drop(db, e->note, err) && said(e, db, STR("customer.note_remove"), err);
}

bool card_note_remove(struct work *w, rid card, rid note, struct err *err)
{
    struct writing e = { .w = w, .card = card, .note = note };
    return db_tx(w->db, remove_tx, &e, err);
}
