#include "accounts/session_cache_http.h"

#include "base/secret.h"

#include <pthread.h>

#define SLOTS        512 /* a power of two */
#define MEMORY_BYTES 512

struct slot {
    struct arena arena; /* over `memory`; a long name goes to the heap */
    instant until;
    struct principal who; /* session: the digest */
    _Alignas(16) char memory[MEMORY_BYTES];
};
struct session_cache {
    pthread_mutex_t lock;
    uint64_t generation;
    struct arena *home;
    struct slot *slots[SLOTS]; /* made at first use */
};

struct session_cache *session_cache_new(struct arena *a)
{
    struct session_cache *c = ARENA_NEW(a, struct session_cache);
    c->home = a;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void slot_empty(struct slot *s)
{
    arena_done(&s->arena);
    s->until = (instant){ 0 };
    s->who = (struct principal){ 0 };
}

void session_cache_done(struct session_cache *c)
{
    for (int i = 0; i < SLOTS; i++)
        if (c->slots[i])
            slot_empty(c->slots[i]);
    pthread_mutex_destroy(&c->lock);
}

static struct slot **slot_of(struct session_cache *c, str digest)
{
    return &c->slots[secret_hash64(digest) & (SLOTS - 1)];
}

static void copy_into(struct arena *a, struct principal *to, const struct principal *from)
{
    *to = *from;
    to->name = str_copy(a, from->name);
    to->csrf = str_copy(a, from->csrf);
    to->session = str_copy(a, from->session);
    to->language = str_copy(a, from->language);
    to->zone = str_copy(a, from->zone);
    to->accounts = NULL;
    if (from->accounts_count)
        to->accounts = arena_copy(a, from->accounts, sizeof *from->accounts * (size_t)from->accounts_count);
}

bool session_cache_find(struct session_cache *c, str digest, instant now, struct arena *a,
                        struct principal *out)
{
    pthread_mutex_lock(&c->lock);
    const struct slot *s = *slot_of(c, digest);
    bool known = s && s->until.ms > now.ms && str_eq(s->who.session, digest);
    if (known)
        copy_into(a, out, &s->who);
    pthread_mutex_unlock(&c->lock);
    return known;
}

uint64_t session_cache_generation(struct session_cache *c)
{
    pthread_mutex_lock(&c->lock);
    uint64_t n = c->generation;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void session_cache_keep(struct session_cache *c, uint64_t generation, str digest, instant now,
                        instant expires_at, const struct principal *who)
{
    pthread_mutex_lock(&c->lock);
    if (c->generation == generation) {
        struct slot **at = slot_of(c, digest);
        if (!*at)
            *at = ARENA_NEW(c->home, struct slot);
        slot_empty(*at);
        (*at)->arena = arena_over((*at)->memory, sizeof(*at)->memory);
        copy_into(&(*at)->arena, &(*at)->who, who);
        (*at)->who.session = str_copy(&(*at)->arena, digest);
        (*at)->until = instant_add(now, SESSION_CACHE_MS);
        if (instant_is_set(expires_at))
            (*at)->until = instant_min((*at)->until, expires_at);
    }
    pthread_mutex_unlock(&c->lock);
}

void session_cache_forget(struct session_cache *c, str digest)
{
    pthread_mutex_lock(&c->lock);
    c->generation++;
    struct slot *s = *slot_of(c, digest);
    if (s && str_eq(s->who.session, digest))
        slot_empty(s);
    pthread_mutex_unlock(&c->lock);
}

void session_cache_forget_who(struct session_cache *c, bool is_key, rid id)
{
    pthread_mutex_lock(&c->lock);
    c->generation++;
    for (int i = 0; i < SLOTS; i++) {
        struct slot *s = c->slots[i];
        if (s && s->who.is_key == is_key && id_eq(s->who.user_id, id))
            slot_empty(s);
    }
    pthread_mutex_unlock(&c->lock);
}
