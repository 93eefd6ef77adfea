#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The recipes of doc/configuration.md for records that come twice, as they stand there.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

# block KIND WORD: the block of the page that has the word.
block()
{
  mkdir -p "$work/blocks/$1"
  $AWK -v to="$work/blocks/$1" -v kind="$1" -f "$top_srcdir/tests/doc/blocks.awk" \
       "$top_srcdir/doc/configuration.md"
  cat "$(grep -l -- "$2" "$work/blocks/$1"/*)"
}

no_sql=
if ! run_daemon -V | grep -q 'Modules:.*afsql'; then
  no_sql='no syslog-ng-mod-sql here'
elif ! ls /usr/lib/*/dbd/libdbdsqlite3.so > "$work/driver" 2>&1; then
  no_sql='no libdbd-sqlite3 here'
elif ! command -v sqlite3 > "$work/driver"; then
  no_sql='no sqlite3 here'
elif [ "${CODER_SANITIZERS-}" = thread ]; then
  no_sql='ThreadSanitizer takes syslog-ng-mod-sql to task'
fi

mkdir "$work/out"
{
  block syslog-ng t_numbered |
    sed -e '/^@version/d' -e 's|port(6514)|ip("127.0.0.1") port(@PORT1@)|' \
        -e 's|/var/log/coder|@WORK@/out|'
  [ -n "$no_sql" ] || block conf sqlite3 | sed 's|/var/lib/coder|@WORK@/out|'
  [ -n "$no_sql" ] || echo 'log { source(s_in); parser(p_coder); destination(d_sql); };'
} | configure
[ -n "$no_sql" ] || block sql 'create table' | sqlite3 "$work/out/ends.db"

record='<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect'
# record RUN NUMBER DETAIL: of a sender that numbers its records, and of one that does not.
record()
{
  echo "$record [coder@32473 disconnect_reason=\"graceful\" disconnect_detail=\"$3\" \
run_id=\"$1\"][meta sequenceId=\"$2\"] x"
}
bare()
{
  echo "$record [coder@32473 disconnect_reason=\"graceful\" disconnect_detail=\"$1\"] x"
}

{
  record a 1 first
  record a 2 second
  bare bare
  record b 1 third
  record a 2 second
  bare bare
  record a 1 first
} > "$work/in"
printf '%s\n' bare bare first second third > "$work/wanted"

start
send tcp:@PORT1@ octet -l "$work/in"
wait_for 30 has_lines 7 "$work/out/ends.txt" || :

block shell awk | sed "s|/var/log/coder|$work/out|" > "$work/once.sh"
sh "$work/once.sh" | sed 's/.*"disconnect_detail":"\([^"]*\)".*/\1/' | LC_ALL=C sort > "$work/got"
check 'JSON: each record once, what has no number as often as it came' \
      diff -u "$work/wanted" "$work/got"

sql()
{
  sqlite3 "$work/out/ends.db" "$1"
}
has_third_and_bare()
{
  [ "$(sql "select count(*) from ends where detail in ('third', 'bare')")" -ge 3 ]
}

if [ -n "$no_sql" ]; then
  skip 'SQLite: each record once' "$no_sql"
else
  wait_for 30 has_third_and_bare || :
  # The last line is a repeated one: a further record shows that it is done.
  bare end > "$work/in"
  send tcp:@PORT1@ octet -l "$work/in"
  wait_for 30 sh -c "sqlite3 '$work/out/ends.db' 'select detail from ends' | grep -q end" || :
  sql "select detail from ends where detail <> 'end'" | LC_ALL=C sort > "$work/got"
  check 'SQLite: each record once, what has no number as often as it came' \
        diff -u "$work/wanted" "$work/got"
fi
ends_in_order
plan_done
