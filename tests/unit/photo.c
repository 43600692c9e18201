/* Pictures that people send: known by their bytes, kept without what a camera writes beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "returns/photo.h"

static struct arena arena;

#define BYTES(literal) ((str){ literal, sizeof(literal) - 1 })
#define JPEG_HEAD "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
#define JPEG_EXIF "\xff\xe1\x00\x0e" "Exif\x00\x00secret"
#define JPEG_FRAME "\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
#define JPEG_SCAN "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" "ab\xff\x00" "cd\xff\xd0" "ef\xff\xd9"
#define PNG_HEAD "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\x00SUMS"
#define PNG_TEXT "\x00\x00\x00\x06tEXtsecretSUMS"
#define PNG_REST "\x00\x00\x00\x02IDATxxSUMS\x00\x00\x00\x00IENDSUMS"
#define WEBP_BODY "VP8X\x0a\x00\x00\x00\x2c\x00\x00\x00\x02\x00\x00\x01\x00\x00VP8L\x06\x00\x00\x00\x2f\x02\x40\x00\x00\x00"
#define WEBP_EXIF "EXIF\x06\x00\x00\x00secret"

static struct photo kept(str bytes)
{
    struct photo p;
    struct err   err = { 0 };
    if (!photo_read(&arena, bytes, &p, &err))
        fail_msg("%s", err.item[0].text);
    return p;
}

static void what_a_camera_writes_beside_the_picture_is_left_out(void **state)
{
    (void)state;
    struct photo jpeg = kept(BYTES(JPEG_HEAD JPEG_EXIF JPEG_FRAME "\xff\xfe\x00\x08secret" JPEG_SCAN "trailing secret\xff\xd9"));
    assert_string_equal(jpeg.type, "image/jpeg");
    assert_int_equal(jpeg.width, 3);
    assert_int_equal(jpeg.height, 2);
    assert_true(str_eq(jpeg.bytes, BYTES(JPEG_HEAD JPEG_FRAME JPEG_SCAN)));
    struct photo png = kept(BYTES(PNG_HEAD PNG_TEXT PNG_REST "secret"));
    assert_string_equal(png.type, "image/png");
    assert_int_equal(png.width, 3);
    assert_true(str_eq(png.bytes, BYTES(PNG_HEAD PNG_REST)));
    struct photo webp = kept(BYTES("RIFF\x34\x00\x00\x00WEBP" WEBP_BODY WEBP_EXIF));
    assert_string_equal(webp.type, "image/webp");
    assert_int_equal(webp.width, 3);
    assert_int_equal(webp.height, 2);
    assert_false(str_has(webp.bytes, STR("secret")));
    assert_int_equal((unsigned char)webp.bytes.at[20], 0);          /* no profile, Exif or XMP is promised any more */
    assert_int_equal((unsigned char)webp.bytes.at[4], webp.bytes.len - 8);
    arena_reset(&arena);
}

#define TURN_BIG    "\xff\xe1\x00\x22" "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
/* Two entries, the maker first, its name behind the list. */
#define TURN_LITTLE "\xff\xe1\x00\x34" "Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x0f\x01\x02\x00\x06\x00\x00\x00\x26\x00\x00\x00" \
                    "\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00" "secret"

