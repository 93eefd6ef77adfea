#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-gtest.sh [OPTION...] PROGRAM: runs a test program of GLib so that it prints TAP and cannot
# hang.  Options for the program come from make check LOG_FLAGS='-p /some/test'; a command to
# put before it from make check TEST_WRAPPER='valgrind -q --error-exitcode=99'.
set -eu

options=
while [ $# -gt 1 ]; do
  options="$options $1"
  shift
done

# shellcheck disable=SC2086  # the wrapper and the options are words
exec timeout --foreground -k 10 "${TEST_TIMEOUT:-300}" ${TEST_WRAPPER-} "$1" --tap $options
