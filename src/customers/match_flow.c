#include "customers/match_flow.h"

#include "customers/match_store.h"
#include "customers/weights.h"

#define KNOWN_MAX   60                  /* records that one is compared with */
#define PERHAPS_MAX 3

struct near { struct customer_source source; struct person person; };
LIST(near)
struct entry { uint64_t key; int near, next; };          /* a record under a key; next of the chain + 1 */
LIST(entry)
/* What a record was that others had been kept away from: without it they may find another place. */
struct past { struct person person; };
LIST(past)
/* A record that was read, for its reading costs more than all that is done with it here. */
struct told { struct customer_source source; struct person person; };

struct neighbours {
    const struct work  *w;
    str                 country;
    struct near_list    list;
    struct entry_list   entries;
    int                *table;          /* chain + 1 by hash of the key */
    unsigned            mask;
    struct verdict_list verdicts;
    struct key_of_list  added, dropped;
    struct int_list     doubts;
    struct past_list    past;
    struct told        *told;           /* those that will be asked for, in that order */
    int                 told_n, told_at;
};

void source_person(struct arena *a, const struct customer_source *s, str country, struct person *out)
{
    int64_t      days;
    struct civil born = { 0 };
    if (s->birth_date.len && date_parse(s->birth_date, &days))
        born = civil_of_days(days);
    struct person_record r = {
        .id = s->id.v, .source = str_print(a, "%lld", (long long)s->account_id.v), .name = s->name, .email = s->email,
        .phone = s->phone.len || !s->masked ? s->phone : s->phone_raw, .city = s->city, .address = s->address,
        .birth_date = born.year * 10000 + born.month * 100 + born.day, .created = s->first_seen.ms / DAY_MS,
    };
    person_read(a, &r, country, NULL, out);
}

/* Is this the same reading? Only its number may differ, which a new record gets later. */
static bool tells_same(const struct customer_source *a, const struct customer_source *b)
{
    return id_eq(a->account_id, b->account_id) && a->first_seen.ms == b->first_seen.ms && a->masked == b->masked &&
           str_eq(a->name, b->name) && str_eq(a->phone, b->phone) && str_eq(a->phone_raw, b->phone_raw) && str_eq(a->email, b->email) &&
           str_eq(a->address, b->address) && str_eq(a->city, b->city) && str_eq(a->birth_date, b->birth_date);
}

static void person_of(struct neighbours *n, const struct customer_source *s, struct person *out)
{
    for (int i = 0; i < n->told_n; i++) {
        int at = (n->told_at + i) % n->told_n;
        if (!tells_same(&n->told[at].source, s))
            continue;
        n->told_at = at;
        *out       = n->told[at].person;
        out->id    = s->id.v;
        return;
    }
    source_person(n->w->arena, s, n->country, out);
}

str evidence_json(struct arena *a, const struct pair *p)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '[');
    for (int i = 0; i < p->evidence_count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "code", str_of(evidence_names[p->evidence[i].code]));
        json_text(&j, "field", str_of(pair_field_names[p->evidence[i].field]));
        json_number(&j, "weight", p->evidence[i].weight);
        json_number(&j, "rarity", p->evidence[i].rarity);
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

/* ---- who is near ---- */

static unsigned slot_of(const struct neighbours *n, uint64_t key)
{
    return (unsigned)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 40) & n->mask;
}

static void entry_add(struct neighbours *n, uint64_t key, int near)
{
    struct entry *e = entry_list_add(&n->entries, n->w->arena);
    unsigned      s = slot_of(n, key);
    *e          = (struct entry){ key, near, n->table[s] };
    n->table[s] = n->entries.count;
}

static int near_add(struct neighbours *n, const struct customer_source *s)
{
    near_list_add(&n->list, n->w->arena)->source = *s;
    return n->list.count - 1;
}

static int near_find(const struct neighbours *n, rid source)
{
    for (int i = 0; i < n->list.count; i++)
        if (id_eq(n->list.at[i].source.id, source))
            return i;
    return -1;
}

