/* main.c - `sauda`: finds the command, reads its line, runs it, says what went wrong in one sentence. */
#include "app/cli.h"
#include "app/servers.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const struct cli_command *const cli_commands[] = {
    &run_command, &serve_command, &demo_command, &map_command, &dedupe_command, &identity_command, &import_command, &export_command, &user_command, &backup_command, &restore_command,
    &check_command, &doctor_command, &migrate_command, &config_command, &sandbox_command, &openapi_command,
    &version_command, NULL
};

/* ---- help ---- */

static void help_all(FILE *to)
{
    fputs("Sauda - orders of all marketplaces in one window.\n\nUsage: sauda COMMAND [FLAGS]\n\n", to);
    for (int i = 0; cli_commands[i]; i++)
        fprintf(to, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->doc);
    fputs("\n`sauda COMMAND --help` says all about one of them.\n"
          "`sauda run` is the quickest way to look around: a demo shop with three played marketplaces.\n", to);
}

static void help_setting(const struct field *f)
{
    char name[64];
    int  n = snprintf(name, sizeof name, "--%s%s", f->name, f->kind == KIND_BOOL ? "=yes|no" : " VALUE");
    for (int i = 2; i < n; i++)
        if (name[i] == '_')
            name[i] = '-';
    printf("  %-28s %s\n", name, f->doc);
}

static void help_command(const struct cli_command *c)
{
    printf("Usage: sauda %s%s%s [FLAGS]\n\n%s\n", c->name, c->words ? " " : "", c->words ? c->words : "", c->text);
    printf("\nFlags (--flag VALUE or --flag=VALUE):\n");
    for (const struct cli_flag *f = c->flags; f && f->name; f++) {
        char name[64];
        snprintf(name, sizeof name, "--%s%s%s", f->name, f->value ? " " : "", f->value ? f->value : "");
        printf("  %-28s %s\n", name, f->doc);
    }
    if (c->settings) {
        for (int i = 0; i < config_record.count; i++)
            help_setting(&config_record.fields[i]);
        printf("  %-28s %s\n", "--config FILE", "settings as lines \"key = value\" (default <home>/sauda.conf when there is one)");
        printf("\nEach setting can also stand in the file, as db = …, or in the environment, as SAUDA_DB. Flags win over the\n"
               "environment, the environment over the file.\n");
    }
    printf("  %-28s %s\n", "--help", "this text");
    printf("\nExit codes: 0 done, 1 something went wrong (one sentence on standard error), 2 the line was not understood.\n");
}

/* ---- reading the line ---- */

static const struct cli_flag *own_flag(const struct cli_command *c, str name)
{
    for (const struct cli_flag *f = c->flags; f && f->name; f++)
        if (str_is(name, f->name))
            return f;
    return NULL;
}

static const struct field *setting_of(struct arena *a, str name)
{
    char *key = str_zero(a, name);
    for (char *c = key; *c; c++)
        if (*c == '-')
            *c = '_';
    return record_field(&config_record, str_of(key));
}

static bool flag_read(struct cli *cli, int argc, char **argv, int *i, struct err *err)
{
    str  text  = str_of(argv[*i] + 2), name = text, value = { 0 };
    bool equal = str_has(text, STR("="));
    if (equal) {
        value = text;
        str_split(&value, '=', &name);
    }
    const struct cli_flag *own     = own_flag(cli->command, name);
    const struct field    *setting = !own && cli->command->settings ? setting_of(cli->arena, name) : NULL;
    bool is_file   = !own && cli->command->settings && str_is(name, "config");
    bool is_switch = own ? !own->value : setting && setting->kind == KIND_BOOL;

    if (!own && !setting && !is_file)
        return err_set(err, ERR_SETTING, NULL, "--%.*s is not a flag of `sauda %s`; `sauda %s --help` lists them",
                       STR_ARG(utf8_cut(utf8_mend(cli->arena, name), 60)), cli->command->name, cli->command->name);
    if (own && is_switch && equal)
        return err_set(err, ERR_SETTING, NULL, "--%s takes no value", own->name);
    if (!equal && !is_switch) {
        if (*i + 1 >= argc)
            return err_set(err, ERR_SETTING, NULL, "--%.*s needs a value", STR_ARG(name));
        value = str_of(argv[++*i]);
    }
    if (is_file)
        cli->file = str_zero(cli->arena, value);
    else if (own)
        *flag_list_add(&cli->own, cli->arena) = (struct flag){ name, value };
    else
        *flag_list_add(&cli->settings, cli->arena) =
            (struct flag){ str_of(setting->name), is_switch && !equal ? STR("yes") : value };
    return true;
}

