/* customers_http.h - the list of customers and the card of one with its orders; thus it stands with the orders. */
#pragma once
#include "http/http.h"
extern const struct route customer_routes[];
