#include "orders/order.h"

#include "base/fold.h"
#include "base/secret.h"

#include <assert.h>

/* clang-format off */
#define TEXT_FIELD(type, member, bytes) FIELD(type, member, .access = READ_ONLY, .max = (bytes))
#define SEEN(type, member)              FIELD(type, member, .access = READ_ONLY)
static const struct field order_fields[] = {
    SEEN(order, id),
    FIELD(order, account_id, .access = READ_ONLY, .filterable = true, .doc = "channel account the order came from"),
    FIELD(order, channel, .access = READ_ONLY, .max = 32, .filterable = true),
    TEXT_FIELD(order, external_id, 200),
    FIELD(order, number, .access = READ_ONLY, .max = 100, .filterable = true, .doc = "as people see it"),
    TEXT_FIELD(order, number_tail, 100),
    TEXT_FIELD(order, group_number, 100),
    FIELD(order, scheme, .access = READ_ONLY, .choices = order_scheme_names, .filterable = true),
    FIELD(order, status, .access = READ_ONLY, .choices = hub_status_names, .filterable = true, .doc = "changed by actions only"),
    SEEN(order, closed),
    TEXT_FIELD(order, external_status, 200),
    TEXT_FIELD(order, status_key, 200),
    FIELD(order, payment, .access = READ_ONLY, .choices = payment_status_names, .filterable = true),
    SEEN(order, marks),
    FIELD(order, customer_id, .access = READ_ONLY, .filterable = true),
    SEEN(order, source_id),
    TEXT_FIELD(order, customer_name, 400),
    TEXT_FIELD(order, recipient_name, 400),
    FIELD(order, recipient_phone, .access = READ_ONLY, .max = 64, .contact = true),
    TEXT_FIELD(order, delivery_method, 200),
    FIELD(order, delivery_address, .access = READ_ONLY, .max = 1000, .contact = true),
    FIELD(order, city, .access = READ_ONLY, .max = 200, .filterable = true),
    TEXT_FIELD(order, point_id, 200),
    TEXT_FIELD(order, carrier, 200),
    TEXT_FIELD(order, track, 200),
    SEEN(order, promised_from),
    SEEN(order, promised_to),
    TEXT_FIELD(order, currency, 3),
    SEEN(order, has_total),
    FIELD(order, goods_total, .access = READ_ONLY, .price = true),
    FIELD(order, discount_total, .access = READ_ONLY, .price = true),
    FIELD(order, delivery_total, .access = READ_ONLY, .price = true),
    FIELD(order, grand_total, .access = READ_ONLY, .price = true, .filterable = true),
    TEXT_FIELD(order, title, 1000),
    SEEN(order, lines_count),
    SEEN(order, units),
    TEXT_FIELD(order, cancel_reason, 400),
    FIELD(order, cancel_side, .access = READ_ONLY, .choices = cancel_side_names),
    TEXT_FIELD(order, comment_buyer, 2000),
    FIELD(order, comment, .max = 2000, .doc = "for ourselves"),
    FIELD(order, tags, .max = 500),
    FIELD(order, assignee_id, .access = READ_ONLY, .filterable = true),
    FIELD(order, placed_at, .access = READ_ONLY, .filterable = true),
    FIELD(order, sort_at, .access = READ_ONLY, .sortable = true),
    SEEN(order, changed_at),
    SEEN(order, confirmed_at),
    SEEN(order, channel_confirm_by),
    SEEN(order, channel_ship_by),
    TEXT_FIELD(order, deadline_step, 20),
    SEEN(order, policy_id),
    SEEN(order, deadline_start),
    SEEN(order, deadline_total),
    SEEN(order, deadline_used),
    SEEN(order, deadline_at),
    SEEN(order, yellow_at),
    SEEN(order, red_at),
    FIELD(order, zone, .access = READ_ONLY, .choices = sla_zone_names, .filterable = true),
    SEEN(order, zone_next_at),
    SEEN(order, queue_rank),
    SEEN(order, draft_hash),
    SEEN(order, command_id),
    SEEN(order, version),
    SEEN(order, created_at),
    SEEN(order, updated_at),
};
const struct record order_record = RECORD(order, "orders", order_fields);

