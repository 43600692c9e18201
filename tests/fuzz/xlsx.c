/* xlsx_read_file: a file of any bytes, and, because a zip is seldom guessed, any bytes as the sheet of a good zip. */
#include "base/xlsx.h"
#include "fuzz/fuzz.h"
#include <minizip/zip.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static bool row_look(void *ctx, const struct csv_row *row, struct err *err)
{
    (void)ctx, (void)err;
    for (int i = 0; i < row->count; i++)
        FUZZ_CHECK(utf8_valid(row->cells[i]));
    return true;
}

static void file_read(int fd)
{
    struct err err = { 0 };
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!xlsx_read_file(path, row_look, NULL, &err))
        FUZZ_CHECK(err_is_set(&err));
}

static void part_add(zipFile zip, const char *name, const void *bytes, size_t size)
{
    if (zipOpenNewFileInZip(zip, name, NULL, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 1) == ZIP_OK) {
        zipWriteInFileInZip(zip, bytes, (unsigned)size);
        zipCloseFileInZip(zip);
    }
}

/* The bytes are up to three parts with a line of "==" between them: sheet, shared strings, styles. */
static void zip_write(const char *path, const uint8_t *data, size_t size)
{
    static const char workbook[] = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    static const char links[]    = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    static const char *const parts[] = { "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml" };
    zipFile zip = zipOpen(path, APPEND_STATUS_CREATE);
    if (!zip)
        return;
    part_add(zip, "xl/workbook.xml", workbook, sizeof workbook - 1);
    part_add(zip, "xl/_rels/workbook.xml.rels", links, sizeof links - 1);
    str rest = { (const char *)data, size };
    for (int i = 0; i < COUNT_OF(parts) && rest.len; i++) {
        ptrdiff_t cut  = str_find(rest, STR("\n==\n"));
        str       part = cut < 0 || i == 2 ? rest : str_sub(rest, 0, (size_t)cut);
        part_add(zip, parts[i], part.at, part.len);
        rest = str_sub(rest, part.len + 4, SIZE_MAX);
    }
    zipClose(zip, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int raw = memfd_create("raw", 0), packed = memfd_create("packed", 0);
    char path[64];
    FUZZ_CHECK(raw >= 0 && packed >= 0);
    if (write(raw, data, size) == (ssize_t)size)
        file_read(raw);
    snprintf(path, sizeof path, "/proc/self/fd/%d", packed);
    zip_write(path, data, size);
    file_read(packed);
    close(raw);
    close(packed);
    return 0;
}
