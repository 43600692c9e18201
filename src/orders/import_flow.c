#include "orders/import_flow.h"

#include "deadlines/shop.h"
#include "orders/import_job_flow.h"
#include "orders/intake_flow.h"
#include "orders/order_fields.h"
#include "orders/order_flow.h"

#define BATCH_BYTES ((size_t)32 << 20)

const char *const import_fate_names[] = {
    [IMPORT_NEW] = "new", [IMPORT_CHANGED] = "changed", [IMPORT_SAME] = "same", [IMPORT_BAD] = "bad", NULL
};

/* An order of the file beside the one that is stored. */
struct item {
    struct import_order   order;
    int                   troubles_read;    /* of the file itself; what is found beside the stored order comes behind */
    struct order_draft    draft;        /* what is given to the intake: what the file does not tell stays as stored */
    const struct order   *stored;       /* NULL: a new one */
    struct order          after;
    struct import_result  result;
    bool                  lines_differ;
};
LIST(item)

struct importing {
    struct work              *w;
    const struct import_plan *plan;
    struct import_options     options;
    struct import_outcome    *out;
    struct import_run         run;
    struct arena              batch;    /* orders read, reset after each batch */
    struct item_list          items;
    struct order_list         stored;
    struct order_line_list    lines;
};

/* ---- what would become of an order ---- */

static void trouble(struct importing *in, struct item *it, enum transfer_column col, str text)
{
    *import_trouble_list_add(&it->order.troubles, &in->batch) = (struct import_trouble){
        it->order.row, col < COL_COUNT ? str_of(transfer_columns[col].name) : STR(""), text
    };
}

static bool has(const struct item *it, enum transfer_column col) { return it->order.told >> col & 1; }

/* A spreadsheet keeps whole seconds only: the same second is the same moment. */
static void same_second(instant *file, instant stored)
{
    if (instant_is_set(*file) && file->ms % 1000 == 0 && file->ms / 1000 == stored.ms / 1000)
        *file = stored;
}

/* The intake fills some fields from others; a file that is silent about a field leaves it as it is. */
static void keep_silent(const struct importing *in, struct item *it)
{
    struct order_draft *d = &it->draft;
    const struct order *o = it->stored;
    if (!has(it, COL_PAYMENT))
        d->payment = o->payment;
    if (!has(it, COL_MARKS))
        d->marks = (unsigned)o->marks;
    if (!d->recipient.name.len)
        d->recipient.name = o->recipient_name;
    if (!d->recipient.phone.len)
        d->recipient.phone = o->recipient_phone;
    if (!d->currency.len)
        d->currency = o->currency;
    if (!it->order.has_status || it->order.status == o->status) {
        d->status_key = o->status_key;
        if (!has(it, COL_EXTERNAL_STATUS))
            d->external_status = o->external_status;
    }
    if (d->has_total) {
        if (!has(it, COL_GRAND_TOTAL) && !d->grand_total.minor)
            d->grand_total = o->grand_total;
        if (!has(it, COL_DISCOUNT_TOTAL))
            d->discount_total = o->discount_total;
        if (!has(it, COL_DELIVERY_TOTAL))
            d->delivery_total = o->delivery_total;
    }
    if (id_is_set(o->customer_id) && !str_is(in->out->account.channel, "manual"))
        d->customer.name = d->customer.phone = d->customer.email = (str){ 0 };      /* whose it is, the market has said */
    same_second(&d->placed_at, o->placed_at);
    same_second(&d->deadline_confirm, o->channel_confirm_by);
    same_second(&d->deadline_ship, o->channel_ship_by);
    same_second(&d->delivery.promised_from, o->promised_from);
    same_second(&d->delivery.promised_to, o->promised_to);
}

static const struct order_line *stored_lines(const struct importing *in, rid order, int *count)
{
    const struct order_line *first = NULL;
    *count = 0;
    for (int i = 0; i < in->lines.count; i++)
        if (id_eq(in->lines.at[i].order_id, order)) {
            first = first ? first : &in->lines.at[i];
            ++*count;
        }
    return first;
}

