#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The counters of a real syslog-ng: their documented form, exact under load from many threads and
# clones, and carried over reloads, during which no message is lost.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

connections=8
times=1000
reloads=50

configure <<'CONF'
options { log-fifo-size(100000); };
source s_few { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
source s_many { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp") max-connections(20)); };
source s_load { syslog(ip("127.0.0.1") port(@PORT3@) transport("tcp") max-connections(20)); };
parser p_few { coder-disconnect(duplicate-window(0)); };
parser p_many { coder-disconnect(duplicate-window(0)); };
parser p_load { coder-disconnect(duplicate-window(0)); };
template t_reason { template("${.coder.disconnect_reason}\n"); };

log { source(s_few); parser(p_few); destination { file("@WORK@/few" template(t_reason)); }; };
log { source(s_few); parser { coder-disconnect(duplicate-window(0)); }; };
log { source(s_many); parser(p_many);
      destination { file("@WORK@/many1" template(t_reason)); }; flags(flow-control); };
log { source(s_many); parser(p_many);
      destination { file("@WORK@/many2" template(t_reason)); }; flags(flow-control); };
log { source(s_load); parser(p_load);
      destination { file("@WORK@/load" template(t_reason)); }; flags(flow-control); };
CONF

# table FILE ID: every counter as the documentation has it, from a file of "KIND/VALUE N".
table()
{
  while read -r name number; do
    echo "parser;$2;$name;a;disconnects;$number"
  done < "$1" | LC_ALL=C sort
}

# kept ID: every counter of ours that syslog-ng has.
kept()
{
  ctl stats | tr -d '\r' | grep "^parser;$1;" | grep ';disconnects;' | LC_ALL=C sort
}

cat > "$work/few.counters" <<'COUNTERS'
reason/unknown 1
reason/graceful 1
reason/client_closed 1
reason/server_shutdown 1
reason/network_error 1
reason/protocol_error 1
reason/workspace_stopped 1
reason/control_plane_lost 1
initiator/none 2
initiator/client 2
initiator/agent 2
initiator/server 1
initiator/network 1
layer/none 0
layer/server_to_agent 2
layer/agent_to_client 5
layer/client_to_server 1
expected/true 4
expected/false 4
event/malformed 0
event/derived 0
event/contradiction 2
event/rescued 0
event/duplicate 0
event/evicted 0
COUNTERS

same_counters()
{
  table "$work/few.counters" "$1" > "$work/wanted"
  kept "$1" > "$work/got"
  diff -u "$work/wanted" "$work/got"
}

# metrics ID: the same table as metrics of syslog-ng 4.x, which puts its name before ours.
metrics()
{
  while read -r name number; do
    echo "syslogng_coder_disconnects_total$(
      )"'{id="'"$1"'",kind="'"${name%/*}"'",value="'"${name#*/}"'"} '"$number"
  done < "$work/few.counters" | LC_ALL=C sort
}

same_metrics()
{
  metrics "$1" > "$work/wanted"
  ctl stats prometheus | grep "^[a-z_]*coder_disconnects.*[{,]id=\"$1\"" | LC_ALL=C sort \
    > "$work/got"
  diff -u "$work/wanted" "$work/got"
}

# prometheus NAME ID: a case for those that have this output; 3.38 answers with the other one.
prometheus()
{
  if ctl stats prometheus | grep -q '^syslogng_'; then
    check "$1" same_metrics "$2"
  else
    skip "$1" 'this syslog-ng has no stats prometheus'
  fi
}

doubled()
{
  awk '{ print $1, 2 * $2 }' "$work/few.counters" > "$work/double"
  mv "$work/double" "$work/few.counters"
}

start
send tcp:@PORT1@ octet -l "$data/e2e/sdata.txt"
wait_for 30 has_lines 11 "$work/few"
check 'each counter, in the documented form' same_counters p_few
check 'a parser without a name has them under the name that syslog-ng gives it' \
      same_counters '#anon-parser0'
prometheus 'each counter, as a metric' p_few
prometheus 'those of a parser without a name' '#anon-parser0'

check 'a reload' reload
check 'the counters survive a reload' same_counters p_few
send tcp:@PORT1@ octet -l "$data/e2e/sdata.txt"
wait_for 30 has_lines 22 "$work/few"
doubled
check 'and go on from there' same_counters p_few
prometheus 'the metrics do, too' p_few

head -n 4 "$data/e2e/sdata.txt" > "$work/four"
sent=$((connections * times * 4))
send tcp:@PORT2@ octet -c "$connections" -n "$times" -l "$work/four"
wait_for 60 has_lines "$sent" "$work/many1"
wait_for 60 has_lines "$sent" "$work/many2"
is "$connections connections: what came out of the first path" "$(wc -l < "$work/many1")" "$sent"
is "$connections connections: what came out of the second" "$(wc -l < "$work/many2")" "$sent"
for out in many1 many2; do
  is "$out: as many of each reason" \
     "$(LC_ALL=C sort "$work/$out" | uniq -c | awk '{ printf "%s %s ", $2, $1 }')" \
     "$(for reason in client_closed graceful network_error server_shutdown; do
          printf '%s %s ' "$reason" "$((sent / 4))"; done)"
done
for reason in graceful client_closed server_shutdown network_error; do
  is "two clones count $reason exactly" "$(counter p_many "reason/$reason")" "$((sent / 2))"
done

# load: sends the four lines again and again until the file "enough" is there.
load()
{
  rounds=0
  while [ ! -e "$work/enough" ]; do
    send tcp:@PORT3@ octet -c 4 -n 100 -l "$work/four" || return 1
    rounds=$((rounds + 1))
    echo "$rounds" > "$work/rounds"
  done
}

reload_many()
{
  n=0
  while [ "$n" -lt "$reloads" ]; do
    reload || return 1
    n=$((n + 1))
  done
}

under_way()
{
  [ -s "$work/rounds" ]
}

load &
loader=$!
wait_for 60 under_way
check "$reloads reloads under load" reload_many
: > "$work/enough"
if wait "$loader"; then ok 'no sender was cut off'; else not_ok 'no sender was cut off'; fi
sent=$(($(cat "$work/rounds") * 1600))
wait_for 60 has_lines "$sent" "$work/load"
is 'nothing was lost and nothing came twice' "$(wc -l < "$work/load")" "$sent"
is 'each message was counted once' "$(counter p_load reason/graceful)" "$((sent / 4))"
echo "# $sent messages during $reloads reloads"
is 'the counters of idle parsers are still there' "$(counter p_many reason/graceful)" \
   "$((connections * times * 2))"

ends_in_order
plan_done
