#include "customers/customer_flow.h"

#include "base/fold.h"
#include "customers/merge_flow.h"

/* What a page knows so far: sources and keys that were in the database, and those it has just made. */
struct page {
    struct db                  *db;
    const struct work          *w;
    struct customer_source_list sources;
    struct key_hit_list         keys;
    struct int_list             touched;                 /* customers that got another source */
    struct int_list             renewed;                 /* customers of whom a source told other contacts or another name */
};

static str phone_key(struct arena *a, str e164)
{
    return fold_reverse(a, fold_digits(a, e164));
}

static bool load(struct page *p, const struct buyer *buyers, int count, struct err *err)
{
    struct arena *a      = p->w->arena;
    str          *ids    = ARENA_ARRAY(a, str, count + 1);
    str          *phones = ARENA_ARRAY(a, str, count + 1);
    str          *emails = ARENA_ARRAY(a, str, count + 1);
    int           id_n = 0, phone_n = 0, email_n = 0;

    for (int i = 0; i < count; i++) {
        if (buyer_is_nobody(&buyers[i]))
            continue;
        ids[id_n++] = buyers[i].external_id;
        if (buyers[i].phone.len)
            phones[phone_n++] = phone_key(a, buyers[i].phone);
        if (buyers[i].email.len)
            emails[email_n++] = buyers[i].email;
    }
    if (id_n && !customer_sources_by_external(p->db, buyers[0].account_id, ids, id_n, a, &p->sources, err))
        return false;
    if (phone_n && !customer_keys_find(p->db, STR("phone"), phones, phone_n, a, &p->keys, err))
        return false;
    return !email_n || customer_keys_find(p->db, STR("email"), emails, email_n, a, &p->keys, err);
}

static struct customer_source *find_source(struct page *p, str external_id)
{
    for (int i = 0; i < p->sources.count; i++)
        if (str_eq(p->sources.at[i].external_id, external_id))
            return &p->sources.at[i];
    return NULL;
}

static rid find_key(const struct page *p, str kind, str value)
{
    for (int i = 0; value.len && i < p->keys.count; i++)
        if (str_eq(p->keys.at[i].value, value) && str_eq(p->keys.at[i].kind, kind))
            return p->keys.at[i].customer_id;
    return (rid){ 0 };
}

static bool add_key(struct page *p, str kind, str value, rid customer_id, struct err *err)
{
    if (!value.len)
        return true;
    if (!str_is(kind, "word")) {
        for (int i = 0; i < p->keys.count; i++)
            if (id_eq(p->keys.at[i].customer_id, customer_id) && str_eq(p->keys.at[i].value, value) &&
                str_eq(p->keys.at[i].kind, kind))
                return true;
        *key_hit_list_add(&p->keys, p->w->arena) = (struct key_hit){ kind, value, customer_id };
    }
    return customer_key_add(p->db, kind, value, customer_id, err);
}

/* Everything by which the person can be found again. */
static bool add_keys(struct page *p, const struct buyer *b, rid customer_id, bool with_name, struct err *err)
{
    str words[8];
    int count = with_name ? name_words(p->w->arena, b->name, words) : 0;
    for (int i = 0; i < count; i++)
        if (!add_key(p, STR("word"), words[i], customer_id, err))
            return false;
    return add_key(p, STR("phone"), phone_key(p->w->arena, b->phone), customer_id, err) &&
           add_key(p, STR("email"), b->email, customer_id, err);
}

static bool make_customer(struct page *p, const struct buyer *b, rid *out, struct err *err)
{
    struct customer c = {
        .id = work_id(p->w), .name = b->name, .phone = b->phone, .email = b->email, .city = b->city, .currency = b->orders ? b->currency : STR(""),
        .orders_count = b->orders, .net_spent = b->sum, .first_order_at = b->orders ? b->seen : (instant){ 0 },
        .last_order_at = b->orders ? b->seen : (instant){ 0 }, .state = STR("active"), .version = 1, .created_at = p->w->now, .updated_at = p->w->now,
    };
    *out = c.id;
    return customer_insert(p->db, &c, err) && add_keys(p, b, c.id, true, err);
}

static bool same_copy(const struct customer_source *s, const struct buyer *b)
{
    return str_eq(s->name, b->name) && str_eq(s->phone_raw, b->phone_raw) && str_eq(s->email, b->email) &&
           str_eq(s->address, b->address) && str_eq(s->city, b->city);
}

static void note(struct page *p, struct int_list *list, rid customer)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == customer.v)
            return;
    *int_list_add(list, p->w->arena) = customer.v;
}

