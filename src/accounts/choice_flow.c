#include "accounts/choice_flow.h"

struct choosing {
    struct work *w;
    str          name, value;
};

static bool save_tx(struct db *db, void *ctx, struct err *err)
{
    struct choosing *c = ctx;
    return choice_set(db, c->w->actor.id, c->name, c->value, err);
}

bool choice_save(struct work *w, str name, str value, struct err *err)
{
    struct choosing c = { w, name, value };
    if (value.len > CHOICE_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "", "a choice has at most %d bytes", CHOICE_BYTES_MAX);
    return db_tx(w->db, save_tx, &c, err);
}
