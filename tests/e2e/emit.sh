#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-emit and a real syslog-ng that is stopped, killed and frozen: what was accepted arrives, in
# order, and each trouble is one message.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

emit=$top_builddir/tools/coder-emit/coder-emit

configure <<'CONF'
source s_tcp { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
source s_dgram { unix-dgram("@WORK@/dgram" flags(syslog-protocol)); };
parser p_coder { coder-disconnect(); };
template t_id { template("${.SDATA.coder@32473.run_id} ${.SDATA.meta.sequenceId} \
${.coder.disconnect_reason}\n"); };
log { source(s_tcp); parser(p_coder); destination { file("@WORK@/tcp" template(t_id)); };
      flags(flow-control); };
log { source(s_dgram); parser(p_coder); destination { file("@WORK@/dgram.out" template(t_id)); };
      flags(flow-control); };
CONF

# run STATUS ARGUMENT...: coder-emit, which has to end with that status; what it says is in "said".
run()
{
  wanted=$1
  shift
  status=0
  "$emit" "$@" > "$work/stdout.emit" 2> "$work/said" || status=$?
  [ "$status" -eq "$wanted" ] || { echo "status $status, not $wanted"; cat "$work/said"; return 1; }
}

says()
{
  grep -q "$1" "$work/said" || { cat "$work/said"; return 1; }
}

# sequence FILE: the sequenceIds as they came first, one a line.
sequence()
{
  $AWK '!seen[$1, $2]++ { print $2 }' "$1"
}

is_sequence()
{
  sequence "$2" > "$work/got"
  $AWK -v n="$1" 'BEGIN { while (i++ < n) print i }' > "$work/wanted"
  diff -u "$work/wanted" "$work/got" | head -n 20 > "$work/difference"
  [ ! -s "$work/difference" ] || { cat "$work/difference"; return 1; }
}

has_sequence()
{
  [ "$(sequence "$2" | wc -l)" -ge "$1" ]
}

# objects FROM TO: as many lines for --stdin.
objects()
{
  $AWK -v from="$1" -v to="$2" 'BEGIN {
    while (from <= to)
      printf "{\"site\":\"pty\",\"disconnect_reason\":\"graceful\",\"session_id\":\"s%d\"}\n",
             from++ }'
}

start
tcp=tcp:127.0.0.1:$(port 1)
dgram=unix-dgram:$work/dgram

check 'a record from evidence' run 0 -s "$tcp" site=pty errno=ECONNRESET
wait_for 30 has_lines 1 "$work/tcp"
is 'the parser reads what the rules found' "$(cut -d ' ' -f 2- "$work/tcp")" '1 network_error'
check 'two targets at once' run 0 -s "$tcp" -s "$dgram" site=pty disconnect_reason=graceful
wait_for 30 has_lines 2 "$work/tcp"
wait_for 30 has_lines 1 "$work/dgram.out"
is 'both have the same record' "$(tail -n 1 "$work/tcp")" "$(cat "$work/dgram.out")"

# parts_at_once: who never closes is waited for a second. A busy machine may need more than one try.
parts_at_once()
{
  for try in 1 2 3 4 5; do
    ! timeout 0.7 "$emit" -s "$tcp" site=pty disconnect_reason=graceful || return 0
    echo "$try"
  done
  return 1
}

check 'a log server closes in order when the record is sent' parts_at_once
wait_for 30 has_lines 3 "$work/tcp"

# --- nobody there --------------------------------------------------------------------------------

stop
rm -f "$work/tcp"
for reason in graceful client_closed network_error; do
  check "a record of $reason while the log server is down" \
        run 1 -w 0 -d "$work/state" -s "$tcp" site=pty "disconnect_reason=$reason"
done
check 'it says where they are' says "$tcp: 3 records wait in $work/state"
check 'without a state folder it says that the record is lost' \
      run 1 -w 0 -s "$tcp" site=pty disconnect_reason=graceful
check '... in these words' says '1 record is lost, for want of --state-dir'
launch
check 'a later run flushes them' run 0 -f -d "$work/state" -s "$tcp"
wait_for 30 has_lines 3 "$work/tcp"
is 'all three have come, in order' "$(cut -d ' ' -f 3 "$work/tcp" | tr '\n' ' ')" \
   'graceful client_closed network_error '
check 'nothing is left' run 0 -f -d "$work/state" -s "$tcp"

# --- killed --------------------------------------------------------------------------------------

