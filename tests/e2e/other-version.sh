#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A module that was built for another version of syslog-ng is refused in one line that names both,
# and never crashes the daemon.  Here the other version is the present one with its name altered in
# the module; tests/compat/cross-load.sh has real ones.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

version=$(pkg-config --modversion syslog-ng | cut -d. -f1,2)
other=$(echo "$version" | tr 1-9 0)
so=libcoder-disconnect.so

# alter SED...: a module with other names of the same length, so that nothing in the file moves.
alter()
{
  mkdir -p "$work/modules"
  LC_ALL=C sed "$@" "$top_builddir/modules/coder-disconnect/.libs/$so" > "$work/modules/$so"
}

configure <<'CONF'
source s_in { file("@WORK@/in"); };
parser p_coder { coder-disconnect(); };
log { source(s_in); parser(p_coder); destination { file("@WORK@/out"); }; };
CONF
take_ports
write_conf
grep -v p_coder "$work/conf" > "$work/plain.conf"
system_modules=${CODER_MODULE_PATH#*:}
CODER_MODULE_PATH=$work/modules:$system_modules

has_ended()
{
  ! kill -0 "$daemon"
}

# try WORD...: runs the daemon; its exit status in $status, what it says in $work/said.
try()
{
  (run_daemon "$@") > "$work/said" 2>&1 &
  daemon=$!
  wait_for 30 has_ended 2>/dev/null || { kill_daemon; daemon=; status=running; return; }
  status=0
  wait "$daemon" || status=$?
  daemon=
}

# reasons: how many lines give the reason.
reasons()
{
  grep -c "built for another version of syslog-ng.*built_for='libsyslog-ng-$other.so', $(
    )running='libsyslog-ng-$version.so" "$work/said" || :
}

# refused NAME: at --syntax-only and at a start; status 1 is an error in the configuration.
refused()
{
  try --syntax-only
  is "$1: --syntax-only ends with an error, and one line says why" "$status $(reasons)" '1 1'
  try -F
  is "$1: so does a start" "$status $(reasons)" '1 1'
}

rename_library="s/libsyslog-ng-$(echo "$version" | sed 's/\./\\./')\\.so/libsyslog-ng-$other.so/g"

alter "$rename_library"
refused 'another version'
try --syntax-only --cfgfile="$work/plain.conf"
is 'another version: a configuration without the parser is in order' "$status $(reasons)" '0 0'
try --module-registry
is 'another version: --module-registry does not mind' "$status" 0

# Neither 3.38 nor 4.x has all that the other one has.
alter -e "$rename_library" -e 's/stats_cluster_single_key_set/xxxxx_cluster_single_key_set/g'
refused 'another version without a function of ours'

alter ''
try --syntax-only
is 'the same version is let in' "$status $(reasons)" '0 0'
plan_done
