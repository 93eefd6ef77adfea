#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# bench-accept with a real syslog-ng, over tcp, and a spool on disk; arguments go to it.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

configure <<'CONF'
log { source { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")); };
      destination { file("@WORK@/out"); }; flags(flow-control); };
CONF

plan 1
start
if "$top_builddir/bench/bench-accept" --folder "$work/state" "$@" "tcp:127.0.0.1:$(port 1)" \
     "$daemon"; then
  ok 'bench-accept'
else
  not_ok 'bench-accept'
fi
