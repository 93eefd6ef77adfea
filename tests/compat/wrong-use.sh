#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The commands that test in Debian roots: what they say when they cannot.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/support/tap.sh"

compat=$top_srcdir/tests/compat
work=$(mktemp -d)
at_exit 'rm -rf "$work"'

# A PATH without the tools, and with one of them, for somebody who is not root.
mkdir "$work/none" "$work/one"
for command in basename cat dirname sh; do
  ln -s "$(command -v "$command")" "$work/none/$command"
  ln -s "$(command -v "$command")" "$work/one/$command"
done
printf '#!/bin/sh\necho 1000\n' > "$work/one/id"
printf '#!/bin/sh\nexit 1\n' > "$work/one/debootstrap"
chmod +x "$work/one/id" "$work/one/debootstrap"

# refused COMMAND WORD...: the exit status and the first line on standard error.
refused()
{
  command=$1
  shift
  status=0
  PATH=${path:-$PATH} "$compat/$command" "$@" > "$work/out" 2> "$work/err" || status=$?
  echo "$status: $(head -n 1 "$work/err")"
}

# The folders of Debian's tools are looked into besides; a machine that has one there has it.
without_tool()
{
  for tool in mmdebstrap debootstrap; do
    [ ! -e "/usr/sbin/$tool" ] && [ ! -e "/sbin/$tool" ] || return 1
  done
}

is 'no suite' "$(refused run-suite.sh)" '2: run-suite.sh: no suite named'
is 'an option that is none' "$(refused run-suite.sh --bogus trixie)" \
   '2: run-suite.sh: no such option: --bogus'
is 'an option without its value' "$(refused run-suite.sh --cache)" \
   '2: run-suite.sh: --cache needs a value'
is 'a suite that is none' "$(refused run-suite.sh ../etc)" \
   '2: run-suite.sh: no name of a Debian suite: ../etc'
is 'a tool that is none' "$(refused run-suite.sh --tool bogus trixie)" \
   '2: run-suite.sh: --tool bogus: mmdebstrap or debootstrap'
is 'modules are loaded across two suites' "$(refused cross-load.sh trixie)" \
   '2: cross-load.sh: two suites or more are wanted'
is 'a tool that is not installed' \
   "$(path=$work/none refused run-suite.sh --tool mmdebstrap trixie)" \
   '1: run-suite.sh: mmdebstrap is not here; install it: apt-get install mmdebstrap'
if without_tool; then
  is 'no tool is installed' "$(path=$work/none refused run-suite.sh trixie)" \
     '1: run-suite.sh: mmdebstrap is not here, nor debootstrap; install one of them'
else
  skip 'no tool is installed' 'one is installed in /usr/sbin'
fi
is 'not root' "$(path=$work/one refused run-suite.sh --tool debootstrap trixie)" \
   '1: run-suite.sh: making and entering a Debian root needs root; try sudo'
check '--help tells the options' sh -c "'$compat/run-suite.sh' --help | grep -q -e --cache"
plan_done
