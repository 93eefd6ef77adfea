#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The parser in the places where people put it: filters and conditions behind it, beside paths
# that must not see its work, dropping what is none of ours, and on a relay.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

configure <<'CONF'
options { stats-level(1); };
source s_in { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
source s_next { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp")); };
parser p_coder { coder-disconnect(); };
parser p_only { coder-disconnect(drop-unmatched(yes)); };
parser p_relay { coder-disconnect(prefix(".SDATA.coder@32473.")); };
template t_id { template("${.SDATA.meta.sequenceId}\n"); };
template t_pairs { template("${.SDATA.meta.sequenceId} $(format-json --key .coder.*)\n"); };
template t_verdict { template("${.SDATA.meta.sequenceId} ${.coder.disconnect_reason} \
${.coder.disconnect_expected} ${.coder.disconnect_initiator} ${.coder.connect_type} \
${.coder.disconnect_detail} ${.coder.exit_code}\n"); };

log { source(s_in); parser(p_coder); destination { file("@WORK@/all" template(t_id)); };
      log { filter { tags("coder.disconnect"); };
            destination { file("@WORK@/tagged" template(t_id)); }; };
      log { filter { tags("coder.unexpected"); };
            destination { file("@WORK@/unexpected" template(t_id)); }; };
      log { filter { "${.coder.disconnect_reason}" eq "network_error" };
            destination { file("@WORK@/network" template(t_id)); }; };
      log { filter { "${.coder.exit_code}" == "1" };
            destination { file("@WORK@/exit" template(t_id)); }; };
};
log { source(s_in); destination { file("@WORK@/beside" template(t_pairs)); }; };
log { source(s_in); parser(p_only); destination { file("@WORK@/only" template(t_id)); }; };
log { source(s_in); parser(p_coder); parser(p_only);
      destination { file("@WORK@/twice" template(t_verdict)); }; };
log { source(s_in);
      if { parser(p_only); destination { file("@WORK@/if" template(t_id)); }; }
      else { destination { file("@WORK@/else" template(t_id)); }; }; };
log { source(s_in);
      junction { channel { parser(p_only); rewrite { set("ours" value("where")); };
                           flags(final); };
                 channel { rewrite { set("theirs" value("where")); }; }; };
      destination { file("@WORK@/junction" template("${.SDATA.meta.sequenceId} ${where}\n")); }; };
log { source(s_in); parser(p_relay);
      destination { file("@WORK@/wire" template("$SDATA\n")); };
      destination { syslog("127.0.0.1" port(@PORT2@) transport("tcp")); }; };
log { source(s_next); parser(p_coder); destination { file("@WORK@/next" template(t_verdict)); }; };
CONF

# The sample has 11 lines: the first eight are ours, and 9 alone of the others has a number.
ids()
{
  for id in "$@"; do echo "$id"; done
}

# came NAME FILE ID...: what came out is just this, in order.
came()
{
  name=$1
  file=$2
  shift 2
  ids "$@" > "$work/wanted"
  wait_for 30 has_lines $# "$work/$file" || :
  check "$name" diff -u "$work/wanted" "$work/$file"
}

start
send tcp:@PORT1@ octet -l "$data/e2e/sdata.txt"
wait_for 30 has_lines 11 "$work/next"
came 'everything passes' all 1 2 3 4 5 6 7 8 9 '' ''
came 'a filter on the tag' tagged 1 2 3 4 5 6 7 8
came 'a filter on what has to be looked into' unexpected 4 5 7 8
came 'a filter on a name-value pair' network 4
came 'a filter on the number of the exit code' exit 1
came 'drop-unmatched() drops what is none of ours' only 1 2 3 4 5 6 7 8
came 'if {} takes ours' if 1 2 3 4 5 6 7 8
came 'else {} takes the others' else 9 '' ''
came 'a junction takes each its way' junction '1 ours' '2 ours' '3 ours' '4 ours' '5 ours' \
     '6 ours' '7 ours' '8 ours' '9 theirs' ' theirs' ' theirs'
came 'the path beside it sees nothing of it' beside '1 {}' '2 {}' '3 {}' '4 {}' '5 {}' '6 {}' \
     '7 {}' '8 {}' '9 {}' ' {}' ' {}'
check 'two parsers in a row say the same' grep -q '^8 unknown false  agent_to_client' "$work/twice"
is 'and the second drops' "$(wc -l < "$work/twice")" 8

discarded()
{
  ctl stats | tr -d '\r' | sed -n 's/^parser;p_only;;a;discarded;//p'
}
is 'what was dropped is counted, in each of four places' "$(discarded)" 12

# The next hop's verdicts, against those of the hop that read the sender's own data.
head -n 8 "$work/next" > "$work/next.ours"
check 'the next hop behind a relay comes to the same verdicts' \
      diff -u "$work/twice" "$work/next.ours"
check 'what a relay corrected is corrected on the wire' \
      grep -q 'protocol_error" disconnect_expected="false"' "$work/wire"
check 'other elements travel as they came' grep -q '\[meta sequenceId="9"\]' "$work/wire"

ends_in_order
plan_done
