/* return_take.c - what a draft of the market changes in a return. Declared in return.h. */
#include "returns/return.h"

static bool take_text(str *into, str from)
{
    if (!from.len || str_eq(*into, from))
        return false;
    *into = from;
    return true;
}

static bool take_instant(instant *into, instant from)
{
    if (!instant_is_set(from) || into->ms == from.ms)
        return false;
    *into = from;
    return true;
}

str return_draft_order(const struct return_draft *d)
{
    bool by_line = d->order_line_id.len && (d->goods_only || !d->order_external_id.len);
    return by_line ? d->order_line_id : d->order_external_id;
}

#define SUM_DECIDED (BIT(RETURN_PARTLY_APPROVED) | BIT(RETURN_REFUNDING) | BIT(RETURN_REFUNDED) | BIT(RETURN_CLOSED))

static bool take_fields(struct rma *r, const struct return_draft *d)
{
    bool changed = false;
    if (!id_is_set(r->order_id)) {          /* joined: the order itself says who it is */
        changed |= take_text(&r->order_external, return_draft_order(d));
        changed |= take_text(&r->order_number, d->order_number);
    }
    changed |= take_text(&r->external_state, d->external_state);
    changed |= take_text(&r->external_reason, d->reason.len ? d->reason : d->reason_code);
    changed |= take_text(&r->buyer_text, d->buyer_text);
    changed |= take_text(&r->track, d->track);
    changed |= take_text(&r->place, d->place);
    changed |= take_text(&r->currency, d->currency);
    changed |= take_instant(&r->channel_by, d->deadline_at);
    changed |= take_instant(&r->requested_at, d->requested_at);
    /* What has been decided is the sum; a market goes on telling the price of the goods. */
    if (d->has_refund && !(SUM_DECIDED & BIT(r->state)) && d->refund_amount.minor != r->refund_amount.minor) {
        r->refund_amount = d->refund_amount;
        changed          = true;
    }
    if (d->photos > r->photos) {
        r->photos = d->photos;
        changed   = true;
    }
    return changed;
}

static bool take_lines(struct rma *r, const struct return_draft *d)
{
    if (!d->has_lines)
        return false;
    r->lines_count = d->lines.count;
    r->units       = 0;
    for (int i = 0; i < d->lines.count; i++)
        r->units += d->lines.at[i].qty;
    if (d->lines.count)
        r->title = d->lines.at[0].title.len ? d->lines.at[0].title : d->lines.at[0].article;
    return true;
}

void return_stamp(struct rma *r, enum return_state passed, instant at)
{
    bool decides = passed == RETURN_APPROVED || passed == RETURN_REJECTED || passed == RETURN_PARTLY_APPROVED;
    if (decides && !instant_is_set(r->decided_at))
        r->decided_at = at;
    if (passed == RETURN_RECEIVED && !instant_is_set(r->received_at))
        r->received_at = at;
    if (passed == RETURN_REFUNDED && !instant_is_set(r->refunded_at))
        r->refunded_at = at;
    if (return_state_closed(passed) && !instant_is_set(r->ended_at))
        r->ended_at = at;
}

static void take_state(struct rma *r, const struct return_draft *d, bool word_changed, instant now, struct return_change *out)
{
    instant at = instant_is_set(d->changed_at) ? d->changed_at : now;
    if (!d->has_state || d->state == r->state)
        return;
    int way = return_way(r->state, d->state, out->implied);
    if (way < 0) {
        bool echo = id_is_set(r->command_id) && return_way(d->state, r->state, out->implied) >= 0;     /* our own step ran ahead */
        if (word_changed && !echo)
            out->news |= RNEWS_BACKWARD;
        return;
    }
    for (int i = 0; i < way; i++)
        return_stamp(r, out->implied[i], at);
    out->implied_count = way;
    out->news |= RNEWS_STATE;
    r->state = d->state;
    return_stamp(r, r->state, at);
}

void return_take_draft(struct rma *r, const struct return_draft *d, struct arena *a, instant now, struct return_change *out)
{
    int64_t hash = return_draft_hash(d);
    bool    born = !id_is_set(r->id);

    *out = (struct return_change){ .from = r->state };
    if (!born && hash == r->draft_hash)
        return;
    if (!born && instant_is_set(d->changed_at) && instant_is_set(r->changed_at) && d->changed_at.ms < r->changed_at.ms) {
        out->news = RNEWS_OLDER;
        return;
    }
    if (born) {
        r->external_id  = d->external_id;
        r->kind         = d->kind;
        r->route        = d->route;
        r->created_at   = now;
        r->requested_at = instant_is_set(d->requested_at) ? d->requested_at : now;
        r->zone         = ZONE_NONE;
        out->news       = RNEWS_CREATED;
    }
    bool word_changed = !str_eq(r->external_state, d->external_state);
    if (take_fields(r, d))
        out->news |= RNEWS_FIELDS;
    if (take_lines(r, d))
        out->news |= RNEWS_LINES;
    take_state(r, d, word_changed, now, out);
    take_instant(&r->changed_at, d->changed_at);
    r->draft_hash = hash;
    return_derive(r, a);
}

/* FNV-1a over what the draft says; a length before each text keeps "ab","c" and "a","bc" apart. */
struct mixer { uint64_t h; };

static void mix(struct mixer *m, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++)
        m->h = (m->h ^ at[i]) * UINT64_C(1099511628211);
}

static void mix_int(struct mixer *m, int64_t n) { mix(m, &n, sizeof n); }

static void mix_text(struct mixer *m, str s)
{
    mix_int(m, (int64_t)s.len);
    mix(m, s.at, s.len);
}

int64_t return_draft_hash(const struct return_draft *d)
{
    struct mixer m = { UINT64_C(14695981039346656037) };
    const str texts[] = { d->external_id, d->order_external_id, d->order_line_id, d->order_number, d->external_state, d->reason, d->reason_code,
                          d->buyer_text, d->currency, d->track, d->place, d->actions };
    const int64_t numbers[] = { (int64_t)d->kind, d->has_state, (int64_t)d->state, d->requested_at.ms, d->deadline_at.ms, d->has_refund,
                                d->refund_amount.minor, (int64_t)d->route, d->photos, d->has_lines, d->lines.count,
                                d->reopens };
    for (int i = 0; i < COUNT_OF(texts); i++)
        mix_text(&m, texts[i]);
    for (int i = 0; i < COUNT_OF(numbers); i++)
        mix_int(&m, numbers[i]);
    for (int i = 0; i < d->lines.count; i++) {
        const struct return_draft_line *l = &d->lines.at[i];
        mix_text(&m, l->external_offer_id);
        mix_text(&m, l->article);
        mix_text(&m, l->title);
        mix_int(&m, l->qty);
        mix_int(&m, l->has_amount ? l->amount.minor : -1);
        mix_int(&m, (int64_t)l->condition);
    }
    for (int i = 0; i < d->media.count; i++)
        mix_text(&m, d->media.at[i].url);
    return (int64_t)m.h;
}
