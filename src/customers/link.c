#include "customers/link.h"

/* clang-format off */
#define SEEN(type, member)         FIELD(type, member, .access = READ_ONLY)
#define TEXT(type, member, bytes)  FIELD(type, member, .access = READ_ONLY, .max = (bytes))
#define ACTOR(type)                TEXT(type, actor_kind, 16), SEEN(type, actor_id), TEXT(type, actor_name, 200)

static const struct field link_fields[] = {
    SEEN(identity_row_link, id), SEEN(identity_row_link, source_id), SEEN(identity_row_link, customer_id), TEXT(identity_row_link, rule, 40),
    SEEN(identity_row_link, score), SEEN(identity_row_link, with_source), TEXT(identity_row_link, evidence, 4000), ACTOR(identity_row_link),
    SEEN(identity_row_link, at), SEEN(identity_row_link, run_id), SEEN(identity_row_link, event_id), SEEN(identity_row_link, ended_at),
    SEEN(identity_row_link, ended_event),
};
const struct record link_record = RECORD(identity_row_link, "identity_links", link_fields);

static const struct field verdict_fields[] = {
    SEEN(verdict, id), SEEN(verdict, a_id), SEEN(verdict, b_id), TEXT(verdict, verdict, 16), ACTOR(verdict), SEEN(verdict, at),
    SEEN(verdict, event_id), SEEN(verdict, withdrawn_at), TEXT(verdict, withdrawn_name, 200),
};
const struct record verdict_record = RECORD(verdict, "identity_verdicts", verdict_fields);

static const struct field suggestion_fields[] = {
    FIELD(suggestion, id, .access = READ_ONLY, .sortable = true), SEEN(suggestion, a_id), SEEN(suggestion, b_id), SEEN(suggestion, customer_a),
    SEEN(suggestion, customer_b), TEXT(suggestion, rule, 40), FIELD(suggestion, score, .access = READ_ONLY, .sortable = true),
    TEXT(suggestion, evidence, 4000), TEXT(suggestion, state, 10), SEEN(suggestion, at), SEEN(suggestion, run_id),
    SEEN(suggestion, event_id), SEEN(suggestion, decided_at), TEXT(suggestion, decided_name, 200),
};
const struct record suggestion_record = RECORD(suggestion, "identity_suggestions", suggestion_fields);

static const struct field event_fields[] = {
    FIELD(merge_event, id, .access = READ_ONLY, .sortable = true), TEXT(merge_event, kind, 10), SEEN(merge_event, kept_id),
    SEEN(merge_event, gone_id), TEXT(merge_event, sources, 100000), TEXT(merge_event, choices, 1000), TEXT(merge_event, before_json, 20000),
    TEXT(merge_event, after_json, 20000), TEXT(merge_event, rule, 40), SEEN(merge_event, score), ACTOR(merge_event), SEEN(merge_event, at),
    SEEN(merge_event, run_id), SEEN(merge_event, undo_of), SEEN(merge_event, undone_by),
};
const struct record merge_event_record = RECORD(merge_event, "merge_events", event_fields);

static const struct field run_fields[] = {
    FIELD(identity_run, id, .access = READ_ONLY, .sortable = true), TEXT(identity_run, kind, 10), TEXT(identity_run, state, 10),
    ACTOR(identity_run), SEEN(identity_run, sources_n), SEEN(identity_run, merges_n), SEEN(identity_run, splits_n),
    SEEN(identity_run, suggestions_n), SEEN(identity_run, at), SEEN(identity_run, ended_at),
};
const struct record run_record = RECORD(identity_run, "identity_runs", run_fields);

static const struct field consent_fields[] = {
    SEEN(consent, id), SEEN(consent, customer_id), FIELD(consent, purpose, .required = true, .max = 16, .doc = "processing, service, marketing"),
    FIELD(consent, medium, .required = true, .max = 16, .doc = "any, sms, whatsapp, telegram, viber, email, push, call"),
    FIELD(consent, state, .required = true, .max = 16, .doc = "given or withdrawn"), FIELD(consent, at, .doc = "when it was said; now when missing"),
    FIELD(consent, text_version, .max = 60, .doc = "which wording was agreed to"), FIELD(consent, proof, .max = 1000, .doc = "form, page, words"),
    FIELD(consent, channel, .max = 40), ACTOR(consent), SEEN(consent, event_id), SEEN(consent, voided_by),
};
const struct record consent_record = RECORD(consent, "consents", consent_fields);
/* clang-format on */

static const struct consent *latest(const struct consent_list *all, rid customer, const struct consent *like)
{
    const struct consent *top = NULL;
    for (int i = 0; i < all->count; i++) {
        const struct consent *c = &all->at[i];
        if (!id_eq(c->customer_id, customer) || id_is_set(c->voided_by) || !str_eq(c->purpose, like->purpose) || !str_eq(c->medium, like->medium))
            continue;
        if (!top || c->at.ms > top->at.ms || (c->at.ms == top->at.ms && c->id.v > top->id.v))
            top = c;
    }
    return top;
}

void consents_effective(const struct consent_list *all, rid customer, struct arena *a, struct consent_list *out)
{
    for (int i = 0; i < all->count; i++) {
        const struct consent *c = &all->at[i];
        if (id_eq(c->customer_id, customer) && latest(all, customer, c) == c)
            *consent_list_add(out, a) = *c;
    }
}

void consents_stricter(const struct consent_list *all, rid kept, rid gone, struct arena *a, struct consent_list *out)
{
    struct consent_list theirs = { 0 };
    consents_effective(all, gone, a, &theirs);
    for (int i = 0; i < theirs.count; i++) {
        const struct consent *own  = latest(all, kept, &theirs.at[i]);
        bool                  same = own && str_eq(own->state, theirs.at[i].state);
        if (same || (own && str_is(own->state, "withdrawn")))
            continue;
        *consent_list_add(out, a) = (struct consent){ .purpose = theirs.at[i].purpose, .medium = theirs.at[i].medium,
                                                      .state = theirs.at[i].state, .text_version = theirs.at[i].text_version };
    }
}

str id_list_text(struct arena *a, const rid *ids, int count)
{
    struct buf b = buf_in(a);
    for (int i = 0; i < count; i++)
        buf_print(&b, "%s%lld", i ? "," : "", (long long)ids[i].v);
    return buf_str(&b);
}
