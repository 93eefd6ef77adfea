#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The measurements run and every subject does what it is measured at; figures so small mean nothing.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

# as_target TARGET FLAGS: through make, which names the source as ../configure does. Nothing of the
# make that runs the tests goes to this one.
as_target()
{
  relative=$(realpath --relative-to="$top_builddir" "$top_srcdir")
  env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
    "${MAKE:-make}" -C "$top_builddir" "$1" BENCH_FLAGS="$2" top_srcdir="$relative"
}

plan 7
# libsyslog-ng itself loses a word when it reads a configuration.
ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS-}
export ASAN_OPTIONS
check 'bench-parser' \
  "$top_builddir/bench/bench-parser" --rounds 1 --batch 20 "$top_srcdir/bench"
if [ -e "$top_builddir/Makefile" ]; then
  check 'make bench-parser, from a relative source folder' \
    as_target bench-parser '--rounds 1 --batch 20'
else
  skip 'make bench-parser, from a relative source folder' 'no build folder'
fi
check 'bench-daemon' \
  "$top_srcdir/bench/bench-daemon.sh" --messages 400 --rounds 2
check 'bench-spool' "$top_builddir/bench/bench-spool" 2000
if [ -x "$top_builddir/bench/bench-pty" ]; then
  check 'bench-pty' "$top_builddir/bench/bench-pty" --rounds 1 --size 64 --echoes 5 --attaches 2 \
    --sessions 2 "$top_builddir/agent-core/agent/coder-agentd"
else
  skip 'bench-pty' 'the agent is not built'
fi

# Their sockets stand in a mount namespace.
if unshare -m true 2> /dev/null || unshare -Urm true 2> /dev/null; then
  check 'bench-emit' "$top_builddir/bench/bench-emit" --rounds 1 --batch 100
  check 'bench-accept' "$top_srcdir/bench/bench-accept.sh" --seconds 1 --rate 500
else
  skip 'bench-emit' 'no mount namespace may be made'
  skip 'bench-accept' 'no mount namespace may be made'
fi
