#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a parser adds to a whole syslog-ng: CPU from file to file, beside the same configuration
# without it.  The daemons of all configurations run side by side and get the same messages in turn,
# a chunk at a time, so that what disturbs the machine disturbs them alike; what counts is the
# median of the ratios within the rounds.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${AWK:=awk}"
bench_dir=$top_srcdir/bench
messages=300000
rounds=30
inputs='all five human'
only=
tmp=

usage()
{
  cat <<'END'
Usage: bench-daemon.sh [OPTION...] [INPUT...]

  --messages N    messages for each configuration [300000]
  --rounds N      in so many rounds; one more goes before, which does not count [30]
  --parsers LIST  only these, a blank between two

Inputs: all    disconnects with structured data only
        five   5 % of them among lines of sshd, kernel and nginx
        human  disconnects in slog's human format only
CODER_MODULE_PATH in the environment is where syslog-ng finds its modules.
END
}

die()
{
  echo "bench-daemon: $*" >&2
  exit 1
}

read_arguments()
{
  while [ $# -gt 0 ]; do
    case $1 in
      --messages) messages=$2; shift 2 ;;
      --rounds) rounds=$2; shift 2 ;;
      --parsers) only=$2; shift 2 ;;
      --help) usage; exit 0 ;;
      -*) usage >&2; exit 2 ;;
      *) inputs=$*; break ;;
    esac
  done
}

stop_daemons()
{
  for pid in $(cat "$tmp"/*/daemon 2>/dev/null); do
    kill "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  done
  rm -rf "$tmp"/*/
}

clean_up()
{
  [ -n "$tmp" ] || return 0
  stop_daemons
  rm -rf "$tmp"
}

# --- what goes in ------------------------------------------------------------------------------

# write_input NAME COUNT: lines from messages.txt, each with a number of its own.
write_input()
{
  $AWK -v input="$1" -v count="$2" '
    function line(name, number) {
      text = texts[name]
      sub(/sequenceId="[0-9]+"/, "sequenceId=\"" number "\"", text)
      return text
    }
    /^=== / { name = $2; next }
    name { texts[name] = $0; name = "" }
    END {
      n_ours = split("sdata sdata-graceful", ours)
      n_others = split("sshd kernel nginx sshd-disconnect", others)
      for (i = 1; i <= count; i++)
        if (input == "human")
          print texts["human"]
        else if (input == "all" || i % 20 == 0)
          print line(ours[int(i / 20) % n_ours + 1], i)
        else
          print texts[others[i % n_others + 1]]
    }' "$bench_dir/messages.txt"
}

# --- configurations ----------------------------------------------------------------------------

# parser_of NAME: what stands between source and destination.
parser_of()
{
  case $1 in
    none) ;;
    coder) echo 'parser { coder-disconnect(sd-id("coder@32473")); };' ;;
    rewrite)
      echo 'if { filter { "${.SDATA.coder@32473.disconnect_reason}" ne "" };'
      echo 'rewrite {'
      echo "@include \"$bench_dir/rules.conf\""
      echo '}; };' ;;
    kv-sdata)
      echo 'parser { kv-parser(prefix(".plain.")'
      echo '  template("$(format-welf --subkeys .SDATA.coder@32473.)")); };' ;;
    kv) echo 'parser { kv-parser(prefix(".plain.")); };' ;;
    regexp)
      echo 'if {'
      echo "@include \"$bench_dir/rules-human.conf\""
      echo '};' ;;
    db) echo "parser { db-parser(file(\"$bench_dir/patterns.xml\")); };" ;;
    python) echo 'parser { python(class("Coder")); };' ;;
  esac
}

