/* cli_dedupe.c - `sauda dedupe`: which rows of a file are one person. No database. */
#include "app/cli.h"
#include "identity/cluster.h"
#include "identity/encoding.h"
#include "identity/sound.h"
#include "identity/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_MAX        50000000
#define ARENA_BYTES_MAX ((size_t)64 << 30)

/* Rows as read: the comparable form of each and its id, nothing else stays. */
struct people {
    struct person *at;
    int            count, cap;
    char          *ids;
    size_t         ids_len, ids_cap;
    uint64_t      *id_end;              /* where the id of a row ends in `ids` */
    struct name_counts counts;
    struct arena   scratch, arena;
    int            columns[COLUMN_COUNT];
    bool           has_heading;
    int64_t        blank, short_rows, names_cut, phones_bad, phones_masked, phones_stopped, emails_bad, relays, nothing;
};

static void people_done(struct people *p)
{
    free(p->at);
    free(p->ids);
    free(p->id_end);
    arena_done(&p->scratch);
    arena_done(&p->arena);
}

/* ---- reading ---- */

static bool people_grow(struct people *p, size_t id_bytes, struct err *err)
{
    if (p->count == p->cap) {
        int   cap = p->cap ? p->cap + p->cap / 2 : 4096;
        void *at = realloc(p->at, sizeof *p->at * (size_t)cap), *ends = NULL;
        if (at) {
            p->at = at;
            ends  = realloc(p->id_end, sizeof *p->id_end * (size_t)cap);
        }
        if (!at || !ends)
            return err_set(err, ERR_LIMIT, NULL, "not enough memory for %d rows", cap);
        p->id_end = ends;
        p->cap    = cap;
    }
    if (p->ids_len + id_bytes > p->ids_cap) {
        size_t cap = (p->ids_cap + id_bytes) * 2;
        char  *at  = realloc(p->ids, cap);
        if (!at)
            return err_set(err, ERR_LIMIT, NULL, "not enough memory for the ids");
        p->ids     = at;
        p->ids_cap = cap;
    }
    return p->count < ROWS_MAX || err_set(err, ERR_LIMIT, NULL, "more than %d rows", ROWS_MAX);
}

/* The id as it is written back: one cell on one line whatever it holds. */
static void id_add(struct people *p, str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        p->ids[p->ids_len++] = c == '\t' || c == '\n' || c == '\r' || !c ? ' ' : c;
    }
    p->id_end[p->count] = p->ids_len;
}

static str id_of(const struct people *p, int i)
{
    size_t from = i ? p->id_end[i - 1] : 0;
    return (str){ p->ids + from, p->id_end[i] - from };
}

static void marks_count(struct people *p, const struct person *one)
{
    p->names_cut      += (one->marks & PERSON_NAME_CUT) != 0;
    p->phones_bad     += (one->marks & PERSON_PHONE_BAD) != 0;
    p->phones_masked  += (one->marks & PERSON_PHONE_MASKED) != 0;
    p->phones_stopped += (one->marks & PERSON_PHONE_STOPPED) != 0;
    p->emails_bad     += (one->marks & PERSON_EMAIL_BAD) != 0;
    p->relays         += (one->marks & PERSON_EMAIL_RELAY) != 0;
    p->nothing        += !one->name.count && !one->phone[0] && !one->email;
}

static bool row_take(struct people *p, const str *cells, int count, str country, struct err *err)
{
    if (count == 0) {
        p->blank++;
        return true;
    }
    if (!p->has_heading) {
        table_columns(cells, count, p->columns);
        if (p->columns[COLUMN_NAME] < 0 && p->columns[COLUMN_PHONE] < 0 && p->columns[COLUMN_EMAIL] < 0)
            return err_set(err, ERR_BODY_INVALID, NULL, "the first row must name the columns; of name, phone and email none is there");
        p->has_heading = true;
        return true;
    }
    struct person_record record;
    int  id_column = p->columns[COLUMN_ID];
    char number[24];
    int  n  = snprintf(number, sizeof number, "%d", p->count + 1);
    str  id = id_column >= 0 && id_column < count ? cells[id_column] : (str){ number, id_column < 0 ? (size_t)n : 0 };
    for (int c = 0; c < COLUMN_COUNT; c++)
        if (p->columns[c] >= count) {
            p->short_rows++;
            break;
        }
    if (!people_grow(p, id.len, err))
        return false;
    table_record(&p->scratch, cells, count, p->columns, &record);
    record.id = (int64_t)(hash_bytes(id, 7) >> 1);
    struct person *one = &p->at[p->count];
    person_read(&p->scratch, &record, country, NULL, one);
    if (p->scratch.used > 100000)
        arena_reset(&p->scratch);
    id_add(p, id);
    person_counts_add(&p->counts, &p->arena, one, 1);
    marks_count(p, one);
    p->count++;
    return true;
}

