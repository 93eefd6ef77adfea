#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coverage.sh GCOV AWK: line coverage of each folder, after a run of the tests in a build that
# was configured with --enable-coverage.  Runs in the top of the build.
set -eu

gcov=$1
awk=$2
here=$(dirname "$0")

counters=$(find agent-core modules -name '*.gcda')
[ -n "$counters" ] || { echo 'coverage: no counters; no test ran' >&2; exit 1; }

# Sources are named as the compiler saw them, from here.
# shellcheck disable=SC2086  # commands with their arguments, and names without blanks
$gcov -t $counters 2>/dev/null | $awk -f "$here/coverage.awk" -v wanted='
  agent-core/disconnect 95
  agent-core/agent 90
  agent-core/emit 90
  agent-core/net 90
  agent-core/process 90
  agent-core/pty 90
  agent-core/slog 95
  agent-core/rfc5424 0
  modules/coder-disconnect 95'
