// The only file that includes simdjson. Its first stage finds tokens at the speed of memory; the grammar is checked in
// json_read.c, because simdjson lets through duplicate keys, \u0000 and numbers that it has not looked at. Nothing here
// throws: the library reports by code and allocates with nothrow.
#include "base/json_scan.h"

#include <memory>
#include <simdjson.h>

namespace {
using stage = simdjson::internal::dom_parser_implementation;

json_scan_result result_of(simdjson::error_code code)
{
    switch (code) {
    case simdjson::SUCCESS:         return JSON_SCAN_OK;
    case simdjson::UTF8_ERROR:      return JSON_SCAN_UTF8;
    case simdjson::UNCLOSED_STRING: return JSON_SCAN_QUOTE_OPEN;
    case simdjson::UNESCAPED_CHARS: return JSON_SCAN_CONTROL;
    case simdjson::EMPTY:           return JSON_SCAN_EMPTY;
    default:                        return JSON_SCAN_MEMORY;
    }
}
}

extern "C" enum json_scan_result json_scan(const char *text, size_t len, struct json_scan *out)
{
    std::unique_ptr<stage> scanner;
    if (len == 0)
        return JSON_SCAN_EMPTY;
    simdjson::error_code code = simdjson::get_active_implementation()->create_dom_parser_implementation(len, 1, scanner);
    if (code == simdjson::SUCCESS)
        code = scanner->stage1(reinterpret_cast<const uint8_t *>(text), len, simdjson::stage1_mode::regular);
    if (code != simdjson::SUCCESS)
        return result_of(code);
    out->at    = scanner->structural_indexes.get();
    out->count = scanner->n_structural_indexes;
    out->owner = scanner.release();
    return JSON_SCAN_OK;
}

extern "C" void json_scan_done(struct json_scan *scan)
{
    delete static_cast<stage *>(scan->owner);
    scan->owner = nullptr;
}
