#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Our SCL where the module is missing: those who use it learn what to install, all others nothing.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/scl/scl.sh"

# All modules of the system but ours, which may be installed.
mkdir "$work/modules"
for module in "${CODER_MODULE_PATH##*:}"/*.so; do
  case $module in */libcoder-disconnect.so) ;; *) ln -s "$module" "$work/modules" ;; esac
done
CODER_MODULE_PATH=$work/modules

# says_what_to_install NAME TEXT
says_what_to_install()
{
  if check_syntax "$2"; then not_ok "$1 is an error"; else ok "$1 is an error"; fi
  is "$1 says in one line what to install" \
     "$(grep -o "module='coder-disconnect', .*fits this syslog-ng'" "$work/syntax")" \
     "module='coder-disconnect', details='install the package syslog-ng-mod-coder-disconnect \
that fits this syslog-ng'"
}

# is_untroubled NAME TEXT
is_untroubled()
{
  check "$1 is no error" check_syntax "$2"
  is "$1 says nothing" "$(cat "$work/syntax")" ''
}

says_what_to_install 'the parser' 'parser p_coder { coder-disconnect(prefix("x.")); };'
says_what_to_install 'the parser in a log path' 'log { parser { coder-disconnect(); }; };'
says_what_to_install 'the relay' 'destination d_relay { coder-relay(host("127.0.0.1")); };'

is_untroubled 'the SCL alone' ''
is_untroubled 'a filter' 'filter f_coder { coder-unexpected(); };'
is_untroubled 'a source' 'source s_coder { coder-local(path("/tmp/log")); };'
is_untroubled 'app-parser()' '@module appmodel
parser p_app { app-parser(topic(syslog)); };'

configure <<'CONF'
@include "@WORK@/scl.conf"
source s_in { file("@WORK@/in" flags(no-parse)); };
log { source(s_in); destination { file("@WORK@/out"); }; };
CONF
echo 'a line' > "$work/in"
start
wait_for 30 has_lines 1 "$work/out"
ok 'the daemon runs'
is 'and does not complain of the module' "$(grep -c coder "$work/stderr")" 0
ends_in_order
plan_done
