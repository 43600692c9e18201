/* router.c - finds the row of a path. A tree of path segments, built once; finding allocates nothing. */
#include "http/http.h"

#include <stdio.h>

#define PARAMS_MAX   COUNT_OF(((struct request *)0)->params)
#define SEGMENTS_MAX 24

struct leaf {
    const struct route *route;
    str                 names[PARAMS_MAX];
    int                 count;
};
struct node {
    str          text;                  /* the segment, when it is a literal */
    struct node *next;                  /* sibling literal */
    struct node *literals;
    struct node *param;                 /* child that takes any segment */
    const struct leaf *leaf[HTTP_METHOD_COUNT];
};
struct router {
    struct node root;
};

static bool row_refuse(struct err *err, const struct route *r, const char *why)
{
    char field[64];
    str  path = str_of(r->path);
    (void)snprintf(field, sizeof field, "%.*s", (int)(path.len < 63 ? path.len : 63), path.at ? path.at : "");
    return err_set(err, ERR_INTERNAL, field, "route table: %s %s", http_method_names[r->method], why);
}

static bool row_check(const struct route *r, struct err *err)
{
    if (r->method >= HTTP_METHOD_COUNT)
        return err_set(err, ERR_INTERNAL, r->path, "route table: there is no such method");
    if (!r->path || r->path[0] != '/')
        return row_refuse(err, r, "needs a path that starts with /");
    if (r->permission <= PERM_FORGOTTEN || r->permission >= PERM_COUNT)
        return row_refuse(err, r, "forgot its permission");
    if (!r->run)
        return row_refuse(err, r, "has no handler");
    if (r->quick && (r->permission != PERM_PUBLIC || r->method != HTTP_GET || r->body || r->json))
        return row_refuse(err, r, "may be quick only as a public GET without a body");
    if ((r->body != NULL) + r->json + r->raw > 1)
        return row_refuse(err, r, "takes its body in two ways");
    return true;
}

static struct node *child_literal(struct node *n, str text, struct arena *a)
{
    for (struct node *c = n->literals; c; c = c->next)
        if (str_eq(c->text, text))
            return c;
    struct node *c = ARENA_NEW(a, struct node);
    c->text        = text;
    c->next        = n->literals;
    n->literals    = c;
    return c;
}

static bool param_name_ok(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!(s.at[i] >= 'a' && s.at[i] <= 'z') && !(s.at[i] >= 'A' && s.at[i] <= 'Z') &&
            !(s.at[i] >= '0' && s.at[i] <= '9') && s.at[i] != '_')
            return false;
    return s.len > 0;
}

static bool row_add(struct router *router, const struct route *r, struct arena *a, struct err *err)
{
    struct node *n    = &router->root;
    struct leaf *leaf = ARENA_NEW(a, struct leaf);
    str          rest = str_sub(str_of(r->path), 1, SIZE_MAX), part;
    int          depth = 0;

    leaf->route = r;
    while (str_split(&rest, '/', &part)) {
        if (++depth > SEGMENTS_MAX)
            return row_refuse(err, r, "is too deep");
        if (!str_has(part, STR("{")) && !str_has(part, STR("}"))) {
            n = child_literal(n, part, a);
            continue;
        }
        str name = part.len > 2 ? str_sub(part, 1, part.len - 2) : (str){ 0 };
        if (part.at[0] != '{' || part.at[part.len - 1] != '}' || !param_name_ok(name))
            return row_refuse(err, r, "has a parameter that is not a whole segment");
        if (leaf->count == PARAMS_MAX)
            return row_refuse(err, r, "has too many parameters");
        leaf->names[leaf->count++] = name;
        if (!n->param)
            n->param = ARENA_NEW(a, struct node);
        n = n->param;
    }
    if (n->leaf[r->method])
        return row_refuse(err, r, "is there twice");
    n->leaf[r->method] = leaf;
    return true;
}

struct router *router_new(struct arena *a, const struct route *const *tables, struct err *err)
{
    struct router *router = ARENA_NEW(a, struct router);
    for (; *tables; tables++)
        for (const struct route *r = *tables; r->method != HTTP_NONE; r++)
            if (!row_check(r, err) || !row_add(router, r, a, err))
                return NULL;
    return router;
}

struct walk {
    enum http_method method;
    str              values[PARAMS_MAX];
    const struct leaf *found;
    unsigned         methods;           /* bit per method that the path has */
};

/* A literal wins over a parameter; the other branch is tried when the first one leads nowhere. */
static void walk_down(const struct node *n, str rest, bool at_end, int params, struct walk *w)
{
    if (at_end) {
        for (int m = 1; m < HTTP_METHOD_COUNT; m++)
            if (n->leaf[m])
                w->methods |= BIT(m);
        if (!w->found)
            w->found = n->leaf[w->method];
        return;
    }
    const char *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
    str         part  = slash ? (str){ rest.at, (size_t)(slash - rest.at) } : rest;
    str         tail  = slash ? str_sub(rest, part.len + 1, SIZE_MAX) : (str){ 0 };
    for (const struct node *c = n->literals; c; c = c->next) {
        if (str_eq(c->text, part)) {
            walk_down(c, tail, !slash, params, w);
            break;
        }
    }
    if (n->param && part.len && params < PARAMS_MAX && !w->found) {
        w->values[params] = part;
        walk_down(n->param, tail, !slash, params + 1, w);
    }
}

static struct walk walk_path(const struct router *router, enum http_method method, str path)
{
    struct walk w = { .method = method };
    if (path.len && path.at[0] == '/')
        walk_down(&router->root, str_sub(path, 1, SIZE_MAX), path.len == 1, 0, &w);
    return w;
}

const struct route *router_find(const struct router *router, enum http_method method, str path, struct request *out_params,
                                bool *path_known)
{
    struct walk w = walk_path(router, method, path);
    *path_known   = w.methods != 0;
    if (!w.found)
        return NULL;
    if (out_params) {
        out_params->params_count = w.found->count;
        for (int i = 0; i < w.found->count; i++) {
            out_params->params[i].name  = w.found->names[i];
            out_params->params[i].value = w.values[i];
        }
    }
    return w.found->route;
}

unsigned router_methods(const struct router *router, str path) { return walk_path(router, HTTP_NONE, path).methods; }
