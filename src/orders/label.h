/* label.h - the paper that is stuck on a parcel, drawn by its marketplace: what it is, and what became of asking for it. Pure.
 *
 * waiting: asked for, fetched when the market has it. here: the file is kept. refused: the market will not give it, or gives something
 * else than a label. forgotten: it was here; files are not kept for ever, and it may be asked for again.
 */
#pragma once
#include "base/list.h"
#include "base/err.h"
#include "base/id.h"
#include "base/instant.h"

#define LABEL_BYTES_MAX ((size_t)4 << 20)
#define LABELS_MAX      500             /* in one go */
#define LABEL_SIDE_MAX  6000            /* points of a picture */

enum label_state { LABEL_WAITING, LABEL_FETCHED, LABEL_REFUSED, LABEL_FORGOTTEN, LABEL_STATE_COUNT };
extern const char *const label_state_names[];            /* "waiting" "here" "refused" "forgotten" */
enum label_type { LABEL_TYPE_NONE, LABEL_PDF, LABEL_PNG, LABEL_ZPL, LABEL_TYPE_COUNT };
extern const char *const label_type_names[];             /* "" "pdf" "png" "zpl" */

struct label {
    rid     order_id, account_id;
    enum label_state state;
    enum label_type  type;
    int64_t width_mm, height_mm, size;
    str     memory;
    int64_t tries;
    instant due_at;                     /* not set: it does not wait */
    str     problem, words;
    instant asked_at, fetched_at;
    int64_t prints;
    instant printed_at;
    rid     printed_by;
    str     printed_name;
};
LIST(label)

/* What the bytes are, whatever they are called: a whole PDF, PNG or ZPL file. LABEL_TYPE_NONE: something else, or cut. A drawing in SVG
 * is a page that may run a program, and is none either. */
enum label_type label_type_of(str bytes);
const char     *label_media_type(enum label_type);       /* "application/pdf" */
