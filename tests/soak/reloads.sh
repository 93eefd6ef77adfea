#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Reloads of a real syslog-ng under load over TCP with flow control: no message is lost or comes
# twice, no counter goes back, and neither memory nor descriptors grow.
# CODER_SOAK=full, as "make soak" sets it: a thousand reloads.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

warm_up=10
reloads=30

# Memory may grow so much after the warm-up, in kB. After a short one the allocator still finds its
# size, by up to 1.5 MB; a table of ends that is not freed makes 15 MB of 30 reloads.
memory_max=4096
[ "${CODER_SOAK-}" != full ] || { warm_up=100; reloads=1000; memory_max=1024; }

configure <<'CONF'
source s_in { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp") max-connections(20)); };
parser p_coder { coder-disconnect(); };
template t_reason { template("$MSGID ${.coder.disconnect_reason}\n"); };
log { source(s_in); parser(p_coder);
      destination { file("@WORK@/out1" template(t_reason)); }; flags(flow-control); };
log { source(s_in); parser(p_coder);
      destination { file("@WORK@/out2" template(t_reason)); }; flags(flow-control); };
CONF

# message MSGID SDATA TEXT
message()
{
  printf '<28>1 2026-11-21T07:37:29Z ws coder 7 %s %s %s\n' "$@"
}

# Only the last is about a connection that can be told from others, and it is always the same one.
fields='"fields":{"disconnect_reason":"protocol_error"}}'
{
  message sdata '[coder@32473 connect_type="agent_to_client" disconnect_reason="graceful"]' x
  message human - '[warn]  disconnected from coderd  disconnect_reason=network_error'
  message json - '{"ts":"x","level":"WARN","msg":"ssh session closed",'"$fields"
  message other - hello
  message same - \
          '[info]  reconnecting pty closed  remote=10.0.0.1:9  disconnect_reason=unknown'
} > "$work/five"

# load: sends the five again and again until the file "enough" is there.
load()
{
  rounds=0
  while [ ! -e "$work/enough" ]; do
    send tcp:@PORT1@ octet -c 4 -n 100 -l "$work/five" || return 1
    rounds=$((rounds + 1))
    echo "$rounds" > "$work/rounds"
  done
}

under_way()
{
  [ -s "$work/rounds" ]
}

# Without the connections of senders, which come and go: what is left is the daemon's own.
descriptors()
{
  find "/proc/$daemon/fd" -lname '/*' | wc -l
}

total()
{
  ctl stats | tr -d '\r' | $AWK -F ';' '$2 == "p_coder" && $3 ~ "^reason/" { n += $6 }
                                        END { print n + 0 }'
}

# reload_many HOW-OFTEN: adds what it sees to the files "totals" and "descriptors".
reload_many()
{
  n=0
  while [ "$n" -lt "$1" ]; do
    reload || return 1
    total >> "$work/totals"
    descriptors >> "$work/descriptors"
    n=$((n + 1))
  done
}

never_less()
{
  $AWK '$1 < last { print "after " last " came " $1; wrong = 1 } { last = $1 }
        END { exit wrong || !last }' "$work/totals"
}

# kinds FILE: how many of each message came out, and what of it.
kinds()
{
  LC_ALL=C sort "$1" | uniq -c | $AWK '{ print $2, $3, $1 }'
}

wanted_kinds()
{
  echo "human network_error $each"
  echo "json protocol_error $each"
  echo "other  $each"
  echo "same unknown $each"
  echo "sdata graceful $each"
}

same_kinds()
{
  wanted_kinds | tr -s ' ' > "$work/wanted"
  kinds "$1" | tr -s ' ' > "$work/got"
  diff -u "$work/wanted" "$work/got"
}

start
load &
loader=$!
wait_for 60 under_way
check "$warm_up reloads under load" reload_many "$warm_up"
memory_before=$(memory)
check "$reloads reloads more" reload_many "$reloads"
memory_after=$(memory)
: > "$work/enough"
if wait "$loader"; then ok 'no sender was cut off'; else not_ok 'no sender was cut off'; fi

each=$(($(cat "$work/rounds") * 400))
for out in out1 out2; do
  wait_for 60 has_lines $((each * 5)) "$work/$out"
  check "$out: every message came out once, with its verdict" same_kinds "$work/$out"
done
for reason in graceful network_error protocol_error; do
  is "each $reason was counted once on each path" "$(counter p_coder "reason/$reason")" \
     $((each * 2))
done
is 'an end that came again and again was counted, or counted as a duplicate' \
   $(($(counter p_coder reason/unknown) + $(counter p_coder event/duplicate))) $((each * 2))
check 'no counter ever went back' never_less
is 'descriptors' "$(LC_ALL=C sort -u "$work/descriptors" | tr '\n' ' ')" \
   "$(head -n 1 "$work/descriptors") "
grown=$((memory_after - memory_before))
echo "# $((each * 5)) messages, memory grew by $grown kB to $memory_after kB"
judge_memory 'memory' test "$grown" -le "$memory_max"
ends_in_order
plan_done
