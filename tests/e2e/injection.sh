#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whatever a peer has us log, one event is one record wherever it is written: in the files that the
# README's configuration writes, in JSON and in SQL.  Where the program that logged it wrote its
# format right, the verdict is the program's too; and no pair of ours has a character that a reader
# does not see.  The attacks are in tests/data/injection.txt.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
# From 4.0 on JSON has types; here each value is a text, whatever the version.
# shellcheck disable=SC2034  # for daemon.sh
config_version=3.38
. "$top_srcdir/tests/e2e/daemon.sh"

json_lines=$top_builddir/tests/support/json-lines
mkdir "$work/bsd" "$work/octet" "$work/out"

# --- the attacks, in every format ----------------------------------------------------------------

# What comes over the network is a file for each record, what comes from a file is a line of it.
write_event()
{
  case $3 in
    *human | *wrapped) file=agent.log ;;
    json) file=agent.json ;;
    *bsd) file=bsd/$1 ;;
    *) file=octet/$1 ;;
  esac
  printf '%b' "$4" >> "$work/$file"
}

write_events()
{
  LC_ALL=C $AWK -f "$top_srcdir/tests/e2e/injection.awk" "$data/injection.txt" > "$work/events"
  while read -r id attack kind record; do
    write_event "$id" "$attack" "$kind" "$record"
  done < "$work/events"
}

# --- the README's configuration, and more outputs ------------------------------------------------

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

