#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The demonstration: right and wrong verdicts, widths, colours, what it leaves behind, its picture.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"

command -v syslog-ng >/dev/null || [ -x /usr/sbin/syslog-ng ] || plan_skip 'no syslog-ng here'

demo=$top_srcdir/tools/demo/demo.sh
here=$top_srcdir/tests/tools/demo
work=$(mktemp -d)
at_exit 'rm -rf "$work"'
chmod 755 "$work"

# The demonstration writes into the folder of the build; here that is one of links.
mkdir "$work/build" "$work/tmp"
ln -s "$top_builddir/agent-core" "$top_builddir/modules" "$top_builddir/tools" "$work/build"
TMPDIR=$work/tmp
export TMPDIR
unset NO_COLOR COLUMNS || :
escape=$(printf '\033')

# run ARGUMENT...: output in $work/out and $work/err, exit status in $status.
run()
{
  status=0
  (cd "$work" && exec "$demo" "$@" build) > "$work/out" 2> "$work/err" < /dev/null || status=$?
}

# on_terminal ENVIRONMENT...: the same with a terminal for standard output.
on_terminal()
{
  env TERM=xterm "$@" script -qec "'$demo' '$work/build'" /dev/null \
    < /dev/null > "$work/out" 2>&1 || { sed 's/^/# /' "$work/out"; return 1; }
}

widest()
{
  LC_ALL=C $AWK '{ gsub(/\r|\033\[[0-9;]*m/, ""); gsub(/[\200-\277]/, "") }
                 length($0) > n { n = length($0) }
                 END { print n }' "$work/out"
}

# no_wider_than COLUMNS COMMAND...
no_wider_than()
{
  wanted=$1
  shift
  "$@"
  echo "exit $status, $(widest) columns"
  [ "$status" -eq 0 ] && [ "$(widest)" -le "$wanted" ]
}

# run_in COLUMNS: where that is in the environment.
run_in()
{
  COLUMNS=$1
  export COLUMNS
  run
  unset COLUMNS
}

# on_stty COLUMNS: on a terminal that is so wide.
on_stty()
{
  status=0
  (cd "$work" && TERM=xterm exec script -qec "stty cols $1 && '$demo' build" /dev/null) \
    > "$work/out" 2>&1 < /dev/null || status=$?
}

has_escape()
{
  grep -q "$escape" "$work/out"
}

no_escape()
{
  ! has_escape
}

has_agent()
{
  [ -x "$top_builddir/agent-core/agent/coder-agentd" ]
}

# Nothing in the temporary folder, and no process that knows its name.
left_behind()
{
  ls -A "$work/tmp"
  for process in /proc/[0-9]*; do
    cat "$process/cmdline" 2>/dev/null | tr '\0' ' ' | grep -F "$work/tmp" || :
  done
}

# interrupted SIGNAL: starts it, sends the signal while syslog-ng runs; the exit status.
interrupted()
{
  env --default-signal="$1" "$demo" "$work/build" > "$work/out" 2>&1 < /dev/null &
  pid=$!
  tries=0
  until ls "$work/tmp"/*/pid >/dev/null 2>&1 || [ "$tries" -ge 600 ]; do
    sleep 0.02
    tries=$((tries + 1))
  done
  kill -s "$1" "$pid"
  status=0
  wait "$pid" || status=$?
  echo "$status"
}

check_run()
{
  run
  is 'every verdict is the right one' "$status$(cat "$work/err")" 0
  is 'a table row for each verdict' \
     "$(grep -cE '^  [0-9:]{8}  .*(expected|investigate)' "$work/out")" \
     "$(grep -cE '^[0-9]' "$top_srcdir/tools/demo/expected.txt")"
  check 'no colour in a pipe' no_escape
  for file in messages.json syslog-ng.conf; do
    check "$file is kept and named" grep -q "build/demo/$file" "$work/out"
    check "$file has something in it" test -s "$work/build/demo/$file"
  done
  is 'nothing is left behind' "$(left_behind)" ''
}

check_sessions()
{
  if ! has_agent; then
    skip 'sessions of coder-agentd' 'the agent is not built'
    return
  fi
  endings=$top_srcdir/tools/demo/sessions.txt
  run --part=sessions
  is 'every session has the right verdict' "$status$(cat "$work/err")" 0
  is 'a row for each session, in order' \
     "$(sed -n 's/^  \([^ ].*[^ ]\)  *\(expected\|investigate\) .*/\1/p' "$work/out")" \
     "$(sed -n 's/^[a-z_]* *| \([^|]*[^| ]\) *|.*/\1/p' "$endings")"
  check 'no messages where sessions alone are wanted' test ! -s "$work/build/demo/verdicts.tsv"
  sed 's/^\(detached .*\)| true /\1| false/' "$endings" > "$work/wrong.txt"
  run --part=sessions --sessions="$work/wrong.txt"
  is 'a wrong verdict of a session is exit status 1' "$status" 1
  check '... and is shown' grep -q '^ *+detached .* | client_closed | true | client' "$work/out"
  is 'nothing is left behind by sessions' "$(left_behind)" ''
}