/* All records of everybody who shares a key with one of the page. */
static bool clusters_load(struct neighbours *n, struct db *db, const struct key_member_list *members, struct err *err)
{
    struct arena               *a       = n->w->arena;
    rid                        *ids     = ARENA_ARRAY(a, rid, members->count + 1);
    struct customer_source_list sources = { 0 };
    int                         count   = 0;

    for (int i = 0; i < members->count; i++) {
        bool seen = false;
        for (int k = count - 1; k >= 0 && !seen; k--)
            seen = id_eq(ids[k], members->at[i].customer_id);
        if (!seen)
            ids[count++] = members->at[i].customer_id;
    }
    if (!count)
        return true;
    if (!customer_sources_of(db, ids, count, a, &sources, err))
        return false;
    for (int i = 0; i < sources.count; i++) {
        int at = near_add(n, &sources.at[i]);
        source_person(a, &sources.at[i], n->country, &n->list.at[at].person);
    }
    for (int i = 0; i < members->count; i++) {
        int at = near_find(n, members->at[i].source_id);
        if (at >= 0)
            entry_add(n, members->at[i].key, at);
    }
    rid *all = ARENA_ARRAY(a, rid, sources.count + 1);
    for (int i = 0; i < sources.count; i++)
        all[i] = sources.at[i].id;
    return verdicts_of(db, all, sources.count, a, &n->verdicts, err);
}

bool neighbours_load(struct db *db, const struct work *w, const struct customer_source *records, int count, str country,
                     struct neighbours **out, struct err *err)
{
    struct neighbours     *n       = ARENA_NEW(w->arena, struct neighbours);
    struct key_member_list members = { 0 };
    uint64_t *keys = ARENA_ARRAY(w->arena, uint64_t, count * PERSON_KEYS_MAX + 1);
    unsigned  size = 64;
    int       total = 0;

    *n = (struct neighbours){ .w = w, .country = country, .told = ARENA_ARRAY(w->arena, struct told, count + 1), .told_n = count };
    for (int i = 0; i < count; i++) {
        n->told[i].source = records[i];
        source_person(w->arena, &records[i], country, &n->told[i].person);
        total += person_keys(&n->told[i].person, keys + total);
    }
    while (size < (unsigned)total * 2)
        size *= 2;
    n->table = ARENA_ARRAY(w->arena, int, size);
    n->mask  = size - 1;
    *out     = n;
    return !total || (match_keys_find(db, keys, total, w->arena, &members, err) && clusters_load(n, db, &members, err));
}

/* ---- asking ---- */

struct asking {
    struct person  known[KNOWN_MAX];
    int            near[KNOWN_MAX];
    int64_t        cluster_of[KNOWN_MAX];
    int            count;
    bool           is_cut;                               /* more were near */
    struct identity_verdict verdicts[64];
    int            verdicts_n;
};

static void known_add(struct neighbours *n, struct asking *q, rid customer, rid self)
{
    for (int i = 0; i < q->count; i++)
        if (q->cluster_of[i] == customer.v)
            return;
    for (int i = 0; i < n->list.count; i++)
        if (id_eq(n->list.at[i].source.customer_id, customer) && !id_eq(n->list.at[i].source.id, self)) {
            q->is_cut |= q->count == KNOWN_MAX;
            if (q->is_cut)
                break;
            q->known[q->count]      = n->list.at[i].person;
            q->near[q->count]       = i;
            q->cluster_of[q->count] = customer.v;
            q->count++;
        }
}

