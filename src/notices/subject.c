#include "notices/subject.h"

#include "orders/order_status.h"

/* clang-format off */
const char *const subject_kind_names[] = { [SUBJECT_ORDER] = "order", [SUBJECT_RETURN] = "return", [SUBJECT_CLAIM] = "claim", NULL };
_Static_assert(COUNT_OF(subject_kind_names) == SUBJECT_KIND_COUNT + 1, "a name per kind");

static const struct { const char *page; enum permission right; } kinds[SUBJECT_KIND_COUNT] = {
    [SUBJECT_ORDER]  = { "orders",         PERM_ORDERS_WORK },
    [SUBJECT_RETURN] = { "returns",        PERM_RETURNS_DECIDE },
    [SUBJECT_CLAIM]  = { "returns/claims", PERM_RETURNS_DECIDE },
};
/* clang-format on */

bool subject_is_hot(const struct subject *s)
{
    return !s->closed && s->step.len && (s->zone == ZONE_YELLOW || s->zone == ZONE_RED || s->zone == ZONE_BREACHED);
}

enum permission subject_right(const struct subject *s)
{
    return str_is(s->step, sla_step_names[SLA_REFUND]) ? PERM_RETURNS_REFUND : kinds[s->kind].right;
}

bool subject_kind_of(str name, enum subject_kind *out)
{
    int n = name_find(subject_kind_names, name);
    *out  = n < 0 ? SUBJECT_ORDER : (enum subject_kind)n;
    return n >= 0;
}

str subject_path(struct arena *a, enum subject_kind kind, rid id)
{
    return str_print(a, "/%s/%lld", kinds[kind].page, (long long)id.v);
}