# Where configure has left the agent out.
check_without_agent()
{
  rm "$work/build/agent-core"
  run --part=sessions
  is 'it works without the agent' "$status$(cat "$work/err")" 0
  check '... and says so in one line' \
        grep -q '^  Sessions of coder-agentd are not shown: it was not built' "$work/out"
  ln -s "$top_builddir/agent-core" "$work/build"
}

check_widths()
{
  for columns in 60 65 66 79 80 93 94 99 100 120; do
    check "messages: no line over $columns columns" \
          no_wider_than "$columns" run --part=messages --width="$columns"
  done
  for columns in 60 91 92 120; do
    check "sessions: no line over $columns columns" \
          no_wider_than "$columns" run --part=sessions --width="$columns"
  done
  run --width=20
  is 'less than 60 columns is 60' "$(widest)" "$(run --width=60; widest)"
  for columns in 60 80; do
    check "no line over COLUMNS=$columns" no_wider_than "$columns" run_in "$columns"
  done
  check 'COLUMNS that are none are nothing' no_wider_than 100 run_in 7x
  if command -v script >/dev/null; then
    check 'no line over a terminal of 80 columns' no_wider_than 80 on_stty 80
  else
    skip 'no line over a terminal of 80 columns' 'script(1) is not here'
  fi
}

check_colours()
{
  run --color=always
  check 'colour when asked for' has_escape
  if ! command -v script >/dev/null; then
    skip 'colour on a terminal' 'script(1) is not here'
    skip 'none with NO_COLOR' 'script(1) is not here'
    skip 'none on a dumb terminal' 'script(1) is not here'
    return
  fi
  on_terminal LC_ALL=C
  check 'colour on a terminal' has_escape
  on_terminal NO_COLOR=1
  check 'none with NO_COLOR' no_escape
  on_terminal TERM=dumb
  check 'none on a dumb terminal' no_escape
}

check_failures()
{
  sed 's/client_closed     /server_shutdown   /' "$top_srcdir/tools/demo/expected.txt" \
    > "$work/wrong.txt"
  run --expected="$work/wrong.txt"
  is 'a wrong verdict is exit status 1' "$status" 1
  check 'the difference is shown' grep -q '^ *+08:15:40 dev-anna sdata client_closed' "$work/out"
  is 'nothing is left behind after a failure' "$(left_behind)" ''
  is 'a reader that goes away ends it' \
     "$("$demo" "$work/build" < /dev/null 2> /dev/null | head -n 1)$(left_behind)" ''
  run --nonsense
  is 'an option that is none is exit status 2' "$status" 2
  is 'SIGTERM ends it' "$(interrupted TERM)" 143
  is 'Ctrl-C ends it' "$(interrupted INT)" 130
  is 'nothing is left behind after signals' "$(left_behind)" ''
}

check_users()
{
  if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null; then
    skip 'it runs for a user without rights' 'needs root and setpriv(1)'
    return
  fi
  chown -R 65534:65534 "$work/build" "$work/tmp"
  as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
  if ! $as_nobody test -x "$demo" -a -r "$top_builddir/modules"; then
    skip 'it runs for a user without rights' 'the source is in a folder that only root can read'
    return
  fi
  check 'it runs for a user without rights' $as_nobody "$demo" "$work/build"
}

# The rows of verdicts, with their sentences, from the text alternative of a picture.
verdicts_of()
{
  sed -n '/<desc/,/<\/desc>/p' "$1" |
    sed -n '/^  \(time\|what happens\) /,/ \(disconnects\|connections\).*: /p'
}

# check_picture_of PART FILE
check_picture_of()
{
  check "the picture of $1 can be made" \
        "$top_srcdir/tools/demo/picture.sh" "$top_builddir" "$1" "$work/new.svg"
  check '... and is well-formed' $AWK -f "$here/well-formed.awk" "$work/new.svg"
  is "$2 shows these verdicts; else: make picture" \
     "$(verdicts_of "$top_srcdir/$2")" "$(verdicts_of "$work/new.svg")"
  check "$2 is well-formed" $AWK -f "$here/well-formed.awk" "$top_srcdir/$2"
}

check_picture()
{
  check_picture_of messages doc/demo.svg
  if has_agent; then
    check_picture_of sessions doc/sessions.svg
  else
    skip 'the picture of sessions' 'the agent is not built'
  fi
  for broken in '<a><b></a></b>' '<a>' '<a></a><b/>' '<a x=1/>' '<a>&</a>' '<a x="<"/>' 'text'; do
    is "not well-formed: $broken" \
       "$(printf '%s\n' "$broken" | $AWK -f "$here/well-formed.awk" >/dev/null || echo refused)" \
       refused
  done
}

check_run
check_sessions
check_without_agent
check_widths
check_colours
check_failures
check_users
check_picture
plan_done
