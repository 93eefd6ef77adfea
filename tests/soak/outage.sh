#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The log server is away for what stands for ten minutes at 100 records of 900 bytes a second:
# stopped, killed with -9, frozen; and it is killed again and again while a flood runs into it.  One
# emitter goes on all the while, with a target of each stream transport: nothing of what it accepted
# is lost, it comes in order at each target, and recovery begins within one step of the backoff once
# the server is back.  More than CD_FEED_UNSURE_MAX of unread bytes cannot be sent again, so that
# the server's sockets hold less: so-rcvbuf().
# The same count as fast as it goes, or with CODER_OUTAGE=600, as "make outage" sets it, in so many
# seconds for each trouble; CODER_TROUBLES names those that are wanted.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

# Beside the pause itself: looking, shaking hands, and a machine that has other things to do.
slack=5

rate=0
count=60000
if [ -n "${CODER_OUTAGE-}" ]; then
  rate=100
  count=$((CODER_OUTAGE * rate))
fi
before=200
flood=12000
patience=$((${CODER_OUTAGE-0} + 120))

# --- the server ----------------------------------------------------------------------------------

mkdir "$work/tls" "$work/out"
outs='s_tcp s_stream'
"$top_srcdir/tests/support/make-certificates.sh" "$work/tls" > "$work/tls.log" 2>&1 &&
  outs="$outs s_tls"

{
  cat <<'CONF'
source s_tcp { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp") so-rcvbuf(65536)); };
source s_stream { unix-stream("@WORK@/stream" flags(syslog-protocol)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_id { template("${.SDATA.coder@32473.run_id} ${.SDATA.meta.sequenceId} \
${.coder.disconnect_reason}\n"); };
CONF
  [ ! -e "$work/tls/good.crt" ] || cat <<'CONF'
source s_tls { syslog(ip("127.0.0.1") port(@PORT2@) transport("tls") so-rcvbuf(65536)
  tls(key-file("@WORK@/tls/good.key") cert-file("@WORK@/tls/good.crt")
      ca-file("@WORK@/tls/ca.pem") peer-verify(optional-untrusted))); };
CONF
  echo 'log {'
  for out in $outs; do echo "  source($out);"; done
  cat <<'CONF'
  parser(p_coder);
  destination { file("@WORK@/out/$SOURCE" template(t_id)); };
  flags(flow-control); };
CONF
} | configure

# uri OUT
uri()
{
  case $1 in
    s_tcp) echo "tcp:127.0.0.1:$(port 1)" ;;
    s_tls) echo "tls:localhost:$(port 2)" ;;
    s_stream) echo "unix-stream:$work/stream" ;;
  esac
}

# --- the emitter ---------------------------------------------------------------------------------

order()
{
  echo "$*" >&3
}

says()
{
  grep -q "$1" "$work/said"
}

start_emitter()
{
  mkfifo "$work/orders"
  # shellcheck disable=SC2046  # one word each
  "$top_builddir/tests/support/emit-driver" -d "$work/state" -a "$work/tls/ca.pem" \
    $(for out in $outs; do uri "$out"; done) < "$work/orders" > "$work/said" &
  emitter=$!
  at_exit 'kill "$emitter" 2> /dev/null'
  exec 3> "$work/orders"
}

# accept COUNT RATE
accept()
{
  accepted=$((accepted + $1))
  order "accept $1 $2"
  wait_for "$patience" says "^accepted $accepted\$"
}

# Everywhere, and the server has written it.
all_are_there()
{
  : > "$work/said"
  order arrive
  wait_for "$patience" says '^arrived'
  for out in $outs; do wait_for "$patience" has_lines "$accepted" "$work/out/$out"; done
}

# --- the troubles --------------------------------------------------------------------------------

size()
{
  stat -c %s "$work/out/$1" 2> /dev/null || echo 0
}

now()
{
  date +%s%3N
}

begin_stopped()
{
  stop
}

begin_killed()
{
  kill_daemon
  daemon=
}

begin_frozen()
{
  kill -STOP "$daemon"
}

end_stopped()
{
  launch 3>&- # else the daemon keeps the pipe open
}

end_killed()
{
  end_stopped
}

end_frozen()
{
  kill -CONT "$daemon"
}

has_grown()
{
  [ "$(size "$1")" -gt "$(cat "$work/$1.size")" ]
}

# recovers TROUBLE: each target gets more, and soon enough.
recovers()
{
  steps=$(sed -n 's/^pause //p' "$work/said" | sort -n | tail -n 1)
  for out in $outs; do
    wait_for 70 has_grown "$out" || :
    took=$(($(now) - back))
    echo "# $1: $out has more after $took ms; the longest pause could be ${steps:-0} ms"
    check "$1: $out recovers within a step" test "$took" -le $((${steps:-0} + slack * 1000))
  done
}

told_once()
{
  [ "$(grep -c "^trouble [0-9.]* [^:]*$1" "$work/said")" -eq 1 ] || { cat "$work/said"; return 1; }
}

# outage TROUBLE
outage()
{
  : > "$work/said"
  "begin_$1"
  accept "$count" "$rate"
  for out in $outs; do size "$out" > "$work/$out.size"; done
  back=$(now)
  "end_$1"
  recovers "$1"
  [ "$1" = frozen ] || for out in $outs; do
    check "$1: one message tells of $out" told_once "$(uri "$out")"
  done
  all_are_there
}

# outage_busy: what the server had read or only its kernel had is lost with it, again and again.
outage_busy()
{
  all_are_there
  accepted=$((accepted + flood))
  order "accept $flood 0"
  for n_kills in 1 2 3 4 5; do
    enough=$(($(wc -l < "$work/out/s_tcp") + 1500))
    [ "$enough" -lt "$accepted" ] || break
    wait_for "$patience" has_lines "$enough" "$work/out/s_tcp"
    begin_killed
    end_killed
    echo "# busy: killed $n_kills times"
  done
  wait_for "$patience" says "^accepted $accepted\$"
  all_are_there
}

# has_all FILE: all that was accepted, by one run, once we take the first of each, in order.
has_all()
{
  $AWK -v wanted="$accepted" '
    seen[$1, $2]++ { repeated++; next }
    !($1 in runs) { runs[$1]; n_runs++ }
    { n++ }
    $2 < last { backwards++ }
    { last = $2 }
    $3 != "network_error" { bad++ }
    END {
      print n " of " wanted " records, " repeated + 0 " more than once, " backwards + 0 \
            " steps back, " n_runs " runs, " bad + 0 " without their reason"
      exit n != wanted || backwards > 0 || bad > 0 || n_runs != 1
    }' "$1"
}

start
start_emitter
accepted=0
for trouble in ${CODER_TROUBLES:-stopped killed frozen busy}; do
  accept "$before" 1000
  if [ "$trouble" = busy ]; then outage_busy; else outage "$trouble"; fi
done
order figures
exec 3>&-
if wait "$emitter"; then ok 'the emitter ends in order'; else not_ok 'the emitter ends in order'; fi
sed -n 's/^figures/#/p' "$work/said"
ends_in_order
for out in s_tcp s_stream s_tls; do
  case $outs in
    *$out*)
      check "$out has all of $accepted, in order" has_all "$work/out/$out"
      has_all "$work/out/$out" | sed 's/^/# /' ;;
    *) skip "$out has all" 'openssl makes no certificates' ;;
  esac
done
plan_done
