#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# syslog-ng's table of tags is finite and never emptied; a name that finds no place in it gets the
# tag with the number 0.  With the table full the parser does not start and says why, a reload
# leaves the old configuration at work, and nothing is tagged that should not be.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

# More than the table holds, and than it holds less our own.
flood=20000
reason='table of tags is full, the tag "coder\.[a-z._]*" cannot be registered'

# names_of FIRST LAST: a tag's name on each line.
names_of()
{
  awk -v first="$1" -v last="$2" 'BEGIN { for (i = first; i <= last; i++) print "flood-" i }'
}

# as_messages: a line of standard input becomes the text of a message.
as_messages()
{
  sed 's/^/<30>1 2026-11-21T07:37:29Z ws other 7 other - /'
}

# log_path PARSER
log_path()
{
  cat <<CONF
source s_in { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
template t_tags { template("\$MSGID \$MSG \$TAGS\n"); };
log {
  source(s_in);
  $1
  parser { tags-parser(template("\$(if ('\$MSGID' eq 'other') '\$MSG' '')")); };
  destination { file("@WORK@/out" template(t_tags)); };
  flags(flow-control);
};
CONF
}

# send_tags FIRST LAST: and waits for all that was sent so far.
send_tags()
{
  names_of "$1" "$2" | as_messages > "$work/messages"
  send tcp:@PORT1@ octet -l "$work/messages"
  sent=$((${sent:-0} + $2 - $1 + 1))
  wait_for 60 has_lines "$sent" "$work/out"
}

send_record()
{
  echo '<30>1 2026-11-21T07:37:29Z ws coder 7 record [coder@32473 disconnect_reason="graceful"] x' \
    > "$work/record"
  send tcp:@PORT1@ octet -l "$work/record"
  sent=$((sent + 1))
  wait_for 60 has_lines "$sent" "$work/out"
}

wrongly_tagged()
{
  grep '^other ' "$work/out" | grep 'coder\.' || :
}

# fresh: with the next configuration.
fresh()
{
  rm -f "$work/out"
  sent=0
}

# rewrite_of THOUSANDS: sets 4000 tags; more of them are too deep for syslog-ng's grammar.
rewrite_of()
{
  echo "rewrite r_$1 {"
  names_of "${1}001" "$(($1 + 4))000" | sed 's/.*/  set-tag("&");/'
  echo '};'
}

# --- the table is full before the parser comes --------------------------------------------------

log_path '' | configure
start
send_tags 1 "$flood"
log_path 'parser { coder-disconnect(); };' | configure
write_conf
if reload 2> "$work/reload.error"; then
  not_ok 'a reload with the parser is refused' "$(cat "$work/reload")"
else
  ok 'a reload with the parser is refused'
fi
check 'the reason is said' \
      grep -q "coder-disconnect() cannot start; error='.*$reason" "$work/stderr"
send_record
check 'the old configuration goes on' grep -q '^record x' "$work/out"
is 'nothing is tagged' "$(grep 'coder\.' "$work/out" || :)" ''
ends_in_order

# --- some of its tags would find a place --------------------------------------------------------

fresh
log_path '' | configure
start
send_tags 1 8150
log_path 'parser { coder-disconnect(); };' | configure
write_conf
if reload 2> "$work/reload.error"; then
  not_ok 'places for a part of its tags: refused' "$(cat "$work/reload")"
else
  ok 'places for a part of its tags: refused'
fi
check 'places for a part of its tags: the reason is said' grep -q "$reason" "$work/stderr"
send_record
send_tags 8151 "$flood"
is 'places for a part of its tags: nothing is tagged' "$(grep 'coder\.' "$work/out" || :)" ''
ends_in_order

# --- a configuration that fills the table by itself ---------------------------------------------

fresh
{
  log_path 'parser { coder-disconnect(); };'
  for thousands in 0 4 8 12; do rewrite_of "$thousands"; done
} | configure
if start > "$work/start" 2>&1; then
  not_ok 'a start without a place for its tags fails' "$(cat "$work/start")"
  stop
else
  ok 'a start without a place for its tags fails'
fi
check 'and the reason is said' grep -q "coder-disconnect() cannot start; error='.*$reason" \
      "$work/start"

# --- the parser was there first -----------------------------------------------------------------

fresh
log_path 'parser { coder-disconnect(); };' | configure
start
send_tags 1 "$flood"
is "$flood tags behind the parser's: nothing else is tagged" "$(wrongly_tagged)" ''
send_record
check 'the verdict is tagged' \
      grep -q '^record x.*coder.disconnect,coder.expected,coder.reason.graceful' "$work/out"
check 'a reload finds its tags again' reload
send_record
is 'and the verdict is tagged as before' \
   "$(grep -c '^record x.*coder.disconnect,coder.expected,coder.reason.graceful' "$work/out")" 2
is 'nothing else is tagged still' "$(wrongly_tagged)" ''
ends_in_order
plan_done
