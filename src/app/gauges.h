/* gauges.h - what is true at the moment of asking, beside the counters of base/metric.h: the process, the disk, the marketplaces. */
#pragma once
#include "app/app.h"

/* Adds to the text of /metrics. A database that does not answer costs its own figures only. */
void gauges_write(struct app *, struct db *, struct arena *, struct buf *out);