# write_config DIR PARSER FLAGS OPTIONS: a configuration that reads DIR/in with FLAGS and writes
# DIR/out with OPTIONS.  The window is syslog-ng's own, so that messages are in the cache.
write_config()
{
  dir=$1
  shift
  echo '@version: 3.38'
  [ "$1" != python ] || { echo 'python {'; cat "$bench_dir/coder.py"; echo '};'; }
  cat <<END
options { keep-hostname(yes); use-dns(no); stats-freq(0); };
source s_in {
  file("$dir/in" flags($2) follow-freq(0.01));
};
destination d_out { file("$dir/out" $3); };
log { source(s_in); $(parser_of "$1") destination(d_out); flags(flow-control); };
END
}

# flags_of INPUT: how it is read, and how it is written again.
flags_of()
{
  case $1 in human) echo no-parse ;; *) echo syslog-protocol ;; esac
}

options_of()
{
  case $1 in human) ;; *) echo 'flags(syslog-protocol)' ;; esac
}

parsers_of()
{
  case ${only:+only}$1 in
    only*) echo "none $only" ;;
    human) echo 'none coder regexp kv db' ;;
    *) echo "none coder rewrite kv-sdata $python" ;;
  esac
}

goal_of()
{
  case $1/$2 in all/coder) echo 1.15 ;; five/coder) echo 1.03 ;; *) echo - ;; esac
}

# --- one configuration -------------------------------------------------------------------------

# wait_until DIR COMMAND...: fails when the daemon has gone or nothing happens for a minute.
wait_until()
{
  dir=$1
  shift
  tries=0
  until "$@" >/dev/null 2>&1; do
    kill -0 "$(cat "$dir/daemon")" 2>/dev/null || die "syslog-ng has ended: $(cat "$dir/log")"
    tries=$((tries + 1))
    [ "$tries" -lt 6000 ] || die "syslog-ng does not get ready: $(cat "$dir/log")"
    sleep 0.01
  done
}

# start_daemon DIR: with DIR/conf.
start_daemon()
{
  : > "$1/in"
  env ${CODER_SANITIZER_PRELOAD:+"LD_PRELOAD=$CODER_SANITIZER_PRELOAD"} \
    syslog-ng -F --stderr --no-caps --cfgfile="$1/conf" --persist-file="$1/persist" \
    --pidfile="$1/pid" --control="$1/ctl" --module-path="$CODER_MODULE_PATH" \
    > "$1/log" 2>&1 &
  echo $! > "$1/daemon"
  wait_until "$1" syslog-ng-ctl stats --control="$1/ctl"
}

