#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The source blocks, each twice in one configuration, with what they promise: verdicts, times, no
# line of a sender's own making, the first of two parameters.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/scl/scl.sh"

# Anything but UTC, and without a database of zones.
TZ=HERE-9
export TZ

mkdir "$work/in" "$work/out"
cat "$data/e2e/human.txt" > "$work/in/coder-agent.log"
cat "$data/e2e/json.txt" > "$work/in/agent.json"
echo 'no JSON at all' >> "$work/in/agent.json"
# The agent's own rotation: it renames the file and begins another.
record='2026-11-21 07:37:29.225 [info]  ssh-server: ssh session closed  disconnect_reason=graceful'
echo "$record" > "$work/in/second.log"

configure <<'CONF'
@include "@WORK@/scl.conf"
source s_log { coder-agent-log(path("@WORK@/in/coder-agent.log")); };
source s_log2 { coder-agent-log(path("@WORK@/in/second.log") time-zone("+04:00")); };
source s_log3 { coder-agent-log(path("@WORK@/in/second.log") persist-name("third")
                                program-override("agent")); };
source s_json { coder-agent-json(path("@WORK@/in/agent.json")); };
source s_json2 { coder-agent-json(path("@WORK@/in/agent.json") json-prefix(".other.")
                                  persist-name("json2")); };
source s_net { coder-network(ip("127.0.0.1") tcp-port(@PORT1@) udp-port(@PORT2@)); };
source s_net2 { coder-network(ip("127.0.0.1") tcp-port(@PORT3@) udp-port(@PORT4@)
                              keep-hostname(no) max-connections(5) log-iw-size(500)
                              flags(assume-utf8) program-override("net")); };
source s_local { coder-local(path("@WORK@/in/new/log")); };
source s_local2 { coder-local(path("@WORK@/in/log2") keep-hostname(no) flags(assume-utf8)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
log {
  source(s_log); source(s_log2); source(s_log3); source(s_json); source(s_json2);
  source(s_net); source(s_net2); source(s_local); source(s_local2);
  parser(p_coder);
  destination {
    file("@WORK@/out/$SOURCE" template("$(format-json --key .coder.* tags=$TAGS)\n"));
    file("@WORK@/out/$SOURCE.text" template("${MSG}\n"));
    file("@WORK@/out/$SOURCE.about"
         template("${S_UNIXTIME} ${HOST} ${PROGRAM} ${.json.level}${.other.level} ${LOGHOST}\n"));
  };
};
CONF

# What syslog-ng itself tags differs from source to source and from version to version.
without_tags_of_others()
{
  sed -e 's/"\(\.source\|syslog\)\.[a-z0-9_]*",\{0,1\}//g' -e 's/,\]/]/' "$1"
}

# verdicts NAME SOURCE EXPECTED LINES: the first lines are those of another test's expected file.
verdicts()
{
  wait_for 30 has_lines "$4" "$work/out/$2" || { not_ok "$1" 'too little'; return; }
  without_tags_of_others "$work/out/$2" | head -n "$(wc -l < "$data/e2e/$3")" > "$work/got"
  check "$1" diff -u "$data/e2e/$3" "$work/got"
}

# about SOURCE LINE FIELD: what is noted of a line besides.
about()
{
  sed -n "$2p" "$work/out/$1.about" | cut -d ' ' -f "$3"
}

start

verdicts 'coder-agent-log(): whole records' s_log s_human.expected 14
is 'coder-agent-log(): times are UTC' "$(about s_log 1 1)" 1795246649
is 'coder-agent-log(): the host is this one' "$(about s_log 1 2)" "$(about s_log 1 5)"
wait_for 30 has_lines 1 "$work/out/s_log2.about"
is 'coder-agent-log(): another time-zone()' "$(about s_log2 1 1)" 1795232249
wait_for 30 has_lines 1 "$work/out/s_log3.about"
is 'coder-agent-log(): the same file twice, other options go through' "$(about s_log3 1 3)" agent

wait_for 30 has_lines 1 "$work/out/s_log3"
mv "$work/in/second.log" "$work/in/second-2026.log"
echo "$record" > "$work/in/second.log"
check 'coder-agent-log(): goes on after a rename' wait_for 30 has_lines 2 "$work/out/s_log3"

n_json=$(wc -l < "$work/in/agent.json")
verdicts 'coder-agent-json(): verdicts' s_json s_json.expected "$n_json"
wait_for 30 has_lines "$n_json" "$work/out/s_json.about"
is 'coder-agent-json(): the time is that of the record' "$(about s_json 1 1)" 1795246649
is 'coder-agent-json(): its members under json-prefix()' "$(about s_json 1 4)" WARN
check 'coder-agent-json(): what is no JSON passes' grep -qx 'no JSON at all' "$work/out/s_json.text"
verdicts 'coder-agent-json(): another json-prefix()' s_json2 s_json.expected "$n_json"

records=11
send tcp:@PORT1@ octet -l "$data/e2e/sdata.txt"
verdicts 'coder-network(): TCP' s_net s_sdata.expected "$records"
is 'coder-network(): the sender names the host' "$(about s_net 1 2)" dev-7
rm "$work"/out/s_net*
reload # lets the files go
send udp:@PORT2@ raw -l "$data/e2e/sdata.txt"
verdicts 'coder-network(): UDP' s_net s_sdata.expected "$records"

header='<30>1 2026-11-21T07:37:29.225Z dev-7 coder-agentd 812 disconnect '
twice='disconnect_reason="graceful" disconnect_reason="network_error"'
printf '%s[coder@32473 %s] one\nsshd[1]: Accepted' "$header" "$twice" > "$work/in/attack"
# came NAME SOURCE LINE: the attack, as the last of so many lines.
came()
{
  wait_for 30 has_lines "$3" "$work/out/$2.text" || :
  wait_for 30 has_lines "$3" "$work/out/$2" || :
  is "$1: a line break is a blank" "$(sed -n "$3p" "$work/out/$2.text")" 'one sshd[1]: Accepted'
  check "$1: the first of two parameters stands" \
        grep -q '"coder.contradiction".*"disconnect_reason":"graceful"' "$work/out/$2"
}
send tcp:@PORT1@ octet "$work/in/attack"
came 'coder-network(), TCP' s_net 12
send udp:@PORT4@ raw "$work/in/attack"
came 'coder-network(), UDP, flags()' s_net2 1
is 'coder-network(): keep-hostname(no)' "$(about s_net2 1 2)" 127.0.0.1
is 'coder-network(): other options go through' "$(about s_net2 1 3)" net
send tcp:@PORT3@ octet -l "$data/e2e/sdata.txt"
wait_for 30 has_lines 12 "$work/out/s_net2.about"
ok 'coder-network(): the second use takes TCP too'

send unix-dgram:@WORK@/in/new/log raw -l "$data/e2e/sdata.txt"
verdicts 'coder-local(): verdicts' s_local s_sdata.expected "$records"
is 'coder-local(): the sender names the host' "$(about s_local 1 2)" dev-7
send unix-dgram:@WORK@/in/new/log raw "$work/in/attack"
came 'coder-local()' s_local 12
send unix-dgram:@WORK@/in/log2 raw "$work/in/attack"
came 'coder-local(), flags()' s_local2 1
check 'coder-local(): keep-hostname(no)' test "$(about s_local2 1 2)" != dev-7

ends_in_order
plan_done
