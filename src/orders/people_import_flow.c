#include "orders/people_import_flow.h"

#include "base/secret.h"
#include "customers/customer_flow.h"
#include "deadlines/shop.h"
#include "orders/import_job_flow.h"
#include "orders/people_import_store.h"

#define BATCH_BYTES ((size_t)32 << 20)

const char *const people_fields[PEOPLE_FIELDS + 1] = { "name", "phone", "phone_raw", "email", "city", "address", "birth_date", NULL };

str *people_field(struct customer_source *s, int field)
{
    str *const at[PEOPLE_FIELDS] = { &s->name, &s->phone, &s->phone_raw, &s->email, &s->city, &s->address, &s->birth_date };
    return at[field];
}

int64_t people_mark_of(struct arena *a, const struct customer_source *s)
{
    struct customer_source copy = *s;
    struct buf b = buf_in(a);
    for (int f = 0; f < PEOPLE_FIELDS; f++) {
        buf_print(&b, "%zu:", people_field(&copy, f)->len);
        buf_add(&b, *people_field(&copy, f));
    }
    return (int64_t)(secret_hash64(buf_str(&b)) >> 1);
}

/* A row of the file beside the record that is stored. */
struct item {
    struct people_row             row;
    int                           troubles_read;
    const struct customer_source *stored;   /* NULL: a new one */
    struct people_result          result;
};
LIST(item)

struct importing {
    struct work               *w;
    const struct people_plan  *plan;
    struct import_options      options;
    struct people_outcome     *out;
    struct import_run          run;
    struct arena               batch;       /* rows read, reset after each batch */
    struct item_list           items;
    struct customer_source_list stored;
    struct customer           *cards;       /* that rows of our own export name */
    int                        cards_n;
};

/* ---- what would become of a row ---- */

static str told(const struct buyer *b, int field)
{
    const str at[PEOPLE_FIELDS] = { b->name, b->phone, b->phone_raw, b->email, b->city, b->address, b->birth_date };
    return at[field];
}

/* A file that is silent about a field leaves it as it is; the way a number is written is no change. */
static void weigh_stored(struct importing *in, struct item *it)
{
    struct customer_source was = *it->stored;
    for (int f = 0; f < PEOPLE_FIELDS; f++) {
        str now = told(&it->row.buyer, f), before = *people_field(&was, f);
        bool raw = people_field(&was, f) == &was.phone_raw;
        if (now.len && !str_eq(now, before) && (!raw || it->row.buyer.masked))
            *import_diff_list_add(&it->result.diffs, in->w->arena) = (struct import_diff){ str_of(people_fields[f]), before, now };
    }
    it->result.fate = it->result.diffs.count ? IMPORT_CHANGED : IMPORT_SAME;
}

/* A row of our own export that says what the card says is known already. */
static bool is_on_card(const struct importing *in, const struct item *it)
{
    const struct buyer *b = &it->row.buyer;
    for (int i = 0; i < in->cards_n && id_is_set(it->row.customer_id); i++) {
        const struct customer *c = &in->cards[i];
        if (id_eq(c->id, it->row.customer_id))
            return (!b->name.len || str_eq(b->name, c->name)) && (!b->phone_raw.len || str_eq(b->phone, c->phone)) &&
                   (!b->email.len || str_eq(b->email, c->email)) && (!b->city.len || str_eq(b->city, c->city)) &&
                   (!b->birth_date.len || str_eq(b->birth_date, c->birth_date)) && !b->address.len;
    }
    return false;
}

static void weigh(struct importing *in, struct item *it)
{
    it->row.troubles.count = it->troubles_read;             /* a second try of the transaction starts afresh */
    it->result = (struct people_result){ .row = &it->row, .fate = IMPORT_NEW };
    it->stored = NULL;
    for (int i = 0; i < in->stored.count; i++)
        if (str_eq(in->stored.at[i].external_id, it->row.buyer.external_id))
            it->stored = &in->stored.at[i];
    if (it->row.troubles.count)
        it->result.fate = IMPORT_BAD;
    else if (it->stored)
        weigh_stored(in, it);
    else if (is_on_card(in, it))
        it->result.fate = IMPORT_SAME;
}

static bool weigh_all(struct importing *in, struct db *db, struct err *err)
{
    struct arena *a    = in->w->arena;
    str          *keys = ARENA_ARRAY(a, str, in->items.count + 1);
    rid          *ids  = ARENA_ARRAY(a, rid, in->items.count + 1);
    int           n = 0, cards = 0;

    in->stored  = (struct customer_source_list){ 0 };
    in->cards   = ARENA_ARRAY(a, struct customer, in->items.count + 1);
    in->cards_n = 0;
    for (int i = 0; i < in->items.count; i++) {
        keys[n++] = in->items.at[i].row.buyer.external_id;
        if (id_is_set(in->items.at[i].row.customer_id))
            ids[cards++] = in->items.at[i].row.customer_id;
    }
    if (n && id_is_set(in->out->account.id) && !customer_sources_by_external(db, in->out->account.id, keys, n, a, &in->stored, err))
        return false;
    if (cards && !record_load(db, &customer_record, ids, cards, a, in->cards, &in->cards_n, err))
        return false;
    for (int i = 0; i < in->items.count; i++)
        weigh(in, &in->items.at[i]);
    return true;
}

/* ---- changing ---- */

static bool is_taken(const struct item *it) { return it->result.fate == IMPORT_NEW || it->result.fate == IMPORT_CHANGED; }

