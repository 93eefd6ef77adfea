#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# An emitter killed with -9 again and again, at any moment, while the log server takes its records:
# each that was told to be accepted arrives, in order, and of each run one more at most was accepted
# and not told; the spool always opens again.  Every other run is coder-emit itself, which tells
# nothing: of its records none is missing between the first and the last that came.
# CODER_KILLS says how many; 20 in "make check", 200 in "make soak".
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

emit=$top_builddir/tools/coder-emit/coder-emit
kills=20
[ "${CODER_SOAK-}" != full ] || kills=200
kills=${CODER_KILLS:-$kills}

# So often the rest is flushed in between: a life of less than a second saves no cursor.
flush_every=20

configure <<'CONF'
source s_tcp { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_id { template("${.SDATA.coder@32473.run_id} ${.SDATA.meta.sequenceId}\n"); };
log { source(s_tcp); parser(p_coder); destination { file("@WORK@/out" template(t_id)); };
      flags(flow-control); };
CONF

# lives: how long each is, in seconds, by chance: most end while they start or soon after, some
# after files were synced and cursors saved.
lives()
{
  $AWK -v n="$kills" -v seed="$(date +%N)" 'BEGIN {
    srand(seed)
    while (n-- > 0) printf "%.3f\n", rand() * (rand() < 0.8 ? 0.15 : 1.5) }'
}

# Until nobody reads them.
objects()
{
  while :; do
    cat "$work/objects" 2> /dev/null || return 0
    sleep 0.02
  done
}

# start_run N: those that are even say what they accept.
start_run()
{
  if [ $(($1 % 2)) -eq 0 ]; then
    "$top_builddir/tests/support/emit-driver" -d "$work/state" "$tcp" \
      < "$work/orders" > "$work/told.$1" 2> "$work/errors.$1" &
  else
    objects | "$emit" -i -d "$work/state" -s "$tcp" 2> "$work/errors.$1" &
  fi
  run=$!
}

# kill_run N LIFE: on a slow machine all lives may be too short to tell anything, so the first lasts
# until it has.
kill_run()
{
  start_run "$1"
  [ "$1" -ne 0 ] || wait_for 60 grep -q '^is ' "$work/told.0"
  sleep "$2"
  kill -9 "$run" || echo "run $1 had ended" >> "$work/ended"
  wait "$run" 2> /dev/null || :
}

flush()
{
  "$emit" --flush -w 60 -d "$work/state" -s "$tcp" || echo "status $?" >> "$work/ended"
}

kill_runs()
{
  n=0
  for life in $(lives); do
    kill_run "$n" "$life"
    n=$((n + 1))
    [ $((n % flush_every)) -ne 0 ] || flush
  done
  flush
}

# What was told and what has come, run by run.
compare()
{
  $AWK '
    FILENAME != out { if ($1 == "is") { told[$2] = $3; n_told++ }; next }
    seen[$1, $2]++ { repeated++; next }
    $2 != ++came[$1] && wrong++ < 5 { print "run " $1 ": " $2 ", not " came[$1]; came[$1] = $2 }
    END {
      for (run in told) {
        runs++
        if (came[run] < told[run] || came[run] > told[run] + 1) {
          wrong++
          print "run " run ": " came[run] + 0 " of " told[run] " came"
        }
        more += came[run] - told[run]
      }
      for (run in came) { n += came[run]; if (!(run in told)) silent++ }
      print n_told " told by " runs " runs, " more + 0 " more came; coder-emit: " silent " runs"
      print n + 0 " came in all, " repeated + 0 " of them more than once"
      exit wrong > 0 || runs < 1 || silent < 1 || n_told < 1
    }' out="$work/out" "$work"/told.* "$work/out"
}

start
tcp=tcp:127.0.0.1:$(port 1)
printf 'tell\naccept 1000000000 5000\n' > "$work/orders"
yes '{"site":"pty","disconnect_reason":"graceful","session_id":"s"}' | head -n 100 > "$work/objects"
: > "$work/ended"
kill_runs
ends_in_order
cat "$work"/errors.* > "$work/errors"
check 'every run opened the spool and reached the server' diff /dev/null "$work/errors"
check 'every run was killed, and every flush brought all' diff /dev/null "$work/ended"
check "$kills kills: all that was told has come, in order" compare
compare | sed 's/^/# /'
plan_done