static const struct field order_line_fields[] = {
    SEEN(order_line, order_id), SEEN(order_line, line),
    TEXT_FIELD(order_line, external_id, 200), TEXT_FIELD(order_line, external_offer_id, 200),
    TEXT_FIELD(order_line, article, 200), TEXT_FIELD(order_line, barcode, 200), TEXT_FIELD(order_line, title, 1000),
    SEEN(order_line, qty), SEEN(order_line, has_price),
    FIELD(order_line, unit_price, .access = READ_ONLY, .price = true),
    FIELD(order_line, line_total, .access = READ_ONLY, .price = true),
    SEEN(order_line, marking_required),
};
const struct record order_line_record = RECORD(order_line, "order_lines", order_line_fields);

static const struct field history_fields[] = {
    SEEN(history_row, order_id), SEEN(history_row, seq), SEEN(history_row, at),
    TEXT_FIELD(history_row, from_status, 20), TEXT_FIELD(history_row, to_status, 20),
    SEEN(history_row, implied), SEEN(history_row, flagged),
    TEXT_FIELD(history_row, actor_kind, 20), SEEN(history_row, actor_id), TEXT_FIELD(history_row, actor_name, 200),
    TEXT_FIELD(history_row, external_status, 200), TEXT_FIELD(history_row, note, 1000),
};
const struct record history_record = RECORD(history_row, "order_history", history_fields);

const char *const order_action_names[] = {
    [ACT_CONFIRM] = "confirm", [ACT_ASSEMBLE] = "assemble", [ACT_RELEASE] = "release",
    [ACT_READY] = "ready", [ACT_HAND_OVER] = "hand_over", [ACT_CANCEL] = "cancel", NULL
};
_Static_assert(COUNT_OF(order_action_names) == ACT_COUNT + 1, "a name per action");

/* Every listed move of an order (domain handbook §3.1). Bit sets of the statuses that may follow. */
static const unsigned moves[HUB_STATUS_COUNT] = {
    [HUB_NEW]             = BIT(HUB_CONFIRMED) | BIT(HUB_CANCELLED),
    [HUB_CONFIRMED]       = BIT(HUB_ASSEMBLING) | BIT(HUB_CANCELLED),
    [HUB_ASSEMBLING]      = BIT(HUB_READY_TO_SHIP) | BIT(HUB_CONFIRMED) | BIT(HUB_CANCELLED),
    [HUB_READY_TO_SHIP]   = BIT(HUB_IN_DELIVERY) | BIT(HUB_CANCELLED),
    [HUB_IN_DELIVERY]     = BIT(HUB_AT_PICKUP) | BIT(HUB_DELIVERED) | BIT(HUB_RETURNING),
    [HUB_AT_PICKUP]       = BIT(HUB_DELIVERED) | BIT(HUB_RETURNING),
    [HUB_DELIVERED]       = BIT(HUB_COMPLETED) | BIT(HUB_PARTLY_RETURNED) | BIT(HUB_RETURNED),
    [HUB_COMPLETED]       = BIT(HUB_PARTLY_RETURNED) | BIT(HUB_RETURNED),
    [HUB_PARTLY_RETURNED] = BIT(HUB_RETURNED),
    [HUB_RETURNING]       = BIT(HUB_RETURNED),
    [HUB_RETURNED]        = 0,
    [HUB_CANCELLED]       = 0,
};

/* What a person's action needs and what it leads to. Anything not listed is refused. */
static const struct { unsigned from; enum hub_status to; } actions[ACT_COUNT] = {
    [ACT_CONFIRM]   = { BIT(HUB_NEW),           HUB_CONFIRMED },
    [ACT_ASSEMBLE]  = { BIT(HUB_CONFIRMED),     HUB_ASSEMBLING },
    [ACT_RELEASE]   = { BIT(HUB_ASSEMBLING),    HUB_CONFIRMED },
    [ACT_READY]     = { BIT(HUB_ASSEMBLING),    HUB_READY_TO_SHIP },
    [ACT_HAND_OVER] = { BIT(HUB_READY_TO_SHIP), HUB_IN_DELIVERY },
    [ACT_CANCEL]    = { BIT(HUB_NEW) | BIT(HUB_CONFIRMED) | BIT(HUB_ASSEMBLING) | BIT(HUB_READY_TO_SHIP), HUB_CANCELLED },
};
/* clang-format on */

