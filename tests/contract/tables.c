/* The constant tables of the house: no gaps, no doubles, nothing left out. */
#include "channels/channel.h"
#include "contract/lists.h"
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void every_value_of_an_enum_has_one_name_of_its_own(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (const struct name_table *t = name_tables; t->name; t++) {
        if (t->count < 0) {
            found(&wrong, "%s: no enum with a _COUNT stands before it in its header", t->name);
            continue;
        }
        for (int i = 0; i < t->count; i++) {
            if (!t->names[i]) {
                found(&wrong, "%s: value %d has no name", t->name, i);
                break;
            }
            if (!*t->names[i] && i)
                found(&wrong, "%s: only the first value may have an empty name, not %d", t->name, i);
            for (int k = 0; k < i; k++)
                if (strcmp(t->names[i], t->names[k]) == 0)
                    found(&wrong, "%s: %s is there twice", t->name, t->names[i]);
        }
        if (t->names[t->count])
            found(&wrong, "%s: %s stands where NULL should end the list of %d", t->name, t->names[t->count], t->count);
    }
    NOTHING_FOUND(wrong);
}

static void names_are_fit_for_storing_and_sending(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (const struct name_table *t = name_tables; t->name; t++)
        for (int i = 0; i < t->count && t->names[i]; i++) {
            bool is_method = strcmp(t->name, "http_method_names") == 0;      /* words of another house */
            for (const char *c = t->names[i]; *c && !is_method; c++)
                if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_' && *c != '.')
                    found(&wrong, "%s: \"%s\" has a character that is neither a small letter nor a digit", t->name, t->names[i]);
        }
    NOTHING_FOUND(wrong);
}

static void every_error_says_all_that_is_done_with_it(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (int i = ERR_NONE + 1; i < ERR_COUNT; i++) {
        const struct err_kind *kind = err_kind((enum err_code)i);
        if (!kind || !kind->code || !*kind->code) {
            found(&wrong, "error %d has no row", i);
            continue;
        }
        if (kind->http < 400 || kind->http > 599)
            found(&wrong, "%s: HTTP status %d is no error", kind->code, kind->http);
        if (!kind->title || strlen(kind->title) < 8)
            found(&wrong, "%s has no title", kind->code);
        for (int k = ERR_NONE + 1; k < i; k++)
            if (strcmp(kind->code, err_kind((enum err_code)k)->code) == 0)
                found(&wrong, "%s is the code of two errors", kind->code);
    }
    NOTHING_FOUND(wrong);
}

static void every_field_fits_into_its_struct(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (const struct record_name *r = record_names; r->name; r++) {
        if (!r->record->name || r->record->count < 1 || r->record->count > RECORD_FIELDS_MAX)
            found(&wrong, "%s has %d fields", r->name, r->record->count);
        for (int i = 0; i < r->record->count; i++) {
            const struct field *f = &r->record->fields[i];
            if (f->offset >= r->record->size)
                found(&wrong, "%s.%s lies outside of the struct: is it the field of another?", r->name, f->name);
            if ((f->kind == KIND_CHOICE) != (f->choices != NULL))
                found(&wrong, "%s.%s: a choice has choices, and only a choice", r->name, f->name);
            if (f->min > f->max && f->max)
                found(&wrong, "%s.%s: the least is more than the most", r->name, f->name);
            for (int k = 0; k < i; k++)
                if (strcmp(f->name, r->record->fields[k].name) == 0)
                    found(&wrong, "%s.%s is there twice", r->name, f->name);
        }
    }
    NOTHING_FOUND(wrong);
}

static void what_opens_the_door_is_never_shown(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    static const char *const words[] = { "password", "token", "secret", "credentials", "sealed", "key_hash" };
    for (const struct record_name *r = record_names; r->name; r++)
        for (int i = 0; i < r->record->count; i++)
            for (int w = 0; w < COUNT_OF(words); w++) {
                const struct field *f = &r->record->fields[i];
                if (strstr(f->name, words[w]) && f->kind == KIND_TEXT && f->access != SECRET && !f->internal)
                    found(&wrong, "%s.%s sounds like a secret but would be shown", r->name, f->name);
            }
    NOTHING_FOUND(wrong);
}

static void every_route_says_who_may_and_what_it_does(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    int routes = 0;
    for (const struct route_table *t = route_tables; t->name; t++)
        for (const struct route *r = t->routes; r->method != HTTP_NONE; r++, routes++) {
            const char *method = http_method_names[r->method];
            if (r->permission <= PERM_FORGOTTEN || r->permission >= PERM_COUNT)
                found(&wrong, "%s: %s %s has no permission", t->name, method, r->path);
            if (!r->doc || strlen(r->doc) < 4)
                found(&wrong, "%s: %s %s has no doc", t->name, method, r->path);
            if (!r->tag || !*r->tag)
                found(&wrong, "%s: %s %s has no tag", t->name, method, r->path);
            if (!r->run)
                found(&wrong, "%s: %s %s has no handler", t->name, method, r->path);
            for (const struct query_param *q = r->query; q && q->name; q++)
                if (!q->doc || !*q->doc)
                    found(&wrong, "%s: %s %s: parameter %s has no doc", t->name, method, r->path, q->name);
        }
    assert_true(routes > 0);
    NOTHING_FOUND(wrong);
}

static bool path_is_told_twice(const struct route *r)
{
    int times = 0;
    for (const struct route_table *t = route_tables; t->name; t++)
        for (const struct route *o = t->routes; o->method != HTTP_NONE; o++)
            times += o->method == r->method && strcmp(o->path, r->path) == 0;
    return times > 1;
}