static void gather(struct neighbours *n, struct asking *q, const struct person *p, const struct customer_source *s, rid own)
{
    uint64_t keys[PERSON_KEYS_MAX];
    int      count = person_keys(p, keys);
    for (int i = 0; i < count; i++) {
        int members = 0;
        for (int e = n->table[slot_of(n, keys[i])]; e; e = n->entries.at[e - 1].next)
            members += n->entries.at[e - 1].key == keys[i];
        for (int e = n->table[slot_of(n, keys[i])]; e && members <= BLOCK_SPARED; e = n->entries.at[e - 1].next) {
            const struct entry *x = &n->entries.at[e - 1];
            rid whose = n->list.at[x->near].source.customer_id;
            if (x->key == keys[i] && id_is_set(whose) && !id_eq(whose, own) && !id_eq(n->list.at[x->near].source.id, s->id))
                known_add(n, q, whose, s->id);
        }
    }
    for (int i = 0; i < n->verdicts.count; i++) {
        const struct verdict *v = &n->verdicts.at[i];
        for (int k = 0; k < q->count && q->verdicts_n < COUNT_OF(q->verdicts); k++) {
            rid known = n->list.at[q->near[k]].source.id;
            if ((id_eq(v->a_id, known) && id_eq(v->b_id, s->id)) || (id_eq(v->b_id, known) && id_eq(v->a_id, s->id)))
                q->verdicts[q->verdicts_n++] = (struct identity_verdict){ .a = k, .same = str_is(v->verdict, "same") };
        }
    }
}

static struct match match_of(const struct neighbours *n, const struct asking *q, const struct identity_place *x)
{
    return (struct match){
        .customer = { x->cluster }, .with_source = n->list.at[q->near[x->member]].source.id, .score = x->pair.score,
        .rule = str_of(identity_rule_names[x->pair.rule]), .evidence = evidence_json(n->w->arena, &x->pair),
    };
}

static bool is_barred(const struct neighbours *n, rid a, rid b)
{
    for (int i = 0; i < n->verdicts.count; i++) {
        int x = near_find(n, n->verdicts.at[i].a_id), y = near_find(n, n->verdicts.at[i].b_id);
        if (x < 0 || y < 0 || !str_is(n->verdicts.at[i].verdict, "different"))
            continue;
        rid one = n->list.at[x].source.customer_id, other = n->list.at[y].source.customer_id;
        if ((id_eq(one, a) && id_eq(other, b)) || (id_eq(one, b) && id_eq(other, a)))
            return true;
    }
    return false;
}

static int members_of(const struct neighbours *n, rid customer, struct person *out)
{
    int count = 0;
    for (int i = 0; i < n->list.count && count < KNOWN_MAX; i++)
        if (id_eq(n->list.at[i].source.customer_id, customer))
            out[count++] = n->list.at[i].person;
    return count;
}

/* Would these two be one if nothing but this record stood between them? */
static bool may_join(struct neighbours *n, rid a, rid b)
{
    struct person *one = ARENA_ARRAY(n->w->arena, struct person, KNOWN_MAX), *two = ARENA_ARRAY(n->w->arena, struct person, KNOWN_MAX);
    int one_n = members_of(n, a, one), two_n = members_of(n, b, two), x, y;
    return !is_barred(n, a, b) && one_n + two_n < limits_default.members_max &&
           identity_may_join(one, one_n, two, two_n, &limits_default, &x, &y) == GUARD_NONE;
}

/* Both clusters are what the record is: by its own score each would have taken it. */
static bool is_sure(const struct identity_place *x)
{
    return x->decision == DECISION_AUTOMATIC || (x->guard == GUARD_NOT_SINGLE && pair_decide(&x->pair, &limits_default) == DECISION_AUTOMATIC);
}

static bool doubted(const struct neighbours *n, rid source)
{
    for (int i = 0; i < n->doubts.count; i++)
        if (n->doubts.at[i] == source.v)
            return true;
    return false;
}

void neighbours_doubt(struct neighbours *n, rid source)
{
    if (!doubted(n, source))
        *int_list_add(&n->doubts, n->w->arena) = source.v;
}

const struct int_list *neighbours_doubts(const struct neighbours *n) { return &n->doubts; }

static bool comes_home(const struct matching *m, int64_t customer)
{
    bool yes = m->home.customer.v == customer;
    for (int i = 0; i < m->also.count && !yes; i++)
        yes = m->also.at[i] == customer;
    return yes;
}

/* Everybody whom this new record would join by itself has it now, and no guard keeps others away from them: then what hangs together
 * is this one card, as a rebuild would say. */
