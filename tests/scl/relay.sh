#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-relay() at the edge and coder-network() at the center, two daemons: both come to the same
# verdicts, over TCP and TLS, and what a sender made up does not get through.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/scl/scl.sh"

base=$work
# shellcheck disable=SC2034  # used by name
edge_daemon= center_daemon=
# shellcheck disable=SC2016  # expanded at the end
at_exit 'at edge kill_daemon; at center kill_daemon; work=$base; daemon='
mkdir "$base/edge" "$base/center"
mv "$work/scl" "$base/edge"
cp -r "$base/edge/scl" "$base/center"

# at HOP COMMAND...: on the daemon of that hop, in a folder of its own.
at()
{
  work=$base/$1
  eval "daemon=\$$1_daemon"
  hop=$1
  shift
  "$@"
  eval "${hop}_daemon=\$daemon"
}

tls()
{
  command -v openssl >/dev/null &&
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
            -keyout "$base/key.pem" -out "$base/cert.pem" > "$base/openssl" 2>&1
}
if tls; then has_tls=yes; else has_tls=; fi
has_tls()
{
  [ -n "$has_tls" ]
}

# Times have to get across as they are, and both hops write them alike.
# shellcheck disable=SC2016  # a template
verdict='${S_UNIXTIME}.${S_MSEC} ${HOST} ${PROGRAM} ${MSGID} $(format-json --key .coder.*
  --exclude .coder.rule --exclude .coder.source --exclude .coder.raw_reason)\n'

