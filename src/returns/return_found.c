#include "returns/return_found.h"

#define PARTS_MAX 50

struct finding {
    const struct return_input_line_list *in;
    bool                                 only_disposes;
    struct arena                        *arena;
    instant                              now;
    struct rma_line_list                *out, rest;
    int64_t                              last;
    struct err                          *err;
};

static bool bad(struct finding *f, int i, const char *field, const char *text)
{
    char where[64];
    str  name = str_print(f->arena, "lines.%d.%s", i, field);
    size_t n  = name.len < sizeof where - 1 ? name.len : sizeof where - 1;
    memcpy(where, name.at, n);
    where[n] = 0;
    return err_add(f->err, where, "%s", text);
}

static void part_set(struct finding *f, struct rma_line *part, const struct return_input_line *in)
{
    if (in->condition != CONDITION_UNKNOWN)
        part->condition = in->condition;
    if (in->disposition == DISPOSE_NOT_YET)
        return;
    part->disposition    = in->disposition;
    part->disposition_at = f->now;
    part->restocked_qty  = in->disposition == DISPOSE_RESELL ? part->qty : 0;
}

static bool part_fits(struct finding *f, const struct rma_line *l, int i, amount share)
{
    const struct return_input_line *in = &f->in->at[i];
    bool ok = true;
    if (l->disposition != DISPOSE_NOT_YET && in->disposition != DISPOSE_NOT_YET && in->disposition != l->disposition)
        ok = bad(f, i, "disposition", "has been decided already");
    if ((in->condition == CONDITION_MISSING || l->condition == CONDITION_MISSING) && in->disposition != DISPOSE_NOT_YET)
        ok = bad(f, i, "disposition", "nothing can become of what did not come");
    if (in->has_amount && (in->amount.minor < 0 || in->amount.minor > share.minor))
        ok = bad(f, i, "amount", "cannot be above what was paid for these units");
    return ok;
}

/* The line's sum is shared by its parts; what is missing is not paid for. */
static bool line_take(struct finding *f, const struct rma_line *l)
{
    int     of[PARTS_MAX], n = 0;
    int64_t weights[PARTS_MAX + 1], told = 0;
    amount  shares[PARTS_MAX + 1];
    bool    ok = true;
    for (int i = 0; i < f->in->count; i++) {
        const struct return_input_line *in = &f->in->at[i];
        if (in->line != l->line)
            continue;
        if (in->qty < 0 || in->qty > l->qty - told || n == PARTS_MAX)
            return bad(f, i, "qty", "is more than there is on the line");
        told += in->qty;
        weights[n] = in->qty;
        of[n++]    = i;
    }
    if (!n) {
        *rma_line_list_add(f->out, f->arena) = *l;
        return true;
    }
    weights[n] = l->qty - told;
    if (!amount_split(l->amount, weights, n + 1, shares))
        return bad(f, of[0], "qty", "cannot be shared");
    bool first = true;
    for (int k = 0; k <= n; k++) {
        struct rma_line part = *l;
        if (!weights[k])
            continue;
        part.qty    = weights[k];
        part.amount = shares[k];
        if (k < n) {
            const struct return_input_line *in = &f->in->at[of[k]];
            ok = part_fits(f, l, of[k], shares[k]) && ok;
            part_set(f, &part, in);
            if (in->has_amount)
                part.amount = in->amount;
            else if (part.condition == CONDITION_MISSING && !f->only_disposes)
                part.amount = (amount){ 0 };
        } else if (!f->only_disposes) {
            part.condition = CONDITION_MISSING;
            part.amount    = (amount){ 0 };
        }
        if (!first)
            part.line = ++f->last;
        *rma_line_list_add(first ? f->out : &f->rest, f->arena) = part;
        first = false;
    }
    return ok;
}

bool return_lines_found(const struct rma_line_list *stored, const struct return_input_line_list *in, bool only_disposes, struct arena *a, instant now,
                        struct rma_line_list *out, struct err *err)
{
    struct finding f = { .in = in, .only_disposes = only_disposes, .arena = a, .now = now, .out = out, .err = err };
    bool ok = true;
    *out = (struct rma_line_list){ 0 };
    for (int i = 0; i < stored->count; i++)
        f.last = stored->at[i].line > f.last ? stored->at[i].line : f.last;
    for (int i = 0; i < in->count; i++) {
        bool known = false;
        for (int k = 0; k < stored->count; k++)
            known |= stored->at[k].line == in->at[i].line;
        if (!known)
            ok = bad(&f, i, "line", "the return has no such line");
    }
    for (int i = 0; i < stored->count; i++)
        ok = line_take(&f, &stored->at[i]) && ok;
    for (int i = 0; i < f.rest.count; i++)
        *rma_line_list_add(out, a) = f.rest.at[i];
    return ok;
}

amount return_lines_sum(const struct rma_line_list *lines)
{
    amount sum = { 0 };
    for (int i = 0; i < lines->count; i++)
        sum.minor += lines->at[i].amount.minor;
    return sum;
}

int64_t return_units_forgotten(const struct rma_line_list *lines)
{
    int64_t units = 0;
    for (int i = 0; i < lines->count; i++)
        if (lines->at[i].disposition == DISPOSE_NOT_YET && lines->at[i].condition != CONDITION_MISSING)
            units += lines->at[i].qty;
    return units;
}