static bool line_read(struct cli *cli, int argc, char **argv, bool *help, struct err *err)
{
    bool only_words = false;
    for (int i = 2; i < argc; i++) {
        str word = str_of(argv[i]);
        if (!only_words && (str_is(word, "--help") || str_is(word, "-h"))) {
            *help = true;
        } else if (!only_words && str_is(word, "--")) {
            only_words = true;
        } else if (!only_words && str_starts(word, STR("--"))) {
            if (!flag_read(cli, argc, argv, &i, err))
                return false;
        } else if (!only_words && word.len > 1 && word.at[0] == '-') {
            return err_set(err, ERR_SETTING, NULL, "%s is not a flag: flags have two dashes", argv[i]);
        } else if (cli->words_count == cli->command->words_max) {
            return err_set(err, ERR_SETTING, NULL, "\"%.*s\" is a word too many; usage: sauda %s %s",
                           STR_ARG(utf8_cut(utf8_mend(cli->arena, word), 60)), cli->command->name,
                           cli->command->words ? cli->command->words : "[FLAGS]");
        } else {
            cli->words[cli->words_count++] = word;
        }
    }
    if (*help || cli->words_count >= cli->command->words_min)
        return true;
    return err_set(err, ERR_SETTING, NULL, "something is missing; usage: sauda %s %s", cli->command->name, cli->command->words);
}

str cli_flag(const struct cli *cli, const char *name)
{
    for (int i = cli->own.count - 1; i >= 0; i--)
        if (str_is(cli->own.at[i].name, name))
            return cli->own.at[i].value;
    return (str){ 0 };
}

bool cli_has(const struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->own.count; i++)
        if (str_is(cli->own.at[i].name, name))
            return true;
    return false;
}

bool cli_folder(struct arena *a, str path, struct err *err)
{
    char *at = str_zero(a, path);
    for (size_t i = 1; i <= path.len; i++) {
        if (at[i] != '/' && at[i])
            continue;
        char was = at[i];
        at[i]    = 0;
        if (mkdir(at, 0700) != 0 && errno != EEXIST)
            return err_set(err, errno == ENOSPC ? ERR_DB_FULL : ERR_FILE, "home", "cannot make the folder %s: %s", at, strerror(errno));
        at[i] = was;
    }
    return true;
}

bool cli_app(struct cli *cli, struct app *app, enum app_mode mode, struct err *err)
{
    str key = cli->config.key_file;
    const char *slash = key.len ? memrchr(key.at, '/', key.len) : NULL;
    if (mode != APP_READ_ONLY && slash > key.at && !cli_folder(cli->arena, str_sub(key, 0, (size_t)(slash - key.at)), err))
        return false;
    if (!app_open(app, &cli->config, mode, err))
        return false;
    if (cli->command != &serve_command)
        app->ids.node = SERVER_NODES + (unsigned)getpid() % (64 - SERVER_NODES);   /* ids must differ from those of servers at work */
    return true;
}

/* ---- running ---- */

static void complain(struct arena *a, const char *command, const struct err *err)
{
    str line = err_line(a, err);
    fprintf(stderr, "sauda%s%s: %.*s\n", command ? " " : "", command ? command : "", STR_ARG(line));
}

/* Who asked for text and got none of it, or half, is told so: the disk is full. */
static int output_ended(const char *command, int code)
{
    if ((fflush(stdout) == 0 && !ferror(stdout)) || code != EXIT_FINE)
        return code;
    fprintf(stderr, "sauda%s%s: the output could not be written\n", command ? " " : "", command ? command : "");
    return EXIT_WRONG;
}

static int command_run(struct arena *a, const struct cli_command *c, int argc, char **argv)
{
    struct cli cli  = { .command = c, .arena = a };
    struct err err  = { 0 };
    bool       help = false;

    if (!line_read(&cli, argc, argv, &help, &err)) {
        complain(a, c->name, &err);
        return EXIT_USAGE;
    }
    if (help) {
        help_command(c);
        return output_ended(c->name, EXIT_FINE);
    }
    if (c->settings && !config_load(a, cli.file, cli.settings.at, cli.settings.count, &cli.config, cli.sources, &err)) {
        complain(a, c->name, &err);
        return EXIT_USAGE;
    }
    int code = c->run(&cli, &err);
    if (err_is_set(&err)) {
        complain(a, c->name, &err);
        code = code ? code : EXIT_WRONG;
    }
    return output_ended(c->name, code);
}

static const struct cli_command *command_find(const char *name)
{
    for (int i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    (void)setlocale(LC_ALL, "C");
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);     /* a file that may not grow is an error with words, not an end */

    if (argc < 2) {
        help_all(stderr);
        return EXIT_USAGE;
    }
    bool asks_help = strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    if (asks_help && (argc < 3 || !command_find(argv[2]))) {
        help_all(stdout);
        return output_ended(NULL, EXIT_FINE);
    }
    const struct cli_command *c = command_find(asks_help ? argv[2] : strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
    if (!c) {
        str name = utf8_cut(utf8_mend(&arena, str_of(argv[1])), 60);
        fprintf(stderr, "sauda: there is no command \"%.*s\"; `sauda --help` lists them\n", STR_ARG(name));
        return EXIT_USAGE;
    }
    if (c->raw)
        return output_ended(c->name, c->raw(argc - 1, argv + 1));
    if (asks_help) {
        help_command(c);
        return output_ended(c->name, EXIT_FINE);
    }
    return command_run(&arena, c, argc, argv);
}
