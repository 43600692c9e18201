#!/bin/sh
# cli.sh SAUDA - what the program says and how it ends, as a person at a terminal sees it. Prints TAP, one case per claim.
set -u
sauda=$1
folder=$(mktemp -d "${TMPDIR:-/tmp}/sauda-cli-XXXXXX")
SAUDA_HOME=$folder/home
export SAUDA_HOME
unset SAUDA_DB SAUDA_LISTEN
started= mounted=
finish() {
    for pid in $started; do
        kill -INT "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    [ -z "$mounted" ] || umount "$mounted"
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

n=0 failed=0
# is CODE TEXT NAME COMMAND… - the command ends with CODE, and what it says holds TEXT ("" = anything).
is() {
    code=$1 text=$2 name=$3
    shift 3
    n=$((n + 1))
    timeout 200 "$@" >"$folder/out" 2>"$folder/err" </dev/null
    got=$?
    if [ "$got" = "$code" ] && { [ -z "$text" ] || cat "$folder/out" "$folder/err" | grep -q -F -e "$text"; }; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        echo "# ended with $got, should with $code and say: $text"
        cat "$folder/out" "$folder/err" | head -n 10 | sed 's/^/# /'
        failed=$((failed + 1))
    fi
}
# said NAME - the last command left at most one sentence on standard error.
one_sentence() {
    n=$((n + 1))
    if [ "$(wc -l <"$folder/err")" = 1 ] && ! grep -q -i -E 'assert|sanitizer|\(null\)' "$folder/err"; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' "$folder/err" | head -n 10
        failed=$((failed + 1))
    fi
}
# wait_for FILE TEXT
wait_for() {
    tries=0
    until grep -q -F -e "$2" "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || return 1
        sleep 0.1
    done
}
skip() {
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}

# ---- the line ----
is 2 "Usage: sauda COMMAND" "without a command it says what there is" "$sauda"
is 0 "serve" "help lists the commands" "$sauda" --help
is 2 'no command "sreve"' "an unknown command is named" "$sauda" sreve
one_sentence "… in one sentence"
for command in run serve demo map import export user backup check doctor migrate config version; do
    is 0 "Usage: sauda $command" "$command --help tells how it is used" "$sauda" "$command" --help
done
is 0 "sauda-sandbox plays" "sandbox --help tells how it is used" "$sauda" sandbox --help
is 2 "--lissten is not a flag" "an unknown flag is named" "$sauda" serve --lissten 1
is 2 "--db needs a value" "a flag without its value is named" "$sauda" serve --db
is 2 "flags have two dashes" "a flag of one dash is told what is wrong" "$sauda" serve -p 1
is 2 "is a word too many" "a word too many is named" "$sauda" check now
is 2 "listen: must be ADDRESS:PORT" "a wrong setting is named" "$sauda" config --listen 8080
is 0 "listen               = 0.0.0.0:9" "flags come as two words" "$sauda" config --listen 0.0.0.0:9
is 0 "# flag" "flags come as one word" "$sauda" config --listen=0.0.0.0:9
is 0 "p:•••@" "a password is not shown" "$sauda" config --db postgresql://p:secret@h/d
"$sauda" config --listen 0.0.0.0:9 --sync=no >"$folder/settings"
is 0 "sync                 = no" "what config prints is a settings file" "$sauda" config --config "$folder/settings"
is 2 "cannot open" "a settings file that is not there is told" "$sauda" config --config "$folder/nowhere"

# ---- map ----
is 2 "must be one of kaspi, wildberries, ozon" "an unknown channel is named" "$sauda" map amazon orders
is 1 "cannot open" "a payload that is not there is told" "$sauda" map kaspi orders "$folder/nowhere"
printf '{"orders":[{"id":' >"$folder/cut.json"
is 1 "sauda map: " "a cut payload ends with 1" "$sauda" map wildberries orders "$folder/cut.json"
one_sentence "… and one sentence"
printf '{"data":{"attributes":1}}' >"$folder/bad.json"
is 1 "data" "the path of a bad value is told" "$sauda" map kaspi orders "$folder/bad.json"
printf '{"orders":[{"id":5,"createdAt":"x"}]}' >"$folder/parked.json"
is 1 "nothing could be read" "a page of parked rows alone ends with 1 and says so" "$sauda" map wildberries orders "$folder/parked.json"
is 1 "could not be written" "an answer that finds no room ends with 1" sh -c '"$1" openapi >/dev/full' sh "$sauda"
is 1 "could not be written" "… nor does help" sh -c '"$1" serve --help >/dev/full' sh "$sauda"
is 1 "could not be written" "… nor the list of commands" sh -c '"$1" --help >/dev/full' sh "$sauda"
is 1 "could not be written" "… nor that of the played marketplaces" sh -c '"$1" sandbox --help >/dev/full' sh "$sauda"
printf '{"data":[]}' >"$folder/empty.json"
is 0 "" "an empty page is fine" "$sauda" map kaspi orders "$folder/empty.json"
head -c 200000 /dev/urandom >"$folder/noise"
is 1 "sauda map: " "noise is refused" "$sauda" map ozon orders "$folder/noise"

# ---- a database ----
is 1 "unable to open database file" "check without a database says so" "$sauda" check
is 0 "applied" "migrate makes one" "$sauda" migrate
is 0 "nothing to do" "migrating twice does nothing" "$sauda" migrate
is 0 "applied 0001" "migrate --status lists" "$sauda" migrate --status
printf 'number;title;qty;unit_price\nA-1;Мяч;2;100\nA-2;;0;-1\n' >"$folder/a.csv"
is 0 "dry run: 1 new, 0 changed, 0 same, 1 bad" "an import can be tried" "$sauda" import orders "$folder/a.csv" --dry-run
is 0 "1 new, 0 changed, 0 same, 1 bad" "an import takes what is good" "$sauda" import orders "$folder/a.csv" --bad "$folder/bad.csv"
job=$(sed -n 's/.*import undo //p' "$folder/out")
is 0 "dry run: 0 records, 0 people" "a look at all records of buyers together can be tried" "$sauda" identity rebuild --dry-run
is 2 "usage: sauda identity" "… an unknown word is told" "$sauda" identity think
is 1 "there is no such record" "… as is a run that is not there" "$sauda" identity undo 5
is 0 "problem" "bad rows are kept with a heading and the reason" cat "$folder/bad.csv"
is 0 "A-1;A-1;Manual orders" "export shows it" "$sauda" export orders
is 0 "1 orders in" "export writes a spreadsheet" "$sauda" export orders --out "$folder/a.xlsx"
is 0 "0 new, 0 changed, 1 same, 0 bad" "the spreadsheet comes back the same" "$sauda" import orders "$folder/a.xlsx"
is 2 "there is no status" "a wrong filter is told" "$sauda" export orders --filter status=odd
is 0 "1 removed" "an import can be taken back" "$sauda" import undo "$job"
is 1 "was taken back before" "… once" "$sauda" import undo "$job"
is 1 "there is no import 5" "an unknown import is told" "$sauda" import undo 5
is 1 "cannot open" "a file that is not there is told" "$sauda" import orders "$folder/nowhere.csv"
printf 'Код;ФИО;Телефон;Почта;Город;Дата рождения;Примечание\nC1;Мария Иванова;8 (777) 123-45-67;Maria@Email.kz;Алматы;17.05.1990;да\nC2;=Роза Калиева;+7 705 880 45 67;;Шымкент;;\nC3;Кто-то;12;x@;;32.13.1990;\nC1;Ещё раз;;;;;\n;;;;;;\n' >"$folder/p.csv"
is 0 "dry run: 2 new, 0 changed, 0 same, 2 bad" "an import of people can be tried" "$sauda" import customers "$folder/p.csv" --dry-run --bad "$folder/bad.csv"
is 0 'phone is no telephone number; email is no address of a person; birth_date is no date' "every reason is told in the file of bad rows" cat "$folder/bad.csv"
is 0 "stands twice in the file" "… with what stands twice" cat "$folder/bad.csv"
is 0 "Код;ФИО;Телефон;Почта;Город;Дата рождения;Примечание;problem" "… and its headings" cat "$folder/bad.csv"
is 0 'columns passed over: "Примечание"' "people are taken, what nobody knows is named" "$sauda" import customers "$folder/p.csv"
job=$(sed -n 's/.*import undo //p' "$folder/out")
is 0 "0 new, 0 changed, 2 same, 2 bad" "the same people again change nothing" "$sauda" import customers "$folder/p.csv"
is 0 "Мария Иванова;+77771234567;maria@email.kz;Алматы;1990-05-17;0;0.00;" "people are exported" "$sauda" export customers --out -
is 0 "'=Роза Калиева" "… and no cell is a formula" "$sauda" export customers
"$sauda" export customers --out "$folder/people.csv" 2>/dev/null
is 0 "0 new, 0 changed, 2 same, 0 bad" "the export comes back the same" "$sauda" import customers "$folder/people.csv"
printf 'external_id\tname\tphone\nC1\tМария Петрова\t+7 777 123 45 67\nC4\tМария Петрова\t87771234567\n' >"$folder/p.tsv"
is 0 'name: "Мария Иванова" -> "Мария Петрова"' "a change is told field by field" "$sauda" import customers "$folder/p.tsv" --dry-run
is 0 "1 new, 1 changed, 0 same, 0 bad" "TSV is read, too" "$sauda" import customers "$folder/p.tsv"
second=$(sed -n 's/.*import undo //p' "$folder/out")
is 0 "1 removed, 1 restored, 0 left" "an import of people can be taken back" "$sauda" import undo "$second"
is 0 "0 new, 0 changed, 2 same, 2 bad" "… to what was before" "$sauda" import customers "$folder/p.csv"
is 1 "name one with map" "a file without people is told" "$sauda" import customers "$folder/a.csv"
is 0 "dry run: 1 new" "columns are named by hand" "$sauda" import customers "$folder/a.csv" --dry-run --map "name=number"
is 2 "is for orders" "people have no filter yet" "$sauda" export customers --filter "status=new"
is 0 "2 removed" "the first import can be taken back as well" "$sauda" import undo "$job"
is 0 "# customers" "and nobody is left" "$sauda" export customers
is 0 "all " "what must hold holds" "$sauda" check
is 0 "whole" "a backup is looked through" "$sauda" backup "$folder/copy.db"
is 0 "all " "… and holds" "$sauda" check --db "sqlite:$folder/copy.db"
is 2 "is the database itself" "a backup over the database is refused" "$sauda" backup "$SAUDA_HOME/sauda.db"
is 1 "sauda backup: " "a backup into nowhere is told" "$sauda" backup "$folder/no/where.db"
is 1 "no password came" "a person needs a password" "$sauda" user add a@x.kz
n=$((n + 1))
if echo 'correct-horse-7' | "$sauda" user add boss@x.kz --role owner >"$folder/out" 2>&1; then echo "ok $n - a password comes from standard input"; else
    echo "not ok $n - a password comes from standard input"; failed=$((failed + 1)); fi
is 0 "boss@x.kz" "people are listed" "$sauda" user list
is 1 "last active owner" "the last owner stays" "$sauda" user block boss@x.kz
is 2 'no role "king"' "an unknown role is named" sh -c "echo x | '$sauda' user add k@x.kz --role king || exit 2"

# ---- the doctor ----
is 1 "BAD  the folder $folder/nowhere: No such file" "the doctor misses a folder" "$sauda" doctor --home "$folder/nowhere" --listen 127.0.0.1:9
mkdir -m 700 "$folder/sick" && head -c 32 /dev/zero >"$folder/sick/sauda.key" && chmod 644 "$folder/sick/sauda.key"
is 1 "may be read by others (mode 644)" "… sees a key that others can read" "$sauda" doctor --home "$folder/sick" --listen 127.0.0.1:9
is 0 "OK   the database answers and is of this version" "… finds a sound database" "$sauda" doctor --listen 127.0.0.1:9
is 0 "OK   the newest copy is 0 h old" "… knows of the newest copy" "$sauda" doctor --listen 127.0.0.1:9
is 0 "LOOK no server answers at 127.0.0.1:9" "… and that no server runs" "$sauda" doctor --listen 127.0.0.1:9
is 1 "BAD  control_token is set" "… warns of what is for tests" "$sauda" doctor --listen 127.0.0.1:9 --control-token x
is 1 "BAD  the database:" "… and says why a database cannot be had" "$sauda" doctor --db "sqlite:$folder/nowhere/a.db" --listen 127.0.0.1:9
is 1 "BAD  the key file" "… or its key" "$sauda" doctor --key-file "$folder/nowhere.key" --listen 127.0.0.1:9

# ---- from one database to another ----
is 1 "No such file" "a source that is not there is told" "$sauda" migrate --from "sqlite:$folder/nowhere.db" --to "sqlite:$folder/moved.db"
is 1 "go together" "… and one end alone" "$sauda" migrate --to "sqlite:$folder/moved.db"
is 2 "is the source itself" "… and a target that is the source" "$sauda" migrate --from "sqlite:$folder/copy.db" --to "sqlite:$folder/copy.db"
is 0 "Every row is there" "a shop moves to another database" "$sauda" migrate --from "sqlite:$SAUDA_HOME/sauda.db" --to "sqlite:$folder/moved.db"
is 0 "" "… which is whole" "$sauda" check --db "sqlite:$folder/moved.db"
is 1 "there is a shop already" "… and takes no second one" "$sauda" migrate --from "sqlite:$SAUDA_HOME/sauda.db" --to "sqlite:$folder/moved.db"

# ---- what stops a start ----
is 1 "a demo needs a new one" "a demo leaves a shop alone" "$sauda" demo
is 0 "--port 12345 " "a demo names the port of its marketplaces" "$sauda" demo --db "sqlite:$folder/port.db" --sandbox http://127.0.0.1:12345
is 2 "must be a number from 1 to" "a demo's size is a number" "$sauda" demo --orders many
is 2 "come with --orders" "… of orders, not of buyers alone" "$sauda" demo --customers 5
is 0 "" "a demo may be big" "$sauda" demo --db "sqlite:$folder/big.db" --orders 30000 --customers 7000
is 0 "" "… and is whole" "$sauda" check --db "sqlite:$folder/big.db"
is 1 "a demo needs a new one" "… and is filled once" "$sauda" demo --db "sqlite:$folder/big.db" --orders 30000
is 1 "holds a real shop" "run leaves a shop alone" "$sauda" run --db "sqlite:$SAUDA_HOME/sauda.db" --listen 127.0.0.1:0
if command -v sqlite3 >/dev/null 2>&1; then
    cp "$folder/copy.db" "$folder/newer.db"
    sqlite3 "$folder/newer.db" "INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, '9999_future', 'x')"
    is 1 "run a newer one" "a database of a newer version is told" "$sauda" serve --db "sqlite:$folder/newer.db" --listen 127.0.0.1:0
    one_sentence "… in one sentence"
    cp "$folder/copy.db" "$folder/older.db"
    sqlite3 "$folder/older.db" "DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)"
    is 1 "run \`sauda migrate\` first" "an import that is only tried brings no older database to this version" "$sauda" import orders "$folder/a.csv" --dry-run --db "sqlite:$folder/older.db"
    is 0 "missing" "… which stays as it was" "$sauda" migrate --status --db "sqlite:$folder/older.db"
    sqlite3 "$folder/copy.db" "UPDATE order_totals SET n = n + 1; INSERT INTO order_totals VALUES (1, 'new', 'none', 'KZT', 3, 5)"
    is 1 "BAD kept totals" "check finds what does not hold" "$sauda" check --db "sqlite:$folder/copy.db"
else
    skip "a database of a newer version is told" "sqlite3 is not installed"
fi
echo "not a database, but long enough to look like one to a careless reader" >"$folder/text.db"
is 1 "is not a database" "a file of something else is told" "$sauda" serve --db "sqlite:$folder/text.db" --listen 127.0.0.1:0

"$sauda" serve --listen 127.0.0.1:0 --log-level error >"$folder/serve.out" 2>"$folder/serve.err" &
started="$started $!"
server=$!
wait_for "$folder/serve.out" "answers at"
port=$(sed -n 's/.*127.0.0.1:\([0-9]*\).*/\1/p' "$folder/serve.out")
is 1 "$port" "a port that is taken is told" "$sauda" serve --listen "127.0.0.1:$port" --db "sqlite:$folder/other.db"
one_sentence "… in one sentence"
is 1 "is served by another sauda already" "a database that is served is not served twice" "$sauda" serve --listen 127.0.0.1:0
one_sentence "… in one sentence"
ln -s "$SAUDA_HOME/sauda.db" "$folder/other-name.db"
is 1 "is served by another sauda already" "… nor under another name" "$sauda" serve --listen 127.0.0.1:0 --db "sqlite:$folder/other-name.db"
is 0 "OK   the server at 127.0.0.1:$port is ready" "the doctor finds the server" "$sauda" doctor --listen "127.0.0.1:$port"
is 0 "whole" "a backup is taken while the server runs" "$sauda" backup "$folder/live.db"
is 0 "1 new" "an import works while the server runs" "$sauda" import orders "$folder/a.csv"
n=$((n + 1))
kill -INT "$server"
if wait "$server"; then echo "ok $n - Ctrl-C ends the server with 0"; else echo "not ok $n - Ctrl-C ends the server with 0"; failed=$((failed + 1)); fi

wait_again() { "$sauda" serve --listen 127.0.0.1:0 --log-level error >"$folder/again.out" 2>&1 & }
wait_again
started="$started $!"
again=$!
n=$((n + 1))
if wait_for "$folder/again.out" "answers at"; then echo "ok $n - … and is served again once the first has ended"; else echo "not ok $n - it is served again"; failed=$((failed + 1)); fi
kill -INT "$again"
wait "$again"

if [ "$(id -u)" = 0 ] && mkdir "$folder/small" && mount -t tmpfs -o size=160k none "$folder/small" 2>/dev/null; then
    mounted=$folder/small
    is 1 "no space left" "a disk that is full is told" "$sauda" migrate --db "sqlite:$folder/small/a.db"
    one_sentence "… in one sentence"
    is 1 "sauda export: " "an export onto a full disk is told" sh -c "head -c 160000 /dev/zero >'$folder/small/fill' 2>/dev/null; '$sauda' export orders --out '$folder/small/o.csv'"
else
    skip "a disk that is full is told" "needs root and tmpfs"
fi
echo "1..$n"
[ $failed = 0 ]
