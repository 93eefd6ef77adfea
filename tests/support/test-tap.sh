#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# tap.sh itself: a broken reporter would hide every other failure.
set -eu

support=$(cd "$(dirname "$0")" && pwd)
. "$support/tap.sh"

# run SCRIPT: runs it with tap.sh, prints its output and its exit status on one line.
run()
{
  status=0
  output=$(sh -c "set -eu; . '$support/tap.sh'; $1" 2>&1) || status=$?
  printf '%s|%s' "$output" "$status" | tr '\n' '|'
}

plan 9
is 'a script that passes' "$(run 'plan 1; ok a')" '1..1|ok 1 - a|0'
is 'a script without a plan counts its cases' "$(run 'ok a; ok b; plan_done')" \
   'ok 1 - a|ok 2 - b|1..2|0'
is 'a case that fails' "$(run 'plan 1; not_ok a "why
more"')" '1..1|not ok 1 - a|# why|# more|1'
is 'a case that is skipped' "$(run 'plan 1; skip a reason')" '1..1|ok 1 - a # SKIP reason|0'
is 'a script that is skipped' "$(run 'plan_skip reason')" '1..0 # SKIP reason|0'
is 'an early end bails out' "$(run 'plan 2; ok a; false')" \
   '1..2|ok 1 - a|Bail out! ended with status 1 after 1 of 2 cases|1'
is 'an early exit 0 bails out' "$(run 'ok a; exit 0')" \
   'ok 1 - a|Bail out! ended with status 0 after 1 of ? cases|1'
is 'a command that fails shows its output' "$(run 'plan 1; check a sh -c "echo no; exit 3"')" \
   '1..1|not ok 1 - a|# no|1'
is 'what is to be done at the end is done, the last first' \
   "$(run 'at_exit "echo one"; at_exit "echo two"; plan 1; ok a')" '1..1|ok 1 - a|two|one|0'