/* Bytes of the file as UTF-8 into the table; what was half a character waits in `left`. */
#define PIECE_BYTES 65536
struct text_file {
    FILE         *from;
    enum encoding encoding;
    bool          begun;
    size_t        left;
    char          piece[PIECE_BYTES];
};

static bool text_fill(struct text_file *f, struct table *t, bool *more)
{
    size_t room, taken;
    char  *at = table_room(t, &room);
    size_t n  = f->left + fread(f->piece + f->left, 1, PIECE_BYTES - f->left, f->from);
    *more = n > f->left;
    if (!f->begun)
        f->encoding = encoding_find((str){ f->piece, n });
    f->begun = true;
    size_t bytes = encoding_read(f->encoding, (str){ f->piece, n }, &taken, at);
    f->left = n - taken;
    memmove(f->piece, f->piece + taken, f->left);
    table_filled(t, bytes, !*more);
    return !ferror(f->from);
}

static bool people_read(struct people *p, FILE *from, const char *name, str country, struct table *t, struct err *err)
{
    str    cells[TABLE_CELLS_MAX];
    int    count;
    struct text_file f = { .from = from };
    for (bool more = true; more;) {
        if (!text_fill(&f, t, &more))
            return err_set(err, ERR_FILE, NULL, "cannot read %s: %s", name, strerror(errno));
        while (table_row(t, cells, &count))
            if (!row_take(p, cells, count, country, err))
                return err_note(err, "row %lld", (long long)t->lines);
    }
    return true;
}

static void skipped_say(const struct people *p, const struct table *t)
{
    const struct said { int64_t count; const char *what; } list[] = {
        { t->rows_skipped, "rows left out: longer than 16 MiB" },
        { p->blank, "blank lines left out" },
        { p->short_rows, "rows with fewer cells than columns" },
        { p->names_cut, "names cut: longer than 256 bytes" },
        { p->phones_masked, "phones not used as keys: masked" },
        { p->phones_bad, "phones not used: no number" },
        { p->relays, "e-mails not used: relay addresses" },
        { p->emails_bad, "e-mails not used: no address" },
        { p->nothing, "rows without name, phone and e-mail: each stays alone" },
    };
    for (int c = 0; c < COLUMN_CREATED; c++)
        if (p->has_heading && p->columns[c] < 0)
            fprintf(stderr, "there is no column %s%s\n", column_names[c], c == COLUMN_ID ? ": rows are numbered from 1" : "");
    for (int i = 0; i < COUNT_OF(list); i++)
        if (list[i].count)
            fprintf(stderr, "%lld %s\n", (long long)list[i].count, list[i].what);
}

/* ---- writing ---- */

/* People are numbered as they first appear. */
static int people_number(struct arena *a, const int *cluster, int count, int **out)
{
    int *number = ARENA_ARRAY(a, int, count + 1), next = 0;
    for (int i = 0; i < count; i++)
        number[i] = cluster[i] == i ? ++next : number[cluster[i]];
    *out = number;
    return next;
}

static void people_write(FILE *to, const struct people *p, const int *number)
{
    for (int i = 0; i < p->count; i++) {
        str id = id_of(p, i);
        fwrite(id.at, 1, id.len, to);
        fprintf(to, "\t%d\n", number[i]);
    }
}

static void links_write(FILE *to, const struct people *p, const struct identity_link_list *links, const struct identity_rules *rules)
{
    for (int i = 0; i < links->count; i++) {
        const struct identity_link *l = &links->at[i];
        struct pair                 pair;
        str                         a = id_of(p, l->a), b = id_of(p, l->b);
        pair_score(&p->at[l->a], &p->at[l->b], rules->weights, rules->counts, &pair);
        fprintf(to, "link\t%.*s\t%.*s\t%s\t%d\t%s\t", STR_ARG(a), STR_ARG(b), decision_names[l->decision], l->score,
                identity_rule_names[l->rule]);
        for (int e = 0; e < pair.evidence_count; e++)
            fprintf(to, "%s%s%+d", e ? " " : "", evidence_names[pair.evidence[e].code], pair.evidence[e].weight);
        fprintf(to, "\t%s\n", l->guard ? identity_guard_names[l->guard] : "");
    }
}

/* ---- the command ---- */