static str before_of(struct importing *in, const struct item *it)
{
    struct customer_source was = *it->stored;
    struct buf      b = buf_in(in->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    for (int f = 0; f < PEOPLE_FIELDS; f++)
        json_text(&j, people_fields[f], *people_field(&was, f));
    json_bool(&j, "masked", was.masked);
    json_end(&j);
    return buf_str(&b);
}

static bool remember(struct importing *in, struct db *db, rid since, const struct buyer_found *found, struct err *err)
{
    struct arena               *a    = in->w->arena;
    struct customer_source_list now  = { 0 };
    struct int_list             events = { 0 };
    str *keys  = ARENA_ARRAY(a, str, in->items.count + 1);
    rid *cards = ARENA_ARRAY(a, rid, in->items.count + 1);
    int  n     = 0;

    for (int i = 0; i < in->items.count; i++)
        if (is_taken(&in->items.at[i])) {
            cards[n]  = found[n].customer_id;
            keys[n++] = in->items.at[i].row.buyer.external_id;
        }
    if (!n)
        return true;
    if (!customer_sources_by_external(db, in->out->account.id, keys, n, a, &now, err) || !people_merges_since(db, since, cards, n, a, &events, err))
        return false;
    rid *merged = ARENA_ARRAY(a, rid, events.count + 1);
    for (int i = 0; i < events.count; i++)
        merged[i] = (rid){ events.at[i] };
    str  merges = id_list_text(a, merged, events.count);     /* of the whole batch, with its first row: undone together */
    bool first  = true;
    for (int i = 0; i < in->items.count; i++) {
        const struct item *it = &in->items.at[i];
        for (int k = 0; k < now.count && is_taken(it); k++) {
            if (!str_eq(now.at[k].external_id, it->row.buyer.external_id))
                continue;
            struct people_kept row = {
                .job_id = in->run.job.id, .source_id = now.at[k].id, .file_row = it->row.row, .is_new = it->result.fate == IMPORT_NEW,
                .before_json = it->result.fate == IMPORT_NEW ? STR("") : before_of(in, it), .after_mark = people_mark_of(a, &now.at[k]),
                .merges = first ? merges : STR(""),
            };
            first = false;
            if (!record_insert(db, &people_kept_record, &row, err))
                return false;
            break;
        }
    }
    return true;
}

static bool take_batch(struct importing *in, struct db *db, struct err *err)
{
    struct arena       *a      = in->w->arena;
    struct buyer       *buyers = ARENA_ARRAY(a, struct buyer, in->items.count + 1);
    struct buyer_found *found  = ARENA_ARRAY(a, struct buyer_found, in->items.count + 1);
    struct work         w      = *in->w;
    rid                 since  = work_id(in->w);
    int                 n      = 0;

    w.db = db;
    for (int i = 0; i < in->items.count; i++) {
        const struct item *it = &in->items.at[i];
        if (!is_taken(it))
            continue;
        struct buyer b = it->row.buyer;
        b.account_id = in->out->account.id;
        if (it->stored)
            b.seen = it->stored->last_seen.ms > w.now.ms ? it->stored->last_seen : w.now;
        else if (!instant_is_set(b.seen))
            b.seen = w.now;
        buyers[n++] = b;
    }
    return (!n || customer_resolve(db, &w, buyers, n, in->options.country, found, err)) && remember(in, db, since, found, err);
}

static bool batch_tx(struct db *db, void *ctx, struct err *err)
{
    struct importing *in = ctx;
    int64_t fates[IMPORT_FATE_COUNT] = { 0 };
    if (!weigh_all(in, db, err) || !take_batch(in, db, err))
        return false;
    for (int i = 0; i < in->items.count; i++)
        fates[in->items.at[i].result.fate]++;
    return import_run_save(db, &in->run, fates, err);
}

static bool batch_end(struct importing *in, struct err *err)
{
    CLEANUP(arena_back) struct arena_mark mark = arena_mark(in->w->arena);
    if (!in->items.count)
        return true;
    if (in->plan->dry_run ? !weigh_all(in, in->w->db, err) : !db_tx(in->w->db, batch_tx, in, err))
        return false;
    for (int i = 0; i < in->items.count; i++) {
        struct item *it = &in->items.at[i];
        it->result.row = &it->row;
        in->out->fates[it->result.fate]++;
        if (in->plan->told)
            in->plan->told(in->plan->ctx, &it->result);
    }
    in->items = (struct item_list){ 0 };
    arena_reset(&in->batch);
    return true;
}

static bool take_row(void *ctx, struct people_row *p, struct err *err)
{
    struct importing *in = ctx;
    struct item *it = item_list_add(&in->items, &in->batch);
    it->row           = *p;
    it->troubles_read = p->troubles.count;
    return (in->items.count < IMPORT_BATCH && in->batch.used < BATCH_BYTES) || batch_end(in, err);
}

/* ---- the whole ---- */

bool people_import(struct work *w, const struct people_plan *plan, struct people_outcome *out, struct err *err)
{
    struct importing in = { .w = w, .plan = plan, .options = plan->options, .out = out };
    bool found;

    *out = (struct people_outcome){ 0 };
    if (!in.options.zone)
        in.options.zone = w->shop->zone;
    if (!in.options.country.len)
        in.options.country = w->shop->country;
    if (!import_account_find(w->db, plan->account, w->arena, &out->account, &found, err))
        return false;
    if (!found)
        out->account = (struct import_account){ .channel = STR("manual"), .name = STR("Manual orders") };
    in.run  = import_run_of(w, "customers", plan->file_name, plan->bytes, &out->account, out->fates, plan->dry_run);
    bool ok = import_run_begin(&in.run, err);
    ok = ok && people_read(plan->bytes, &in.options, &in.batch, w->arena, &out->sheet, take_row, &in, err);
    ok = ok && batch_end(&in, err);
    if (!plan->dry_run)
        out->job_id = in.run.job.id;
    ok = ok && import_run_end(&in.run, err);
    arena_done(&in.batch);
    return ok;
}
