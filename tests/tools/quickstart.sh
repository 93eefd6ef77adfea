#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# quickstart: wrong use, and what it makes of the results of "make check".
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/support/tap.sh"

quickstart=$top_srcdir/quickstart
work=$(mktemp -d)
at_exit 'rm -rf "$work"'

# refused WORD...: exit status and the first line on standard error; nothing is built.
refused()
{
  status=0
  "$quickstart" "$@" > "$work/out" 2> "$work/err" < /dev/null || status=$?
  echo "$status: $(head -n 1 "$work/err")"
}

# functions NAME...: these functions of quickstart, which does its job when it is sourced.
functions()
{
  for name in "$@"; do
    sed -n "/^$name()/,/^}/p" "$quickstart"
  done
}

# results NAME WORD...: a .trs file with these results.
results()
{
  file=$work/$1.trs
  shift
  printf ':test-result: %s\n' "$@" > "$file"
}

check_wrong_use()
{
  is 'a command that is none is named' "$(refused bogus)" '2: quickstart: no such command: bogus'
  is 'behind it comes the usage' "$(refused bogus >/dev/null; grep -c '^Usage:' "$work/err")" 1
  is 'build takes no word' "$(refused build bogus)" \
     '2: quickstart: build takes no further word: bogus'
  is 'test takes no word' "$(refused test bogus)" \
     '2: quickstart: test takes no further word: bogus'
}

check_count()
{
  results passed 'PASS 1 - a' 'XFAIL 2 - b' 'SKIP 3 - c'
  is 'passed and skipped' "$(count "$work/passed.trs")" '2 0 1'
  results failed 'PASS 1 - a' 'FAIL 2 - b' 'ERROR'
  is 'a failure and the exit status are one' "$(count "$work/failed.trs")" '1 1 0'
  results broken 'PASS 1 - a' 'ERROR - Bail out! why' 'ERROR - exited with status 1'
  is 'what breaks off without a failure is one' "$(count "$work/broken.trs")" '1 1 0'
  results early 'ERROR' 'FAIL 1 - a' 'FAIL 2 - b'
  is 'the order of the lines is nothing' "$(count "$work/early.trs")" '0 2 0'
  is 'each file counts for itself' \
     "$(count "$work/failed.trs" "$work/broken.trs" "$work/passed.trs")" '4 2 1'
}

check_failures()
{
  printf '%s\n' '# before' 'ok 1 - a' 'PASS: x 1 - a' '# fine' 'not ok 2 - b' \
         'FAIL: x 2 - b' '# why' '# more' 'noise' '# noise' \
         'Bail out! ended' > "$work/failed.log"
  is 'what failed is shown, with why' "$(show_failures "$work/failed.trs")" \
     "--- $work/failed.log
not ok 2 - b
# why
# more
Bail out! ended"
  seq 100 > "$work/broken.log"
  is 'else the end of the log' "$(show_failures "$work/broken.trs")" \
     "--- $work/broken.log
$(seq 61 100)"
  is 'what passed is not shown' "$(show_failures "$work/passed.trs")" ''
}

eval "$(functions say count show_failure show_failures)"
check_wrong_use
check_count
check_failures
plan_done
