#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A spool that was damaged between two runs of coder-emit: the rest arrives at a real syslog-ng, a
# notice tells how many records did not, and the command fails.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

emit=$top_builddir/tools/coder-emit/coder-emit
n_records=12000

configure <<'CONF'
source s_tcp { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
source s_dgram { unix-dgram("@WORK@/dgram" flags(syslog-protocol) so-rcvbuf(8388608)); };
template t_id { template("${MSGID} ${.SDATA.meta.sequenceId} ${.SDATA.coderEmit@32473.count}\n"); };
log { source(s_tcp); destination { file("@WORK@/tcp" template(t_id)); }; flags(flow-control); };
log { source(s_dgram); destination { file("@WORK@/dgram.out" template(t_id)); };
      flags(flow-control); };
CONF

objects()
{
  $AWK -v n="$n_records" 'BEGIN {
    while (i++ < n) printf "{\"disconnect_reason\":\"graceful\",\"session_id\":\"s%d\"}\n", i }'
}

# fill TARGET: records for it that cannot be sent yet, in several segments.
fill()
{
  rm -rf "$work/state"
  "$emit" -i -w 0 -d "$work/state" -s "$1" < "$work/objects" 2> "$work/said" || :
  [ "$(find "$work/state" -name 'segment-*' | wc -l)" -ge 4 ] || { cat "$work/said"; return 1; }
}

nth_segment()
{
  find "$work/state" -name 'segment-*' | sort | sed -n "$1p"
}

# Eight bytes in the middle of the second segment.
flip()
{
  printf 'XXXXXXXX' | dd of="$(nth_segment 2)" bs=1 seek=500000 conv=notrunc 2> "$work/dd"
}

cut_off()
{
  dd if=/dev/null of="$(nth_segment 2)" bs=1 seek=500000 2> "$work/dd"
}

take_away()
{
  rm "$(nth_segment 2)"
}

spoil_head()
{
  printf 'XXXXXXXX' | dd of="$(nth_segment 2)" conv=notrunc 2> "$work/dd"
}

spoil_last()
{
  printf 'XXXXXXXX' | dd of="$(nth_segment '$')" bs=1 seek=1000 conv=notrunc 2> "$work/dd"
}

flush()
{
  status=0
  "$emit" -f -w 30 -d "$work/state" -s "$1" > "$work/stdout.emit" 2> "$work/said" || status=$?
}

# told FILE: how many records the notices in it tell to be lost.
told()
{
  $AWK '$1 == "dropped" { n += $NF } END { print n + 0 }' "$1"
}

arrived()
{
  $AWK '$1 != "dropped" && !seen[$2]++ { n++ } END { print n + 0 }' "$1"
}

is_complete()
{
  [ "$(told "$1")" -gt 0 ] && [ "$(($(told "$1") + $(arrived "$1")))" -eq "$n_records" ]
}

# damaged HOW TARGET FILE
damaged()
{
  stop
  rm -f "$3"
  fill "$2"
  "$1"
  launch
  flush "$2"
  is "$1, ${2%%:*}: the run fails" "$status" 1
  if wait_for 20 is_complete "$3"; then
    ok "$1, ${2%%:*}: what is missing was told"
  else
    not_ok "$1, ${2%%:*}: what is missing was told" \
           "$(arrived "$3") of $n_records, told: $(told "$3"); $(cat "$work/said")"
  fi
  flush "$2"
  is "$1, ${2%%:*}: the next run has nothing to tell" "$status$(cat "$work/said")" 0
}

objects > "$work/objects"
start
for how in flip cut_off take_away spoil_head spoil_last; do
  damaged $how "tcp:127.0.0.1:$(port 1)" "$work/tcp"
done
damaged spoil_last "unix-dgram:$work/dgram" "$work/dgram.out"
damaged flip "unix-dgram:$work/dgram" "$work/dgram.out"

# --- nothing is left of it -----------------------------------------------------------------------

tcp=tcp:127.0.0.1:$(port 1)
stop
rm -rf "$work/state" "$work/tcp"
for i in 1 2; do
  "$emit" -w 0 -d "$work/state" -s "$tcp" disconnect_reason=graceful 2> "$work/said" || :
done
printf 'XXXXXXXX' | dd of="$(nth_segment 1)" bs=1 seek=100 conv=notrunc 2> "$work/dd"
launch
status=0
"$emit" -f -w 30 -d "$work/state" 2> "$work/said" || status=$?
is 'the first of two records, whose target nobody names: the run fails' "$status" 1
check '... and says why' grep -q "^coder-emit: $tcp: 2 records were lost" "$work/said"
wait_for 20 has_lines 1 "$work/tcp"
is '... and the server is told' "$(cat "$work/tcp")" 'dropped  2'
ends_in_order
plan_done
