#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# merge-grammar.awk does what the SDK's merge-grammar.py does, byte for byte.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${CODER_TOOLSDIR:=$(pkg-config --variable=toolsdir syslog-ng)}"
. "$top_srcdir/tests/support/tap.sh"

module=$top_srcdir/modules/coder-disconnect
tmp=$(mktemp -d)
at_exit 'rm -rf "$tmp"'

merge()
{
  "${AWK:-awk}" -v core="$1" -f "$module/merge-grammar.awk" "$module/coder-disconnect-grammar.ym"
}

plan 2

merge "$CODER_TOOLSDIR/cfg-grammar.y" > "$tmp/awk.y"
if ! command -v python3 >/dev/null; then
  skip 'same as merge-grammar.py' 'python3 is not installed'
elif ! (cd "$tmp" && env -u top_srcdir python3 "$CODER_TOOLSDIR/merge-grammar.py" \
        "$module/coder-disconnect-grammar.ym") > "$tmp/py.y" 2> "$tmp/py.err"; then
  skip 'same as merge-grammar.py' "this SDK's own script fails: $(tail -n 1 "$tmp/py.err")"
else
  check 'same as merge-grammar.py' cmp "$tmp/py.y" "$tmp/awk.y"
fi

if merge "$tmp/absent.y" > /dev/null 2>&1; then
  not_ok 'a core grammar that is not there is an error'
else
  ok 'a core grammar that is not there is an error'
fi