bool order_waits(const struct order *o)
{
    return o->marks & (int64_t)(BIT(MARK_HOLD) | BIT(MARK_SET_ASIDE));
}

bool order_may(const struct order *o, enum order_action action)
{
    if (action != ACT_CANCEL && order_waits(o))
        return false;
    return actions[action].from & BIT(o->status);
}

bool order_act(const struct order *o, enum order_action action, enum hub_status *to, struct err *err)
{
    if (!(actions[action].from & BIT(o->status)))
        return err_set(err, ERR_ACTION_REFUSED, order_action_names[action], "the order is %s, it cannot become %s",
                       hub_status_names[o->status], hub_status_names[actions[action].to]);
    if (!order_may(o, action))
        return err_set(err, ERR_ACTION_REFUSED, order_action_names[action], "%s",
                       o->marks & (int64_t)BIT(MARK_HOLD) ? "the marketplace has not released the order yet" :
                                                            "the order is set aside");
    *to = actions[action].to;
    return true;
}

bool order_move_listed(enum hub_status from, enum hub_status to)
{
    return moves[from] & BIT(to);
}

bool hub_status_closed(enum hub_status s)
{
    return s == HUB_COMPLETED || s == HUB_PARTLY_RETURNED || s == HUB_RETURNED || s == HUB_CANCELLED;
}

/* Breadth first over the table, without the one move that goes back (assembling -> confirmed): thus the shortest way forward. */
int order_way(enum hub_status from, enum hub_status to, enum hub_status *steps)
{
    int      before[HUB_STATUS_COUNT];
    int      line[HUB_STATUS_COUNT], head = 0, tail = 0;
    unsigned seen = BIT(from);

    line[tail++] = (int)from;
    while (head < tail && !(seen & BIT(to))) {
        int at = line[head++];
        for (int next = 0; next < HUB_STATUS_COUNT; next++) {
            bool back = at == HUB_ASSEMBLING && next == HUB_CONFIRMED;
            if (back || !(moves[at] & BIT(next)) || (seen & BIT(next)))
                continue;
            seen |= BIT(next);
            before[next] = at;
            line[tail++] = next;
        }
    }
    if (from == to || !(seen & BIT(to)))
        return -1;

    int count = 0;
    for (int at = before[to]; at != (int)from; at = before[at])
        steps[count++] = (enum hub_status)at;
    for (int i = 0; i < count / 2; i++) {
        enum hub_status s    = steps[i];
        steps[i]             = steps[count - 1 - i];
        steps[count - 1 - i] = s;
    }
    return count;
}

#define RANK_NO_DEADLINE ((INT64_C(1) << 48) - 1)

int64_t order_rank(enum sla_zone zone, instant deadline_at, int weight)
{
    bool far = !instant_is_set(deadline_at) || deadline_at.ms >= RANK_NO_DEADLINE / QUEUE_WEIGHTS;
    return (int64_t)zone << 48 | (far ? RANK_NO_DEADLINE : deadline_at.ms * QUEUE_WEIGHTS + weight);
}

bool order_number_spelled(struct arena *a, str typed, str spelled[NUMBER_SPELLINGS], str *tail)
{
    str  digits = fold_digits(a, typed), text = str_trim(typed);
    char capital[64];
    if (digits.len < 1 || digits.len >= 3 || digits.len == text.len || text.len >= sizeof capital)
        return false;
    for (size_t i = 0; i < text.len; i++)
        capital[i] = (char)(text.at[i] >= 'a' && text.at[i] <= 'z' ? text.at[i] - 32 : text.at[i]);
    spelled[0] = text;
    spelled[1] = str_lower_ascii(a, text);
    spelled[2] = str_copy(a, (str){ capital, text.len });
    *tail      = fold_reverse(a, digits);
    return true;
}

void order_derive(struct order *o, struct arena *a)
{
    o->number_tail = fold_reverse(a, fold_digits(a, o->number));
    o->sort_at     = instant_is_set(o->placed_at) ? o->placed_at : o->created_at;
    o->closed      = hub_status_closed(o->status);
    o->queue_rank  = order_rank(o->zone, o->deadline_at, (int)(o->queue_rank % QUEUE_WEIGHTS));
}

