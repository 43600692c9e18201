/* answer.h - the headers and the form in which a reply leaves: what protects a browser, caching, packing. No sockets. */
#pragma once
#include "http/encoding.h"
#include "http/http.h"

struct answer_facts {
    str             accept_encoding, forwarded_proto;
    bool            closes;             /* the connection ends with this answer */
    const char     *server_name;
    struct packer **packer;             /* NULL: never packed */
};

/* Adds to the reply's headers. For bodies that are made on the way (streams) as well. */
void answer_headers(struct request *, struct reply *, const struct answer_facts *);
/* Packs the body when it is worth it: a malloc'd text for the library to free. NULL: it goes as it is. */
char *answer_pack(struct request *, struct reply *, const struct answer_facts *, size_t *out_len);

/* One log line and two metrics. `status` 0: never answered. */
void answer_told(const struct request *, const struct log *, bool is_head, int status, int64_t us, int64_t bytes,
                 int64_t statements, const struct err *);
/* Only the figures of it, no line in the log. */
void answer_counted(const struct request *, bool is_head, int status, int64_t us);
