/* json_read takes what jansson takes, refuses what it refuses, and sees the same values: over many damaged texts that the
 * program named on the command line (json_oracle_cases.c) makes. */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FLAGS (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL)
#define PART_BYTES 8192

static bool part_get(FILE *from, char *out, size_t *len)
{
    uint32_t n;
    if (fread(&n, sizeof n, 1, from) != 1 || n > PART_BYTES)
        return false;
    *len = fread(out, 1, n, from);
    return *len == n;
}

/* Jansson refuses a number that no double can hold; json_read keeps its digits and leaves the judgement to the reader. */
static bool is_known_difference(const json_error_t *e) { return json_error_code(e) == json_error_numeric_overflow; }

int main(int argc, char **argv)
{
    char text[PART_BYTES], printed[PART_BYTES];
    size_t text_len, printed_len;
    int taken = 0, refused = 0, wrong = 0, verdict;
    FILE *cases = argc == 2 ? popen(argv[1], "r") : NULL;
    if (!cases)
        return 2;
    while ((verdict = getc(cases)) != EOF) {
        json_error_t error = { 0 };
        if (!part_get(cases, text, &text_len) || !part_get(cases, printed, &printed_len))
            return 2;
        json_t *want = json_loadb(text, text_len, FLAGS, &error);
        bool    same = (want != NULL) == (verdict == 'y');
        if (want && verdict == 'y') {
            json_t *got = json_loadb(printed, printed_len, FLAGS, &error);
            same = got && json_equal(got, want);
            json_decref(got);
            taken++;
        } else if (!want) {
            same = same || is_known_difference(&error);
            refused++;
        }
        json_decref(want);
        if (!same && wrong++ < 10)
            fprintf(stderr, "%c %.*s\n  ours: %.*s\n  jansson: %s\n", verdict, (int)text_len, text, (int)printed_len, printed, error.text);
    }
    printf("%d taken by both, %d refused by both, %d different\n", taken, refused, wrong);
    return pclose(cases) || wrong || taken < 10000 || refused < 10000;
}