enum sla_step order_step(enum hub_status s)
{
    switch (s) {
    case HUB_NEW: return SLA_CONFIRM;
    case HUB_CONFIRMED:
    case HUB_ASSEMBLING: return SLA_ASSEMBLE;
    case HUB_READY_TO_SHIP: return SLA_HAND_OVER;
    default: return SLA_STEP_COUNT;
    }
}

/* The moment from which the present step is counted: for a new order the market's own time, for all later steps our promise. The
 * term for handing over runs from the confirmation too, not from the moment the parcel was packed: it is owed to the buyer and the
 * market, whose terms (Wildberries: three days) know nothing of our packing, and a parcel that was packed late would otherwise be
 * given more time for it. */
static instant step_start(const struct order *o, enum sla_step step)
{
    if (step == SLA_CONFIRM || !instant_is_set(o->confirmed_at))
        return o->sort_at;
    return o->confirmed_at;
}

bool order_question(const struct order *o, struct sla_question *out)
{
    enum sla_step step = order_step(o->status);
    if (step == SLA_STEP_COUNT)
        return false;
    bool goes_on = str_is(o->deadline_step, sla_step_names[step]);
    bool to_confirm = step == SLA_CONFIRM && instant_is_set(o->channel_confirm_by);
    *out = (struct sla_question){
        .channel    = o->channel,
        .scheme     = str_of(order_scheme_names[o->scheme]),
        .account_id = o->account_id,
        .step       = step,
        .began      = step_start(o, step),
        .start      = goes_on ? o->deadline_start : step_start(o, step),
        .used_ms    = goes_on ? o->deadline_used : 0,
        .channel_by = to_confirm ? o->channel_confirm_by : o->channel_ship_by,
        .marks      = (unsigned)o->marks,
    };
    return true;
}

/* Stops or restarts the clock of a rule that pauses; true while it stands. */
static bool order_pause(struct sla_question *q, const struct sla_answer *answer, instant now)
{
    if (!answer->paused)
        return false;
    if (instant_is_set(q->start)) {
        q->used_ms += calendar_between(answer->policy->calendar, q->start, now);
        q->start = (instant){ 0 };
    }
    return true;
}

void order_deadline(struct order *o, const struct sla_book *book, instant now)
{
    struct sla_question q      = { 0 };
    struct sla_answer   answer = { 0 };
    bool                asked;

    if (o->status > HUB_READY_TO_SHIP)                      /* it has left our hands: there is nothing to put off */
        o->marks &= ~(int64_t)BIT(MARK_SET_ASIDE);
    asked = order_question(o, &q);
    if (asked) {
        if (!instant_is_set(q.start))
            q.start = now;
        answer = sla_ask(book, &q);
        if (answer.paused && !instant_is_set(o->deadline_start) && str_is(o->deadline_step, sla_step_names[q.step]))
            q.start = (instant){ 0 };
        order_pause(&q, &answer, now);
    }
    bool runs          = answer.has && instant_is_set(answer.due);      /* the market's time goes on while our rule's clock stands */
    o->deadline_step   = asked && answer.has ? str_of(sla_step_names[q.step]) : STR("");
    o->deadline_start  = answer.has ? q.start : (instant){ 0 };
    o->deadline_used   = answer.has ? q.used_ms : 0;
    o->policy_id       = answer.policy_id;
    o->deadline_total  = answer.total_ms;
    o->deadline_at     = runs ? answer.due : (instant){ 0 };
    o->yellow_at       = runs ? answer.yellow : (instant){ 0 };
    o->red_at          = runs ? answer.red : (instant){ 0 };
    o->zone            = runs ? sla_zone_at(&answer, now) : ZONE_NONE;
    o->zone_next_at    = runs ? sla_next_change(&answer, now) : (instant){ 0 };
    o->queue_rank      = order_rank(o->zone, o->deadline_at, sla_queue_weight(book, o->account_id));
}

/* ---- drafts ---- */

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

/* Marks that come from the market and go when it no longer says so; the others are ours. */
#define MARKET_MARKS                                                                                              \
    ((int64_t)(BIT(MARK_HOLD) | BIT(MARK_CANCEL_REQUESTED) | BIT(MARK_RETURN_REQUESTED) | BIT(MARK_CLAIM) |       \
               BIT(MARK_PREORDER) | BIT(MARK_EXPRESS) | BIT(MARK_PROBLEM)))

