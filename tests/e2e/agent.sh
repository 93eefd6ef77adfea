#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sessions of coder-agentd that end in every way, as tools/demo/sessions.txt has them: each
# connection is one tagged message of a real syslog-ng, by each transport, and after the log server
# was down.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"

# journald's socket has a fixed place, so the test has a /run of its own where that can be.
journald=/lib/systemd/systemd-journald
if [ -z "${CODER_OWN_RUN-}" ] && [ -x "$journald" ] && unshare --mount true 2> /dev/null; then
  CODER_OWN_RUN=yes
  export CODER_OWN_RUN top_srcdir top_builddir
  exec unshare --mount --propagation private "$0"
fi

. "$top_srcdir/tests/support/tap.sh"
agentd=$top_builddir/agent-core/agent/coder-agentd
# shellcheck disable=SC2034  # for sessions.sh
pty=$top_builddir/tools/coder-pty/coder-pty
feed=$top_builddir/tools/demo/demo-feed
[ -x "$agentd" ] || plan_skip 'the agent is not built'
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"
endings=$top_srcdir/tools/demo/sessions.txt
. "$top_srcdir/tools/demo/sessions.sh"

# The leak checker of GCC 12 cannot bear threads of modules that were loaded late.
export ASAN_OPTIONS="intercept_tls_get_addr=0:${ASAN_OPTIONS-}"

stage=$work/home
journal=
mkdir "$stage" "$work/out" "$work/tls"
# shellcheck disable=SC2016  # expanded at the end
at_exit 'stop_players; [ -z "$journal" ] || kill "$journal"'

complain()
{
  echo "# $1" >&2
  exit 1
}

within()
{
  wait_for "$@"
}

# --- transports ----------------------------------------------------------------------------------

transports='unix-dgram unix-stream udp tcp'

no_tls=
if ! command -v openssl > /dev/null; then
  no_tls='openssl is not installed'
elif ! "$top_srcdir/tests/support/make-certificates.sh" "$work/tls" > "$work/tls.log" 2>&1; then
  no_tls='openssl makes no certificates'
elif "$top_builddir/tests/support/send-target" tls:localhost:1 /dev/null 2>&1 |
  grep -q glib-networking; then
  no_tls='glib-networking is not installed'
fi
[ -n "$no_tls" ] || transports="$transports tls"

no_journald=
if [ -z "${CODER_OWN_RUN-}" ]; then
  no_journald='needs root, namespaces and systemd-journald'
elif ! [ -e "$(pkg-config --variable=moduledir syslog-ng)/libsdjournal.so" ]; then
  no_journald='syslog-ng has no systemd-journal()'
else
  mount -t tmpfs tmpfs /run
  mkdir -p /run/systemd/journal /run/log/journal
  "$journald" > "$work/journald" 2>&1 &
  journal=$!
  wait_for 30 test -S /run/systemd/journal/socket
  transports="$transports journald"
fi

{
  cat <<'CONF'
source s_unix_dgram { unix-dgram("@WORK@/dgram" flags(syslog-protocol)); };
source s_unix_stream { unix-stream("@WORK@/stream" flags(syslog-protocol)); };
source s_udp { syslog(ip("127.0.0.1") port(@PORT1@) transport("udp")); };
source s_tcp { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp")); };
source s_down { syslog(ip("127.0.0.1") port(@PORT4@) transport("tcp")); };
CONF
  [ -n "$no_tls" ] || cat <<'CONF'
source s_tls { syslog(ip("127.0.0.1") port(@PORT3@) transport("tls")
  tls(key-file("@WORK@/tls/good.key") cert-file("@WORK@/tls/good.crt")
      ca-file("@WORK@/tls/ca.pem") peer-verify(required-trusted))); };
CONF
  [ -n "$no_journald" ] || echo 'source s_journald { systemd-journal(); };'
  cat <<'CONF'
parser p_coder { coder-disconnect(duplicate-window(0)); };
filter f_agent { program("coder-agentd"); };
template t_end { template("$(or ${.SDATA.meta.sequenceId} ${.journald.CODER_SEQUENCE_ID})\t\
${.coder.disconnect_reason}\t${.coder.disconnect_expected}\t${.coder.disconnect_initiator}\t\
$(or ${.SDATA.coder@32473.rule} ${.journald.CODER_RULE})\t${.coder.exit_code}\t\
${.coder.disconnect_detail}\t${.coder.connect_type}\t${.coder.site}\t${.coder.app}\t\
${.coder.remote_addr}\t${.coder.local_addr}\t$TAGS\t${.coder.connection_id}\n"); };
CONF
  for transport in $transports down; do
    echo "log { source(s_$(echo "$transport" | tr - _)); filter(f_agent); parser(p_coder);"
    echo "  destination { file(\"@WORK@/out/$transport\" template(t_end)); }; };"
  done
} | configure

# uri TRANSPORT: where the agent sends to.
uri()
{
  case $1 in
    unix-dgram) echo "unix-dgram:$work/dgram" ;;
    unix-stream) echo "unix-stream:$work/stream" ;;
    udp) echo "udp:127.0.0.1:$(port 1)" ;;
    tcp) echo "tcp:127.0.0.1:$(port 2)" ;;
    tls) echo "tls:localhost:$(port 3)" ;;
    journald) echo journald: ;;
  esac
}

