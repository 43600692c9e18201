/* hook_join.c - notifications of one account that wait at the same time are stored as one page.
 *
 * A page of a hundred orders costs a fraction of a hundred pages of one: its look-ups are made once, its rows go to the database
 * together, there is one commit. So whoever comes while a page of its account is being stored waits, and what waits then is the next
 * page. Who comes alone is stored at once; nobody waits for more to come.
 *
 * One of those who wait stores the page for all of them, with the connection and the memory of its own request. They return when
 * the page is on the disk.
 */
#include "sync/sync_own.h"

#define JOINED_BYTES_MAX ((size_t)2 << 20)               /* of payloads; who brings more alone is a page alone */

struct hook_wait {
    struct hook_wait   *next;
    rid                 account;
    struct intake_item *items;
    int                 n;
    size_t              bytes;
    bool                is_done, is_ok;
    struct err         *err;
    pthread_cond_t      turn;            /* it is done, or its turn to store has come */
};

/* Under the lock. Its account is in the list of those of which a page is being stored. */
static bool is_storing(const struct sync_engine *e, rid account)
{
    for (const struct hook_store *s = e->hooks.storing; s; s = s->next)
        if (id_eq(s->account, account))
            return true;
    return false;
}

static void storing_end(struct sync_engine *e, struct hook_store *mine)
{
    struct hook_store **at = &e->hooks.storing;
    while (*at != mine)
        at = &(*at)->next;
    *at = mine->next;
}

/* Takes a page of what waits for the account, in the order in which it came; gives the number of items. Under the lock. */
static int page_take(struct sync_engine *e, rid account, struct hook_wait **page)
{
    struct hook_wait **at = &e->hooks.waiting, **end = page;
    int    n     = 0;
    size_t bytes = 0;
    while (*at) {
        struct hook_wait *one = *at;
        if (!id_eq(one->account, account)) {
            at = &one->next;
            continue;
        }
        if (n && (n + one->n > PAGE_ITEMS || bytes + one->bytes > JOINED_BYTES_MAX))
            break;
        n     += one->n;
        bytes += one->bytes;
        *at       = one->next;
        one->next = NULL;
        *end      = one;
        end       = &one->next;
    }
    return n;
}

/* What the account has told before falls away. */
static bool page_store(struct talk *t, const struct hook_wait *page, int count, struct err *err)
{
    struct arena        *a     = t->w->arena;
    struct intake_item  *items = ARENA_ARRAY(a, struct intake_item, count + 1);
    str                 *keys  = ARENA_ARRAY(a, str, count + 1);
    bool                *known = ARENA_ARRAY(a, bool, count + 1);
    struct intake_counts c     = { 0 };
    int                  n     = 0, kept = 0;
    for (; page; page = page->next)
        for (int i = 0; i < page->n; i++)
            items[n++] = page->items[i];
    for (int i = 0; i < n; i++)
        keys[i] = items[i].event_key;
    if (!intake_known(t->w->db, t->account.id, keys, n, a, known, err))
        return false;
    for (int i = 0; i < n; i++)
        if (!known[i])
            items[kept++] = items[i];
    return kept == 0 || items_apply(t, STR("hook"), items, kept, NULL, &c, err);
}

/* Under the lock: they may go, and the first that waits behind them stores the next page. */
static void page_end(struct sync_engine *e, struct hook_wait *page, bool ok, const struct err *err)
{
    rid account = page->account;
    while (page) {
        struct hook_wait *one = page;
        page         = one->next;
        one->is_ok   = ok;
        one->is_done = true;
        if (!ok)
            *one->err = *err;
        pthread_cond_signal(&one->turn);
    }
    for (struct hook_wait *one = e->hooks.waiting; one; one = one->next)
        if (id_eq(one->account, account)) {
            pthread_cond_signal(&one->turn);
            break;
        }
}

bool hook_store(struct talk *t, struct intake_item *items, int n, struct err *err)
{
    struct sync_engine *e    = t->e;
    struct hook_wait    mine = { .account = t->account.id, .items = items, .n = n, .err = err };
    struct hook_wait  **end  = &e->hooks.waiting;
    for (int i = 0; i < n; i++)
        mine.bytes += items[i].payload.len;
    pthread_cond_init(&mine.turn, NULL);
    pthread_mutex_lock(&e->hooks.lock);
    while (*end)
        end = &(*end)->next;
    *end = &mine;
    while (!mine.is_done) {
        if (is_storing(e, mine.account)) {
            pthread_cond_wait(&mine.turn, &e->hooks.lock);
            continue;
        }
        struct hook_wait *page    = NULL;
        struct hook_store storing = { mine.account, e->hooks.storing };
        struct err        bad     = { 0 };
        int               count   = page_take(e, mine.account, &page);
        e->hooks.storing = &storing;
        pthread_mutex_unlock(&e->hooks.lock);
        bool ok = page_store(t, page, count, &bad);
        pthread_mutex_lock(&e->hooks.lock);
        storing_end(e, &storing);
        page_end(e, page, ok, &bad);
    }
    pthread_mutex_unlock(&e->hooks.lock);
    pthread_cond_destroy(&mine.turn);
    return mine.is_ok;
}
