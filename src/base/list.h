/* list.h - growing arrays in an arena, one declaration per element type.
 *
 *     LIST(order)                                     // struct order_list { struct order *at; int count, cap; }
 *     struct order *o = order_list_add(&list, arena); // zeroed, valid until the next add
 *     for (int i = 0; i < list.count; i++) use(&list.at[i]);
 */
#pragma once
#include "base/arena.h"

#define LIST_OF(type, name)                                                                              \
    struct name {                                                                                        \
        type *at;                                                                                        \
        int   count, cap;                                                                                \
    };                                                                                                   \
    __attribute__((unused)) static inline type *name##_add(struct name *l, struct arena *a)              \
    {                                                                                                    \
        if (l->count == l->cap) {                                                                        \
            int   cap = l->cap ? l->cap * 2 : 8;                                                         \
            type *at  = arena_alloc(a, sizeof(type) * (size_t)cap);                                      \
            if (l->count)                                                                                \
                memcpy(at, l->at, sizeof(type) * (size_t)l->count);                                      \
            l->at  = at;                                                                                 \
            l->cap = cap;                                                                                \
        }                                                                                                \
        return &l->at[l->count++];                                                                       \
    }
#define LIST(tag) LIST_OF(struct tag, tag##_list)

LIST_OF(str, str_list)
LIST_OF(int64_t, int_list)
