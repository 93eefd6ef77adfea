#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What documentation and completion have of the table of settings is what the program has.
# UPDATE=1 writes it anew.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"

print=$top_builddir/agent-core/agent/print-settings
agentd=${CODER_AGENTD:-$top_builddir/agent-core/agent/coder-agentd}
[ -x "$print" ] || plan_skip 'the agent is not built'
tmp=$(mktemp -d)
at_exit 'rm -rf "$tmp"'
LC_ALL=C.UTF-8
export LC_ALL
cd "$top_srcdir"

# same FILE PAGE: whether the file is as printed; where it has the two lines that begin and end what
# is printed, only that part.
same()
{
  "$print" "$2" > "$tmp/part"
  if grep -q 'end of what tests/agent-core/agent/pages.sh writes' "$1"; then
    $AWK -v part="$tmp/part" '/end of what tests.agent-core.agent.pages.sh/ { skip = 0 }
         !skip { print }
         /begin of what tests.agent-core.agent.pages.sh/ {
           skip = 1
           while ((getline line < part) > 0) print line
         }' "$1" > "$tmp/whole"
  else
    cp "$tmp/part" "$tmp/whole"
  fi
  [ -z "${UPDATE-}" ] || cp "$tmp/whole" "$1"
  diff -u "$1" "$tmp/whole"
}

# complete_words WORD...: what the completion offers after these words.
complete_words()
{
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _coder_agentd
           echo "${COMPREPLY[*]}"' "$top_srcdir/agent-core/agent/coder-agentd.bash" "$@"
}

options()
{
  "$agentd" --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\).*/\2/p' | sort
}

# unknown_to_manual: options of the help that it lacks.
unknown_to_manual()
{
  options | sed 's/^--//' | while read -r option; do
    grep -q -- "Fl -$option\( \|\$\)" doc/coder-agentd.8 || echo "$option"
  done
}

check 'the manual page has the table' same doc/coder-agentd.8 manual
check 'doc/agent.md has the table' same doc/agent.md table
check 'the example of a key file is the table' same systemd/coder-agentd.conf example
check 'the completion is the table' same agent-core/agent/coder-agentd.bash completion
is 'the manual page has every option of --help' "$(unknown_to_manual)" ''
if command -v mandoc > /dev/null; then
  is 'the manual page is sound' "$(mandoc -T lint -W warning doc/coder-agentd.8)" ''
else
  skip 'the manual page is sound' 'mandoc is not installed'
fi
check 'the example is a valid key file' "$agentd" --check --config systemd/coder-agentd.conf
if command -v bash > /dev/null; then
  is 'completion has every option' \
     "$(complete_words coder-agentd -- | tr ' ' '\n' | sort | tr '\n' ' ')" \
     "$(options | tr '\n' ' ')"
  is 'completion of a choice' "$(complete_words coder-agentd --pty-backend b)" buffered
  is 'completion of a switch' "$(complete_words coder-agentd --trust-loopback = f)" false
  is 'completion of a target' "$(complete_words coder-agentd --syslog jo)" journald:
  is 'completion of a file' "$(complete_words coder-agentd --tls-ca "$tmp/par")" "$tmp/part"
else
  for name in 'every option' 'a choice' 'a switch' 'a target' 'a file'; do
    skip "completion of $name" 'bash is not installed'
  done
fi
plan_done
