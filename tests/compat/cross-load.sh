#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The module of each release in the syslog-ng of every other one: refused in one line, no crash.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)

usage()
{
  cat <<END
Usage: tests/compat/cross-load.sh [OPTION...] SUITE SUITE...

Builds the tree of HEAD in a Debian root of each SUITE, oldest first (bookworm trixie sid), and
loads each module into the syslog-ng of each of them.  An older C library cannot open a newer
release's module at all, so that one is built again there, with the newer syslog-ng's headers.
Exit status 0: each works at home, and is refused elsewhere.

$(options_help)
END
}

. "$here/root.sh"

# build SUITE: leaves its root, and its module in $work/modules/SUITE.
build()
{
  echo "$1: makes a root with $tool and builds"
  make_root "$1"
  cp "$here/load.sh" "$root/"
  quietly inside "$root" /bin/sh /steps.sh build || die "$1: the build failed"
  sed -n "s/^result: \(Debian\)/$1: \1/p" "$work/log"
  mkdir -p "$work/modules/$1"
  cp "$root/src-root/build/modules/coder-disconnect/.libs/libcoder-disconnect.so" \
     "$work/modules/$1/"
}

# build_newer SUITE HOME: the module for the syslog-ng of the newer one, in the root of the older.
build_newer()
{
  echo "$2: builds for the syslog-ng of $1"
  mkdir "$work/$2/sdk"
  (cd "$work/$1/usr" && tar -chf - include/syslog-ng share/syslog-ng/tools \
     "$(find . -name syslog-ng.pc)") | tar -C "$work/$2/sdk" -xf - || die "$1: no headers"
  quietly inside "$work/$2" /bin/sh /steps.sh sdk || die "$2: the build for $1 failed"
  cp "$work/$2/src-sdk/build/modules/coder-disconnect/.libs/libcoder-disconnect.so" \
     "$work/$2/modules/$1/"
  rm -rf "$work/$2/sdk" "$work/$2/src-sdk"
}

# load SUITE HOME: the module of one into the syslog-ng of the other.
load()
{
  wanted=refused
  [ "$1" != "$2" ] || wanted=works
  ended=0
  quietly inside "$work/$2" /bin/sh /load.sh "$1" "/modules/$1" "$wanted" || ended=$?
  sed -n "s/^result: /$2: /p" "$work/log"
  return "$ended"
}

read_options "$@"
# shellcheck disable=SC2086  # names
set -- $suites
[ $# -ge 2 ] || wrong_use 'two suites or more are wanted'
need_all
for suite in "$@"; do
  build "$suite"
done
status=0
for suite in "$@"; do
  cp -R "$work/modules" "$work/$suite/modules"
  is_newer=
  for module in "$@"; do
    [ -z "$is_newer" ] || build_newer "$module" "$suite"
    [ "$module" != "$suite" ] || is_newer=yes
    load "$module" "$suite" || status=1
  done
done
exit "$status"
