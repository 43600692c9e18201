/* One order with all that belongs to it. A fixed number of statements, whatever it holds. */
#include "customers/customer_store.h"
#include "deadlines/shop.h"
#include "events/outbox.h"
#include "base/email.h"
#include "base/phone.h"
#include "orders/changes_store.h"
#include "orders/customers_http.h"
#include "orders/holds_store.h"
#include "orders/order_flow.h"
#include "orders/queue_http.h"

struct card {
    struct request          *rq;
    struct row_view          view;
    struct order             order;
    struct queue_row_list    row, others;
    struct order_line_list   lines;
    struct history_row_list  history;
    struct note_list         notes;
    struct task_list         tasks;
    struct command_row_list  commands;
    struct field_change_list changes;
    struct order_hold        hold;
    struct customer          customer;
};

static bool load_others(struct card *c, struct db *db, struct arena *a, struct err *err)
{
    struct queue_filter f = { .customer_id = c->order.customer_id, .sort = SORT_NEWEST, .limit = 6 };
    struct queue_scope  s = request_scope(c->rq);
    bool                more;
    return !id_is_set(c->order.customer_id) || c->view.nameless || queue_rows(db, &f, &s, a, &c->others, &more, err);
}

static bool load(struct card *c, rid id, struct err *err)
{
    struct db         *db    = c->rq->work.db;
    struct arena      *a     = c->rq->work.arena;
    struct queue_scope scope = request_scope(c->rq);

    if (!queue_rows_by_ids(db, &id, 1, &scope, a, &c->row, err))
        return false;
    if (!c->row.count)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    if (id_is_set(c->row.at[0].customer_id) && !record_get(db, &customer_record, c->row.at[0].customer_id, a, &c->customer, err))
        return false;
    return order_get(db, id, a, &c->order, err) && order_lines_of(db, &id, 1, a, &c->lines, err) &&
           history_of(db, id, a, &c->history, err) && notes_of(db, id, a, &c->notes, err) &&
           tasks_of(db, id, a, &c->tasks, err) && outbox_of_order(db, id, a, &c->commands, err) &&
           changes_of(db, id, a, &c->changes, err) && hold_of(db, id, a, &c->hold, err) &&
           load_others(c, db, a, err);
}

static str phone_for(const struct card *c, str phone)
{
    struct arena *a    = c->rq->work.arena;
    str           e164 = phone_normalise(a, phone, c->rq->work.shop->country);
    if (!e164.len || c->view.nameless)
        return c->view.contacts ? phone : STR("");
    return c->view.contacts ? e164 : phone_masked(a, e164);
}

static void amount_for(struct json_out *j, const struct card *c, const char *key, amount v)
{
    if (c->view.prices && c->order.has_total)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

static void write_sums(struct json_out *j, const struct card *c)
{
    const struct order *o = &c->order;
    json_text(j, "group_number", o->group_number);
    json_text(j, "scheme", str_of(order_scheme_names[o->scheme]));
    amount_for(j, c, "goods_total", o->goods_total);
    amount_for(j, c, "discount_total", o->discount_total);
    amount_for(j, c, "delivery_total", o->delivery_total);
    amount_for(j, c, "grand_total", o->grand_total);
    json_text(j, "cancel_reason", o->cancel_reason);
    json_text(j, "cancel_side", str_of(cancel_side_names[o->cancel_side]));
    json_text(j, "comment_buyer", o->comment_buyer);
    json_text(j, "comment", o->comment);
    json_instant(j, "created_at", o->created_at);
}

static void write_delivery(struct json_out *j, const struct card *c)
{
    const struct order *o = &c->order;
    json_begin(j, "recipient", '{');
    json_text(j, "name", o->recipient_name);
    json_text(j, "phone", phone_for(c, o->recipient_phone));
    json_end(j);
    json_begin(j, "delivery", '{');
    json_text(j, "method", o->delivery_method);
    json_text(j, "address", c->view.contacts ? o->delivery_address : STR(""));
    json_text(j, "city", o->city);
    json_text(j, "point_id", o->point_id);
    json_text(j, "carrier", o->carrier);
    json_text(j, "track", o->track);
    json_instant(j, "promised_from", o->promised_from);
    json_instant(j, "promised_to", o->promised_to);
    json_end(j);
}

static void write_last_orders(struct json_out *j, const struct card *c)
{
    json_begin(j, "last_orders", '[');
    for (int i = 0; i < c->others.count; i++) {
        const struct queue_row *r = &c->others.at[i];
        if (id_eq(r->id, c->order.id))
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "id", r->id);
        json_text(j, "number", r->number);
        json_text(j, "channel", r->channel);
        json_text(j, "status", r->status);
        if (c->view.prices && r->has_total)
            json_amount_text(j, "total", r->total);
        else
            json_null(j, "total");
        json_text_or_null(j, "currency", r->currency);
        json_instant(j, "placed_at", r->placed_at);
        json_end(j);
    }
    json_end(j);
}

