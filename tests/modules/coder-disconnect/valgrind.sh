#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The parser tests once more under valgrind: no bad access, no leak of the module's.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

tests=$top_builddir/tests/modules/coder-disconnect

command -v valgrind >/dev/null || plan_skip 'valgrind is not installed'
case ${CODER_SANITIZERS-} in '' | no) ;; *) plan_skip 'the build has sanitizers already' ;; esac

# clean TEST [ARGUMENT...]: what the program says counts elsewhere, here only valgrind's word does.
clean()
{
  name=$1
  shift
  check "$name" valgrind --quiet --error-exitcode=99 --leak-check=full \
        --show-leak-kinds=definite --errors-for-leak-kinds=definite "$tests/$name" "$@"
}

plan 12
clean test-load
clean test-formats
clean test-options
clean test-header
clean test-message
clean test-relay
clean test-refused
clean test-rescue
clean test-raw
clean test-counters
clean test-threads
clean test-parser-cases -s /parser-cases-cloned