rm -f "$work/tcp"
stop
launch
mkfifo "$work/fifo"
"$emit" -i -w 60 -d "$work/state" -s "$tcp" < "$work/fifo" 2> "$work/said" &
emitter=$!
exec 3> "$work/fifo"
objects 1 1000 >&3
wait_for 30 has_sequence 100 "$work/tcp"
kill_daemon
daemon=
objects 1001 1500 >&3
launch 3>&- # else the daemon keeps the pipe open
objects 1501 2000 >&3
exec 3>&-
if wait "$emitter"; then ok 'the emitter brings all'; else not_ok 'the emitter brings all'; fi
wait_for 60 has_sequence 2000 "$work/tcp"
check 'killed: all have come, in order' is_sequence 2000 "$work/tcp"

# A killed daemon's listener may take one more connection, which is then a trouble of its own.
is_told_in_turn()
{
  grep "$tcp" "$work/said" | $AWK '
    / is reached again$/ { if (!is_trouble) exit 1; is_trouble = 0; n++; next }
    { if (is_trouble) exit 1; is_trouble = 1 }
    END { if (is_trouble || n < 1 || n > 2) exit 1 }' || { cat "$work/said"; return 1; }
}
check 'the trouble is one message, and its end is one' is_told_in_turn
check '... and its end another' says "$tcp is reached again"

# --- killed at once ------------------------------------------------------------------------------

# A target's first run, which ends before a timer does anything.
"$emit" -w 60 -d "$work/early" -s tcp:127.0.0.1:1 disconnect_reason=graceful 2> "$work/said" &
emitter=$!
wait_for 30 says 'cannot reach tcp:127.0.0.1:1'
kill -KILL "$emitter"
wait "$emitter" || :
check 'killed at once: the record waits for its target' run 1 -f -w 0 -d "$work/early"
check '... which is named' says "tcp:127.0.0.1:1: 1 record waits in $work/early"

# --- frozen --------------------------------------------------------------------------------------

# fills_up: the spool has more than what fits the sockets and what is sent twice.
fills_up()
{
  [ "$(find "$work/frozen" -name 'segment-*' | wc -l)" -ge 3 ]
}

rm -f "$work/tcp"
stop
launch
objects 1 20000 > "$work/objects"
kill -STOP "$daemon"
"$emit" -i -w 60 -d "$work/frozen" -s "$tcp" < "$work/objects" 2> "$work/said" &
emitter=$!
wait_for 30 fills_up
kill -CONT "$daemon"
if wait "$emitter"; then ok 'frozen for a while'; else not_ok 'frozen for a while'; fi
wait_for 60 has_sequence 20000 "$work/tcp"
check 'frozen: all have come, in order' is_sequence 20000 "$work/tcp"

# --- trouble of all kinds -------------------------------------------------------------------------

rm -f "$work/tcp"
stop
launch
objects 1 6000 > "$work/objects"
check 'a target that is away holds up no other one' \
      run 1 -i -w 1 -d "$work/two" -s "$tcp" -s tcp:127.0.0.1:1 < "$work/objects"
check '... which has all records' is_sequence 6000 "$work/tcp"
check '... and is named with what waits for it' \
      says "tcp:127.0.0.1:1: 6000 records wait in $work/two"
check '... of which it was told why' says "cannot reach tcp:127.0.0.1:1: .*Connection refused"
objects 1 40000 > "$work/objects.many"
check 'more than memory holds is told' \
      run 1 -i -w 1 -s tcp:127.0.0.1:1 < "$work/objects.many"
check '... with its number' says 'records were lost at the spool.s limit'

"$emit" -w 60 -s tcp:127.0.0.1:1 disconnect_reason=graceful 2> "$work/said" &
emitter=$!
wait_for 30 says 'cannot reach tcp:127.0.0.1:1'
kill "$emitter"
status=0
wait "$emitter" || status=$?
is 'SIGTERM ends the waiting' "$status" 1
check '... with a word about the record' says '1 record is lost'
check 'standard input may be closed' run 0 -s "$tcp" -i 0<&-
check 'a record in a locale without UTF-8' \
      env LC_ALL=C "$emit" -s "$tcp" disconnect_reason=graceful \
      "workspace_name=$(printf 'M\303\274ller')"

# --- wrong use -----------------------------------------------------------------------------------

check 'a reason outside the vocabulary' run 2 -s "$tcp" disconnect_reason=tired
check '... is answered with the vocabulary' says 'allowed: unknown, graceful, client_closed'
check 'an unknown key' run 2 -s "$tcp" reson=graceful
check '... is named' says 'reson: no such key'
check 'a target that is none' run 2 -s tcp:nowhere disconnect_reason=graceful
check '... is named' says 'tcp:nowhere'
ends_in_order
plan_done