static void write_customer(struct json_out *j, const struct card *c)
{
    const struct customer *p = &c->customer;
    struct arena          *a = c->rq->work.arena;
    if (!id_is_set(p->id) || c->view.nameless) {
        json_null(j, "customer");
        return;
    }
    json_begin(j, "customer", '{');
    json_id(j, "id", p->id);
    json_text(j, "name", p->name);
    json_text(j, "phone", !p->phone.len ? p->phone : c->view.contacts ? p->phone : phone_masked(a, p->phone));
    json_bool(j, "phone_masked", !c->view.contacts);
    json_text(j, "email", !p->email.len ? p->email : c->view.contacts ? p->email : email_masked(a, p->email));
    json_number(j, "orders_count", p->orders_count);
    if (c->view.prices)
        json_amount_text(j, "total", p->net_spent);
    else
        json_null(j, "total");
    json_text_or_null(j, "currency", p->currency);
    json_text(j, "city", p->city);
    json_instant(j, "first_order_at", p->first_order_at);
    write_last_orders(j, c);
    json_end(j);
}

static void write_lines(struct json_out *j, const struct card *c)
{
    json_begin(j, "lines", '[');
    for (int i = 0; i < c->lines.count; i++) {
        const struct order_line *l = &c->lines.at[i];
        bool priced = c->view.prices && l->has_price;
        json_begin(j, NULL, '{');
        json_number(j, "line", l->line);
        json_text(j, "external_offer_id", l->external_offer_id);
        json_text(j, "article", l->article);
        json_text(j, "barcode", l->barcode);
        json_text(j, "title", l->title);
        json_number(j, "qty", l->qty);
        if (priced) {
            json_amount_text(j, "unit_price", l->unit_price);
            json_amount_text(j, "line_total", l->line_total);
        } else {
            json_null(j, "unit_price");
            json_null(j, "line_total");
        }
        json_bool(j, "marking_required", l->marking_required);
        json_end(j);
    }
    json_end(j);
}

static void write_history(struct json_out *j, const struct card *c)
{
    json_begin(j, "history", '[');
    for (int i = 0; i < c->history.count; i++) {
        const struct history_row *h = &c->history.at[i];
        json_begin(j, NULL, '{');
        json_number(j, "seq", h->seq);
        json_instant(j, "at", h->at);
        json_text_or_null(j, "from", h->from_status);
        json_text(j, "to", h->to_status);
        json_bool(j, "implied", h->implied);
        json_bool(j, "flagged", h->flagged);
        json_text(j, "actor_kind", h->actor_kind);
        json_id(j, "actor_id", h->actor_id);
        json_text(j, "actor_name", h->actor_name);
        json_text(j, "external_status", h->external_status);
        json_text(j, "note", h->note);
        json_end(j);
    }
    json_end(j);
}

/* What the market changed, as far as whoever asks may see the fields. */
static void write_changes(struct json_out *j, const struct card *c)
{
    bool held = c->order.marks & (int64_t)BIT(MARK_SET_ASIDE);
    json_instant(j, "held_until", held ? c->hold.until : (instant){ 0 });
    json_text(j, "held_reason", held ? c->hold.reason : STR(""));
    json_begin(j, "changes", '[');
    for (int i = 0; i < c->changes.count; i++) {
        const struct field_change *f = &c->changes.at[i];
        if (!field_change_shown(f->field, c->view.contacts, c->view.prices))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "field", f->field);
        json_instant(j, "at", f->at);
        json_text(j, "was", f->was);
        json_text(j, "became", f->became);
        json_bool(j, "seen", instant_is_set(f->seen_at));
        json_end(j);
    }
    json_end(j);
}