static bool is_settled(const struct neighbours *n, const struct asking *q, const struct person *p, const struct matching *m)
{
    if (q->is_cut || m->also.count > 1)
        return false;
    for (int i = 0; i < q->count; i++) {
        const struct customer_source *known = &n->list.at[q->near[i]].source;
        struct pair pair;
        if (comes_home(m, q->cluster_of[i])) {
            if (known->contested || doubted(n, known->id))
                return false;
            for (int k = 0; k < i; k++)                      /* a person has made them one: whom of them does it fit? */
                if (comes_home(m, q->cluster_of[k]) && person_contradicts(&q->known[i], &q->known[k]))
                    return false;
            continue;
        }
        pair_score(p, &q->known[i], weights_of(n->w), NULL, &pair);
        if (pair_decide(&pair, &limits_default) == DECISION_AUTOMATIC)
            return false;
    }
    return true;
}

void neighbours_ask(struct neighbours *n, const struct customer_source *s, rid own, struct matching *out)
{
    struct asking        *q = arena_raw(n->w->arena, sizeof *q);          /* many times larger than what is used of it */
    struct identity_place places[KNOWN_MAX];
    struct person         p;

    *out     = (struct matching){ 0 };
    q->count = q->verdicts_n = 0;
    q->is_cut = false;
    person_of(n, s, &p);
    gather(n, q, &p, s, own);
    struct identity_rules rules = { .weights = weights_of(n->w) };
    int found = q->count ? identity_place(&p, q->known, q->cluster_of, q->count, q->verdicts, q->verdicts_n, &rules, places, KNOWN_MAX) : 0;
    if (found > KNOWN_MAX)
        found = KNOWN_MAX;
    rid  home    = own;
    bool unclear = found > 1 && !id_is_set(own) && places[0].guard == GUARD_NOT_SINGLE &&
                   !may_join(n, (rid){ places[0].cluster }, (rid){ places[1].cluster });
    for (int i = 0; i < found; i++) {
        struct match m    = match_of(n, q, &places[i]);
        bool         sure = is_sure(&places[i]) && !unclear;
        if (sure && !id_is_set(home)) {
            home      = m.customer;
            out->home = m;
        } else if (sure && may_join(n, home, m.customer)) {
            *int_list_add(&out->also, n->w->arena) = m.customer.v;
            if (!out->home.rule.len)
                out->home = m;
        } else if (out->perhaps.count < PERHAPS_MAX && !(id_is_set(own) && is_barred(n, own, m.customer))) {
            *match_list_add(&out->perhaps, n->w->arena) = m;
        }
    }
    out->is_settled = !id_is_set(own) && is_settled(n, q, &p, out);
}

/* ---- keeping up ---- */

static void keys_note(struct neighbours *n, const struct person *p, rid source, struct key_of_list *to)
{
    uint64_t keys[PERSON_KEYS_MAX];
    int      count = person_keys(p, keys);
    for (int i = 0; i < count; i++)
        *key_of_list_add(to, n->w->arena) = (struct key_of){ keys[i], source };
}

void neighbours_take(struct neighbours *n, const struct customer_source *s, rid customer)
{
    uint64_t keys[PERSON_KEYS_MAX];
    int      at = near_find(n, s->id);
    if (at < 0)
        at = near_add(n, s);
    n->list.at[at].source = *s;
    person_of(n, s, &n->list.at[at].person);
    n->list.at[at].source.customer_id = customer;
    keys_note(n, &n->list.at[at].person, s->id, &n->added);
    int count = person_keys(&n->list.at[at].person, keys);
    for (int i = 0; i < count; i++)
        entry_add(n, keys[i], at);
}

void neighbours_forget(struct neighbours *n, const struct customer_source *was)
{
    struct person p;
    source_person(n->w->arena, was, n->country, &p);
    keys_note(n, &p, was->id, &n->dropped);
    if (was->contested)
        past_list_add(&n->past, n->w->arena)->person = p;
}