# --- what has to come ----------------------------------------------------------------------------

# wanted FIRST FILE: the messages of the sessions in FILE, which the agent numbers from FIRST.
wanted()
{
  # shellcheck disable=SC2016  # awk's
  $AWK -F ' *[|] *' -v OFS='\t' -v first="$1" -v here="unix:$stage/pty" '
    /^#/ { next }
    { for (i = 3; i <= 8; i++) if ($i == "-") $i = ""
      print first + n++, $3, $4, $5, $6, $7, $8, "agent_to_client", "pty", "reconnecting_pty", \
            "unix:", here, "coder.disconnect,coder." ($4 == "true" ? "" : "un") "expected," \
            "coder.reason." $3 ",coder.layer.agent_to_client" }' "$2"
}

# got FILE: the messages without what is another one each time.
got()
{
  $AWK -F '\t' -v OFS='\t' '
    { n = split($13, tag, ",")
      $13 = ""
      for (i = 1; i <= n; i++)
        if (tag[i] ~ /^coder[.]/) $13 = $13 ($13 == "" ? "" : ",") tag[i]
      print $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 }' "$1"
}

# same NAME WANTED GOT: a case for each line, and one for their number.
same()
{
  while IFS= read -r line; do
    n_lines=$((${n_lines:-0} + 1))
    what=$(echo "$line" | cut -f 2,4,7 | tr '\t' ' ')
    is "$1: $what" "$(sed -n "${n_lines}p" "$3")" "$line"
  done < "$2"
  is "$1: one message for each connection" "$(wc -l < "$3")" "$n_lines"
  n_lines=
}

connections()
{
  cut -f 14 "$work/out/$1" | sort -u | wc -l
}

# --- by each transport ---------------------------------------------------------------------------

# A record has come by every way.
is_recorded()
{
  for transport in $transports; do
    has_lines "$1" "$work/out/$transport" || return 1
  done
}

set_targets()
{
  set --
  for transport in $transports; do
    set -- "$@" --syslog="$(uri "$transport")"
  done
  [ -n "$no_tls" ] || set -- "$@" --tls-ca="$work/tls/ca.pem" --tls-cert="$work/tls/client.crt" \
                             --tls-key="$work/tls/client.key"
  start_agent --max-sessions=1 "$@"
}

start
n=$(list_ends | wc -l)
set_targets
check 'a connection that sends nothing is let in' "$feed" raw "$stage/pty" < /dev/null
play_sessions
wanted 1 "$endings" > "$work/wanted"
for transport in $transports; do
  got "$work/out/$transport" > "$work/got"
  same "$transport" "$work/wanted" "$work/got"
  is "$transport: each connection has its own id" "$(connections "$transport")" "$n"
done
[ -z "$no_tls" ] || skip tls "$no_tls"
[ -z "$no_journald" ] || skip journald "$no_journald"

# --- while the log server is down ----------------------------------------------------------------

# Standard error has them at once.
is_recorded()
{
  [ "$(grep -c ' disconnect_reason=' "$stage/agent.txt")" -ge "$1" ]
}

start_patient_agent()
{
  : > "$stage/agent.txt"
  n_ends=0
  start_agent --max-sessions=1 --state-dir="$work/state" --syslog=stderr: \
              --syslog="tcp:127.0.0.1:$(port 4)"
}

stop
start_patient_agent
grep -v '^closing ' "$endings" > "$work/open.txt"
endings=$work/open.txt
play_sessions
is 'nothing has come while the log server is down' "$(cat "$work/out/down" 2>/dev/null)" ''
launch
wait_for 30 has_lines $((n - 1)) "$work/out/down"
end_closing
wait_for 30 has_lines "$n" "$work/out/down"
got "$work/out/down" > "$work/got"
same 'log server down' "$work/wanted" "$work/got"

rm "$work/out/down"
stop
start_patient_agent
grep -E '^(done|detached|returned|frozen|closing) ' "$top_srcdir/tools/demo/sessions.txt" \
  > "$work/some.txt"
endings=$work/some.txt
play_sessions
launch
start_patient_agent
wait_for 30 has_lines 5 "$work/out/down"
stop_agent
wanted 1 "$endings" > "$work/wanted"
got "$work/out/down" > "$work/got"
same 'agent gone before the log server is back' "$work/wanted" "$work/got"
ends_in_order
plan_done