# cpu DIR: nanoseconds that all threads of the daemon have run.
cpu()
{
  cat "/proc/$(cat "$1/daemon")/task"/*/schedstat |
    $AWK '{ sum += $1 } END { printf "%.0f\n", sum }'
}

has_lines()
{
  [ "$(wc -l < "$1/out")" -ge "$2" ]
}

# send DIR FILE COUNT: adds FILE's COUNT lines to the input; prints nanoseconds of CPU for each.
send()
{
  : > "$1/out"
  before=$(cpu "$1")
  cat "$2" >> "$1/in"
  wait_until "$1" has_lines "$1" "$3"
  after=$(cpu "$1")
  echo $(((after - before) / $3))
}

# --- all configurations ------------------------------------------------------------------------

# reversed WORD...: every other round goes the other way, so that no place is the better one.
reversed()
{
  backward=
  for word in "$@"; do backward="$word $backward"; done
  echo "$backward"
}

# wanted_of INPUT PARSER: how many of the first 200 messages it has to recognise.
wanted_of()
{
  case $1/$2 in */none) echo 0 ;; five/*) echo 10 ;; *) echo 200 ;; esac
}

# check_parser INPUT PARSER: one that recognised nothing would win.
check_parser()
{
  mkdir "$tmp/check"
  write_config "$tmp/check" "$2" "$(flags_of "$1")" \
    'template("<${.coder.disconnect_reason}${.plain.disconnect_reason}>\n")' > "$tmp/check/conf"
  start_daemon "$tmp/check"
  head -n 200 "$tmp/$1" > "$tmp/head"
  send "$tmp/check" "$tmp/head" 200 > "$tmp/cost"
  found=$(grep -c '<[a-z]' "$tmp/check/out" || :)
  stop_daemons
  [ "$found" = "$(wanted_of "$1" "$2")" ] || die "$2 recognised $found of 200 in \"$1\""
}

# measure INPUT PARSER...: prints "ROUND PARSER NANOSECONDS".
measure()
{
  input=$1
  shift
  for parser in "$@"; do check_parser "$input" "$parser"; done
  for parser in "$@"; do
    mkdir "$tmp/$parser"
    write_config "$tmp/$parser" "$parser" "$(flags_of "$input")" "$(options_of "$input")" \
      > "$tmp/$parser/conf"
    start_daemon "$tmp/$parser"
    send "$tmp/$parser" "$tmp/$input" "$chunk" > "$tmp/cost"
  done
  order=$*
  round=0
  while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for parser in $order; do
      send "$tmp/$parser" "$tmp/$input" "$chunk" > "$tmp/cost"
      echo "$round $parser $(cat "$tmp/cost")"
    done
    # shellcheck disable=SC2086
    order=$(reversed $order)
  done
  stop_daemons
}

# medians PARSER: median and quartiles of the ratio, and median nanoseconds, from "measured".
medians()
{
  $AWK -v parser="$1" '
    function sort(list, n,   i, j, x) {
      for (i = 2; i <= n; i++) {
        x = list[i]
        for (j = i; j > 1 && list[j - 1] > x; j--) list[j] = list[j - 1]
        list[j] = x
      }
    }
    $2 == "none" { base[$1] = $3 }
    $2 == parser { cost[$1] = $3; n++ }
    END {
      for (i = 1; i <= n; i++) { ratios[i] = cost[i] / base[i]; costs[i] = cost[i] }
      sort(ratios, n); sort(costs, n)
      middle = int((n + 1) / 2)
      printf "%.3f %.3f %.3f %d\n", ratios[middle], ratios[int((n + 3) / 4)], \
             ratios[int((3 * n + 3) / 4)], costs[middle]
    }' "$tmp/measured"
}

# print_row INPUT PARSER
print_row()
{
  # shellcheck disable=SC2046
  set -- "$1" "$2" $(medians "$2") "$(goal_of "$1" "$2")"
  verdict=$($AWK -v ratio="$3" -v goal="$7" \
              'BEGIN { if (goal != "-") print ratio + 0 <= goal + 0 ? "ok" : "OVER" }')
  printf '%-6s %-9s %8s %9s   %s - %s %6s  %s\n' "$1" "$2" "$6" "$3" "$4" "$5" "$7" "$verdict"
}

measure_input()
{
  write_input "$1" "$chunk" > "$tmp/$1"
  # shellcheck disable=SC2046
  measure "$1" $(parsers_of "$1") > "$tmp/measured"
  for parser in $(parsers_of "$1"); do print_row "$1" "$parser"; done
  rm -f "$tmp/$1"
}

find_python()
{
  python=
  case $(syslog-ng --module-path="$CODER_MODULE_PATH" -V) in
    *Available-Modules:*mod-python*) python=python ;;
    *) echo 'No python module for syslog-ng here: its rows are left out.' ;;
  esac
}

read_arguments "$@"
chunk=$((messages / rounds))
[ "$chunk" -ge 200 ] || die 'a round needs 200 messages'
[ -n "${CODER_MODULE_PATH-}" ] || die 'CODER_MODULE_PATH is not set; "make bench-daemon" sets it'
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
tmp=$(mktemp -d)
find_python
echo "CPU of syslog-ng from file to file, $messages messages, $rounds rounds: nanoseconds for a"
echo 'message, and the ratio to the same configuration without a parser (median and quartiles).'
printf '\n%-6s %-9s %8s %9s   %-13s %6s\n' input parser ns ratio quartiles goal
for input in $inputs; do measure_input "$input"; done
