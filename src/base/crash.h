/* crash.h - named points where a test lets the process die, as if the power had gone.
 *
 * SAUDA_CRASH_AT=<name> ends the process there at once with exit code 137: nothing is flushed, closed or rolled back. Always
 * compiled in, so that what is tested is what is shipped; without the variable a point costs one look at the environment.
 *
 * The points, in the order in which an order meets them:
 *     intake.mapped        a page is read and mapped, nothing of it is stored
 *     intake.applied       the page and its cursor are stored, the run goes on
 *     cursor.saved         the run of a stream is over and stored
 *     answer.written       what a person did and the answer to it are written, nothing of it is committed
 *     answer.kept          both are stored, the person has no answer
 *     outbox.taken         a command is leased, nothing has been said to the market
 *     outbox.remembered    the connector's memory is kept, the request has not left
 *     outbox.sent          the market has answered, the answer is not kept
 *     outbox.settled       the fate of the command is stored
 *     merge.moved          two cards are becoming one: links and orders have moved, totals have not followed
 *     unmerge.moved        the same while a merge is taken back
 *     key.sealed           a new key: everything is sealed with it, nothing of that is committed
 *     key.changed          all of it is committed, the files of the keys are as before
 */
#pragma once

extern const char *const crash_points[];                 /* the names above, NULL at the end */
void crash_point(const char *name);
