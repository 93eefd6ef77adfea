#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole suite in a bare Debian of another release, with the syslog-ng of that release.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)

usage()
{
  cat <<END
Usage: tests/compat/run-suite.sh [OPTION...] SUITE...

For each SUITE (bookworm, trixie, sid): makes a bare Debian root in a temporary folder, unpacks the
tree of HEAD in it, and runs ./quickstart packages, ./quickstart test and ./quickstart there, as
root and as a plain user.  Needs root, mmdebstrap or debootstrap, and a mirror.  Prints the results
of each; exit status 0: nothing failed.

$(options_help)
  --keep DIR           all output, one file SUITE.txt for each
  --distcheck          make distcheck as well
END
}

. "$here/root.sh"

# suite NAME: runs it, and prints what counts.
suite()
{
  echo "$1: makes a root with $tool"
  make_root "$1"
  echo "$1: runs; this takes some minutes"
  ended=0
  inside "$root" /bin/sh /steps.sh suite ${with_distcheck:+distcheck} > "$work/$1.txt" 2>&1 ||
    ended=$?
  [ -z "$keep" ] || cp "$work/$1.txt" "$keep/"
  [ "$ended" -eq 0 ] || sed -n "/^--- /,/^result: /s/^/$1 | /p" "$work/$1.txt"
  sed -n "s/^result: /$1: /p" "$work/$1.txt"
  rm -rf "$root"
  return "$ended"
}

read_options "$@"
[ -n "$suites" ] || wrong_use 'no suite named'
need_all
[ -z "$keep" ] || mkdir -p "$keep"
status=0
for name in $suites; do
  suite "$name" || status=1
done
exit "$status"
