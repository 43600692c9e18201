/* checks.h - what a story says about an answer: "status=new", "items[number=7].lines.length=2", "statements<=9", "header.ETag~W/". */
#pragma once
#include "support/client.h"

/* A member by its dotted path; "items[key=value]" is the first element whose member has that text. NULL: there is none. */
const struct json *json_find(const struct json *, str path);
/* Text of a path: of a JSON value, "header.NAME", "statements", "body", "….length". False: there is no such thing. */
bool reply_text(struct arena *, const struct client_reply *, str path, str *out);
/* Is the check true? *why says what was there instead. */
bool check_holds(struct arena *, const struct client_reply *, str check, str *why);
