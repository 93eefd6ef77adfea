#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Structured data by each of the usual ways into a real syslog-ng, those that mangle it too: the
# same verdicts, and where the header was swallowed its parts beside them.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

mkdir "$work/out" "$work/records"
cp "$data/e2e/sdata.txt" "$work/in.log"
awk -v to="$work/records/" '{ printf "%s", $0 > (to sprintf("%02d", NR)) }' "$work/in.log"
n=$(wc -l < "$work/in.log")

configure <<'CONF'
source s_syslog_udp { syslog(ip("127.0.0.1") port(@PORT1@) transport("udp")); };
source s_syslog_tcp { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp")); };
source s_dgram_flag { unix-dgram("@WORK@/dgram-flag" flags(syslog-protocol)); };
source s_tcp_flag { network(ip("127.0.0.1") port(@PORT3@) transport("tcp")
                            flags(syslog-protocol)); };
source s_dgram { unix-dgram("@WORK@/dgram"); };
source s_tcp { network(ip("127.0.0.1") port(@PORT4@) transport("tcp")); };
source s_udp { network(ip("127.0.0.1") port(@PORT5@) transport("udp")); };
source s_tcp_octet { network(ip("127.0.0.1") port(@PORT6@) transport("tcp")); };
source s_tcp_flag_octet { network(ip("127.0.0.1") port(@PORT7@) transport("tcp")
                                  flags(syslog-protocol)); };
source s_no_parse { file("@WORK@/in.log" flags(no-parse)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_verdict { template("$(format-json --key .coder.* tags=$TAGS)\n"); };
log {
  source(s_syslog_udp); source(s_syslog_tcp); source(s_dgram_flag); source(s_tcp_flag);
  source(s_dgram); source(s_tcp); source(s_udp); source(s_tcp_octet); source(s_tcp_flag_octet);
  source(s_no_parse);
  parser(p_coder);
  destination { file("@WORK@/out/$SOURCE" template(t_verdict)); };
};
CONF

# verdicts FILE: without what tells the way, and what syslog-ng itself tags.
verdicts()
{
  sed -e 's/"\(\.source\|syslog\|utf8\)\.[a-z0-9_]*",\{0,1\}//g' -e 's/,\]/]/' \
      -e 's/"source":"[a-z]*",//' \
      -e 's/"\(procid\|msgid\|host\)":"[^"]*",//g' -e 's/,"app_name":"[^"]*"//' "$1"
}

# came NAME SOURCE MARK: the verdicts, and on each of ours the source that the parser names.
came()
{
  wait_for 30 has_lines "$n" "$work/out/$2" || { not_ok "$1" 'too little'; return; }
  verdicts "$work/out/$2" > "$work/got"
  check "$1" diff -u "$work/wanted" "$work/got"
  is "$1: $3" "$(grep -c "\"source\":\"$3\"" "$work/out/$2")" 8
}

start
verdicts "$data/e2e/s_sdata.expected" > "$work/wanted"

send udp:@PORT1@ raw "$work"/records/*
came 'syslog(udp)' s_syslog_udp sdata
send tcp:@PORT2@ octet -l "$work/in.log"
came 'syslog(tcp), octet counting' s_syslog_tcp sdata
send unix-dgram:@WORK@/dgram-flag raw "$work"/records/*
came 'unix-dgram(), syslog-protocol' s_dgram_flag sdata
send tcp:@PORT3@ newline -l "$work/in.log"
came 'network(tcp), syslog-protocol' s_tcp_flag sdata

send unix-dgram:@WORK@/dgram raw "$work"/records/*
came 'unix-dgram()' s_dgram rescued
send tcp:@PORT4@ newline -l "$work/in.log"
came 'network(tcp)' s_tcp rescued
send udp:@PORT5@ raw "$work"/records/*
came 'network(udp)' s_udp rescued
came 'file(), no-parse' s_no_parse rescued

# Without newlines behind the frames the source sees one line.
octet_lines()
{
  while IFS= read -r line; do
    printf '%s %s\n' "$(printf '%s' "$line" | wc -c | tr -d ' ')" "$line"
  done < "$work/in.log"
}
octet_lines > "$work/octet.log"
send tcp:@PORT6@ newline -l "$work/octet.log"
came 'network(tcp), octet counting' s_tcp_octet rescued
send tcp:@PORT7@ newline -l "$work/octet.log"
came 'network(tcp), syslog-protocol, octet counting' s_tcp_flag_octet rescued

is 'what the header said' \
   "$(head -n 1 "$work/out/s_tcp" | grep -o '"\(host\|app_name\|procid\|msgid\)":"[^"]*"' |
      tr '\n' ' ')" \
   '"procid":"812" "msgid":"disconnect" "host":"dev-7" "app_name":"coder-agentd" '
is 'each rescue is counted' "$(counter p_coder event/rescued)" 48
ends_in_order
plan_done
