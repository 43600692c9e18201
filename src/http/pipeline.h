/* pipeline.h - what happens to every request between the socket and its handler, the same for all routes. */
#pragma once
#include "http/http.h"

/* `rq` has route, method, path, query, params, headers, body, peer, id and work (db, arena, now, log). Asks who it is, checks
 * the permission, where it comes from, the version, the media type; reads the body; repeats or keeps the answer of an
 * Idempotency-Key; runs the handler. `rp` is filled in any case: with the handler's answer, or with the problem in `err`. */
void pipeline_run(const struct http_options *, struct request *rq, struct reply *rp, struct err *err);

/* Is every %xx of it whole, and the decoded text UTF-8 without control characters? */
bool address_ok(struct arena *, str path);
