#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bad values are found by syslog-ng --syntax-only, with file, line, option, value and allowed set.
# The cases are in tests/data/config-errors.txt.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

# The options stand on line 3 of a file, from column 3 on.
check_syntax()
{
  printf '@version: %s\nparser p_coder { coder-disconnect(\n  %s\n); };\n' "$config_version" "$1" \
    > "$work/conf"
  status=0
  (run_daemon --syntax-only) > "$work/out" 2>&1 || status=$?
}

# The first line, without what changes from run to run: "LINE:COLUMNS MESSAGE".
first_error()
{
  sed -n "1s|^Error parsing coder-disconnect, \(.*\) in $work/conf:\([0-9:-]*\):\$|\2 \1|p" \
    "$work/out"
}

# compare NAME OPTIONS WANTED: WANTED is "ok", "PLACE MESSAGE", or "PLACE ~" for any message.
compare()
{
  check_syntax "$2"
  error=$(first_error)
  case $3 in
    ok) is "$1" "$status $(head -n 1 "$work/out")" '0 ' ;;
    *' ~') is "$1" "$status ${error%% *}" "1 ${3% \~}" ;;
    *) is "$1" "$status $error" "1 $3" ;;
  esac
}

# The caret line shows the user the very place.
shows_source()
{
  check_syntax "drop-unmatched(maybe)"
  grep -qF "drop-unmatched(maybe)" "$work/out" && grep -q '\^\^\^\^\^$' "$work/out"
}

while IFS= read -r name; do
  case $name in '#'* | '') continue ;; esac
  IFS= read -r options
  IFS= read -r wanted
  compare "$name" "$options" "$wanted"
done < "$data/config-errors.txt"

check 'the source line is shown with a caret' shows_source
plan_done
