#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The module as syslog-ng sees it: found, described, bound to its version, at peace with others.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

so=$top_builddir/modules/coder-disconnect/.libs/libcoder-disconnect.so

: > "$work/conf"
(run_daemon -V) > "$work/version" 2>&1
check 'syslog-ng -V lists it' grep -q '^Available-Modules: .*coder-disconnect' "$work/version"

(run_daemon --module-registry) > "$work/registry" 2>&1
described()
{
  awk '/^Module:/ { ours = $2 == "coder-disconnect" } ours' "$work/registry" > "$work/ours"
  grep -q '^Status: ok' "$work/ours" && grep -q '^Version: [0-9]' "$work/ours" &&
    grep -q 'Coder' "$work/ours" && grep -q '^  parser *coder-disconnect$' "$work/ours"
}
check '--module-registry describes it' described

exported()
{
  nm -D --defined-only "$so" | awk '{ print $3 }' | LC_ALL=C sort | tr '\n' ' '
}
case $(exported) in
  'coder_disconnect_module_init module_info '* | 'coder_disconnect_module_info coder_disconnect_'*)
    ok 'it exports what syslog-ng looks up' ;;
  *) not_ok 'it exports what syslog-ng looks up' "$(exported)" ;;
esac
is 'and nothing else' "$(exported | wc -w | tr -d ' ')" 2
check 'it takes the libsyslog-ng that is running, and no other' \
      sh -c "! readelf -d '$so' | grep 'NEEDED.*libsyslog-ng'"

cat "$data/e2e/json.txt" > "$work/in"
echo '{"a":"b","n":[1,2]}' >> "$work/in"

json='parser p_json { json-parser(prefix(".json.")); };'
ours='parser p_coder { coder-disconnect(); };'

# beside NAME FIRST SECOND PATH: a configuration that loads and uses both in an order.
beside()
{
  configure <<CONF
source s_in { file("@WORK@/in" flags(no-parse) persist-name("$1")); };
$2
$3
log { source(s_in); $4
      destination { file("@WORK@/$1.out"
                         template("\${.json.msg}\${.json.a} \${.coder.source}\n")); }; };
CONF
  start
  wait_for 30 has_lines 15 "$work/$1.out"
  stop
}

json_and_ours()
{
  is "$1: json-parser() reads what it should" "$(grep -c '^disconnected from' "$work/$2.out")" 4
  is "$1: also what is none of ours" "$(tail -n 1 "$work/$2.out")" 'b '
  is "$1: and so do we" "$(grep -c ' slog-json$' "$work/$2.out")" 12
}

beside before "$json" "$ours" 'parser(p_json); parser(p_coder);'
json_and_ours 'json-parser() before ours' before
beside after "$ours" "$json" 'parser(p_coder); parser(p_json);'
json_and_ours 'json-parser() after ours' after

configure <<'CONF'
source s_in { file("@WORK@/in" flags(no-parse)); };
log { source(s_in); parser { coder-disconnect(); };
      destination { file("@WORK@/bare"); }; };
CONF
start
wait_for 30 has_lines 15 "$work/bare"
stop
said()
{
  sed 's/^[^ ]* //' "$work/stderr" | grep -v '^syslog-ng \(starting up\|shutting down\)' || :
}
is 'the bare parser starts, works and ends without a word' "$(said)" ''
plan_done