static bool take_fields(struct order *o, const struct order_draft *d)
{
    bool changed = false;
    changed |= take_text(&o->number, d->number);
    changed |= take_text(&o->group_number, d->group_number);
    changed |= take_text(&o->external_status, d->external_status);
    changed |= take_text(&o->status_key, d->status_key);
    changed |= take_text(&o->customer_name, d->customer.name);
    changed |= take_text(&o->recipient_name, d->recipient.name.len ? d->recipient.name : d->customer.name);
    if (!d->customer.masked)
        changed |= take_text(&o->recipient_phone, d->recipient.phone.len ? d->recipient.phone : d->customer.phone);
    changed |= take_text(&o->delivery_method, d->delivery.method);
    changed |= take_text(&o->delivery_address, d->delivery.address);
    changed |= take_text(&o->city, d->delivery.city);
    changed |= take_text(&o->point_id, d->delivery.point_id);
    changed |= take_text(&o->carrier, d->delivery.carrier);
    changed |= take_text(&o->track, d->delivery.track);
    changed |= take_text(&o->comment_buyer, d->comment);
    changed |= take_text(&o->cancel_reason, d->cancel_reason);
    changed |= take_instant(&o->promised_from, d->delivery.promised_from);
    changed |= take_instant(&o->promised_to, d->delivery.promised_to);
    changed |= take_instant(&o->placed_at, d->placed_at);
    changed |= take_instant(&o->channel_confirm_by, d->deadline_confirm);
    changed |= take_instant(&o->channel_ship_by, d->deadline_ship);
    if (d->status_key.len && o->payment != d->payment) {
        o->payment = d->payment;
        changed    = true;
    }
    if (d->has_total && (!o->has_total || o->grand_total.minor != d->grand_total.minor ||
                         !str_eq(o->currency, d->currency) || o->goods_total.minor != d->goods_total.minor)) {
        o->has_total      = true;
        o->currency       = d->currency;
        o->goods_total    = d->goods_total;
        o->discount_total = d->discount_total;
        o->delivery_total = d->delivery_total;
        o->grand_total    = d->grand_total;
        changed           = true;
    } else if (!o->currency.len) {
        changed |= take_text(&o->currency, d->currency);
    }
    return changed;
}

static bool take_lines(struct order *o, const struct order_draft *d)
{
    if (!d->has_lines) {
        if (!o->lines_count)
            o->marks |= (int64_t)BIT(MARK_LINES_PENDING);
        return false;
    }
    int64_t units = 0;
    for (int i = 0; i < d->lines.count; i++)
        units += d->lines.at[i].qty;
    o->lines_count = d->lines.count;
    o->units       = units;
    o->title       = STR("");
    if (d->lines.count)                 /* Wildberries tells no titles: the seller's own article says more than nothing */
        o->title = d->lines.at[0].title.len ? d->lines.at[0].title : d->lines.at[0].article;
    o->marks &= ~(int64_t)BIT(MARK_LINES_PENDING);
    return true;
}

static void take_marks(struct order *o, const struct order_draft *d, const struct status_choice *row, struct order_change *out)
{
    if (!row)
        return;
    int64_t marks = (o->marks & ~MARKET_MARKS) | (int64_t)row->marks | (int64_t)d->marks;
    if (marks != o->marks)
        out->news |= NEWS_FIELDS;
    o->marks = marks;
}

/* Between new and ready_to_ship our own steps may run ahead of what the market shows: no move backward, just an echo. */
static bool is_echo(const struct order *o, enum hub_status to)
{
    return id_is_set(o->command_id) && o->status <= HUB_READY_TO_SHIP && to < o->status;
}

