#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The systemd unit: sound, hardened as far as its score says, and without what hurts sessions.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

unit=$top_builddir/systemd/coder-agentd.service
agentd=$top_builddir/agent-core/agent/coder-agentd
[ -e "$unit" ] || plan_skip 'the agent is not built'
tmp=$(mktemp -d)
at_exit 'rm -rf "$tmp"'
LC_ALL=C.UTF-8
export LC_ALL

# The program is not installed where the unit has it.
sed "s|^ExecStart=[^ ]*|ExecStart=$(realpath "$agentd")|" "$unit" > "$tmp/coder-agentd.service"

# has SETTING...: whether the unit has each of these lines.
has()
{
  for line in "$@"; do
    grep -qx "$line" "$unit" || { echo "no $line"; return 1; }
  done
}

# What the unit says it leaves out.
hurting()
{
  grep -E '^(NoNewPrivileges|RestrictSUIDSGID|SystemCall|RestrictNamespaces|LockPersonality)' \
       "$unit" || :
  grep -E '^(RestrictRealtime|Protect|Private|DevicePolicy|MemoryDenyWriteExecute|IPAddress)' \
       "$unit" || :
}

# score [FILE...]: the exposure of the unit with these drop-ins.
score()
{
  cat "$tmp/coder-agentd.service" "$@" > "$tmp/scored.service"
  systemd-analyze security --offline=true --no-pager "$tmp/scored.service" 2> "$tmp/trouble" |
    sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'
}

# below SCORE LIMIT
below()
{
  [ -n "$1" ] && awk "BEGIN { exit !($1 < $2) }"
}

check 'every place holder is filled in' sh -c '! grep -n "@[a-z]*@" "$0"' "$unit"
check 'ends of sessions are the agent'"'"'s to tell' \
      has KillMode=mixed OOMPolicy=continue Delegate=yes
check 'its folders are its own' has RuntimeDirectoryMode=0700 StateDirectoryMode=0700
is 'nothing in it hurts sessions' "$(hurting)" ''
# shellcheck disable=SC2046  # options without blanks
check 'the agent takes its options' \
      "$agentd" --check $(sed -n 's|^ExecStart=[^ ]* ||p' "$unit" |
                            sed -e "s|%.|$tmp|g" -e 's|/coder-agentd/pty|/pty|')

if systemd-analyze security --help 2>/dev/null | grep -q -- --offline; then
  usual=$(score)
  hardened=$(score "$top_srcdir/systemd/hardened.conf")
  echo "# exposure: $usual, with hardened.conf $hardened (10 is nothing at all)"
  check 'its exposure is known' below "$usual" 9.7
  check 'with hardened.conf its exposure is low' below "$hardened" 5
else
  skip 'its exposure is known' 'no systemd-analyze security --offline (Debian package: systemd)'
  skip 'with hardened.conf its exposure is low' 'no systemd-analyze security --offline'
fi
if command -v systemd-analyze > /dev/null; then
  check 'systemd finds no fault in it' \
        sh -c 'systemd-analyze verify --man=no "$0" 2>&1 | grep coder-agentd > "$0.faults" || :
               cat "$0.faults"; [ ! -s "$0.faults" ]' "$tmp/coder-agentd.service"
else
  skip 'systemd finds no fault in it' 'no systemd-analyze (Debian package: systemd)'
fi
plan_done
