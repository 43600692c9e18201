#include "orders/no_contact_flow.h"

#include "base/secret.h"

static str digest_of(struct arena *a, str salt, str contact)
{
    return secret_digest(a, str_print(a, "%.*s:%.*s", STR_ARG(salt), STR_ARG(contact)));
}

static bool salt_ready(struct db *db, struct arena *a, str *salt, struct err *err)
{
    if (!do_not_contact_salt(db, a, salt, err))
        return false;
    if (salt->len)
        return true;
    *salt = secret_token(a, 16);
    return do_not_contact_salt_set(db, *salt, err);
}

bool no_contact_add(struct db *db, const struct work *w, const str *contacts, int count, struct err *err)
{
    str salt;
    if (!salt_ready(db, w->arena, &salt, err))
        return false;
    for (int i = 0; i < count; i++)
        if (contacts[i].len && !do_not_contact_add(db, digest_of(w->arena, salt, contacts[i]), w->now, err))
            return false;
    return true;
}

bool no_contact_remove(struct db *db, const struct work *w, const str *contacts, int count, struct err *err)
{
    str *digests = ARENA_ARRAY(w->arena, str, count + 1), salt;
    int  n = 0;
    if (!salt_ready(db, w->arena, &salt, err))
        return false;
    for (int i = 0; i < count; i++)
        if (contacts[i].len)
            digests[n++] = digest_of(w->arena, salt, contacts[i]);
    return !n || do_not_contact_remove(db, digests, n, err);
}

bool no_contact_known(struct db *db, struct arena *a, const str *contacts, int count, bool *out, struct err *err)
{
    str            *digests = ARENA_ARRAY(a, str, count + 1), salt;
    struct str_list known   = { 0 };
    for (int i = 0; i < count; i++)
        out[i] = false;
    if (!count || !do_not_contact_salt(db, a, &salt, err))
        return !count;
    if (!salt.len)
        return true;                    /* nobody has ever asked */
    for (int i = 0; i < count; i++)
        digests[i] = contacts[i].len ? digest_of(a, salt, contacts[i]) : STR("");
    if (!do_not_contact_known(db, digests, count, a, &known, err))
        return false;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < known.count && !out[i]; k++)
            out[i] = str_eq(known.at[k], digests[i]);
    return true;
}

bool no_contact_cards(struct db *db, struct arena *a, const struct customer *cards, int count, const struct customer_source_list *sources,
                      struct int_list *out, struct err *err)
{
    int   more     = sources ? sources->count : 0, n = 0;
    str  *contacts = ARENA_ARRAY(a, str, 2 * (count + more) + 1);
    rid  *whose    = ARENA_ARRAY(a, rid, 2 * (count + more) + 1);
    bool *known    = ARENA_ARRAY(a, bool, 2 * (count + more) + 1);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < 2; k++) {
            whose[n]      = cards[i].id;
            contacts[n++] = k ? cards[i].email : cards[i].phone;
        }
    for (int i = 0; i < more; i++)
        for (int k = 0; k < 2; k++) {
            whose[n]      = sources->at[i].customer_id;
            contacts[n++] = k ? sources->at[i].email : sources->at[i].phone;
        }
    if (!no_contact_known(db, a, contacts, n, known, err))
        return false;
    for (int i = 0; i < n; i++)
        if (known[i])
            *int_list_add(out, a) = whose[i].v;
    return true;
}
