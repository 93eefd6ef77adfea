# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# TAP for shell tests.  Source it, then:
#   plan N              first, when the number of cases is known; else plan_done at the end
#   plan_skip REASON    the whole script cannot run here; ends it
#   ok NAME             a case that passed
#   not_ok NAME [WHY]   a case that failed; WHY may have several lines
#   skip NAME REASON    a case that cannot run here
#   check NAME CMD...   runs CMD and reports by its exit status, with its output when it failed
#   is NAME GOT WANTED  compares two strings
#   plan_done           the last line, when there was no plan
#   at_exit CMD         runs CMD when the script ends, however it ends; the last one given first
# A script that ends before its plan is fulfilled prints "Bail out!" and fails.

tap_count=0
tap_failed=0
tap_planned=
tap_at_exit=

plan()
{
  tap_planned=$1
  echo "1..$1"
}

plan_skip()
{
  tap_planned=0
  echo "1..0 # SKIP $1"
  exit 0
}

plan_done()
{
  plan "$tap_count"
}

ok()
{
  tap_count=$((tap_count + 1))
  echo "ok $tap_count - $1"
}

not_ok()
{
  tap_count=$((tap_count + 1))
  tap_failed=$((tap_failed + 1))
  echo "not ok $tap_count - $1"
  [ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skip()
{
  tap_count=$((tap_count + 1))
  echo "ok $tap_count - $1 # SKIP $2"
}

check()
{
  tap_name=$1
  shift
  if tap_output=$("$@" 2>&1); then
    ok "$tap_name"
  else
    not_ok "$tap_name" "$tap_output"
  fi
}

is()
{
  if [ "$2" = "$3" ]; then
    ok "$1"
  else
    not_ok "$1" "got:    $2
wanted: $3"
  fi
}

at_exit()
{
  tap_at_exit="$1
$tap_at_exit"
}

tap_end()
{
  tap_status=$?
  trap - EXIT
  set +e
  eval "$tap_at_exit"
  if [ "$tap_planned" != "$tap_count" ]; then
    echo "Bail out! ended with status $tap_status after $tap_count of ${tap_planned:-?} cases"
    exit 1
  fi
  [ "$tap_failed" -eq 0 ] || exit 1
  exit "$tap_status"
}

trap tap_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