static void write_work(struct json_out *j, const struct card *c)
{
    json_begin(j, "notes", '[');
    for (int i = 0; i < c->notes.count; i++) {
        const struct note *n = &c->notes.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", n->id);
        json_instant(j, "at", n->at);
        json_id(j, "author_id", n->author_id);
        json_text(j, "author", n->author_name);
        json_text(j, "text", n->text);
        json_end(j);
    }
    json_end(j);
    json_begin(j, "tasks", '[');
    for (int i = 0; i < c->tasks.count; i++)
        record_write_json(&task_record, &c->tasks.at[i], j, NULL, NULL);
    json_end(j);
    json_begin(j, "commands", '[');
    for (int i = 0; i < c->commands.count; i++) {
        const struct command_row *r = &c->commands.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", r->id);
        json_text(j, "op", r->op);
        json_text(j, "state", r->state);
        json_instant(j, "at", r->created_at);
        json_instant(j, "hold_until", str_is(r->state, "held") ? r->not_before : (instant){ 0 });
        json_instant(j, "next_at", str_is(r->state, "queued") ? r->not_before : (instant){ 0 });
        json_number(j, "tries", r->tries);
        json_text(j, "text", r->text);
        json_text(j, "actor_name", r->actor_name);
        json_instant(j, "sent_at", r->sent_at);
        json_instant(j, "done_at", r->done_at);
        json_end(j);
    }
    json_end(j);
}

static str policy_name(const struct shop *shop, rid id)
{
    for (int i = 0; i < shop->book.policies.count; i++)
        if (id_eq(shop->book.policies.at[i].id, id))
            return shop->book.policies.at[i].name;
    return STR("");
}

static void write_deadline(struct json_out *j, const struct card *c)
{
    const struct order  *o    = &c->order;
    const struct shop   *shop = c->rq->work.shop;
    struct sla_question  q;

    json_begin(j, "deadlines", '[');
    if (o->deadline_step.len && order_question(o, &q)) {
        struct sla_answer a = sla_ask(&shop->book, &q);
        json_begin(j, NULL, '{');
        json_text(j, "step", o->deadline_step);
        json_text(j, "policy", policy_name(shop, o->policy_id));
        json_instant(j, "started_at", instant_is_set(o->deadline_start) ? o->deadline_start : q.began);
        json_instant(j, "due_at", o->deadline_at);
        json_instant(j, "yellow_at", o->yellow_at);
        json_instant(j, "red_at", o->red_at);
        json_number(j, "total_min", o->deadline_total / MINUTE_MS);
        json_text(j, "state", a.paused ? STR("paused") : STR("running"));
        json_text(j, "zone", str_of(sla_zone_names[o->zone]));
        json_text(j, "source", a.from_channel ? STR("channel") : STR("policy"));
        sla_explain(&shop->book, &q, &a, j, "explain");
        json_end(j);
    }
    json_end(j);
}

static void write_actions(struct json_out *j, const struct card *c)
{
    static const enum permission needs[ACT_COUNT] = {
        [ACT_CONFIRM] = PERM_ORDERS_WORK, [ACT_ASSEMBLE] = PERM_PICKING, [ACT_RELEASE] = PERM_PICKING,
        [ACT_READY] = PERM_PICKING, [ACT_HAND_OVER] = PERM_ORDERS_WORK, [ACT_CANCEL] = PERM_ORDERS_CANCEL,
    };
    json_begin(j, "actions", '[');
    for (int i = 0; i < ACT_COUNT; i++) {
        if (!permission_in(c->rq->who.permissions, needs[i]))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "action", str_of(order_action_names[i]));
        json_bool(j, "allowed", order_may(&c->order, (enum order_action)i));
        json_bool(j, "irreversible", i == ACT_CANCEL);
        json_end(j);
    }
    json_end(j);
}

static bool card_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct card c = { .rq = rq, .view = request_view(rq) };
    rid         id;

    if (!path_id(rq, "id", &id, err) || !load(&c, id, err) || !order_contacts_seen(rq, id, c.order.customer_id, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    queue_row_members(&j, &c.row.at[0], &c.view);
    write_sums(&j, &c);
    write_customer(&j, &c);
    write_delivery(&j, &c);
    write_lines(&j, &c);
    write_history(&j, &c);
    write_changes(&j, &c);
    write_work(&j, &c);
    write_deadline(&j, &c);
    write_actions(&j, &c);
    json_end(&j);
    return true;
}

const struct route order_card_routes[] = {
    { HTTP_GET, "/api/orders/{id}", PERM_ORDERS_SEE, card_get, .reply_schema = "OrderCard", .tag = "orders",
      .doc = "One order with lines, history, commands, notes, deadline and what may be done" },
    { .method = HTTP_NONE },
};
