/* setup.h - what the first run asks: the shop and its owner. Pure. */
#pragma once
#include "accounts/user.h"

struct setup {
    str           shop_name, country, currency, time_zone;
    str           name, login, password;
    enum language language;
};
extern const struct record setup_record;