/* A file without prices, or with hidden ones, does not take them away. */
static void keep_prices(struct importing *in, struct item *it)
{
    int count;
    const struct order_line *old = stored_lines(in, it->stored->id, &count);
    for (int i = 0; i < it->draft.lines.count; i++) {
        struct draft_line *l = &it->draft.lines.at[i];
        const struct order_line *same = NULL;
        for (int k = 0; k < count && !same; k++)
            if (str_eq(old[k].article, l->article) && str_eq(old[k].title, l->title) &&
                str_eq(old[k].external_offer_id, l->external_offer_id) && (k == i || count != it->draft.lines.count))
                same = &old[k];
        if (l->has_price || !same || !same->has_price)
            continue;
        l->has_price  = true;
        l->unit_price = same->unit_price;
        if (l->qty == same->qty)
            l->line_total = same->line_total;
        else
            l->has_price = amount_mul(l->unit_price, l->qty, &l->line_total);
    }
}

static bool lines_differ(struct importing *in, const struct item *it)
{
    struct order_line_list file = { 0 };
    int count;
    const struct order_line *old = stored_lines(in, it->stored->id, &count);
    for (int i = 0; i < it->draft.lines.count; i++) {
        const struct draft_line *l = &it->draft.lines.at[i];
        *order_line_list_add(&file, in->w->arena) = (struct order_line){
            .external_id = l->external_id, .external_offer_id = l->external_offer_id, .article = l->article, .barcode = l->barcode,
            .title = l->title, .qty = l->qty, .has_price = l->has_price, .unit_price = l->unit_price,
            .line_total = l->line_total, .marking_required = l->marking_required,
        };
    }
    return !order_lines_same(file.at, file.count, old, count);
}

static void add_diff(struct importing *in, struct item *it, str field, str before, str after)
{
    *import_diff_list_add(&it->result.diffs, in->w->arena) = (struct import_diff){ field, before, after };
}

static void line_show(struct buf *b, str title, int64_t qty, bool has_price, amount unit_price)
{
    if (b->len > 400)
        return;
    buf_print(b, "%s%.*s × %lld", b->len ? ", " : "", STR_ARG(utf8_cut(title, 80)), (long long)qty);
    if (has_price)
        buf_print(b, " × %.*s", STR_ARG(amount_text(b->arena, unit_price)));
}

static void diff_lines(struct importing *in, struct item *it)
{
    struct buf before = buf_in(in->w->arena), after = buf_in(in->w->arena);
    int count;
    const struct order_line *l = stored_lines(in, it->stored->id, &count);
    for (int i = 0; i < count; i++)
        line_show(&before, l[i].title, l[i].qty, l[i].has_price, l[i].unit_price);
    for (int i = 0; i < it->draft.lines.count; i++) {
        const struct draft_line *d = &it->draft.lines.at[i];
        line_show(&after, d->title, d->qty, d->has_price, d->unit_price);
    }
    add_diff(in, it, STR("lines"), buf_str(&before), buf_str(&after));
}

static struct status_choice choice_of(const struct item *it)
{
    bool known = it->order.has_status;
    enum hub_status keep = it->stored ? it->stored->status : HUB_NEW;
    return (struct status_choice){ .to = known ? it->order.status : keep, .keeps = false, .cancel_side = it->draft.cancel_side };
}

