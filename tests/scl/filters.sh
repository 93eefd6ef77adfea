#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The filters on the verdict, each on the same eleven messages: the first eight are records.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/scl/scl.sh"

# log_path NAME PREFIX FILTER: a branch that writes the numbers of what the filter lets through.
log_path()
{
  echo "log { source(s_in); parser { coder-disconnect(prefix(\"$2\") duplicate-window(0)); };"
  echo "      filter { $3; }; destination { file(\"@WORK@/$1\" template(t_id)); }; };"
}

{
  cat <<'CONF'
@include "@WORK@/scl.conf"
source s_in { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
template t_id { template("${.SDATA.meta.sequenceId} "); };
log { source(s_in); destination { file("@WORK@/all"); }; };
CONF
  log_path disconnect .coder. 'coder-disconnect()'
  log_path expected .coder. 'coder-expected()'
  log_path unexpected .coder. 'coder-unexpected()'
  for reason in graceful client_closed server_shutdown workspace_stopped network_error \
                protocol_error control_plane_lost unknown; do
    log_path "$reason" .coder. "coder-reason(is(\"$reason\"))"
  done
  for initiator in client agent server network; do
    log_path "$initiator" .coder. "coder-initiator(is(\"$initiator\"))"
  done
  for layer in server_to_agent agent_to_client client_to_server; do
    log_path "$layer" .coder. "coder-layer(is(\"$layer\"))"
  done
  log_path x-disconnect x. 'coder-disconnect(prefix("x."))'
  log_path x-expected x. 'coder-expected(prefix("x."))'
  log_path x-unexpected x. 'coder-unexpected(prefix("x."))'
  log_path x-reason x. 'coder-reason(is("graceful") prefix("x."))'
  log_path x-initiator x. 'coder-initiator(is("agent") prefix("x."))'
  log_path x-layer x. 'coder-layer(is("agent_to_client") prefix("x."))'
  log_path foreign x. 'coder-disconnect()'
  log_path both .coder. 'coder-unexpected() and not coder-reason(is(unknown)) and
                         (coder-layer(is(agent_to_client)) or coder-layer(is(client_to_server)))'
} | configure

# lets_through NAME FILE NUMBER...
lets_through()
{
  name=$1
  file=$2
  shift 2
  is "$name" "$(cat "$work/$file" 2>/dev/null || :)" "$(printf '%s ' "$@" | sed 's/^ $//')"
}

start
send tcp:@PORT1@ octet -l "$data/e2e/sdata.txt"
wait_for 30 has_lines 11 "$work/all"
stop

lets_through 'coder-disconnect()' disconnect 1 2 3 4 5 6 7 8
lets_through 'coder-expected()' expected 1 2 3 6
lets_through 'coder-unexpected()' unexpected 4 5 7 8
lets_through 'coder-reason(): graceful' graceful 1
lets_through 'coder-reason(): client_closed' client_closed 2
lets_through 'coder-reason(): server_shutdown' server_shutdown 3
lets_through 'coder-reason(): network_error' network_error 4
lets_through 'coder-reason(): protocol_error' protocol_error 5
lets_through 'coder-reason(): workspace_stopped' workspace_stopped 6
lets_through 'coder-reason(): control_plane_lost' control_plane_lost 7
lets_through 'coder-reason(): unknown' unknown 8
lets_through 'coder-initiator(): client' client 2 5
lets_through 'coder-initiator(): agent' agent 1 3
lets_through 'coder-initiator(): server' server 6
lets_through 'coder-initiator(): network' network 4
lets_through 'coder-layer(): server_to_agent' server_to_agent 3 4
lets_through 'coder-layer(): agent_to_client' agent_to_client 1 2 5 6 8
lets_through 'coder-layer(): client_to_server' client_to_server 7
lets_through 'coder-disconnect(), another prefix()' x-disconnect 1 2 3 4 5 6 7 8
lets_through 'coder-expected(), another prefix()' x-expected 1 2 3 6
lets_through 'coder-unexpected(), another prefix()' x-unexpected 4 5 7 8
lets_through 'coder-reason(), another prefix()' x-reason 1
lets_through 'coder-initiator(), another prefix()' x-initiator 1 3
lets_through 'coder-layer(), another prefix()' x-layer 1 2 5 6 8
lets_through 'the prefix() of no parser' foreign
lets_through 'several with and, or, not' both 5 7

for filter in reason initiator layer; do
  if check_syntax "filter f_coder { coder-$filter(); };"; then
    not_ok "coder-$filter() without is() is an error"
  else
    check "coder-$filter() without is() says what is missing" \
          grep -q "Mandatory parameter not overridden; parameter='is'" "$work/syntax"
  fi
done
plan_done
