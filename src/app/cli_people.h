/* cli_people.h - files of people at the terminal: what `sauda import customers` and `sauda export customers` do. */
#pragma once
#include "app/cli.h"

MUST_CHECK bool people_file_import(struct cli *, struct app *, const char *path, struct err *);
/* Opens the house itself; gives the exit code. */
int people_file_export(struct cli *, struct err *);
