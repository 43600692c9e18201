#include "customers/tag_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "customers/parting_flow.h"

struct tagging {
    struct work             *w;
    const rid               *ids;
    int                      count;
    struct customer_tag      tag;
    bool                     on;
    struct customer         *rows;
    struct customer_tag_list have;
    struct tagged           *out;
};

static str tags_json(struct arena *a, const struct tagging *t, rid card, bool with)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_begin(&j, "tags", '[');
    for (int i = 0; i < t->have.count; i++)
        if (id_eq(t->have.at[i].customer_id, card) && t->have.at[i].hash != t->tag.hash)
            json_text(&j, NULL, t->have.at[i].tag);
    if (with)
        json_text(&j, NULL, t->tag.tag);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static void counts_of(const struct tagging *t, rid card, int *all, bool *has)
{
    *all = 0;
    *has = false;
    for (int i = 0; i < t->have.count; i++)
        if (id_eq(t->have.at[i].customer_id, card)) {
            ++*all;
            *has |= t->have.at[i].hash == t->tag.hash;
        }
}

static bool card_tag(struct db *db, struct tagging *t, const struct customer *c, struct err *err)
{
    const struct work *w = t->w;
    int  all;
    bool has;
    counts_of(t, c->id, &all, &has);
    if (has == t->on)
        return true;
    if (!str_is(c->state, "active") || id_is_set(c->merged_into) || (t->on && all >= TAGS_MAX)) {
        t->out->left++;
        return true;
    }
    struct customer_tag one = t->tag;
    one.customer_id = c->id;
    t->out->changed[t->out->count++] = c->id;
    return (!t->on || customer_tag_put(db, w, &one, err)) &&
           audit_write(db, w, t->on ? STR("customer.tag") : STR("customer.untag"), STR("customer"), c->id, tags_json(w->arena, t, c->id, !t->on),
                       tags_json(w->arena, t, c->id, t->on), err) &&
           customer_event(db, w, c->id, "tagged", err);
}

static bool tag_tx(struct db *db, void *ctx, struct err *err)
{
    struct tagging *t = ctx;
    struct arena   *a = t->w->arena;
    int             found = 0;
    t->have       = (struct customer_tag_list){ 0 };    /* the transaction may run again */
    t->out->count = t->out->left = 0;
    if (!record_load(db, &customer_record, t->ids, t->count, a, t->rows, &found, err) || !customer_tags_of(db, t->ids, t->count, a, &t->have, err))
        return false;
    t->out->left = t->count - found;
    for (int i = 0; i < found; i++)
        if (!card_tag(db, t, &t->rows[i], err))
            return false;
    return t->on || !t->out->count || customer_tag_drop(db, t->out->changed, t->out->count, t->tag.hash, err);
}

bool customers_tag(struct work *w, const rid *customers, int count, str tag, bool on, struct tagged *out, struct err *err)
{
    struct tagging t = { .w = w, .ids = customers, .count = count, .tag = { .hash = tag_hash(w->arena, tag), .tag = tag }, .on = on, .out = out,
                         .rows = ARENA_ARRAY(w->arena, struct customer, count + 1) };
    *out = (struct tagged){ .changed = ARENA_ARRAY(w->arena, rid, count + 1) };
    return db_tx(w->db, tag_tx, &t, err);
}
