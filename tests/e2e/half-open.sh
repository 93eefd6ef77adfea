#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Clients whose machine vanishes, so that neither a FIN nor a reset comes: each is one tagged
# message of a real syslog-ng, also when the agent is told to stop before it has noticed, and while.
# One that is only frozen is none of them, since its machine still answers.
# How long the agent waits for them is no setting, so that this takes half a minute.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
PATH=$PATH:/usr/sbin:/sbin
. "$top_srcdir/tests/support/tap.sh"

# into_network WORD...: this script again, behind unshare with the words.
into_network()
{
  trap - EXIT
  export top_srcdir top_builddir
  CODER_OWN_NETWORK=yes exec unshare "$@" sh -c 'ip link set lo up && exec "$0"' "$0"
}

# can_have_network WORD...: whether that lends a network in which links can be made.
can_have_network()
{
  unshare "$@" ip link add name here type veth peer name there 2> /dev/null
}

if [ -z "${CODER_OWN_NETWORK-}" ]; then
  command -v ss > /dev/null || plan_skip 'no ss command (Debian package: iproute2)'
  ! can_have_network -n || into_network -n
  ! can_have_network -rn || into_network -rn
  plan_skip 'needs root or user namespaces, and a kernel with veth'
fi

agentd=$top_builddir/agent-core/agent/coder-agentd
pty=$top_builddir/tools/coder-pty/coder-pty
[ -x "$agentd" ] || plan_skip 'the agent is not built'
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

# The leak checker of GCC 12 cannot bear threads of modules that were loaded late.
export ASAN_OPTIONS="intercept_tls_get_addr=0:${ASAN_OPTIONS-}"

processes=
# shellcheck disable=SC2016  # expanded at the end
at_exit 'end_processes'

end_processes()
{
  for process in $processes; do
    kill -KILL "$process" 2> /dev/null || :
  done
}

# --- the client's machine ------------------------------------------------------------------------

# Links lead to it: one is to go down, at the end of the next it only falls silent, as what is
# behind a router does, and one stays.
unshare -n sleep 600 &
machine=$!
processes=$machine

has_own_network()
{
  [ "$(readlink "/proc/$machine/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

there()
{
  nsenter -t "$machine" -n "$@"
}

# link NAME NET: 10.77.NET.1 is here, 10.77.NET.2 there.
link()
{
  ip link add name "$1" type veth peer name "$1" netns "$machine"
  ip address add "10.77.$2.1/24" dev "$1"
  there ip address add "10.77.$2.2/24" dev "$1"
  there ip link set "$1" up
  ip link set "$1" up
}

wait_for 30 has_own_network
link cut 1
link mute 2
link kept 3
# Else it would be known by its missing answer to who has the address.
ip neighbour replace 10.77.2.2 dev mute nud permanent \
  lladdr "$(there ip -o link show mute | sed 's|.*link/ether \([^ ]*\).*|\1|')"

vanish()
{
  there ip link set cut down
  there ip route add blackhole 10.77.2.1/32
}

# --- agents and clients --------------------------------------------------------------------------

# start_agent NAME: its process becomes $NAME_agent, its port $NAME_port.
start_agent()
{
  mkdir "$work/$1"
  : > "$work/$1/conf"
  HOME=$work/$1 SHELL=/bin/sh CODER_AGENT_PROMETHEUS_ADDRESS=none \
    "$agentd" --config="$work/$1/conf" --pty-listen=0.0.0.0:0 --syslog="unix-dgram:$work/log" \
    > "$work/$1/ready" 2> "$work/$1/said" < /dev/null &
  eval "$1_agent=$!"
  processes="$processes $!"
  wait_for 30 grep -q '^ready ' "$work/$1/ready"
  eval "$1_port=$(sed -n 's/.*0\.0\.0\.0:\([0-9]*\).*/\1/p' "$work/$1/ready")"
}

id()
{
  echo "77000000-0000-4000-8000-00000000000$1"
}

# stop_agent NAME: a case.
stop_agent()
{
  eval "process=\$$1_agent"
  kill -TERM "$process"
  kill -CONT "$process"
  status=0
  wait "$process" || status=$?
  is "the $1 agent ends in order" "$status" 0
}

# start_client AGENT NUMBER LINK COMMAND: until it shows that the command runs.
start_client()
{
  eval "address=10.77.$3.1:\$$1_port"
  nsenter -t "$machine" -n "$pty" "$address" --id="$(id "$2")" --command="$4" --wait-at-eof \
    > "$work/screen$2" 2> "$work/client$2" < /dev/null &
  processes="$processes $!"
  wait_for 30 grep -q begun "$work/screen$2"
}

id()
{
  echo "77000000-0000-4000-8000-00000000000$1"
}

# shellcheck disable=SC2016  # the session's
busy='echo begun; while :; do echo word; sleep 0.1; done'
idle='echo begun; exec sleep 600'
# More than all buffers hold, when it is told to.
much='echo begun; until [ -e go ]; do sleep 0.1; done; seq 500000; exec sleep 600'

# sockets AGENT: how many bytes each of its connections owes, of those that the kernel has.
sockets()
{
  eval "ss -Htn sport = :\$$1_port" | $AWK '{ print $3 }'
}

owes_nothing()
{
  [ "$(sockets "$1" | sort -u)" = 0 ]
}

owes()
{
  sockets "$1" | grep -q '[1-9]'
}

has_no_socket()
{
  [ -z "$(sockets "$1")" ]
}

is_quiet()
{
  has_no_socket "$1" || owes_nothing "$1"
}

# --- what has to come ----------------------------------------------------------------------------

configure <<'CONF'
source s_agent { unix-dgram("@WORK@/log" flags(syslog-protocol)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_end { template("${.coder.session_id}|${.coder.disconnect_reason}|\
${.coder.disconnect_expected}|${.coder.disconnect_initiator}|${.SDATA.coder@32473.rule}|\
${.coder.exit_code}|${.coder.disconnect_detail}|${.coder.connect_type}|${.coder.site}|\
${.coder.app}|${.coder.remote_addr}|${.coder.local_addr}|${.SDATA.coder@32473.tcp_unsent}|\
$TAGS\n"); };
log { source(s_agent); parser(p_coder); destination { file("@WORK@/out" template(t_end)); }; };
CONF

# got: the records, without what is another one each time.
got()
{
  $AWK -F '|' -v OFS='|' '
    { n = split($14, tag, ",")
      $14 = ""
      for (i = 1; i <= n; i++)
        if (tag[i] ~ /^coder[.]/) $14 = $14 ($14 == "" ? "" : ",") tag[i]
      sub(/:[0-9]+$/, "", $11)
      $13 = $13 > 0 ? "some" : $13
      print }' "$work/out" | sort
}

# record NUMBER AGENT LINK VERDICT UNSENT: the record of that client, as got prints it.
record()
{
  eval "port=\$$2_port"
  case $4 in
    gone:*) fields="network_error|false|network|33||${4#gone:}" tag=un ;;
    left:*) fields="server_shutdown|true|agent|4||${4#left:}" tag= ;;
    closed:) fields='client_closed|true|client|25||' tag= ;;
  esac
  echo "$(id "$1")|$fields|agent_to_client|pty|reconnecting_pty|10.77.$3.2|10.77.$3.1:$port|$5|$(
    )coder.disconnect,coder.${tag}expected,coder.reason.${fields%%|*},coder.layer.agent_to_client"
}

