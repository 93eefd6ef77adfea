#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The parser at work in a private syslog-ng.  demo.sh --help tells the options.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/server.sh"
. "$here/sessions.sh"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
awk=${AWK:-awk}
color=auto
width=
expected=$here/expected.txt
part=all
endings=$here/sessions.txt
build=

# Seconds that each thing may take; a slow machine needs a fraction of them.
start_limit=20
message_limit=30
stop_limit=10

usage()
{
  cat <<'END'
Usage: demo.sh [OPTION]... BUILD

Starts a syslog-ng of its own with the parser from the folder BUILD, sends it messages of every
kind, lets sessions of coder-agentd end in every way, and shows what came out. Its exit status is 0
if every verdict is the expected one, else 1. Everything lives in a temporary folder; output and
configuration are kept in BUILD/demo.

  --color=WHEN     auto (on a terminal, the default), always or never
  --width=N        60 to 120 columns, else COLUMNS, the terminal's or 100
  --part=PART      all (the default), messages or sessions
  --expected=FILE  the verdicts to expect of messages
  --sessions=FILE  the sessions to end, each with its verdict
END
}

die()
{
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

wrong_use()
{
  printf 'demo: %s\n' "$*" >&2
  usage >&2
  exit 2
}

read_options()
{
  for option in "$@"; do
    case $option in
      --help) usage; exit 0 ;;
      --color=auto|--color=always|--color=never) color=${option#*=} ;;
      --width=*) width=${option#*=} ;;
      --expected=*) expected=${option#*=} ;;
      --sessions=*) endings=${option#*=} ;;
      --part=all|--part=messages|--part=sessions) part=${option#*=} ;;
      -*) wrong_use "no such option: $option" ;;
      *) [ -z "$build" ] || wrong_use 'more than one folder'; build=$option ;;
    esac
  done
  [ -n "$build" ] || wrong_use 'the folder of the build is missing'
  case $width in *[!0-9]*|??????*) wrong_use "--width=$width: not a number" ;; esac
}

# --- what it stands on -----------------------------------------------------------------------

find_programs()
{
  if ! command -v syslog-ng || ! command -v syslog-ng-ctl; then
    die 'syslog-ng is not installed (Debian package: syslog-ng-core)'
  fi >/dev/null
  modules=$(cd "$build" && pwd)/modules/coder-disconnect/.libs
  feed=$build/tools/demo/demo-feed
  triage=$build/tools/coder-triage/coder-triage
  emit=$build/tools/coder-emit/coder-emit
  agentd=$(cd "$build" && pwd)/agent-core/agent/coder-agentd
  pty=$build/tools/coder-pty/coder-pty
  for file in "$modules/libcoder-disconnect.so" "$feed" "$triage" "$emit"; do
    [ -e "$file" ] || die "$file is not there; build it with: make -C $build"
  done
  # -V tells both "Module-Directory: DIR" and "Module-Path: DIR:DIR".
  module_path=$modules:$(syslog-ng -V | sed -n 's/^Module-Path: *//p')
}

choose_color()
{
  [ "$color" = auto ] || return 0
  color=never
  if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM:-dumb}" != dumb ]; then color=always; fi
}

# Prints the columns of the terminal that is descriptor 3: inside $(...) standard output is a pipe.
terminal_width()
{
  rows_columns=$(stty size 2>/dev/null <&3) || return 0
  printf '%s\n' "${rows_columns##* }"
}

# is_width TEXT: whether it is a number of columns; a terminal that does not know says 0.
is_width()
{
  case $1 in ''|*[!0-9]*|??????*) return 1 ;; esac
  [ "$1" -gt 0 ]
}

choose_width()
{
  [ -n "$width" ] || width=${COLUMNS-}
  is_width "$width" || { width=$(terminal_width); } 3>&1
  is_width "$width" || width=100
  [ "$width" -ge 60 ] || width=60
  [ "$width" -le 120 ] || width=120
}

# --- the folder ------------------------------------------------------------------------------

work=

