#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The emitter's target journald: into a real journal, in a mount namespace of the test's own.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

journald=/lib/systemd/systemd-journald
[ -x "$journald" ] || plan_skip 'there is no systemd-journald'
unshare --mount --pid --fork true 2> /dev/null || plan_skip 'needs root and namespaces'

work=$(mktemp -d)
# shellcheck disable=SC2016  # expanded at the end
at_exit 'rm -rf "$work"'

# A line too long for a datagram goes by memory.
{
  head -n 1 "$top_srcdir/tests/data/e2e/sdata.txt"
  printf '<14>1 - - long - - - %s\n' "$(head -c 400000 /dev/zero | tr '\0' x)"
} > "$work/in.txt"

cat > "$work/inside" <<'E2'
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal
"$journald" > "$work/journald" 2>&1 &
n=0
until [ -S /run/systemd/journal/socket ]; do
  n=$((n + 1))
  [ "$n" -le 1500 ] || exit 1
  sleep 0.02
done
"$top_builddir/tests/support/send-target" journald: "$work/in.txt"
journalctl -D /run/log/journal --sync > /dev/null 2>&1 || :
n=0
until journalctl -D /run/log/journal -t long -o export 2> /dev/null | grep -q '^MESSAGE=x'; do
  n=$((n + 1))
  [ "$n" -le 1500 ] || exit 1
  sleep 0.02
done
journalctl -D /run/log/journal -t coder-agentd -o export > "$work/record"
journalctl -D /run/log/journal -t long -a -o export > "$work/long"
E2
export journald work top_builddir

plan 4
check 'lines are sent and stored' unshare --mount --pid --fork --kill-child sh "$work/inside"
is 'the fields of the record' "$(grep -E '^CODER_.*(REASON|EXPECTED|RULE|SEQUENCE)' "$work/record" |
                                   sort | tr '\n' ' ')" \
   "CODER_DISCONNECT_EXPECTED=true CODER_DISCONNECT_REASON=graceful CODER_RULE=36 \
CODER_SEQUENCE_ID=1 "
is 'the fields of the header' "$(grep -E '^(PRIORITY|SYSLOG_[A-Z]*)=' "$work/record" | sort |
                                   tr '\n' ' ')" \
   'PRIORITY=6 SYSLOG_FACILITY=3 SYSLOG_IDENTIFIER=coder-agentd SYSLOG_PID=812 '
is 'a long message arrives whole' "$(sed -n 's/^MESSAGE=//p' "$work/long" | wc -c)" 400001
