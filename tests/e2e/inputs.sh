#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Real log lines through every kind of source of a real syslog-ng: the same verdicts come out.
# UPDATE=1 writes the expected files anew; read the difference before you keep it.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

expected=$data/e2e
mkdir "$work/in" "$work/out" "$work/records"

# A record of the human format begins with a date; each becomes a file NAME-NN.
split_records()
{
  awk -v to="$work/records/$2" '/^[0-9-]+ [0-9:.]+ \[/ { n++ }
    { name = sprintf("%s-%02d", to, n); if (name in seen) printf "\n" > name
      seen[name] = 1; printf "%s", $0 > name }' "$1"
}

for sample in human json stackdriver legacy connection-log sdata; do
  cat "$expected/$sample.txt" > "$work/in/$sample.log"
done
split_records "$expected/human.txt" human
# The end of a block is only known when the next record begins.
echo '2026-11-21 07:37:30.000 [info]  the next record' >> "$work/in/human.log"
for record in "$work"/records/human-*; do
  printf '<14>1 2026-11-21T07:37:29.225Z dev-7 coder 7 - - ' | cat - "$record" \
    > "$work/records/syslog-${record##*/}"
done

configure <<'CONF'
options { log-msg-size(65536); };
parser p_coder { coder-disconnect(duplicate-window(0)); };

source s_human { file("@WORK@/in/human.log" multi-line-mode(regexp)
                      multi-line-prefix('^[0-9]{4}-[0-9]{2}-[0-9]{2} ')); };
source s_human_no_parse { file("@WORK@/in/human.log" multi-line-mode(regexp) flags(no-parse)
                               persist-name("human2")
                               multi-line-prefix('^[0-9]{4}-[0-9]{2}-[0-9]{2} ')); };
