/* cli.h - the command line: a table of commands, one way to read flags, one way to say what went wrong.
 *
 * A command gets its words and flags checked; `--help` is answered for it. What it returns is the exit code; when it fills `err`,
 * the sentence goes to standard error and the code is 1 unless the command says otherwise. A line that cannot be understood is 2.
 */
#pragma once
#include "app/app.h"

enum { EXIT_FINE = 0, EXIT_WRONG = 1, EXIT_USAGE = 2 };

struct cli_flag {
    const char *name;                   /* "account" for --account */
    const char *value;                  /* "NAME" in the help; NULL: a switch */
    const char *doc;
};
struct cli;
struct cli_command {
    const char *name;
    const char *words;                  /* behind the name: "CHANNEL KIND [FILE]" */
    const char *doc;                    /* one line for the list of commands */
    const char *text;                   /* what it does, examples, exit codes */
    const struct cli_flag *flags;       /* own ones, ends with name NULL; NULL none */
    int         words_min, words_max;
    bool        settings;               /* takes --db, --home and all the others of config.h */
    int       (*run)(struct cli *, struct err *);
    int       (*raw)(int argc, char **argv);             /* instead of run: reads its own line */
};
LIST(flag)
struct cli {
    const struct cli_command *command;
    struct arena     *arena;
    str               words[8];
    int               words_count;
    struct flag_list  own;              /* flags of the command */
    struct flag_list  settings;         /* of config.h, with names of its fields */
    const char       *file;             /* --config */
    struct config     config;           /* filled when the command takes settings */
    const char       *sources[RECORD_FIELDS_MAX];
};

str  cli_flag(const struct cli *, const char *name);     /* the last value; empty when it did not come */
bool cli_has(const struct cli *, const char *name);
/* Makes the folder and those above it, for nobody but the user. */
MUST_CHECK bool cli_folder(struct arena *, str path, struct err *);
/* Opens the house; app_close and what it allocated are the caller's business. */
MUST_CHECK bool cli_app(struct cli *, struct app *, enum app_mode, struct err *);

extern const struct cli_command *const cli_commands[];   /* ends with NULL */
extern const struct cli_command serve_command, run_command, demo_command, map_command, dedupe_command, identity_command, import_command, export_command, user_command,
    backup_command, restore_command, check_command, doctor_command, config_command, migrate_command, sandbox_command, openapi_command, version_command;
