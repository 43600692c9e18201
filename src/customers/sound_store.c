#include "customers/sound_store.h"

#define LEADS_MAX  20000                /* keys looked at for one spelling */
#define COMBOS_MAX 8                    /* spellings of a whole name that are looked for */
#define LETTERS_MIN 3                   /* of a word that may go on */

enum { Q_BY_ONE, Q_BY_TWO, Q_BY_THREE, Q_NAMED, Q_COUNT };
#define LEAD "SELECT a.customer_id FROM (SELECT customer_id FROM customer_keys WHERE kind = 'sound' AND value >= $1 AND value < $2 LIMIT $3) a "
#define ALSO(name, from, to) \
    "EXISTS (SELECT 1 FROM customer_keys " name " WHERE " name ".customer_id = a.customer_id AND " name ".kind = 'sound' " \
    "           AND " name ".value >= " from " AND " name ".value < " to ") "
static const struct sql SQL[Q_COUNT] = {
    [Q_BY_ONE]   = { "sounds.by_one", LEAD "LIMIT $4", NULL },
    [Q_BY_TWO]   = { "sounds.by_two", LEAD "WHERE " ALSO("b", "$5", "$6") "LIMIT $4", NULL },
    [Q_BY_THREE] = { "sounds.by_three", LEAD "WHERE " ALSO("b", "$5", "$6") "AND " ALSO("c", "$7", "$8") "LIMIT $4", NULL },
    [Q_NAMED] = { "sounds.named",
        "SELECT id, name FROM customers WHERE id > $1 AND manual <> '' AND merged_into IS NULL AND state = 'active' ORDER BY id LIMIT $2", NULL },
};

bool customer_sounds_add(struct db *db, struct arena *a, str name, rid customer, struct err *err)
{
    struct name_sound sounds[8];
    int n = name_sounds(a, name, sounds);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < sounds[i].count; k++)
            if (!customer_key_add(db, STR("sound"), sounds[i].forms[k], customer, err))
                return false;
    return true;
}

static bool is_known(const struct int_list *list, int64_t id)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

/* One spelling: forms[i] of words[i]. A given name is whole, what else is typed may go on. */
static bool by_spelling(struct db *db, const struct name_sound *const *words, const int *forms, int count, int max, struct arena *a,
                        struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_ONE + count - 1]);
    for (int i = 0; i < count; i++) {
        str from = words[i]->forms[forms[i]];
        str to   = str_print(a, words[i]->is_given ? "%.*s!" : "%.*s{", STR_ARG(from));      /* '!' is before the letters, '{' behind z */
        bind_text(&st, i ? 3 + 2 * i : 1, from);
        bind_text(&st, i ? 4 + 2 * i : 2, to);
    }
    bind_int(&st, 3, LEADS_MAX);
    bind_int(&st, 4, max * 2);
    while (out->count < max && db_row(&st)) {
        int64_t id = col_int(&st, 0);
        if (!is_known(out, id))
            *int_list_add(out, a) = id;
    }
    return db_ok(&st, err);
}

static bool by_sounds(struct db *db, str text, int max, struct arena *a, struct int_list *out, struct err *err)
{
    struct name_sound        sounds[8];
    const struct name_sound *words[3];
    int n = name_sounds(a, text, sounds), count = 0, forms[3] = { 0 };
    for (int pass = 0; pass < 2; pass++)                 /* surnames lead: they have fewer people */
        for (int i = 0; i < n && count < COUNT_OF(words); i++)
            if (sounds[i].is_given == (pass == 1) && (pass == 1 || sounds[i].forms[0].len >= LETTERS_MIN))
                words[count++] = &sounds[i];
    for (int tries = 0; count && tries < COMBOS_MAX && out->count < max; tries++) {
        int i = 0;
        if (!by_spelling(db, words, forms, count, max, a, out, err))
            return false;
        while (i < count && ++forms[i] == words[i]->count)
            forms[i++] = 0;
        if (i == count)
            break;
    }
    return true;
}

bool customer_by_name(struct db *db, str text, int max, struct arena *a, struct int_list *out, struct err *err)
{
    str words[8];
    int count = name_words(a, text, words);
    return customer_by_words(db, words, count, max, a, out, err) && (out->count >= max || by_sounds(db, text, max, a, out, err));
}

bool customers_named_after(struct db *db, rid after, int max, struct arena *a, struct named_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NAMED]);
    bind_int(&st, 1, after.v);
    bind_int(&st, 2, max);
    while (db_row(&st))
        *named_list_add(out, a) = (struct named){ col_id(&st, 0), col_text_copy(&st, 1, a) };
    return db_ok(&st, err);
}