/* A telephone held upright: without that number the picture lies on its side. */
static void how_a_picture_is_turned_stays_and_nothing_else_of_it(void **state)
{
    (void)state;
    struct photo little = kept(BYTES(JPEG_HEAD TURN_LITTLE JPEG_FRAME JPEG_SCAN)), again = kept(little.bytes);
    assert_true(str_eq(little.bytes, BYTES(JPEG_HEAD TURN_BIG JPEG_FRAME JPEG_SCAN)));
    assert_int_equal(little.width, 2);
    assert_int_equal(little.height, 3);
    assert_true(str_eq(again.bytes, little.bytes));
    static const str odd[] = {                          /* no such turn; a list behind the end; a list that never ends */
        STR_INIT("\xff\xe1\x00\x22" "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x09\x00\x00\x00\x00\x00\x00"),
        STR_INIT("\xff\xe1\x00\x10" "Exif\x00\x00MM\x00*\xff\xff\xff\xff"), STR_INIT("\xff\xe1\x00\x12" "Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"),
        STR_INIT("\xff\xe1\x00\x08" "Exif\x00\x00"), STR_INIT("\xff\xe1\x00\x02"),
    };
    for (int i = 0; i < COUNT_OF(odd); i++) {
        struct buf b = buf_in(&arena);
        buf_add(&b, BYTES(JPEG_HEAD));
        buf_add(&b, odd[i]);
        buf_add(&b, BYTES(JPEG_FRAME JPEG_SCAN));
        struct photo p = kept(buf_str(&b));
        assert_true(str_eq(p.bytes, BYTES(JPEG_HEAD JPEG_FRAME JPEG_SCAN)));
        assert_int_equal(p.width, 3);
    }
    arena_reset(&arena);
}

static void what_is_no_picture_is_refused(void **state)
{
    (void)state;
    static const str bad[] = {
        STR_INIT(""), STR_INIT("<svg onload=alert(1)>"), STR_INIT("GIF89a"), STR_INIT("\xff\xd8\xff"), STR_INIT("\xff\xd8\xff\xe0\xff\xff"),
        STR_INIT("\x89PNG\r\n\x1a\n"), STR_INIT("RIFF\x04\x00\x00\x00WEBP"), STR_INIT("RIFF\x04\x00\x00\x00WAVE"),
        STR_INIT(JPEG_HEAD JPEG_EXIF), STR_INIT(JPEG_HEAD JPEG_SCAN), STR_INIT("<html>" JPEG_HEAD JPEG_FRAME JPEG_SCAN),
        STR_INIT("\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\x00SUMS"),
    };
    for (int i = 0; i < COUNT_OF(bad); i++) {
        struct photo p;
        struct err   err = { 0 };
        if (photo_read(&arena, bad[i], &p, &err))
            fail_msg("case %d was taken", i);
        assert_true(err.code == ERR_BODY_TYPE || err.code == ERR_LIMIT);
    }
    arena_reset(&arena);
}

/* Cut anywhere, or with any byte turned, a file is refused or stays a picture without the secret; nothing is read past its end. */
static void no_cut_and_no_turned_byte_does_harm(void **state)
{
    (void)state;
    static const str files[] = {
        STR_INIT(JPEG_HEAD JPEG_EXIF JPEG_FRAME JPEG_SCAN), STR_INIT(JPEG_HEAD TURN_LITTLE JPEG_FRAME JPEG_SCAN), STR_INIT(PNG_HEAD PNG_TEXT PNG_REST),
        STR_INIT("RIFF\x34\x00\x00\x00WEBP" WEBP_BODY WEBP_EXIF),
    };
    for (int f = 0; f < COUNT_OF(files); f++)
        for (size_t i = 0; i < files[f].len; i++) {
            struct photo p;
            struct err   err   = { 0 };
            char        *exact = arena_alloc(&arena, i + 1);
            memcpy(exact, files[f].at, i);
            (void)!photo_read(&arena, (str){ exact, i }, &p, &err);
            for (int bit = 0; bit < 8; bit++) {
                str turned = str_copy(&arena, files[f]);
                ((char *)(uintptr_t)turned.at)[i] = (char)(turned.at[i] ^ (1 << bit));
                err_clear(&err);
                (void)!photo_read(&arena, turned, &p, &err);
            }
            arena_reset(&arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_camera_writes_beside_the_picture_is_left_out), cmocka_unit_test(what_is_no_picture_is_refused),
        cmocka_unit_test(how_a_picture_is_turned_stays_and_nothing_else_of_it),
        cmocka_unit_test(no_cut_and_no_turned_byte_does_harm),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