static bool dedupe(struct cli *cli, struct people *p, struct err *err)
{
    bool safe = cli_has(cli, "safe"), explain = cli_has(cli, "explain");
    struct pair_weights   weights = safe ? pair_weights_default : pair_weights_file;
    struct limits         limits  = safe ? limits_default : limits_file;
    struct identity_rules rules = {
        .weights = &weights,
        .limits  = &limits,
        .counts  = &p->counts,
    };
    struct identity_link_list links = { 0 };
    str   path   = cli_flag(cli, "out");
    bool  is_file = path.len && !str_is(path, "-");
    int  *number, *cluster;

    identity_mark_shared(&p->arena, p->at, p->count);
    if (!safe)
        identity_estimate(&p->arena, p->at, p->count, &p->counts, &weights, &limits);
    cluster = ARENA_ARRAY(&p->arena, int, p->count + 1);
    identity_cluster(&p->arena, p->at, p->count, NULL, 0, &rules, cluster, explain ? &links : NULL);
    int   people = people_number(&p->arena, cluster, p->count, &number);
    FILE *to     = is_file ? fopen(str_zero(cli->arena, path), "wbe") : stdout;
    if (!to)
        return err_set(err, ERR_FILE, "out", "cannot make %.*s: %s", STR_ARG(path), strerror(errno));
    people_write(to, p, number);
    bool ok = is_file ? fclose(to) == 0 : fflush(to) == 0;
    if (explain)
        links_write(stdout, p, &links, &rules);
    if (!ok)
        return err_set(err, ERR_FILE, "out", "cannot write the result: %s", strerror(errno));
    fprintf(stderr, "%d rows, %d people\n", p->count, people);
    return true;
}

static int dedupe_run(struct cli *cli, struct err *err)
{
    struct people p = { .arena = { .ceiling_bytes = ARENA_BYTES_MAX } };
    struct table  t = { .arena = { .ceiling_bytes = (size_t)128 << 20 } };
    const char   *name    = str_zero(cli->arena, cli->words[0]);
    bool          is_pipe = strcmp(name, "-") == 0;
    str           country = cli_has(cli, "country") ? cli_flag(cli, "country") : STR("KZ");
    FILE         *from    = is_pipe ? stdin : fopen(name, "rbe");

    if (!from) {
        err_set(err, ERR_FILE, NULL, "cannot read %s: %s", name, strerror(errno));
        return EXIT_WRONG;
    }
    bool ok = people_read(&p, from, name, country, &t, err);
    if (!is_pipe)
        fclose(from);
    if (ok)
        skipped_say(&p, &t);
    table_done(&t);
    ok = ok && dedupe(cli, &p, err);
    people_done(&p);
    return ok ? EXIT_FINE : EXIT_WRONG;
}

static const struct cli_flag dedupe_flags[] = {
    { "out", "FILE", "where the result goes (default: standard output)" },
    { "explain", NULL, "also write the links between rows, with score and reasons, to standard output" },
    { "safe", NULL, "join only what Sauda would merge without asking; the rest stays apart" },
    { "country", "KZ|RU|UA", "whose habits telephone numbers without a code follow (default KZ)" },
    { 0 }
};
const struct cli_command dedupe_command = {
    .name = "dedupe", .words = "FILE", .doc = "find the rows of a CSV or TSV file that are one person",
    .text =
        "Reads people from FILE (- is standard input) and writes one line for each row, in the order of the file:\n"
        "\n"
        "  id<TAB>person_id\n"
        "\n"
        "Rows of one person have one person_id, a number from 1. No database is touched. The first row names the columns, in any\n"
        "order: id, source, name, phone, email, city, address, created, and birth_date and card if there are any; others are\n"
        "ignored. Tab, semicolon, comma and | part cells; the sign is found by looking. Rows without an id column are numbered.\n"
        "The result does not depend on the order of the rows but for the numbers. What could not be used is told on standard\n"
        "error.\n"
        "\n"
        "With --explain, lines of the joins follow, and of pairs that came near:\n"
        "\n"
        "  link<TAB>id<TAB>id<TAB>automatic|suggest|separate<TAB>score<TAB>rule<TAB>reasons<TAB>guard\n"
        "\n"
        "The score is log2 of the likelihood times 100, the sum of the reasons: \"phone.same+1000 name.short+300\". The guard says\n"
        "why a pair that scores well was not joined: contradiction, size, not_single.\n"
        "\n"
        "  sauda dedupe buyers.csv --out people.tsv\n"
        "  zcat buyers.tsv.gz | sauda dedupe - --safe --explain",
    .flags = dedupe_flags, .words_min = 1, .words_max = 1, .run = dedupe_run,
};
