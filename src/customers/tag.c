#include "customers/tag.h"

#include "base/buf.h"
#include "base/fold.h"
#include "base/str.h"
#include "identity/sound.h"

bool tag_read(struct arena *a, str raw, const char *field, str *out, struct err *err)
{
    struct buf b    = buf_in(a);
    str        rest = str_trim(raw), word;
    bool       odd  = !utf8_valid(raw);
    for (size_t i = 0; i < rest.len && !odd; i++) {
        unsigned char c = (unsigned char)rest.at[i];
        odd = c < 0x20 || c == 0x7f || c == ',' || c == '%' || c == '_';
    }
    while (!odd && str_split(&rest, ' ', &word))
        if (word.len)
            buf_print(&b, "%s%.*s", b.len ? " " : "", STR_ARG(word));
    str text = buf_str(&b);
    if (odd || !text.len || utf8_count(text) > TAG_CHARS_MAX)
        return err_add(err, field, "a tag has 1 to %d characters, without , %% _", TAG_CHARS_MAX);
    *out = text;
    return true;
}

int64_t tag_hash(struct arena *a, str tag)
{
    str      folded = fold_search(a, tag);              /* of a tag that is but a picture nothing is left */
    uint64_t hash   = hash_bytes(folded.len ? folded : tag, 19) >> 1;
    return (int64_t)(hash ? hash : 1);
}
