/* The only file that knows libphonenumber. No exception may leave it: the callers are C. */
#include "base/phone_lib.h"
#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static size_t text_out(const std::string &text, char *out, size_t out_size)
{
    if (text.size() + 1 > out_size)
        return 0;
    memcpy(out, text.c_str(), text.size() + 1);
    return text.size();
}

extern "C" size_t phone_lib_parse(const char *raw, size_t len, const char *region, char *out, size_t out_size)
{
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber            number;
        std::string            text;

        if (util->Parse(std::string(raw, len), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR)
            return 0;
        if (!util->IsValidNumber(number))
            return 0;
        number.clear_extension();
        util->Format(number, PhoneNumberUtil::E164, &text);
        return text_out(text, out, out_size);
    } catch (...) {
        return 0;
    }
}

extern "C" size_t phone_lib_format(const char *e164, size_t len, char *out, size_t out_size)
{
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber            number;
        std::string            text;

        if (util->Parse(std::string(e164, len), "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR)
            return 0;
        util->Format(number, PhoneNumberUtil::INTERNATIONAL, &text);
        return text_out(text, out, out_size);
    } catch (...) {
        return 0;
    }
}
