/* cli_user.c - `sauda user`: people of a shop from the command line, when nobody can sign in (any more). */
#include "accounts/factor_flow.h"
#include "accounts/user_flow.h"
#include "app/cli.h"
#include "orders/order_status.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* ---- the password: typed unseen, or the first line of standard input; never an argument, which every process can see ---- */

static bool line_read(struct arena *a, str *out, struct err *err)
{
    char line[1024];
    if (!fgets(line, sizeof line, stdin))
        return err_set(err, ERR_SETTING, "password", "no password came from standard input");
    size_t len = strcspn(line, "\r\n");
    *out = str_copy(a, (str){ line, len });
    explicit_bzero(line, sizeof line);
    return utf8_valid(*out) || err_set(err, ERR_SETTING, "password", "must be UTF-8 text");
}

static bool line_typed(struct arena *a, const char *prompt, str *out, struct err *err)
{
    struct termios before, silent;
    fputs(prompt, stderr);
    bool is_hidden = tcgetattr(0, &before) == 0;
    if (is_hidden) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(0, TCSAFLUSH, &silent);
    }
    bool ok = line_read(a, out, err);
    if (is_hidden)
        (void)tcsetattr(0, TCSAFLUSH, &before);
    fputs("\n", stderr);
    return ok;
}

static bool password_ask(struct arena *a, str *out, struct err *err)
{
    str again;
    if (!isatty(0))
        return line_read(a, out, err);
    if (!line_typed(a, "Password: ", out, err) || !line_typed(a, "Once more: ", &again, err))
        return false;
    return str_eq(*out, again) || err_set(err, ERR_SETTING, "password", "the two are not the same");
}

/* ---- what can be done ---- */

static bool user_of(struct work *w, str login, struct user *out, struct err *err)
{
    str folded = login_folded(w->arena, login);
    bool found = false;
    if (folded.len && !user_by_login(w->db, folded, w->arena, out, &found, err))
        return false;
    return found || err_set(err, ERR_NOT_FOUND, "LOGIN", "there is nobody with the login \"%.*s\"",
                            STR_ARG(utf8_cut(utf8_mend(w->arena, login), 80)));
}

static bool add(struct cli *cli, struct work *w, str login, struct err *err)
{
    str name = cli_flag(cli, "name"), role = cli_flag(cli, "role"), language = cli_flag(cli, "language"), password;
    int lang = language.len ? name_find(language_names, language) : LANGUAGE_RU;
    for (str rest = role, word; rest.len && str_split(&rest, ',', &word);)
        if (name_find(role_names, word) < 0)
            return err_set(err, ERR_SETTING, "role", "there is no role \"%.*s\"", STR_ARG(utf8_cut(utf8_mend(w->arena, word), 40)));
    if (lang < 0)
        return err_set(err, ERR_SETTING, "language", "must be ru, kk, uk or en");
    if (!password_ask(w->arena, &password, err))
        return false;
    struct user u = { .login = login, .name = name.len ? name : login, .roles = role.len ? role : STR("manager"),
                      .state = USER_ACTIVE, .language = (enum language)lang, .hold_s = HOLD_S_SHOP };
    if (!user_create(w, &u, password, NULL, err))
        return false;
    printf("%.*s (%.*s)\n", STR_ARG(u.login), STR_ARG(u.roles));
    return true;
}

static bool list(struct work *w, struct err *err)
{
    struct user_list all = { 0 };
    if (!user_all(w->db, w->arena, &all, err))
        return false;
    for (int i = 0; i < all.count; i++)
        printf("%.*s\t%.*s\t%.*s\t%s%s\n", STR_ARG(all.at[i].login), STR_ARG(all.at[i].name), STR_ARG(all.at[i].roles),
               user_state_names[all.at[i].state], instant_is_set(all.at[i].second_factor_at) ? "\tsecond factor" : "");
    return true;
}

static bool set_blocked(struct user *u, const void *input, struct err *err)
{
    (void)err;
    u->state = *(const bool *)input ? USER_BLOCKED : USER_ACTIVE;
    return true;
}

static bool set_nothing(struct user *u, const void *input, struct err *err)
{
    (void)u;
    (void)input;
    (void)err;
    return true;
}

static bool block(struct work *w, str login, bool blocked, struct err *err)
{
    struct user u, after;
    if (!user_of(w, login, &u, err))
        return false;
    struct user_edit edit = { .id = u.id, .change = set_blocked, .input = &blocked, .action = blocked ? "user.block" : "user.unblock" };
    if (!user_change(w, &edit, &after, err))
        return false;
    printf("%.*s is %s\n", STR_ARG(after.login), user_state_names[after.state]);
    return true;
}

static bool password(struct work *w, str login, struct err *err)
{
    struct user u, after;
    str text;
    if (!user_of(w, login, &u, err) || !password_ask(w->arena, &text, err))
        return false;
    struct user_edit edit = { .id = u.id, .change = set_nothing, .password = text, .action = "user.password" };
    if (!user_change(w, &edit, &after, err))
        return false;
    printf("%.*s has a new password and is signed out everywhere\n", STR_ARG(after.login));
    return true;
}

static bool factor_off(struct work *w, str login, struct err *err)
{
    struct user u;
    if (!user_of(w, login, &u, err) || !factor_reset(w, u.id, NULL, err))
        return false;
    printf("%.*s signs in with the password alone and is signed out everywhere\n", STR_ARG(u.login));
    return true;
}

static int user_run(struct cli *cli, struct err *err)
{
    static struct app app;
    static const char *const words[] = { "list", "add", "password", "block", "unblock", "second-factor-off", NULL };
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct work w;
    int what = name_find(words, cli->words[0]);
    if (what < 0 || (what > 0) != (cli->words_count == 2)) {
        err_set(err, ERR_SETTING, NULL, "usage: sauda user list, sauda user add|password|block|unblock|second-factor-off LOGIN");
        return EXIT_USAGE;
    }
    if (!cli_app(cli, &app, what ? APP_READ_WRITE : APP_READ_ONLY, err))
        return EXIT_WRONG;
    app_work(&app, &arena, &w);
    bool ok = what == 0 ? list(&w, err)
            : what == 1 ? add(cli, &w, cli->words[1], err)
            : what == 2 ? password(&w, cli->words[1], err)
            : what == 5 ? factor_off(&w, cli->words[1], err) : block(&w, cli->words[1], what == 3, err);
    app_work_done(&w);
    app_close(&app);
    return ok ? EXIT_FINE : EXIT_WRONG;
}

static const struct cli_flag user_flags[] = {
    { "name", "NAME", "of a new person; default: the login" },
    { "role", "ROLES", "owner, manager, picker, accountant, marketer, support; several with commas (default manager)" },
    { "language", "CODE", "ru, kk, uk or en (default ru)" },
    { 0 }
};
const struct cli_command user_command = {
    .name = "user", .words = "list | add LOGIN | password LOGIN | block LOGIN | unblock LOGIN | second-factor-off LOGIN", .doc = "people who may sign in",
    .text = "The password is asked for without showing it, or read from the first line of standard input; it is never an argument.\n"
            "A server that runs knows of the change at once, except that a blocked person may stay signed in for a minute there.\n"
            "second-factor-off is for who has lost telephone and recovery codes; look at the person before you believe it.\n\n"
            "  sauda user add aigerim@shop.kz --name \"Айгерим Сатпаева\" --role manager\n"
            "  pwgen 20 1 | sauda user password aigerim@shop.kz",
    .flags = user_flags, .settings = true, .words_min = 1, .words_max = 2, .run = user_run,
};
