/* A record read as a whole, and its blocking keys. */
#include "identity/person.h"

#include "identity/contact.h"
#include "identity/names/names.h"
#include "identity/sound.h"

static bool is_stopped(const uint64_t *list, int count, uint64_t value)
{
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (list[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && list[low] == value;
}

static void stop(const struct stop_list *stop, struct person *p)
{
    for (int i = PERSON_PHONES_MAX - 1; i >= 0; i--)
        if (p->phone[i] && is_stopped(stop->phones, stop->phones_count, p->phone[i])) {
            memmove(&p->phone[i], &p->phone[i + 1], sizeof *p->phone * (size_t)(PERSON_PHONES_MAX - 1 - i));
            p->phone[PERSON_PHONES_MAX - 1] = 0;
            p->marks |= PERSON_PHONE_STOPPED;
        }
    if (p->email_loose && is_stopped(stop->emails, stop->emails_count, p->email_loose)) {
        p->email = p->email_loose = p->mailbox = 0;
        p->marks |= PERSON_EMAIL_RELAY;
    }
}

static uint64_t text_hash(str s, uint64_t seed)
{
    s = str_trim(s);
    return s.len ? hash_bytes(str_sub(s, 0, 512), seed) | 1 : 0;
}

void person_read(struct arena *a, const struct person_record *r, str country, const struct stop_list *stops, struct person *out)
{
    memset(out, 0, sizeof *out);
    out->id         = r->id;
    out->created    = r->created;
    out->source     = text_hash(r->source, 10);
    out->card       = text_hash(r->card, 11);
    out->device     = text_hash(r->device, 12);
    out->birth_date = r->birth_date > 18500101 && r->birth_date < 21000101 ? r->birth_date : 0;
    if (r->name.len > NAME_BYTES_MAX)
        out->marks |= PERSON_NAME_CUT;
    name_read(r->name, &out->name);
    address_read(r->city, r->address, &out->address);
    contact_phones(a, r->phone, country, out);
    contact_email(a, r->email, out);
    if (stops)
        stop(stops, out);
}

/* ---- keys ---- */

#define KIND_SHIFT 60

struct keys { uint64_t *at; int count; };

static void key_add(struct keys *k, enum key_kind kind, uint64_t what)
{
    uint64_t key = (hash_mix(what + (uint64_t)kind * UINT64_C(0x9e3779b97f4a7c15)) & ((UINT64_C(1) << KIND_SHIFT) - 1)) |
                   (uint64_t)kind << KIND_SHIFT;
    for (int i = 0; i < k->count; i++)
        if (k->at[i] == key)
            return;
    if (k->count < PERSON_KEYS_MAX)
        k->at[k->count++] = key;
}

enum key_kind person_key_kind(uint64_t key) { return (enum key_kind)(key >> KIND_SHIFT); }

/* Words that may stand in a key: the given name by its first full name, so that short forms meet; others by sounds. */
#define KEY_WORDS_MAX 6
static int key_words(const struct name *n, uint64_t out[KEY_WORDS_MAX], int *givens)
{
    int count = 0;
    *givens = 0;
    for (int i = 0; i < n->count; i++) {
        const struct name_word *w = &n->words[i];
        if (w->part != NAME_GIVEN)
            continue;
        const struct given_form *f = &given_forms[w->form - 1];
        for (int j = 0; j < f->count && j < 4 && count < KEY_WORDS_MAX - 1; j++)
            out[count++] = (uint64_t)(given_ids[f->first + j] & ~GIVEN_FULL) + 1;
    }
    *givens = count;
    for (int i = 0; i < n->count && count < KEY_WORDS_MAX; i++)
        if (n->words[i].part == NAME_SURNAME || n->words[i].part == NAME_WORD || n->words[i].set & WORD_SLIPPED)
            out[count++] = hash_mix(n->words[i].letters);
    return count;
}

static uint64_t both(uint64_t a, uint64_t b) { return hash_mix(a * UINT64_C(0x9e3779b97f4a7c15) + b); }

static void keys_house(const struct person *p, const uint64_t *words, int count, struct keys *k)
{
    const struct address *a = &p->address;
    if (!a->house || (!a->street[0] && !a->street_no))
        return;
    uint64_t place = both(a->house, a->flat);
    if (a->flat)
        key_add(k, KEY_HOUSE, both(both(a->street[0], a->street_no), place));
    for (int i = 0; i < count; i++) {
        if (a->flat)
            key_add(k, KEY_NAME_HOUSE, both(words[i], place));
        key_add(k, KEY_NAME_HOUSE, both(both(words[i], a->house), both(a->street[0], a->street_no) + 1));
    }
}

static void keys_name(const struct person *p, const uint64_t *words, int count, int givens, struct keys *k)
{
    uint64_t tail = p->phone[0] % 100 + 1;
    if (!p->phone[0] && p->phone_mask)
        tail = (p->phone_mask & 15) < 11 && (p->phone_mask >> 4 & 15) < 11
                   ? (p->phone_mask & 15) - 1 + ((p->phone_mask >> 4 & 15) - 1) * 10 + 1 : 0;
    else if (!p->phone[0])
        tail = 0;
    for (int i = 0; i < givens; i++)
        for (int j = givens > 1 && count == givens ? i + 1 : givens; j < count; j++) {
            uint64_t name = both(words[i] < words[j] ? words[i] : words[j], words[i] < words[j] ? words[j] : words[i]);
            if (p->address.city)
                key_add(k, KEY_NAME, both(name, p->address.city));
            if (tail)
                key_add(k, KEY_NAME, both(name, tail << 40));
        }
}

int person_keys(const struct person *p, uint64_t out[PERSON_KEYS_MAX])
{
    struct keys k = { .at = out };
    uint64_t    words[KEY_WORDS_MAX];
    int         givens, count = key_words(&p->name, words, &givens);

    for (int i = 0; i < PERSON_PHONES_MAX; i++)
        if (p->phone[i])
            key_add(&k, KEY_PHONE, p->phone[i]);
    if (p->email_loose)
        key_add(&k, KEY_EMAIL, p->email_loose);
    if (p->card)
        key_add(&k, KEY_CARD, p->card);
    if (p->device)
        key_add(&k, KEY_DEVICE, p->device);
    for (int i = 0; i < count; i++) {
        if (p->birth_date)
            key_add(&k, KEY_NAME_BIRTH, both(words[i], (uint64_t)p->birth_date));
        if (p->mailbox)
            key_add(&k, KEY_MAILBOX, both(words[i], p->mailbox));
    }
    keys_house(p, words, count, &k);
    keys_name(p, words, count, givens, &k);
    return k.count;
}
