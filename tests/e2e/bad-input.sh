#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bad input passes a real syslog-ng unchanged, is tagged when it claimed to be ours, and adds not
# one line to syslog-ng's own log over the same input without the parser.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

mkdir "$work/in"
: > "$work/wanted"
human='[info]  ssh-server: ssh session closed  disconnect_reason=graceful'
json='{"ts":"x","level":"INFO","msg":"ssh session closed","fields":{"disconnect_reason":"graceful"'
ssh_graceful=disconnect,expected,layer.agent_to_client,reason.graceful

# repeat N TEXT: without newlines in TEXT.
repeat()
{
  awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'
}

# bad NAME TAGS: takes the text of a message from standard input; TAGS are ours without "coder.".
bad()
{
  { printf '<14>1 2026-11-21T07:37:29Z ws coder 7 %s - ' "$1"; cat; } > "$work/in/$1"
  echo "$1 $2" >> "$work/wanted"
}

# refused TAGS LINE: a line that syslog-ng itself refuses, and so without a name of its own.
refused()
{
  n_refused=$((${n_refused:-0} + 1))
  printf '%s' "$2" > "$work/in/refused-$n_refused"
  echo "syslog-ng $1" >> "$work/wanted"
}

printf '%s  app=%s' "$human" "$(repeat 1000000 x)" | bad long-human "$ssh_graceful"
printf '%s,"app":"%s"}}' "$json" "$(repeat 1000000 x)" | bad long-json "$ssh_graceful"
repeat 1000000 x | bad long-other ''
repeat 500000 '["' | bad long-brackets ''
repeat 125000 'Disconnect' | bad long-near-miss ''
repeat 16 "$(awk 'BEGIN { for (i = 1; i < 256; i++) if (i != 10) printf "%c", i }' |
  LC_ALL=C tr -d '\n')" | bad binary ''
head -c 65536 /dev/zero | bad zeroes ''
printf '%s  disconnect_detail=a\000b' "$human" | bad nul-in-human "$ssh_graceful"
printf '%s,"app":"a\000b"}}' "$json" |
  bad nul-in-json "$ssh_graceful,malformed"
printf '%s  disconnect_detail=\377\376\200' "$human" | bad not-utf-8-in-human "$ssh_graceful"
printf '%s,"app":"\377\376"}}' "$json" |
  bad not-utf-8-in-json "$ssh_graceful,malformed"
printf '%s  disconnect_detail="open' "$human" | bad quote-open "$ssh_graceful,malformed"
printf '[info]  x  y="z  disconnect_reason=graceful' | bad quote-open-before malformed
printf '%s,"app":"open' "$json" | bad json-quote-open "$ssh_graceful,malformed"
printf '%s,"x":[1,{"y":[}}' "$json" | bad json-unbalanced "$ssh_graceful,malformed"
printf '%s}}]]]}}' "$json" | bad json-too-many-ends "$ssh_graceful,malformed"
{ printf '%s' "$human"; repeat 10000 '  key=value'; } | bad many-keys "$ssh_graceful"
{ printf '%s' "$json"; repeat 10000 ',"key":"value"'; printf '}}'; } |
  bad many-members "$ssh_graceful,malformed"
{ printf '%s,"x":' "$json"; repeat 1000 '['; repeat 1000 ']'; printf '}}'; } |
  bad json-1000-deep malformed
{ printf '%s,"x":' "$json"; repeat 1000000 '['; } | bad json-1000000-deep malformed
{ printf '%s,"x":' "$json"; repeat 300000 '{"a":'; } | bad json-objects-deep malformed
printf '%s,"exit_code":99999999999999999999999999}}' "$json" |
  bad json-number-out-of-range "$ssh_graceful,malformed"
printf '%s  exit_code=99999999999999999999999999' "$human" |
  bad human-number-out-of-range "$ssh_graceful,malformed"
printf '%s,"x":1e999999}}' "$json" | bad json-exponent "$ssh_graceful"
printf '\033[0m2026-11-21 07:37:29.225 \033[36m[info]\033[0m\033[' | bad colour-cut ''

