/* cli_doctor.c - `sauda doctor`: what is wrong with an installation, in plain words. */
#include "app/cli.h"
#include "app/doctor.h"

#include <stdio.h>

void doctor_say(struct doctor *d, enum finding how, str what, const char *advice)
{
    static const char *const marks[] = { "OK  ", "LOOK", "BAD " };
    d->count[how]++;
    printf("%s %.*s\n", marks[how], STR_ARG(what));
    if (advice && how != FINDING_FINE)
        printf("     %s\n", advice);
    fflush(stdout);
}

static int doctor_run(struct cli *cli, struct err *err)
{
    struct doctor d = { .arena = cli->arena, .config = &cli->config, .sources = cli->sources };
    if (!secret_init(err))
        return EXIT_WRONG;
    doctor_machine(&d);
    doctor_shop(&d);
    printf(d.count[FINDING_BAD] || d.count[FINDING_LOOK] ? "%d well, %d to look at, %d bad\n" : "all %d well\n", d.count[FINDING_FINE],
           d.count[FINDING_LOOK], d.count[FINDING_BAD]);
    return d.count[FINDING_BAD] ? EXIT_WRONG : EXIT_FINE;
}

const struct cli_command doctor_command = {
    .name = "doctor", .doc = "say what is wrong with an installation",
    .text = "Looks at the settings, the folder, the key file, the disk, the clock, the time zones, the port, the newest copy, the database\n"
            "and how the work in it goes, and says what to do about what is not well. Give it the same settings as the server and run it\n"
            "as the same user. Changes nothing; the server may run. Exit code 1 when something is bad.\n\n"
            "  sudo -u sauda SAUDA_HOME=/var/lib/sauda sauda doctor --config /etc/sauda/sauda.conf",
    .settings = true, .run = doctor_run,
};