static void weigh_stored(struct importing *in, struct item *it)
{
    struct arena        *a = in->w->arena;
    struct order_change  change;
    struct status_choice choice = choice_of(it);

    keep_silent(in, it);
    keep_prices(in, it);
    it->lines_differ = it->draft.has_lines && lines_differ(in, it);
    if (!it->lines_differ) {
        it->draft.has_lines = false;
        it->draft.lines     = (struct draft_line_list){ 0 };
    }
    it->after = *it->stored;
    order_take_draft(&it->after, &it->draft, &choice, a, in->w->now, &change);
    if (it->order.has_comment)
        it->after.comment = it->order.comment;
    if (it->order.has_tags)
        it->after.tags = it->order.tags;
    if (it->after.status != choice.to)
        trouble(in, it, COL_STATUS, str_print(&in->batch, "the order is %s, it cannot become %s", hub_status_names[it->stored->status],
                                              hub_status_names[choice.to]));
    uint64_t set = order_content_diff(it->stored, &it->after);
    for (int i = 0; i < order_record.count; i++) {
        const struct field *f = &order_record.fields[i];
        if (set >> i & 1 && strcmp(f->name, "status_key") != 0)
            add_diff(in, it, str_of(f->name), order_field_shown(a, f, it->stored), order_field_shown(a, f, &it->after));
    }
    if (it->lines_differ)
        diff_lines(in, it);
    it->result.fate = set || it->lines_differ ? IMPORT_CHANGED : IMPORT_SAME;
}

static void weigh(struct importing *in, struct item *it)
{
    it->order.troubles.count = it->troubles_read;           /* a second try of the transaction starts afresh */
    it->draft  = it->order.draft;
    it->result = (struct import_result){ .order = &it->order };
    it->stored = NULL;
    for (int i = 0; i < in->stored.count && it->draft.external_id.len; i++)
        if (str_eq(in->stored.at[i].external_id, it->draft.external_id))
            it->stored = &in->stored.at[i];
    if (!it->order.has_status && !it->stored) {
        it->draft.status_key = STR("new");
        if (!it->draft.external_status.len)
            it->draft.external_status = STR("new");
    }
    if (it->stored && !it->order.troubles.count)
        weigh_stored(in, it);
    else
        it->result.fate = IMPORT_NEW;
    if (it->order.troubles.count)
        it->result.fate = IMPORT_BAD;
}

static bool weigh_all(struct importing *in, struct db *db, struct err *err)
{
    struct arena *a    = in->w->arena;
    str          *keys = ARENA_ARRAY(a, str, in->items.count + 1);
    rid          *ids;
    int           n = 0;

    in->stored = (struct order_list){ 0 };
    in->lines  = (struct order_line_list){ 0 };
    for (int i = 0; i < in->items.count; i++)
        if (in->items.at[i].order.draft.external_id.len)
            keys[n++] = in->items.at[i].order.draft.external_id;
    if (n && id_is_set(in->out->account.id) && !orders_by_external(db, in->out->account.id, keys, n, a, &in->stored, err))
        return false;
    ids = ARENA_ARRAY(a, rid, in->stored.count + 1);
    for (int i = 0; i < in->stored.count; i++)
        ids[i] = in->stored.at[i].id;
    if (in->stored.count && !order_lines_of(db, ids, in->stored.count, a, &in->lines, err))
        return false;
    for (int i = 0; i < in->items.count; i++)
        weigh(in, &in->items.at[i]);
    return true;
}

/* ---- changing ---- */