void neighbours_merged(struct neighbours *n, rid kept, rid gone)
{
    for (int i = 0; i < n->list.count; i++)
        if (id_eq(n->list.at[i].source.customer_id, gone))
            n->list.at[i].source.customer_id = kept;
}

static bool is_among(const struct key_of_list *list, const struct key_of *k)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i].key == k->key && id_eq(list->at[i].source_id, k->source_id))
            return true;
    return false;
}

/* A block that this page has made too common makes no pairs any more, also between those that were there before. */
static void crowds_doubt(struct neighbours *n, const struct key_of *added)
{
    int members = 0;
    for (int e = n->table[slot_of(n, added->key)]; e; e = n->entries.at[e - 1].next)
        members += n->entries.at[e - 1].key == added->key;
    if (members <= BLOCK_HOT)
        return;
    for (int e = n->table[slot_of(n, added->key)]; e; e = n->entries.at[e - 1].next)
        if (n->entries.at[e - 1].key == added->key)
            neighbours_doubt(n, n->list.at[n->entries.at[e - 1].near].source.id);
}

/* A block that a record has left may make pairs again. */
static bool emptied_doubt(struct neighbours *n, struct db *db, struct err *err)
{
    struct arena          *a    = n->w->arena;
    uint64_t              *keys = ARENA_ARRAY(a, uint64_t, n->dropped.count + 1);
    struct key_member_list members = { 0 };
    int                    count = 0;
    for (int i = 0; i < n->dropped.count; i++)
        if (!is_among(&n->added, &n->dropped.at[i]))
            keys[count++] = n->dropped.at[i].key;
    if (!count)
        return true;
    if (!match_keys_find(db, keys, count, a, &members, err))
        return false;
    for (int k = 0; k < count; k++) {
        int now = 0, left = 0;
        for (int i = 0; i < members.count; i++)
            now += members.at[i].key == keys[k];
        for (int i = 0; i < count; i++)
            left += keys[i] == keys[k];
        for (int i = 0; i < members.count && now + left > BLOCK_HOT; i++)
            if (members.at[i].key == keys[k])
                neighbours_doubt(n, members.at[i].source_id);
    }
    return true;
}

/* Whom a record would have joined before it changed. */
static bool past_doubt(struct neighbours *n, struct db *db, struct err *err)
{
    struct arena               *a       = n->w->arena;
    uint64_t                   *keys    = ARENA_ARRAY(a, uint64_t, n->past.count * PERSON_KEYS_MAX + 1);
    struct key_member_list      members = { 0 };
    struct customer_source_list sources = { 0 };
    int                         count   = 0;
    for (int i = 0; i < n->past.count; i++)
        count += person_keys(&n->past.at[i].person, keys + count);
    if (!count)
        return true;
    if (!match_keys_find(db, keys, count, a, &members, err))
        return false;
    rid *ids = ARENA_ARRAY(a, rid, members.count + 1);
    for (int i = 0; i < members.count; i++)
        ids[i] = members.at[i].source_id;
    if (!customer_sources_by_ids(db, ids, members.count, a, &sources, err))
        return false;
    for (int i = 0; i < sources.count; i++) {
        struct person p;
        source_person(a, &sources.at[i], n->country, &p);
        for (int k = 0; k < n->past.count; k++) {
            struct pair pair;
            pair_score(&p, &n->past.at[k].person, weights_of(n->w), NULL, &pair);
            if (pair_decide(&pair, &limits_default) == DECISION_AUTOMATIC)
                neighbours_doubt(n, sources.at[i].id);
        }
    }
    return true;
}

bool neighbours_save(struct neighbours *n, struct db *db, struct err *err)
{
    struct arena *a = n->w->arena;
    if (!match_keys_drop(db, n->dropped.at, n->dropped.count, a, err) || !match_keys_add(db, n->added.at, n->added.count, a, err) ||
        !emptied_doubt(n, db, err) || !past_doubt(n, db, err))
        return false;
    for (int i = 0; i < n->added.count; i++)
        crowds_doubt(n, &n->added.at[i]);
    return true;
}
