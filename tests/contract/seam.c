/* What handlers ask of the program they run in. The tables name the handlers; no contract test calls one. */
#include <stdlib.h>

void *request_accounts(void) __attribute__((weak));
void *request_sync(void) __attribute__((weak));
void  request_shop_changed(void) __attribute__((weak));
void  request_webhooks(void) __attribute__((weak));
int   request_erasures_keep(void) __attribute__((weak));

void *request_accounts(void) { abort(); }
void *request_sync(void) { abort(); }
void  request_shop_changed(void) { abort(); }
void  request_webhooks(void) { abort(); }
int   request_erasures_keep(void) { abort(); }
