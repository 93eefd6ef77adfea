#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Secrets in what senders write come out in no pair of ours, in a file or on the wire, and in no
# line that we add to syslog-ng's own log, traces included.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

# What stands in every secret, and nowhere else.
planted=Pl4nt3d

configure <<'END'
source s_in { syslog(ip("127.0.0.1") transport("tcp") port(@PORT1@) flags(no-multi-line)); };
parser p_coder { coder-disconnect(); };
parser p_relay { coder-disconnect(prefix(".SDATA.coder@32473.")); };
destination d_pairs {
  file("@WORK@/pairs" template("${.coder.disconnect_reason} $(format-json --subkeys .coder.)\n"));
};
destination d_element {
  file("@WORK@/element" template("$(format-json --subkeys .SDATA.coder@32473.)\n"));
};
destination d_messages { file("@WORK@/messages" template("${MESSAGE}\n")); };
log {
  source(s_in);
  log { parser(p_coder); destination(d_pairs); destination(d_messages); };
  log { parser(p_relay); destination(d_element); };
};
END

# record PARAMETER WORDS: the words, quoted for structured data.
record()
{
  printf '<30>1 2026-11-21T07:37:29Z ws coder 7 disconnect [coder@32473 site="pty" %s="%s"%s' "$1" \
         "$(printf '%s' "$2" | sed 's/[]"\\]/\\&/g')" "$3"
}

# line WORDS: the words in a record's detail, in its reason, and in the error of a log line.
line()
{
  record disconnect_detail "$1" ' disconnect_reason="network_error"] x'
  echo
  record disconnect_reason "$1" '] x'
  echo
  printf '<30>1 2026-11-21T07:37:29Z ws coder 7 - - [warn]  run exited with error  error="%s"\n' \
         "$(printf '%s' "$1" | sed 's/["\\]/\\&/g')"
}

{
  line "dial https://u:$planted@h/x: EOF"
  line "GET \"/x?coder_session_token=$planted&y=1\": EOF"
  line "{\"password\":\"$planted $planted\"}"
  line "Coder-Session-Token: $planted"
  line "Authorization: Basic $planted"
  line "--token $planted"
} > "$work/in"
wanted=$(wc -l < "$work/in")

# As daemon.sh has it, and tells all that it does.
launch()
{
  rm -f "$work/ctl"
  run_daemon -F --stderr --trace --debug --verbose > "$work/stdout" 2> "$work/stderr" &
  daemon=$!
  wait_for 30 is_up
  answers
}

start
send tcp:@PORT1@ octet -l "$work/in"
wait_for 30 has_lines "$wanted" "$work/pairs"
wait_for 30 has_lines "$wanted" "$work/element"
wait_for 30 has_lines "$wanted" "$work/messages"
ends_in_order

# without FILE WORD: whether the file has lines, and none with the word.
without()
{
  [ -s "$1" ] || { echo "$1 is empty"; return 1; }
  ! grep -n -- "$2" "$1"
}

# The traces of the source, with what the sender wrote, are not ours.
grep -e "name='\\.coder\\." -e 'coder-disconnect()' "$work/stderr" > "$work/ours" || :
is 'every message is recognised' "$(wc -l < "$work/pairs")" "$wanted"
check 'no pair shows a secret' without "$work/pairs" "$planted"
is 'every message had one' "$(grep -c redacted "$work/pairs")" "$wanted"
check 'no element that travels on shows a secret' without "$work/element" "$planted"
is 'MESSAGE is left as it was' "$(grep -c "$planted" "$work/messages")" "$((wanted / 3))"
check 'what we add to the daemon'"'"'s traces shows no secret' without "$work/ours" "$planted"
check 'our own traces are there' grep -q 'recognised a disconnect' "$work/ours"

plan_done