make_folder()
{
  # A path to a socket may have 108 bytes, so a long TMPDIR cannot be used.
  parent=${TMPDIR:-/tmp}
  [ ${#parent} -le 60 ] || parent=/tmp
  work=$(mktemp -d "$parent/coder-demo.XXXXXX")
  stage=$work/home
}

# The files that syslog-ng follows are there when it starts.
make_logs()
{
  for log in coder-agent.log legacy.log agent.json stackdriver.json; do
    : > "$work/$log"
  done
}

clean_up()
{
  status=$?
  trap - EXIT
  trap '' HUP INT PIPE TERM
  stop_players
  stop_daemon
  [ -z "$work" ] || rm -rf "$work"
  exit "$status"
}

# --- messages in, verdicts out ---------------------------------------------------------------

# append INPUT LOG: as an agent does.
append()
{
  grep -v '^#' "$here/input/$1" >> "$work/$2"
}

# emit_early ARGUMENT...: a record while the log server is not there: its spool keeps it.
emit_early()
{
  status=0
  "$emit" --wait=0 --state-dir="$work/spool" "$@" 2> "$work/emit.log" || status=$?
  [ "$status" -eq 1 ] && grep -q ' waits in ' "$work/emit.log" && return
  cat "$work/emit.log" >&2
  die "coder-emit kept no record (exit status $status)"
}

# emit ARGUMENT...: it has to bring a record to the log server.
emit()
{
  "$emit" --wait="$message_limit" "$@" 2> "$work/emit.log" && return
  cat "$work/emit.log" >&2
  die "coder-emit failed: $*"
}

emit_records()
{
  emit --state-dir="$work/spool" --flush
  emit --syslog="tcp:127.0.0.1:$tcp_port" --host=dev-hugo site=dial errno=ETIMEDOUT
  emit --syslog="udp:127.0.0.1:$udp_port" --host=dev-ines site=ssh-session \
       disconnect_reason=workspace_stopped build_reason=autostop
  emit --syslog="unix-dgram:$work/log" --host=dev-jana site=pty exit_status=137 out_of_memory=true
}

send_messages()
{
  "$feed" tcp "$tcp_port" < "$here/input/tcp.txt"
  "$feed" udp "$udp_port" < "$here/input/udp.txt"
  "$feed" udp "$plain_port" < "$here/input/plain.txt"
  "$feed" unix "$work/log" < "$here/input/unix.txt"
  append coder-agent.txt coder-agent.log
  append legacy.txt legacy.log
  append agent.json agent.json
  append stackdriver.json stackdriver.json
  emit_records
}

count_expected()
{
  [ "$part" != sessions ] || { echo 0; return; }
  "$awk" '/^noise / { n += $3; next } /^[^#]/ { n++ } END { print n + 0 }' "$expected"
}

# has_lines N FILE
has_lines()
{
  [ "$(cat "$2" 2>/dev/null | wc -l)" -ge "$1" ]
}

has_all()
{
  has_lines "$n_expected" "$work/verdicts.tsv" &&
    has_lines "$((n_expected + n_ends))" "$work/messages.json"
}

collect()
{
  n_expected=$(count_expected)
  [ "$part" = sessions ] || send_messages
  [ "$part" = messages ] || end_sessions
  within "$message_limit" has_all || printf 'demo: not all messages came out in time\n' >&2
  control stats > "$work/all-counters.csv"
  grep -v ';p_sessions;' "$work/all-counters.csv" > "$work/counters.csv"
  stop_daemon
  touch "$work/verdicts.tsv" "$work/sessions.tsv" "$work/messages.json"
  LC_ALL=C "$awk" -f "$here/order.awk" "$work/verdicts.tsv" | LC_ALL=C sort > "$work/sorted.tsv"
}

# --- sessions --------------------------------------------------------------------------------

has_agent()
{
  [ -x "$agentd" ] && [ -x "$pty" ]
}

complain()
{
  die "$1"
}

is_recorded()
{
  has_lines "$1" "$work/sessions.tsv"
}

end_sessions()
{
  has_agent || return 0
  mkdir "$stage"
  start_agent --syslog="tcp:127.0.0.1:$agent_port" --max-sessions=1
  play_sessions
}

# --- what is kept ----------------------------------------------------------------------------

keep()
{
  rm -rf "$build/demo"
  mkdir -p "$build/demo"
  cp "$work/messages.json" "$work/counters.csv" "$work/syslog-ng.conf" "$work/syslog-ng.log" \
     "$build/demo"
  cp "$work/sorted.tsv" "$build/demo/verdicts.tsv"
  cp "$work/sessions.tsv" "$build/demo"
}

# --- what is shown ---------------------------------------------------------------------------

show_messages()
{
  LC_ALL=C "$awk" -v color="$color" -v width="$width" -v version="$version" \
    -f "$here/text.awk" -f "$here/rules.awk" -f "$here/table.awk" \
    "$work/rules.json" "$work/sorted.tsv"
  LC_ALL=C "$awk" -v color="$color" -v width="$width" \
    -f "$here/text.awk" -f "$here/counters.awk" "$work/counters.csv"
}

# table_of_sessions VARIABLE=VALUE... FILE...
table_of_sessions()
{
  LC_ALL=C "$awk" -v color="$color" -v width="$width" -v version="$version" \
    -f "$here/text.awk" -f "$here/rules.awk" -f "$here/sessions.awk" "$@"
}

show_sessions()
{
  if has_agent; then
    table_of_sessions "$work/rules.json" "$endings" "$work/sessions.tsv"
  else
    printf '\n  Sessions of coder-agentd are not shown: it was not built, ./configure says why.\n'
  fi
}

show()
{
  "$triage" rules --json > "$work/rules.json"
  version=$(syslog-ng -V | sed -n 's/^Installer-Version: *//p')
  [ "$part" = sessions ] || show_messages
  [ "$part" = messages ] || show_sessions
}

# place NAME PATH: in a line of its own where there is no room for both.
place()
{
  if [ "$width" -ge 80 ]; then printf '  %-19s %s\n' "$@"; else printf '  %s\n    %s\n' "$@"; fi
}

show_places()
{
  echo
  place 'all that came out' "$build/demo/messages.json"
  place 'the configuration' "$build/demo/syslog-ng.conf"
  place 'the rules' "$triage rules"
  echo
}

# differ NAME: shows where $work/NAME.actual is not $work/NAME.expected.
differ()
{
  cmp -s "$work/$1.expected" "$work/$1.actual" && return 1
  printf '  Not all %s are the right ones (- expected, + what came out):\n' "$1"
  diff -U 0 "$work/$1.expected" "$work/$1.actual" | sed -e '1,2d' -e '/^@@/d' -e 's/^/    /'
}

# The parser's counters have to agree with the verdicts as well.
expect_messages()
{
  "$awk" '/^[^#]/ { $1 = $1; print }' "$expected" > "$work/verdicts.expected"
  LC_ALL=C "$awk" -f "$here/verdicts.awk" "$work/sorted.tsv" > "$work/verdicts.actual"
  "$awk" -f "$here/tally.awk" "$work/verdicts.expected" | LC_ALL=C sort > "$work/counters.expected"
  "$awk" -f "$here/tally.awk" "$work/counters.csv" | LC_ALL=C sort > "$work/counters.actual"
}

expect_sessions()
{
  has_agent || return 0
  sed -e '/^#/d' -e 's/  *|/ |/g; s/|  */| /g' "$endings" > "$work/sessions.expected"
  table_of_sessions -v compare=1 "$endings" "$work/sessions.tsv" > "$work/sessions.actual"
}

verify()
{
  [ "$part" = sessions ] || expect_messages
  [ "$part" = messages ] || expect_sessions
  wrong=0
  for name in verdicts counters sessions; do
    if [ -e "$work/$name.expected" ] && differ "$name"; then wrong=1; fi
  done
  [ "$wrong" -eq 0 ] || return 1
  if [ "$color" = always ]; then on=$(printf '\033[32m') off=$(printf '\033[0m'); fi
  printf '  %sAll verdicts and counters are the right ones.%s\n\n' "${on-}" "${off-}"
}

read_options "$@"
find_programs
choose_color
choose_width
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
make_folder
make_logs
emit_early --syslog="unix-dgram:$work/log" --host=dev-gina site=agent-close \
           disconnect_reason=server_shutdown
start_daemon
collect
keep
show
show_places
verify