readme_configuration()
{
  mkdir "$work/blocks"
  $AWK -v to="$work/blocks" -v kind=syslog-ng -f "$top_srcdir/tests/doc/blocks.awk" \
       "$top_srcdir/README.md"
  sed -e '/^@version/d' -e '/^options/d' -e 's|/tmp/coder-agent.log|@WORK@/agent.log|' \
      -e 's|/var/log/coder|@WORK@/out|' -e 's|port(6514)|ip("127.0.0.1") port(@PORT1@)|' \
      -e 's|port(5514)|ip("127.0.0.1") port(@PORT2@)|' "$work"/blocks/*
}

sql_destination()
{
  cat <<'CONF'
destination d_sql {
  sql(type(sqlite3) database("@WORK@/out/db") table("ends")
      columns("message text", "reason text", "expected text", "detail text", "session text")
      values("$MSG", "${.coder.disconnect_reason}", "${.coder.disconnect_expected}",
             "${.coder.disconnect_detail}", "${.coder.session_id}")
      flags(explicit-commits) batch-lines(100) batch-timeout(100));
};
log { source(s_net); source(s_bsd); source(s_agent); source(s_json); parser(p_coder);
      destination(d_sql); flags(flow-control); };
CONF
}

more_configuration()
{
  cat <<'CONF'
source s_bsd { unix-dgram("@WORK@/dgram" flags(no-multi-line)); };
source s_json { file("@WORK@/agent.json" flags(no-parse)); };
log {
  source(s_net); source(s_bsd); source(s_agent); source(s_json);
  parser(p_coder);
  destination { file("@WORK@/out/all.txt" flags(no-multi-line)); };
  destination { file("@WORK@/out/all.json" template(t_json)); };
  flags(flow-control);
};
CONF
  [ -n "$no_sql" ] || sql_destination
}

# --- what is asked -------------------------------------------------------------------------------

network='sdata|broken-sdata|broken-text|broken-program'
files='human|broken-human|broken-wrapped'
every="$network|$files|broken-bsd|json"
honest='sdata|human|json'

# Kinds of events are regular expressions.
n_of()
{
  $AWK -v kinds="^($1)\$" '$3 ~ kinds' "$work/events" | wc -l
}

# one_record_each KINDS FILE: each line tells of one event, and each event of these kinds has one.
one_record_each()
{
  LC_ALL=C $AWK -v kinds="^($1)\$" '
    NR == FNR { if ($3 ~ kinds) wanted[$1] = $2 " " $3; next }
    { line = $0; n = 0; split("", here)
      while (match(line, /event-[0-9]+/)) {
        here[substr(line, RSTART, RLENGTH)] = 1
        line = substr(line, RSTART + RLENGTH)
      }
      for (id in here) { n++; seen[id]++ }
      if (n != 1) { print n " events in: " substr($0, 1, 200); wrong = 1 } }
    END { for (id in wanted)
            if (seen[id] != 1) { print seen[id] + 0 " times " id ": " wanted[id]; wrong = 1 }
          for (id in seen) if (!(id in wanted)) { print "unasked: " id; wrong = 1 }
          exit wrong }' "$work/events" "$2"
}

# verdicts KINDS: what came of these events, "KIND REASON EXPECTED" and how often.
verdicts()
{
  "$json_lines" get "$work/out/all.json" session_id disconnect_reason disconnect_expected |
    $AWK -v kinds="^($1)\$" '
      NR == FNR { if ($3 ~ kinds) kind[$1] = $3; next }
      $1 in kind { n[kind[$1] " " $2 " " $3]++ }
      END { for (verdict in n) print verdict, n[verdict] }' "$work/events" - | LC_ALL=C sort
}

wanted_verdicts()
{
  for kind in human json sdata; do echo "$kind network_error false $n_attacks"; done
}

same_verdicts()
{
  wanted_verdicts > "$work/wanted"
  verdicts "$honest" > "$work/got"
  diff -u "$work/wanted" "$work/got"
}

sql()
{
  sqlite3 -separator ' ' "$work/out/db" "$@"
}

has_rows()
{
  [ "$(sql 'select count(*) from ends')" -ge "$1" ]
}

# A row is a line, whatever its message holds.
sql_rows()
{
  sql "select replace(message, char(10), ' '), session from ends" > "$work/rows"
  one_record_each "$every" "$work/rows"
}

# What stands between syslog-ng 4.12 and SQLite doubles each backslash on its way into the table.
same_details()
{
  sql "select session, detail from ends where session <> ''" | sed 's/\\\\/\\/g' |
    LC_ALL=C sort > "$work/got"
  "$json_lines" get "$work/out/all.json" session_id disconnect_detail | grep '^event' |
    sed 's/\\\\/\\/g' | LC_ALL=C sort > "$work/wanted"
  diff -u "$work/wanted" "$work/got"
}

check_sql()
{
  for name in 'SQL: a row for each event' 'SQL: the details are those of JSON' \
              'SQL: no other table came or went'; do
    [ -z "$no_sql" ] || skip "$name" "$no_sql"
  done
  [ -z "$no_sql" ] || return 0
  check 'SQL: a row for each event' sql_rows
  check 'SQL: the details are those of JSON' same_details
  is 'SQL: no other table came or went' "$(sql 'select name from sqlite_master')" ends
}

write_events
n_events=$(n_of "$every")
n_attacks=$(n_of sdata)
{ readme_configuration; more_configuration; } | configure
start
send tcp:@PORT1@ octet "$work"/octet/*
send unix-dgram:@WORK@/dgram raw "$work"/bsd/*
wait_for 60 has_lines "$n_events" "$work/out/all.txt" || :
[ -n "$no_sql" ] || wait_for 60 has_rows "$n_events" || :
ends_in_order

echo "# $n_attacks attacks, $n_events events"
check 'there are 40 attacks and more' test "$n_attacks" -ge 40
check 'a file: one line for each event' one_record_each "$every" "$work/out/all.txt"
check 'JSON: one object for each event' one_record_each "$every" "$work/out/all.json"
cat "$work/out/disconnects.json" "$work/out/rest.log" > "$work/readme"
check "the README's files: one line for each event" one_record_each "$network|$files" "$work/readme"
check 'each object is JSON, and no pair in it has an invisible character' \
      "$json_lines" clean "$work/out/all.json" message host
check 'where the format was kept, the verdict is that of the program' same_verdicts
check_sql
plan_done