# is_recorded NAME NUMBER AGENT LINK VERDICT UNSENT: a case.
is_recorded()
{
  name=$1
  shift
  is "$name" "$(got | grep "^$(id "$1")")" "$(record "$@")"
}

# --- the ends ------------------------------------------------------------------------------------

start
start_agent patient
start_agent frozen
start_agent leaving
start_agent kept
start_client kept 9 3 "$much"
slow=$!
kill -STOP "$slow"
touch "$work/kept/go"
wait_for 30 owes kept
start_client patient 1 1 "$idle"
start_client patient 2 2 "$idle"
start_client frozen 3 1 "$idle"
start_client leaving 4 1 "$idle"
for agent in patient frozen leaving; do
  wait_for 30 owes_nothing "$agent"
done
start_client patient 5 1 "$busy"
start_client patient 6 2 "$busy"
start_client frozen 7 2 "$busy"
start_client leaving 8 2 "$busy"

vanish
for agent in frozen leaving; do
  wait_for 30 owes "$agent"
done
kill -STOP "$frozen_agent"
stop_agent leaving

# The kernel gives them up, which the agent learns in the same turn as that it has to stop.
wait_for 60 has_no_socket frozen
stop_agent frozen

# The one who takes nothing has done so for longer than all of them.
wait_for 60 has_lines 8 "$work/out"
kill -CONT "$slow"
wait_for 30 is_quiet kept
kill -TERM "$slow"
wait_for 30 has_lines 9 "$work/out"
stop_agent patient
stop_agent kept
ends_in_order

late='Connection timed out'
is_recorded 'idle, the link goes down' 1 patient 1 "gone:$late" 0
is_recorded 'idle, the peer falls silent' 2 patient 2 "gone:$late" 0
is_recorded 'output under way, the link goes down' \
  5 patient 1 'gone:No route to host; with output unread' some
is_recorded 'output under way, the peer falls silent' \
  6 patient 2 "gone:$late; with output unread" some
is_recorded 'idle, noticed beside SIGTERM' 3 frozen 1 left: 0
is_recorded 'output under way, noticed beside SIGTERM' 7 frozen 2 'left:with output unread' some
is_recorded 'idle, SIGTERM before it is noticed' 4 leaving 1 left: 0
is_recorded 'output under way, SIGTERM before it is noticed' 8 leaving 2 left: some
is_recorded 'frozen for longer, until it closes' 9 kept 3 closed: 0
is 'one message for each connection' "$(wc -l < "$work/out")" 9
plan_done
