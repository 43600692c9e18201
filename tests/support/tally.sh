#!/bin/sh
# tally.sh COMMAND… - runs one test program for tests/run, keeps what it says, and counts its cases into $SAUDA_TALLY.
#
# A program that prints TAP ("1..3", "ok 1 - …", "not ok 2 - …", "… # SKIP …") counts case by case; cmocka does so when asked.
# Any other counts as one, by its exit code: 0 passed, 77 skipped. A program that ends before its plan has failed at that case.
# (A test that empties its environment falls back to cmocka's own form, "[       OK ] …"; that is counted as well.)
# A line "SKIPPED: reason" on standard error counts as one skipped; "UNSTEADY: case" is shown, for the case has passed at its second try.
set -u
program=$1
for word in "$@"; do
    case $word in
    */*) [ -f "$word" ] && [ -x "$word" ] && program=$word ;;
    esac
done
name=$(basename "$program")
if ! mkdir "$SAUDA_TALLY/$name.log" 2>/dev/null; then
    name=$name-$$
    mkdir "$SAUDA_TALLY/$name.log"
fi
out=$SAUDA_TALLY/$name.log/out
err=$SAUDA_TALLY/$name.log/err
CMOCKA_MESSAGE_OUTPUT=TAP "$@" >"$out" 2>"$err"
code=$?
# What a case could not do in words is told on standard error too: "SKIPPED: on PostgreSQL, for …".
awk -v code=$code -v name="$name" -v words="$SAUDA_TALLY/$name.log/words" '
    FILENAME == ARGV[2] { if (/^UNSTEADY: /) print "UNSTEADY " name ": " substr($0, 11) > words
                          if (/^SKIPPED: /) { skipped++; print "skipped  " name ": " substr($0, 10) > words }
                          if (/^\[  FAILED  \] .*[a-z]/ && !/test\(s\)/) { plain_failed++; plain[plain_failed] = $4 } next }
    /^[ \t]*1\.\.[0-9]+$/ { sub(/^.*\.\./, ""); plan += $0; next }
    /^(not )?ok [0-9]+.*# *(SKIP|TODO)/ { skipped++; seen++; t = $0; sub(/^(not )?ok [0-9]+ -? */, "", t); sub(/^# *SKIP */, "", t)
                                   print "skipped  " name ": " t > words; next }
    /^\[       OK \] / { plain_passed++; next }
    /^\[  SKIPPED \] .*[a-z]/ && !/test\(s\)/ { plain_skipped++; next }
    /^ok [0-9]+/ { passed++; seen++; next }
    /^not ok [0-9]+/ { failed++; seen++; t = $0; sub(/^not ok [0-9]+ -? */, "", t); print "FAILED   " name ": " t > words; next }
    END {
        if (!seen && plain_passed + plain_failed + plain_skipped) {
            passed = plain_passed
            failed = plain_failed
            skipped += plain_skipped
            seen = passed + failed + plain_skipped
            for (i = 1; i <= failed; i++) print "FAILED   " name ": " plain[i] > words
        }
        if (!seen && !plan) {
            if (code == 0) passed++
            else if (code == 77) { if (!skipped) { skipped++; print "skipped  " name > words } }
            else { failed++; print "FAILED   " name ": exit code " code > words }
        } else if (plan > seen) {
            failed++
            print "FAILED   " name ": ended after " seen + 0 " of " plan " cases, exit code " code > words
        } else if (code != 0 && !failed) {
            failed++
            print "FAILED   " name ": all cases passed, but exit code " code " (a leak?)" > words
        }
        printf "%s %d %d %d\n", name, passed, failed, skipped
    }' "$out" "$err" >>"$SAUDA_TALLY/counts"
cat "$SAUDA_TALLY/$name.log/words" 2>/dev/null
exit $code
