/* encoding.h - which form of a body a client takes, and gzip at the cheap level for bodies made at run time. */
#pragma once
#include "base/str.h"

/* Does an Accept-Encoding text take this coding ("gzip", "br")? A missing header takes nothing but the plain form. */
bool encoding_taken(str accept, const char *coding);

/* One per request thread, used again for every body; made at its first use. */
struct packer;
void packer_done(struct packer *);
/* A malloc'd gzip of `plain` that the caller frees; NULL when it would not get smaller. */
char *packer_gzip(struct packer **, str plain, size_t *out_len);

/* The plain form of a gzip'd asset, malloc'd; NULL when it is broken or longer than `limit`. */
char *gzip_open(str packed, size_t limit, size_t *out_len);