source s_json { file("@WORK@/in/json.log"); };
source s_json_no_parse { file("@WORK@/in/json.log" flags(no-parse) persist-name("json2")); };
source s_stackdriver { file("@WORK@/in/stackdriver.log"); };
source s_legacy { file("@WORK@/in/legacy.log"); };
source s_connection_log { file("@WORK@/in/connection-log.log" flags(no-parse)); };
source s_sdata { file("@WORK@/in/sdata.log" flags(syslog-protocol)); };
source s_tcp { network(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
source s_tcp_no_parse { network(ip("127.0.0.1") port(@PORT2@) transport("tcp") flags(no-parse)); };
source s_tcp_syslog { network(ip("127.0.0.1") port(@PORT3@) transport("tcp")
                              flags(syslog-protocol)); };
source s_udp { network(ip("127.0.0.1") port(@PORT4@) transport("udp")); };
source s_udp_syslog { syslog(ip("127.0.0.1") port(@PORT5@) transport("udp")); };
source s_octet { syslog(ip("127.0.0.1") port(@PORT6@) transport("tcp")); };
source s_dgram { unix-dgram("@WORK@/dgram"); };
source s_dgram_syslog { unix-dgram("@WORK@/dgram-syslog" flags(syslog-protocol)); };
source s_stream { unix-stream("@WORK@/stream"); };

template t_verdict { template("$(format-json --key .coder.* tags=$TAGS)\n"); };
template t_full { template("$(format-json --key .coder.* --key .SDATA.* tags=$TAGS MESSAGE=$MESSAGE
  HEADER=$LEGACY_MSGHDR PROGRAM=$PROGRAM PID=$PID MSGID=$MSGID PRIORITY=$PRIORITY)\n"); };
destination d_verdict { file("@WORK@/out/$SOURCE" template(t_verdict)); };
destination d_full { file("@WORK@/out/$SOURCE.full" template(t_full)); };

log {
  source(s_human); source(s_human_no_parse); source(s_json); source(s_json_no_parse);
  source(s_stackdriver); source(s_legacy); source(s_connection_log); source(s_sdata);
  source(s_tcp); source(s_tcp_no_parse); source(s_tcp_syslog); source(s_udp);
  source(s_udp_syslog); source(s_octet); source(s_dgram); source(s_dgram_syslog);
  source(s_stream);
  parser(p_coder);
  destination(d_verdict); destination(d_full);
};
CONF

# What syslog-ng itself tags differs from source to source, and from version to version.
ours_alone()
{
  sed -e 's/"\(\.source\|syslog\|utf8\)\.[a-z0-9_]*",\{0,1\}//g' -e 's/,\]/]/' "$1"
}

# same NAME SOURCE FILE: what came in at a source, once it is as much as the file has.
same()
{
  wait_for 30 has_lines "$(wc -l < "$3")" "$work/out/$2" || { not_ok "$1" 'too little'; return; }
  ours_alone "$work/out/$2" > "$work/got"
  check "$1" diff -u "$3" "$work/got"
}

# golden NAME SOURCE SUFFIX LINES: the same against an expected file of the tree.
golden()
{
  file=$expected/$2$3.expected
  wait_for 30 has_lines "$4" "$work/out/$2$3" || { not_ok "$1" 'too little'; return; }
  ours_alone "$work/out/$2$3" > "$work/got"
  [ -z "${UPDATE-}" ] || cp "$work/got" "$file"
  check "$1" diff -u "$file" "$work/got"
}

# The verdicts on those human records that are one line.
single_line_verdicts()
{
  n=0
  for record in "$work"/records/human-*; do
    n=$((n + 1))
    [ "$(wc -l < "$record")" -ne 0 ] || sed -n "${n}p" "$expected/s_human.expected"
  done
}

start

for sample in human json stackdriver legacy connection_log sdata; do
  lines=$(wc -l < "$work/in/$(echo "$sample" | tr _ -).log")
  [ "$sample" != human ] || lines=14
  golden "file(), $sample: verdicts" "s_$sample" '' "$lines"
  golden "file(), $sample: everything" "s_$sample" .full "$lines"
done
same 'file(), human, not parsed' s_human_no_parse "$expected/s_human.expected"
same 'file(), json, not parsed' s_json_no_parse "$expected/s_json.expected"

single_line_verdicts > "$work/single"
cat "$work/single" "$expected/s_json.expected" "$expected/s_stackdriver.expected" > "$work/lines"
singles=$(for record in "$work"/records/human-*; do
  [ "$(wc -l < "$record")" -ne 0 ] || echo "$record"; done)

# shellcheck disable=SC2086  # names without blanks
send_lines()
{
  for record in $singles; do cat "$record"; echo; done > "$work/human.lines"
  cat "$work/human.lines" "$work/in/json.log" "$work/in/stackdriver.log" > "$work/all.lines"
  send "$1" "$2" -l "$work/all.lines"
}

send_lines tcp:@PORT1@ newline
same 'network(tcp), lines' s_tcp "$work/lines"
send_lines tcp:@PORT2@ newline
same 'network(tcp), lines, not parsed' s_tcp_no_parse "$work/lines"
send_lines unix-stream:@WORK@/stream newline
same 'unix-stream(), lines' s_stream "$work/lines"

send udp:@PORT4@ raw "$work"/records/human-*
same 'network(udp), blocks' s_udp "$expected/s_human.expected"
send unix-dgram:@WORK@/dgram raw "$work"/records/human-*
same 'unix-dgram(), blocks' s_dgram "$expected/s_human.expected"

cat "$expected/s_human.expected" "$expected/s_sdata.expected" > "$work/both"
send tcp:@PORT6@ octet "$work"/records/syslog-human-* -l "$work/in/sdata.log"
same 'syslog(tcp), octet counting: blocks and structured data' s_octet "$work/both"
send udp:@PORT5@ raw "$work"/records/syslog-human-* -l "$work/in/sdata.log"
same 'syslog(udp): blocks and structured data' s_udp_syslog "$work/both"
send unix-dgram:@WORK@/dgram-syslog raw "$work"/records/syslog-human-* -l "$work/in/sdata.log"
same 'unix-dgram(syslog-protocol): blocks and structured data' s_dgram_syslog "$work/both"
send tcp:@PORT3@ newline -l "$work/in/sdata.log"
same 'network(tcp, syslog-protocol): structured data' s_tcp_syslog "$expected/s_sdata.expected"

ends_in_order
plan_done