static void take_status(struct order *o, const struct order_draft *d, const struct status_choice *row, bool word_changed,
                        instant now, struct order_change *out)
{
    bool born = out->news & NEWS_CREATED;       /* an order first seen in such a word has to begin somewhere */
    if (!row || (row->keeps && !born) || row->to == o->status)
        return;
    int way = order_way(o->status, row->to, out->implied);
    if (way < 0) {
        if (word_changed && !is_echo(o, row->to))
            out->news |= NEWS_BACKWARD;
        return;
    }
    out->implied_count = way;
    out->news |= NEWS_STATUS;
    o->status = row->to;
    if (o->status != HUB_CANCELLED && !instant_is_set(o->confirmed_at))
        o->confirmed_at = instant_is_set(d->changed_at) ? d->changed_at : now;
    if (o->status == HUB_CANCELLED)
        o->cancel_side = d->cancel_side ? d->cancel_side : row->cancel_side ? row->cancel_side : CANCEL_CHANNEL;
}

void order_take_draft(struct order *o, const struct order_draft *d, const struct status_choice *row, struct arena *a,
                      instant now, struct order_change *out)
{
    int64_t hash = order_draft_hash(d);

    *out      = (struct order_change){ .from = o->status };
    bool born = !id_is_set(o->id) || !o->external_id.len;
    if (!born && hash == o->draft_hash)
        return;
    if (!born && instant_is_set(d->changed_at) && instant_is_set(o->changed_at) && d->changed_at.ms < o->changed_at.ms) {
        out->news = NEWS_OLDER;
        return;
    }
    if (born) {
        o->external_id = d->external_id;
        o->scheme      = d->scheme;
        o->created_at  = now;
        o->payment     = d->payment;
        o->tags        = STR("");
        out->news      = NEWS_CREATED;
    }
    bool word_changed = !str_eq(o->status_key, d->status_key);
    if (take_fields(o, d))
        out->news |= NEWS_FIELDS;
    if (take_lines(o, d))
        out->news |= NEWS_LINES;
    take_marks(o, d, row, out);
    take_status(o, d, row, word_changed, now, out);
    take_instant(&o->changed_at, d->changed_at);
    o->draft_hash = hash;
    order_derive(o, a);
}

/* FNV-1a over what the draft says; a length before each text keeps "ab","c" and "a","bc" apart. */
struct mixer { uint64_t h; };

static void mix(struct mixer *m, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++)
        m->h = (m->h ^ at[i]) * UINT64_C(1099511628211);
}

static void mix_int(struct mixer *m, int64_t n)
{
    mix(m, &n, sizeof n);
}

static void mix_text(struct mixer *m, str s)
{
    mix_int(m, (int64_t)s.len);
    mix(m, s.at, s.len);
}

int64_t order_draft_hash(const struct order_draft *d)
{
    struct mixer m = { UINT64_C(14695981039346656037) };
    const str texts[] = { d->external_id, d->number, d->group_number, d->external_status, d->status_key, d->currency,
                          d->customer.external_id, d->customer.name, d->customer.phone, d->customer.email,
                          d->recipient.name, d->recipient.phone, d->delivery.method, d->delivery.address,
                          d->delivery.city, d->delivery.point_id, d->delivery.carrier, d->delivery.track,
                          d->cancel_reason, d->comment };
    const int64_t numbers[] = { (int64_t)d->scheme, (int64_t)d->payment, (int64_t)d->marks, d->has_total,
                                d->goods_total.minor, d->discount_total.minor, d->delivery_total.minor,
                                d->grand_total.minor, d->placed_at.ms, d->deadline_confirm.ms, d->deadline_ship.ms,
                                d->customer.masked, d->delivery.promised_from.ms, d->delivery.promised_to.ms,
                                (int64_t)d->cancel_side, d->has_lines, d->lines.count };
    for (int i = 0; i < COUNT_OF(texts); i++)
        mix_text(&m, texts[i]);
    for (int i = 0; i < COUNT_OF(numbers); i++)
        mix_int(&m, numbers[i]);
    for (int i = 0; i < d->lines.count; i++) {
        const struct draft_line *l = &d->lines.at[i];
        mix_text(&m, l->external_id);
        mix_text(&m, l->external_offer_id);
        mix_text(&m, l->article);
        mix_text(&m, l->barcode);
        mix_text(&m, l->title);
        mix_int(&m, l->qty);
        mix_int(&m, l->has_price ? l->unit_price.minor : -1);
        mix_int(&m, l->has_price ? l->line_total.minor : -1);
        mix_int(&m, l->marking_required);
    }
    return (int64_t)m.h;
}