refused malformed '<30>1 - - - - - [coder@32473 disconnect_reason="graceful"x] x'
refused malformed '<30>1 - - - - - [coder@32473 disconnect_reason="graceful] x'
refused '' '<30>1 - - - - - [other@1 disconnect_reason="graceful"x] x'
refused malformed "<30>1 - - - - - [coder@32473 disconnect_reason=\"$(repeat 100000 '\"')"

{ printf '<30>1 2026-11-21T07:37:29Z ws coder 7 many-params '
  printf '[coder@32473 disconnect_reason="graceful"'
  repeat 10000 ' key="value"'; printf '] x'; } > "$work/in/many-params"
echo 'many-params disconnect,expected,reason.graceful' >> "$work/wanted"
{ printf '<30>1 2026-11-21T07:37:29Z ws coder 7 many-names [coder@32473'
  awk 'BEGIN { for (i = 0; i < 1000; i++) printf " k%d=\"v\"", i }'
  printf ' disconnect_reason="graceful"] x'; } > "$work/in/many-names"
echo 'many-names disconnect,expected,malformed,reason.graceful' >> "$work/wanted"

# run NAME PARSER: feeds everything to a daemon of its own.
run()
{
  configure <<CONF
options { log-msg-size(4194304); };
source s_octet { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
parser p_coder { coder-disconnect(); };
template t_name { template("\$MSGID\$(if ('\$PROGRAM' eq 'syslog-ng') 'syslog-ng' '')"); };
template t_passed { template("\$(template t_name) \$(length \$MESSAGE) \$(sha1 \$MESSAGE)\n"); };
template t_tags { template("\$(template t_name) \$TAGS\n"); };
log { source(s_octet); $2
      destination { file("@WORK@/$1.passed" template(t_passed)); };
      destination { file("@WORK@/$1.tags" template(t_tags)); }; };
CONF
  start
  send tcp:@PORT1@ octet "$work"/in/*
  wait_for 60 has_lines "$(wc -l < "$work/wanted")" "$work/$1.passed"
  counter p_coder event/malformed > "$work/$1.malformed"
  stop
  cp "$work/stderr" "$work/$1.stderr"
}

# What differs from run to run: ports, times, ids, how far the answer to syslog-ng-ctl had come.
own_log()
{
  grep -v 'ontrol command' "$work/$1.stderr" | sed 's/[0-9][0-9]*/N/g' | LC_ALL=C sort
}

same_own_log()
{
  own_log without > "$work/without.log"
  own_log with > "$work/with.log"
  diff "$work/without.log" "$work/with.log"
}

# in_order: lines "NAME TAG,TAG" with their tags in order, and themselves.
in_order()
{
  awk '{ n = split($2, tags, ",")
         for (i = 1; i <= n; i++)
           for (j = i + 1; j <= n; j++)
             if (tags[j] < tags[i]) { swap = tags[i]; tags[i] = tags[j]; tags[j] = swap }
         line = $1 " " tags[1]
         for (i = 2; i <= n; i++) line = line "," tags[i]
         print line
         split("", tags) }' | LC_ALL=C sort
}

# Our tags alone: syslog-ng has some of its own.
our_tags()
{
  sed -e 's/\.source\.[a-z_]*,\{0,1\}//' -e 's/\(syslog\|utf8\)\.[a-z0-9_]*,\{0,1\}//g' \
      -e 's/,$//' -e 's/coder\.//g' "$work/with.tags" | in_order
}

same_tags()
{
  in_order < "$work/wanted" > "$work/wanted.tags"
  our_tags > "$work/our.tags"
  diff -u "$work/wanted.tags" "$work/our.tags"
}

run without ''
run with 'parser(p_coder);'
check 'every message passes, unchanged' cmp "$work/without.passed" "$work/with.passed"
check 'those that claim to be ours are tagged' same_tags
is 'and counted' "$(cat "$work/with.malformed")" "$(grep -c malformed "$work/wanted")"
check "syslog-ng's own log has not one line more" same_own_log
plan_done