/* A newer copy of a known source. What the channel has hidden since does not erase what it had told. */
static bool renew(struct page *p, struct customer_source *s, const struct buyer *b, struct err *err)
{
    if (same_copy(s, b) || b->seen.ms < s->last_seen.ms)
        return true;
    bool news = b->phone.len && !str_eq(b->phone, s->phone);
    news |= b->email.len && !str_eq(b->email, s->email);
    bool named = b->name.len && !str_eq(b->name, s->name);
    if (b->name.len)
        s->name = b->name;
    if (b->phone.len) {
        s->phone     = b->phone;
        s->phone_raw = b->phone_raw;
        s->masked    = false;
    }
    if (b->email.len)
        s->email = b->email;
    if (b->address.len)
        s->address = b->address;
    if (b->city.len)
        s->city = b->city;
    s->last_seen = b->seen;
    if (!customer_source_save(p->db, s, err))
        return false;
    note(p, news || named ? &p->renewed : &p->touched, s->customer_id);
    return (!news && !named) || add_keys(p, b, s->customer_id, named, err);
}

static bool make_source(struct page *p, const struct buyer *b, rid customer_id, str rule, rid *out, struct err *err)
{
    struct customer_source *s = customer_source_list_add(&p->sources, p->w->arena);
    *s = (struct customer_source){
        .id = work_id(p->w), .account_id = b->account_id, .external_id = b->external_id, .customer_id = customer_id,
        .rule = rule, .name = b->name, .phone = b->phone, .phone_raw = b->phone_raw, .email = b->email,
        .address = b->address, .city = b->city, .masked = b->masked, .first_seen = b->seen, .last_seen = b->seen,
    };
    *out = s->id;
    struct identity_row_link l = {
        .id = work_id(p->w), .source_id = s->id, .customer_id = customer_id, .rule = rule, .at = p->w->now,
        .actor_kind = str_of(actor_kind_names[ACTOR_RULE]), .actor_name = str_is(rule, "first") ? STR("") : STR("identity"),
    };
    return customer_source_save(p->db, s, err) && link_add(p->db, &l, err);
}

static bool resolve_one(struct page *p, const struct buyer *b, struct buyer_found *out, struct err *err)
{
    struct customer_source *s = find_source(p, b->external_id);
    if (s) {
        *out = (struct buyer_found){ s->customer_id, s->id, false };
        return renew(p, s, b, err);
    }
    str rule          = STR("phone");
    out->customer_id  = find_key(p, STR("phone"), phone_key(p->w->arena, b->phone));
    if (!id_is_set(out->customer_id)) {
        rule             = STR("email");
        out->customer_id = find_key(p, STR("email"), b->email);
    }
    if (id_is_set(out->customer_id)) {
        note(p, &p->touched, out->customer_id);
        if (!add_keys(p, b, out->customer_id, true, err))
            return false;
    } else {
        rule        = STR("first");
        out->is_new = true;
        if (!make_customer(p, b, &out->customer_id, err))
            return false;
    }
    return make_source(p, b, out->customer_id, rule, &out->source_id, err);
}

/* What the cards show follows their sources, for the whole page in three statements and one for each card that changed. */
static bool refresh(struct page *p, struct err *err)
{
    struct arena               *a       = p->w->arena;
    int                         n       = p->touched.count, found = 0;
    rid                        *ids     = ARENA_ARRAY(a, rid, n + 1);
    struct customer            *rows    = ARENA_ARRAY(a, struct customer, n + 1);
    struct customer_source_list sources = { 0 };
    struct customer_field_list  fields  = { 0 };

    for (int i = 0; i < p->renewed.count; i++) {
        rid one = { p->renewed.at[i] };                  /* rare: what it said before finds it no more */
        if (!customers_refresh(p->db, p->w, &one, 1, err))
            return false;
    }
    for (int i = 0; i < n; i++)
        ids[i] = (rid){ p->touched.at[i] };
    if (!n)
        return true;
    if (!record_load(p->db, &customer_record, ids, n, a, rows, &found, err) || !customer_sources_of(p->db, ids, n, a, &sources, err) ||
        !customer_fields_of(p->db, ids, n, a, &fields, err))
        return false;
    for (int i = 0; i < found; i++) {
        struct customer was = rows[i];
        customer_compute(&rows[i], &sources, &fields, a);
        if (record_diff(&customer_record, &was, &rows[i]) && !customer_values_save(p->db, &rows[i], p->w->now, err))
            return false;
    }
    return true;
}

bool customer_resolve(struct db *db, const struct work *w, const struct buyer *buyers, int count, struct buyer_found *out,
                      struct err *err)
{
    struct page p = { .db = db, .w = w };
    if (count && !load(&p, buyers, count, err))
        return false;
    for (int i = 0; i < count; i++) {
        out[i] = (struct buyer_found){ 0 };
        if (!buyer_is_nobody(&buyers[i]) && !resolve_one(&p, &buyers[i], &out[i], err))
            return false;
    }
    return refresh(&p, err);
}
