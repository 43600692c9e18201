/* cli_openapi.c - `sauda openapi`: the document that a running server answers at /api/openapi.json, one member a line, so that a
 * change of the API is a small difference of web/openapi.json. */
#include "app/cli.h"
#include "app/parts.h"

#include <stdio.h>

static const struct openapi_schema *all_schemas(struct arena *a)
{
    int n = 0, to = 0;
    for (int i = 0; api_schemas[i]; i++)
        for (int k = 0; api_schemas[i][k].name; k++)
            n++;
    struct openapi_schema *all = ARENA_ARRAY(a, struct openapi_schema, n + 1);
    for (int i = 0; api_schemas[i]; i++)
        for (int k = 0; api_schemas[i][k].name; k++)
            all[to++] = api_schemas[i][k];
    return all;
}

static void line_begin(struct buf *to, int depth)
{
    buf_add_char(to, '\n');
    for (int i = 0; i < depth; i++)
        buf_add(to, STR("  "));
}

/* The text is our own and has no space outside of its strings. */
static void indent(str text, struct buf *to)
{
    int  depth   = 0;
    bool is_text = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], before = i ? text.at[i - 1] : 0;
        if (is_text) {
            buf_add_char(to, c);
            if (c == '\\' && i + 1 < text.len)
                buf_add_char(to, text.at[++i]);
            else if (c == '"')
                is_text = false;
            continue;
        }
        bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
        if (closes)
            depth--;
        if (closes ? before != '{' && before != '[' : before == '{' || before == '[' || before == ',')
            line_begin(to, depth);
        buf_add_char(to, c);
        if (c == ':')
            buf_add_char(to, ' ');
        if (opens)
            depth++;
        is_text = c == '"';
    }
    buf_add_char(to, '\n');
}

static int openapi_run(struct cli *cli, struct err *err)
{
    struct buf document = buf_in(cli->arena), shown = buf_in(cli->arena);
    if (!openapi_write(api_routes, all_schemas(cli->arena), &document, err))
        return EXIT_WRONG;
    indent(buf_str(&document), &shown);
    fwrite(shown.at, 1, shown.len, stdout);
    return EXIT_FINE;
}

const struct cli_command openapi_command = {
    .name = "openapi", .doc = "print the API document",
    .text = "Prints the OpenAPI 3.1 document of this version, made of its routes and records. A running server answers it at\n"
            "/api/openapi.json. The web UI's types come from it: web/openapi.json is its copy.\n\n"
            "  sauda openapi > web/openapi.json",
    .run = openapi_run,
};