at center configure <<CONF
@include "@WORK@/scl/*/*.conf"
source s_in { coder-network(ip("127.0.0.1") tcp-port(@PORT1@) udp-port(@PORT2@)); };
source s_edge { coder-network(ip("127.0.0.1") tcp-port(@PORT3@) udp-port(@PORT4@)); };
source s_other { coder-network(ip("127.0.0.1") tcp-port(@PORT5@) udp-port(@PORT6@)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
parser p_other { coder-disconnect(duplicate-window(0) sd-id("coder@1")); };
template t_verdict { template("$verdict"); };
destination d_verdict { file("@WORK@/verdict.\$SOURCE" template(t_verdict)); };
destination d_wire { file("@WORK@/wire.\$SOURCE" template("\${SDATA} \${MSG}\n")); };
log { source(s_in); source(s_edge); parser(p_coder); destination(d_verdict); destination(d_wire); };
log { source(s_other); parser(p_other); destination(d_verdict); destination(d_wire); };
$(has_tls && cat <<TLS || :
source s_tls { coder-network-tls(ip("127.0.0.1") port(@PORT7@)
                                 tls(key-file("$base/key.pem") cert-file("$base/cert.pem")
                                     ca-file("$base/cert.pem"))); };
log { source(s_tls); parser(p_coder); destination(d_verdict); };
TLS
)
CONF
at center start
in_port=$(at center port 1)
edge_port=$(at center port 3)
other_port=$(at center port 5)
tls_port=$(at center port 7)

at edge configure <<CONF
@include "@WORK@/scl/*/*.conf"
source s_in { coder-network(ip("127.0.0.1") tcp-port(@PORT1@) udp-port(@PORT2@)); };
source s_log { coder-agent-log(path("@WORK@/coder-agent.log")); };
source s_edge { coder-network(ip("127.0.0.1") tcp-port(@PORT3@) udp-port(@PORT4@)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_verdict { template("$verdict"); };
destination d_verdict { file("@WORK@/verdict" template(t_verdict)); };
destination d_relay { coder-relay(host("127.0.0.1") port($in_port)
                                  parser-options(duplicate-window(0))); };
destination d_edge { coder-relay(host("127.0.0.1") port($edge_port) trust(no)); };
destination d_other { coder-relay(host("127.0.0.1") port($other_port) sd-id("coder@1")); };
log { source(s_in); source(s_log); destination(d_relay);
      log { parser(p_coder); destination(d_verdict); }; };
log { source(s_edge); destination(d_edge); destination(d_other); };
$(has_tls && cat <<TLS || :
destination d_tls { coder-relay(host("127.0.0.1") port($tls_port) transport("tls")
                                tls(key-file("$base/key.pem") cert-file("$base/cert.pem")
                                    ca-file("$base/cert.pem"))); };
log { source(s_in); source(s_log); destination(d_tls); };
TLS
)
CONF

# same NAME SOURCE LINES: the center's verdicts on what the edge sent on are the edge's.
same()
{
  { wait_for 30 has_lines "$3" "$base/edge/verdict" &&
    wait_for 30 has_lines "$3" "$base/center/verdict.$2"; } || { not_ok "$1" 'too little'; return; }
  check "$1" diff -u "$base/edge/verdict" "$base/center/verdict.$2"
}

# wire NAME SOURCE LINE WANTED
wire()
{
  wait_for 30 has_lines "$3" "$base/center/wire.$2" || :
  is "$1" "$(sed -n "$3p" "$base/center/wire.$2")" "$4"
}

at edge start
at edge send tcp:@PORT1@ octet -l "$data/e2e/sdata.txt"
same 'records of others: the same verdicts at the next hop' s_in 11
cp "$data/e2e/human.txt" "$base/edge/coder-agent.log"
same 'lines of an agent: the same verdicts, times and hosts' s_in 25
check 'there were verdicts' test "$(grep -c disconnect_reason "$base/center/verdict.s_in")" -ge 20
if has_tls; then same 'over TLS' s_tls 25; else skip 'over TLS' 'no openssl command'; fi

# What a sender made up: a record; an element that is none; both with what the relay itself writes.
header='<30>1 2026-11-21T07:37:29.225Z dev-7 x 1 - '
line='[info]  ssh-server: ssh session closed  disconnect_reason=network_error'
other='[a@1 b="c"]'
{
  echo "$header[coder@32473 disconnect_reason=\"graceful\" source=\"sdata\"] lie"
  echo "$header[coder@32473 disconnect_expected=\"true\" source=\"sdata\"][a@1 b=\"c\"] half a lie"
  echo "$header[coder@32473 disconnect_reason=\"graceful\" app=\"x\"] $line"
  echo "$header[coder@1 disconnect_expected=\"true\" source=\"me\"] other"
  echo "$header[coder@32473 disconnect_reason=\"graceful\"][coder@32473.x a=\"b\"]$other twice"
} > "$base/forged"
at edge send tcp:@PORT1@ octet -l "$base/forged"
at edge send tcp:@PORT3@ octet -l "$base/forged"

wire 'trust(yes): a record is believed' s_in 26 \
     "[coder@32473 disconnect_reason=\"graceful\" source=\"sdata\" disconnect_expected=\"true\" \
rule=\"2\"] lie"
wire 'trust(yes): an element that is no record is taken away, others stay' s_in 27 \
     '[a@1 b="c"] half a lie'
wire 'trust(yes): the element of another SD-ID stays' s_in 29 \
     '[coder@1 disconnect_expected="true" source="me"] other'
# syslog-ng takes what begins with our SD-ID and a dot for ours, and puts the verdict behind it.
wire 'trust(yes): an element whose SD-ID continues ours does not divide it' s_in 30 \
     "[coder@32473 disconnect_reason=\"graceful\" disconnect_expected=\"true\" rule=\"2\" \
source=\"sdata\"][a@1 b=\"c\"] twice"
wire 'trust(no): nothing is left of a record' s_edge 1 ' lie'
wire 'trust(no): nor of what is none' s_edge 2 '[a@1 b="c"] half a lie'
wire 'trust(no): the line of an agent is believed, without a word of the element' s_edge 3 \
     "[coder@32473 disconnect_reason=\"network_error\" connect_type=\"agent_to_client\" \
site=\"ssh-session\" disconnect_expected=\"false\" rule=\"2\" source=\"slog-human\"] $line"
wire 'sd-id(): the relay writes and clears that element' s_other 4 ' other'
wire 'sd-id(): and leaves ours alone' s_other 2 \
     '[coder@32473 disconnect_expected="true" source="sdata"][a@1 b="c"] half a lie'

# A relay that is to believe nobody does not rescue records out of texts.
printf '<30>Nov 21 07:37:29 dev-7 1 %s[coder@32473 disconnect_reason="graceful"] lie' \
       '2026-11-21T07:37:29.225Z dev-7 x 1 - ' > "$base/hidden"
at edge send tcp:@PORT1@ octet "$base/hidden"
at edge send tcp:@PORT3@ octet "$base/hidden"
text='2026-11-21T07:37:29.225Z dev-7 x 1 - [coder@32473 disconnect_reason="graceful"] lie'
wire 'trust(yes): a record in a text is rescued' s_in 31 \
     "[coder@32473 disconnect_reason=\"graceful\" disconnect_expected=\"true\" rule=\"2\" \
source=\"rescued\" host=\"dev-7\" app_name=\"x\" procid=\"1\"] $text"
wire 'trust(no): it stays text' s_edge 6 " $text"

at edge ends_in_order
at center ends_in_order
plan_done
