#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Floods of hosts, ids, reasons and names, no two alike, against a real syslog-ng: the parser adds
# no counter, no tag and no memory, gives every known record among them its verdict, and leaves
# syslog-ng four fifths of its throughput at least.  A second syslog-ng without the parser gets the
# same in turn, chunk by chunk, so that what disturbs the machine disturbs both; syslog-ng itself
# grows with names of structured data.
# CODER_SOAK=full, as "make soak" sets it: a million of each kind, and throughput is judged.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

soak=$top_srcdir/tests/soak
kinds='hosts ids reasons sd-names parameters keys members'
rounds=2
chunk=2500
if [ "${CODER_SOAK-}" = full ]; then
  rounds=100
  chunk=10000
fi

# The parser may take so much more memory, in kB, and must leave so much of the throughput.  Lines
# of slog that are all disconnects cost more than syslog-ng's own work on them; that is measured,
# not judged.
memory_max=2048
throughput_min=0.8

# --- two daemons -------------------------------------------------------------------------------

base=$work
at_exit 'kill_both; work=$base'

kill_both()
{
  for which in with without; do
    daemon=$(cat "$base/$which/daemon" 2>/dev/null) || continue
    kill_daemon
  done
  daemon=
}

# use with|without: what the functions of daemon.sh work on.
use()
{
  work=$base/$1
  daemon=$(cat "$work/daemon" 2>/dev/null || :)
}

write_config()
{
  parser=
  [ "$1" = without ] || parser='parser { coder-disconnect(); };'
  configure <<CONF
options { stats-level(0); };
source s_in { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
template t_known {
  template("\$MSG \${.coder.disconnect_reason} \${.coder.disconnect_expected}\n");
};
log {
  source(s_in);
  $parser
  destination { file("@WORK@/out" flags(syslog-protocol)); };
  log { filter { "\$MSGID" eq "known" };
        destination { file("@WORK@/known" template(t_known)); }; };
  flags(flow-control);
};
CONF
}

start_one()
{
  mkdir -p "$base/$1"
  use "$1"
  write_config "$1"
  start
  echo "$daemon" > "$work/daemon"
}

stop_one()
{
  use "$1"
  stop
  rm "$work/daemon"
}

# --- what is looked at -------------------------------------------------------------------------

# All threads of the daemon, in nanoseconds.
cpu()
{
  cat /proc/"$daemon"/task/*/schedstat | $AWK '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# The names of all counters; of the connections that syslog-ng keeps there are more or fewer.
counters()
{
  ctl stats | tr -d '\r' | sed -n -e '/^src.syslog\|^socket_connections/d' -e 's/;[^;]*$//p' |
    LC_ALL=C sort
}

# feed with|without FILE LINES: appends to "cpu" and "wall" what it cost.
feed()
{
  use "$1"
  : > "$work/out"
  cpu_before=$(cpu)
  wall_before=$(date +%s%N)
  send tcp:@PORT1@ raw "$2"
  wall_after=$(date +%s%N)
  wait_for 60 has_lines "$3" "$work/out"
  cpu_after=$(cpu)
  [ "$(wc -l < "$work/out")" = "$3" ] || echo "$2" >> "$work/wrong"
  echo $((cpu_after - cpu_before)) >> "$work/cpu"
  echo $((wall_after - wall_before)) >> "$work/wall"
}

# feed_both KIND FIRST COUNT: every other time in the other order.
feed_both()
{
  $AWK -v kind="$1" -v first="$2" -v count="$3" -v framed=1 -f "$soak/flood.awk" > "$base/chunk"
  for which in $order; do feed "$which" "$base/chunk" "$3"; done
  if [ "$order" = 'with without' ]; then order='without with'; else order='with without'; fi
}

flood()
{
  round=0
  while [ "$round" -lt "$rounds" ]; do
    feed_both "$1" $(((round + 1) * chunk)) "$chunk"
    round=$((round + 1))
  done
}

# --- what is asked -----------------------------------------------------------------------------

# all_came NAME
all_came()
{
  cat "$base"/*/wrong > "$base/all-wrong" 2>/dev/null || :
  check "$1: all came out" test ! -s "$base/all-wrong"
}

# verdicts NAME HOW-MANY: of the known records, all so far.
verdicts()
{
  use with
  wait_for 30 has_lines "$2" "$work/known"
  right=$($AWK '$1 == $3 && $2 == $4' "$work/known" | wc -l)
  is "$1" "$right of $(wc -l < "$work/known")" "$2 of $2"
}

same_counters()
{
  use with
  counters > "$work/counters.after"
  check "$1: no counter more" diff -u "$work/counters.before" "$work/counters.after"
}

memory_of()
{
  use "$1"
  memory
}

# Both: what the parser takes at all, and what it takes more for the flood.
little_memory()
{
  more=$(($(memory_of with) - $(memory_of without)))
  grown=$((more - more_before))
  echo "# $1: memory with the parser $more kB more than without, $grown kB of it since the flood"
  judge_memory "$1: memory" test "$more" -le "$memory_max" -a "$grown" -le "$memory_max"
}

# ratio WHAT: "median lower-quartile upper-quartile" of the throughputs.
ratio()
{
  paste "$base/with/$1" "$base/without/$1" | $AWK -f "$soak/quartiles.awk"
}

enough_throughput()
{
  echo "# $1: throughput with the parser, by CPU $(ratio cpu), by the clock $(ratio wall)" \
       '(median and quartiles)'
  case ${CODER_SOAK-}/$1 in full/keys | full/members) return ;; full/*) ;; *) return ;; esac
  check "$1: throughput" $AWK -v got="$(ratio cpu)" -v wanted="$throughput_min" \
        'BEGIN { split(got, ratios); exit !(ratios[1] >= wanted) }'
}

# At the highest level each tag has a counter.
tags()
{
  sed 's/stats-level(0)/stats-level(3)/' "$work/conf" > "$work/conf.new"
  mv "$work/conf.new" "$work/conf"
  reload
  ctl stats | tr -d '\r' | sed -n 's/^tag;\([^;]*\);.*/\1/p' | LC_ALL=C sort
}

# The parser's own, and the one that keeps the first place.
same_tags()
{
  for which in with without; do
    use "$which"
    tags > "$base/$which.tags"
  done
  LC_ALL=C comm -23 "$base/with.tags" "$base/without.tags" |
    grep -v '^coder\.\|^\.unused$' > "$base/more.tags" || :
  check "$1: the parser's own tags are there" grep -q '^coder\.disconnect$' "$base/with.tags"
  check "$1: no tag more" diff /dev/null "$base/more.tags"
}

# flood_of KIND: in fresh daemons; one chunk goes before, which does not count.
flood_of()
{
  rm -rf "$base/with" "$base/without"
  order='with without'
  start_one without
  start_one with
  feed_both "$1" 0 "$chunk"
  rm "$base"/*/cpu "$base"/*/wall
  use with
  counters > "$work/counters.before"
  more_before=$(($(memory_of with) - $(memory_of without)))
  flood "$1"
  all_came "$1"
  verdicts "$1: verdicts during the flood" $(((rounds + 1) * chunk / 250))
  same_counters "$1"
  little_memory "$1"
  enough_throughput "$1"
  feed_both "$1" 0 1000
  verdicts "$1: verdicts after the flood" $(((rounds + 1) * chunk / 250 + 4))
  same_tags "$1"
  stop_one with
  stop_one without
}

for kind in ${CODER_FLOODS:-$kinds}; do flood_of "$kind"; done
plan_done
