/* What embed.sh makes of the folder tests/support/dist. */
#include "app/assets/assets.h"
#include "app/assets/assets_table.h"
#include "http/encoding.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void every_file_is_found_by_its_path_and_nothing_else_is(void **state)
{
    (void)state;
    assert_int_equal(assets_count, 3);
    assert_non_null(asset_find(STR("/index.html")));
    assert_non_null(asset_find(STR("/logo.png")));
    assert_non_null(asset_find(STR("/assets/index-B3fK9_xa.js")));
    assert_null(asset_find(STR("/")));
    assert_null(asset_find(STR("")));
    assert_null(asset_find(STR("index.html")));
    assert_null(asset_find(STR("/index.html/")));
    assert_null(asset_find(STR("/../meson.build")));
}

static void types_follow_the_ending(void **state)
{
    (void)state;
    assert_string_equal(asset_find(STR("/index.html"))->type, "text/html; charset=utf-8");
    assert_string_equal(asset_find(STR("/logo.png"))->type, "image/png");
    assert_string_equal(asset_find(STR("/assets/index-B3fK9_xa.js"))->type, "text/javascript; charset=utf-8");
}

static void only_files_named_by_their_content_are_kept_for_ever(void **state)
{
    (void)state;
    assert_true(asset_find(STR("/assets/index-B3fK9_xa.js"))->immutable);
    assert_false(asset_find(STR("/index.html"))->immutable);
    assert_false(asset_find(STR("/logo.png"))->immutable);
    assert_string_not_equal(asset_find(STR("/index.html"))->etag, asset_find(STR("/logo.png"))->etag);
}

static void texts_are_packed_both_ways_and_open_to_what_they_were(void **state)
{
    (void)state;
    const struct asset *script = asset_find(STR("/assets/index-B3fK9_xa.js"));
    assert_true(script->brotli.len > 0 && script->brotli.len < script->gzip.len);
    assert_int_equal(script->plain.len, 0);
    size_t len = 0;
    char  *text = gzip_open(script->gzip, 1 << 20, &len);
    assert_non_null(text);
    assert_true(len > script->gzip.len);
    assert_true(str_starts((str){ text, len }, STR("export const words")));
    free(text);
}

static void pictures_are_taken_as_they_are(void **state)
{
    (void)state;
    const struct asset *logo = asset_find(STR("/logo.png"));
    assert_int_equal(logo->brotli.len, 0);
    assert_int_equal(logo->gzip.len, 0);
    assert_true(str_starts(logo->plain, STR("\x89PNG")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_found_by_its_path_and_nothing_else_is),
        cmocka_unit_test(types_follow_the_ending),
        cmocka_unit_test(only_files_named_by_their_content_are_kept_for_ever),
        cmocka_unit_test(texts_are_packed_both_ways_and_open_to_what_they_were),
        cmocka_unit_test(pictures_are_taken_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
