/* seal_flags.h - how `backup` and `restore` are told the passphrase or the key. */
#pragma once
#include "app/cli.h"
#include "base/sealed_file.h"

/* --passphrase-file FILE; --encrypt-to KEY (or a file with it) for sealing, --key FILE for opening. None: *out stays empty. */
MUST_CHECK bool seal_flags(const struct cli *, bool sealing, struct seal_by *out, struct err *);
/* A whole copy of a file that is not there yet, 0600, on the disk. */
MUST_CHECK bool file_copy(const char *from, const char *to, struct err *);
