#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The measurements run and every subject does what it is measured at; figures so small mean nothing.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

plan 2
# Under ASan: libsyslog-ng itself loses a word when it reads a configuration.
check 'bench-parser' \
  env ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS-}" \
  "$top_builddir/bench/bench-parser" --rounds 1 --batch 20 "$top_srcdir/bench"
check 'bench-daemon' \
  "$top_srcdir/bench/bench-daemon.sh" --messages 400 --rounds 2