static void a_route_asks_only_for_what_its_method_can_carry(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (const struct route_table *t = route_tables; t->name; t++)
        for (const struct route *r = t->routes; r->method != HTTP_NONE; r++) {
            const char *method = http_method_names[r->method];
            if (r->path[0] != '/')
                found(&wrong, "%s: %s %s does not begin with a slash", t->name, method, r->path);
            if (r->method == HTTP_GET && (r->body || r->json || r->raw || r->creates || r->edits))
                found(&wrong, "%s: GET %s takes a body or changes something", t->name, r->path);
            /* The shop's settings are the one row of their kind: they name none, and tell their version. */
            if (r->edits && !strchr(r->path, '{') && !(r->reply && record_field(r->reply, STR("version"))))
                found(&wrong, "%s: %s %s wants If-Match but names no row", t->name, method, r->path);
            if (r->permission == PERM_PUBLIC && r->method != HTTP_GET && !r->no_csrf)
                found(&wrong, "%s: %s %s is public, so there is no session whose token it could carry", t->name, method, r->path);
            if (path_is_told_twice(r))
                found(&wrong, "%s: %s %s is told twice", t->name, method, r->path);
        }
    NOTHING_FOUND(wrong);
}

static void all_routes_fit_into_one_router(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct err   err   = { 0 };
    int count = 0;
    while (route_tables[count].name)
        count++;
    const struct route **tables = ARENA_ARRAY(&arena, const struct route *, count + 1);
    for (int i = 0; i < count; i++)
        tables[i] = route_tables[i].routes;
    struct router *router = router_new(&arena, tables, &err);
    if (!router)
        fail_msg("%s: %s", err.item[0].field, err.item[0].text);
    for (int i = 0; i < count; i++)
        for (const struct route *r = tables[i]; r->method != HTTP_NONE; r++) {
            struct request rq = { .work = { .arena = &arena } };
            bool known = false;
            const struct route *found = router_find(router, r->method, str_of(r->path), &rq, &known);
            if (!found || !known)
                fail_msg("%s is not found by its own pattern", r->path);
        }
    arena_done(&arena);
}

static void every_connector_is_whole(void **state)
{
    struct findings wrong = { 0 };
    (void)state;
    for (int i = 0; channels[i]; i++) {
        const struct channel *c = channels[i];
        if (!c->name || !c->title || !c->base_url || !c->zone || !c->settings || !c->streams || !c->pace || !c->statuses)
            fail_msg("channel %s has an empty slot", c->name ? c->name : "?");
        if (!c->pull_step || !c->order_read || !c->page_read || !c->returns_read || !c->command_step || !c->check_step)
            found(&wrong, "%s leaves out a function that every connector has", c->name);
        if (channel_find(str_of(c->name)) != c)
            found(&wrong, "%s is not found by its name", c->name);
        for (const struct channel_setting *s = c->settings; s->name; s++)
            if (!s->doc || !*s->doc)
                found(&wrong, "%s: setting %s has no doc", c->name, s->name);
        for (const struct stream *s = c->streams; s->name; s++)
            if (s->period_s < 10)
                found(&wrong, "%s: stream %s would be asked every %d s", c->name, s->name, s->period_s);
        for (const struct pace *p = c->pace; p->family; p++)
            if (p->per_minute < 1 || p->burst < 1 || p->parallel < 1)
                found(&wrong, "%s: pace %s is never", c->name, p->family);
        if (c->ops & BIT(OP_CANCEL) && (!c->cancel_reasons || !c->cancel_reasons[0].code))
            found(&wrong, "%s cancels without any reason to give", c->name);
    }
    NOTHING_FOUND(wrong);
}

static void every_status_row_leads_somewhere(void **state)
{
    (void)state;
    for (int i = 0; channels[i]; i++)
        for (const struct status_row *row = channels[i]->statuses; row->key; row++) {
            if ((unsigned)row->to >= HUB_STATUS_COUNT)
                fail_msg("%s: %s leads to status %d", channels[i]->name, row->key, (int)row->to);
            if (row->marks >> MARK_COUNT)
                fail_msg("%s: %s sets a mark that does not exist", channels[i]->name, row->key);
            if (row->to == HUB_CANCELLED && !row->keeps && (unsigned)row->cancel_side >= CANCEL_SIDE_COUNT)
                fail_msg("%s: %s cancels, but nobody did", channels[i]->name, row->key);
            if (!row->note || !*row->note)
                fail_msg("%s: %s has no note for people", channels[i]->name, row->key);
            for (const struct status_row *before = channels[i]->statuses; before < row; before++)
                if (strcmp(before->key, row->key) == 0)
                    fail_msg("%s: %s is there twice", channels[i]->name, row->key);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_of_an_enum_has_one_name_of_its_own),
        cmocka_unit_test(names_are_fit_for_storing_and_sending),
        cmocka_unit_test(every_error_says_all_that_is_done_with_it),
        cmocka_unit_test(every_field_fits_into_its_struct),
        cmocka_unit_test(what_opens_the_door_is_never_shown),
        cmocka_unit_test(every_route_says_who_may_and_what_it_does),
        cmocka_unit_test(a_route_asks_only_for_what_its_method_can_carry),
        cmocka_unit_test(all_routes_fit_into_one_router),
        cmocka_unit_test(every_connector_is_whole),
        cmocka_unit_test(every_status_row_leads_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
