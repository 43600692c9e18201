#include "bench/bare.h"

/* Filled in when the PostgreSQL yardstick is measured. */
double bare_postgres(const char *url, const char *folder, int batches)
{
    (void)url;
    (void)folder;
    (void)batches;
    return 0;
}