static str payload_of(struct importing *in, const struct import_order *o)
{
    struct buf      b = buf_in(in->w->arena);
    struct json_out j = json_out(&b);
    if (!str_is(in->out->account.channel, "manual"))
        return STR("");                 /* a market's own last payload must stay the newest: commands are made from it */
    json_begin(&j, NULL, '[');
    for (int i = 0; i < o->raw.count; i++) {
        json_begin(&j, NULL, '[');
        for (int k = 0; k < o->raw.at[i].count; k++)
            json_text(&j, NULL, o->raw.at[i].cells[k]);
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

static bool take_page(struct importing *in, struct db *db, struct err *err)
{
    struct arena       *a     = in->w->arena;
    struct intake_item *items = ARENA_ARRAY(a, struct intake_item, in->items.count + 1);
    struct intake_counts counts;
    struct work w = *in->w;             /* the intake works in the name of the account */
    int n = 0;

    w.db = db;
    for (int i = 0; i < in->items.count; i++) {
        const struct item *it = &in->items.at[i];
        if (it->result.fate != IMPORT_NEW && it->result.fate != IMPORT_CHANGED)
            continue;
        items[n++] = (struct intake_item){
            .event_key = str_print(a, "import:%.*s:%lld", STR_ARG(str_sub(in->run.job.digest, 0, 32)), (long long)it->order.row),
            .external_id = it->draft.external_id, .payload = payload_of(in, &it->order), .draft = &it->draft,
            .status = STATUS_KNOWN, .choice = choice_of(it),
        };
    }
    struct intake_page page = { .account_id = in->out->account.id, .channel = in->out->account.channel,
                                .account_name = in->out->account.name, .stream = STR("import"), .items = items, .count = n };
    return !n || intake_apply(&w, &page, &counts, err);
}

static str before_of(struct importing *in, const struct item *it)
{
    struct arena   *a = in->w->arena;
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    uint64_t        set = order_content_diff(it->stored, &it->after);
    int             count;

    json_begin(&j, NULL, '{');
    json_begin(&j, "fields", '{');
    for (int i = 0; i < order_record.count; i++)
        if (set >> i & 1 || strcmp(order_record.fields[i].name, "draft_hash") == 0)
            json_text(&j, order_record.fields[i].name, order_field_text(a, &order_record.fields[i], it->stored));
    json_end(&j);
    if (it->lines_differ) {
        const struct order_line *l = stored_lines(in, it->stored->id, &count);
        json_begin(&j, "lines", '[');
        for (int i = 0; i < count; i++) {
            json_begin(&j, NULL, '{');
            for (int k = 0; k < order_line_record.count; k++)
                json_text(&j, order_line_record.fields[k].name, order_field_text(a, &order_line_record.fields[k], &l[i]));
            json_end(&j);
        }
        json_end(&j);
    }
    json_end(&j);
    return buf_str(&b);
}

/* What is ours alone and no market tells. */
static bool patch_own(struct importing *in, struct db *db, const struct item *it, struct order *now, struct err *err)
{
    bool comment = it->order.has_comment && !str_eq(now->comment, it->order.comment);
    bool tags    = it->order.has_tags && !str_eq(now->tags, it->order.tags);
    struct order_patch patch = { comment, tags, it->order.comment, it->order.tags };
    struct work w = *in->w;
    w.db = db;
    return (!comment && !tags) || order_patch(&w, now->id, 0, &patch, now, err);
}

static bool remember(struct importing *in, struct db *db, struct err *err)
{
    struct arena     *a    = in->w->arena;
    struct order_list now  = { 0 };
    struct order_line_list lines = { 0 };
    str *keys = ARENA_ARRAY(a, str, in->items.count + 1);
    rid *ids  = ARENA_ARRAY(a, rid, in->items.count + 1);
    int  n    = 0;

    for (int i = 0; i < in->items.count; i++)
        if (in->items.at[i].result.fate == IMPORT_NEW || in->items.at[i].result.fate == IMPORT_CHANGED)
            keys[n++] = in->items.at[i].draft.external_id;
    if (!n)
        return true;
    if (!orders_by_external(db, in->out->account.id, keys, n, a, &now, err))
        return false;
    for (int i = 0; i < now.count; i++)
        ids[i] = now.at[i].id;
    if (!order_lines_of(db, ids, now.count, a, &lines, err))
        return false;
    for (int i = 0; i < in->items.count; i++) {
        struct item *it = &in->items.at[i];
        for (int k = 0; k < now.count; k++) {
            if ((it->result.fate != IMPORT_NEW && it->result.fate != IMPORT_CHANGED) ||
                !str_eq(now.at[k].external_id, it->draft.external_id))
                continue;
            struct importing view = { .lines = lines };
            int count;
            const struct order_line *own = stored_lines(&view, now.at[k].id, &count);
            if (!patch_own(in, db, it, &now.at[k], err))
                return false;
            struct import_row_kept row = {
                .job_id = in->run.job.id, .order_id = now.at[k].id, .file_row = it->order.row, .is_new = it->result.fate == IMPORT_NEW,
                .before_json = it->result.fate == IMPORT_NEW ? STR("") : before_of(in, it),
                .after_mark = order_mark_of(a, &now.at[k], own, count),
            };
            if (!import_row_add(db, &row, err))
                return false;
        }
    }
    return true;
}

static bool batch_tx(struct db *db, void *ctx, struct err *err)
{
    struct importing *in = ctx;
    int64_t fates[IMPORT_FATE_COUNT] = { 0 };
    if (!weigh_all(in, db, err) || !take_page(in, db, err) || !remember(in, db, err))
        return false;
    for (int i = 0; i < in->items.count; i++)
        fates[in->items.at[i].result.fate]++;
    return import_run_save(db, &in->run, fates, err);
}

static bool batch_end(struct importing *in, struct err *err)
{
    CLEANUP(arena_back) struct arena_mark mark = arena_mark(in->w->arena);
    if (!in->items.count)
        return true;
    if (in->plan->dry_run ? !weigh_all(in, in->w->db, err) : !db_tx(in->w->db, batch_tx, in, err))
        return false;
    for (int i = 0; i < in->items.count; i++) {
        struct item *it = &in->items.at[i];
        it->result.order = &it->order;
        in->out->fates[it->result.fate]++;
        if (in->plan->told)
            in->plan->told(in->plan->ctx, &it->result);
    }
    in->items = (struct item_list){ 0 };
    arena_reset(&in->batch);
    return true;
}

static bool take_order(void *ctx, struct import_order *o, struct err *err)
{
    struct importing *in = ctx;
    struct item *it = item_list_add(&in->items, &in->batch);
    it->order         = *o;
    it->troubles_read = o->troubles.count;
    return (in->items.count < IMPORT_BATCH && in->batch.used < BATCH_BYTES) || batch_end(in, err);
}

/* ---- the whole ---- */

static bool account_choose(struct importing *in, struct err *err)
{
    bool found, allowed = in->plan->accounts_count == 0;
    if (!import_account_find(in->w->db, in->plan->account, in->w->arena, &in->out->account, &found, err))
        return false;
    if (!found)
        in->out->account = (struct import_account){ .channel = STR("manual"), .name = STR("Manual orders") };
    for (int i = 0; i < in->plan->accounts_count; i++)
        allowed |= id_eq(in->plan->accounts[i], in->out->account.id);
    return allowed || err_set(err, ERR_FORBIDDEN, "account", "is not one of yours");
}

bool import_orders(struct work *w, const struct import_plan *plan, struct import_outcome *out, struct err *err)
{
    struct importing in = { .w = w, .plan = plan, .options = plan->options, .out = out };

    *out = (struct import_outcome){ 0 };
    if (!in.options.zone)
        in.options.zone = w->shop->zone;
    if (!in.options.country.len)
        in.options.country = w->shop->country;
    if (!in.options.currency.len)
        in.options.currency = w->shop->currency;
    if (!account_choose(&in, err))
        return false;
    in.run  = import_run_of(w, "orders", plan->file_name, plan->bytes, &out->account, out->fates, plan->dry_run);
    bool ok = import_run_begin(&in.run, err);
    ok = ok && import_read(plan->bytes, plan->path, &in.options, &in.batch, w->arena, &out->sheet, take_order, &in, err);
    ok = ok && batch_end(&in, err);
    if (!plan->dry_run)
        out->job_id = in.run.job.id;
    ok = ok && import_run_end(&in.run, err);
    arena_done(&in.batch);
    return ok;
}
