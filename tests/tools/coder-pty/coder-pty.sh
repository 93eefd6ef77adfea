#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-pty's command line, manual page and completion.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

pty=${CODER_PTY:-$top_builddir/tools/coder-pty/coder-pty}
[ -x "$pty" ] || plan_skip 'the agent is not built'
tmp=$(mktemp -d)
at_exit 'rm -rf "$tmp"'
LC_ALL=C.UTF-8
export LC_ALL

# wrong PATTERN OPTION...: whether that is answered as wrong use, with a line that matches.
wrong()
{
  wrong_pattern=$1
  wrong_status=0
  shift
  "$pty" "$@" < /dev/null > "$tmp/out" 2> "$tmp/err" || wrong_status=$?
  [ "$wrong_status" -eq 2 ] && [ ! -s "$tmp/out" ] &&
    grep -q -- "$wrong_pattern" "$tmp/err" && return
  echo "status $wrong_status"
  cat "$tmp/err"
  return 1
}

# complete_words WORD...: what the completion offers after these words.
complete_words()
{
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _coder_pty
           echo "${COMPREPLY[*]}"' "$top_srcdir/tools/coder-pty/coder-pty.bash" "$@"
}

options()
{
  "$pty" --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\).*/\2/p' | sort
}

undocumented()
{
  options | sed 's/^--//' | while read -r option; do
    grep -q -- "Fl -$option\|[,|] -$option" "$top_srcdir/doc/coder-pty.1" || echo "$option"
  done
}

path=unix:$tmp/none
long=unix:/$(seq -s / 99)
for address in '' : 127.0.0.1 ::1 127.0.0.1: 127.0.0.1:0 127.0.0.1:65536 unix: "$long"; do
  check "no address: $(echo "$address" | cut -c -20)" wrong 'allowed: HOST:PORT' "$address"
done
check 'two addresses' wrong 'only one address' "$path" "$path"
check 'an id that is no UUID' wrong '--id=7: no UUID' --id 7 "$path"
check 'an unknown backend' wrong 'allowed: auto, buffered' --backend tmux "$path"
check 'a user without a container' wrong 'needs --container' --container-user me "$path"
check 'a key that is none' wrong '--detach-key=q: allowed' --detach-key q "$path"
check 'two ways at the end of input' wrong 'only one of' --detach-at-eof --wait-at-eof "$path"
check 'a command that is no text' wrong 'UTF-8' --command "$(printf 'a\377')" "$path"
check 'a command that does not fit' wrong 'too long' --command "$(seq -s ' ' 14000)" "$path"
check 'an unknown option' wrong 'Unknown option' --nothing
check 'what is wrong controls no terminal' wrong '\\x1b\[31m' "$(printf '\033[31m')"

status=0
"$pty" "$path" < /dev/null 2> "$tmp/err" || status=$?
is 'nobody there is no wrong use' "$status" 1
check '... and is said in one line' \
      grep -qx "coder-pty: cannot reach $path: .*No such file or directory" "$tmp/err"
is '... which is all' "$(wc -l < "$tmp/err")" 1
case $(id -u) in
  0) folder=/run ;;
  *) folder=$tmp ;;
esac
if [ -e "$folder/coder-agentd/pty.sock" ]; then
  skip 'without an address it is the default one' 'an agent listens there'
else
  XDG_RUNTIME_DIR=$folder "$pty" < /dev/null 2> "$tmp/err" || :
  check 'without an address it is the default one' \
        grep -q "cannot reach unix:$folder/coder-agentd/pty.sock: " "$tmp/err"
fi

check '--version' sh -c '"$0" --version | grep -q "^coder-pty [0-9]"' "$pty"
check '--help' sh -c '"$0" --help | grep -q "unix:PATH"' "$pty"
is 'the manual page has every option' "$(undocumented)" ''
if command -v mandoc > /dev/null; then
  is 'the manual page is sound' "$(mandoc -T lint -W warning "$top_srcdir/doc/coder-pty.1")" ''
else
  skip 'the manual page is sound' 'mandoc is not installed'
fi
if command -v bash > /dev/null; then
  is 'completion has every option' \
     "$(complete_words coder-pty -- | tr ' ' '\n' | sort | tr '\n' ' ')" \
     "$({ options; echo --help; } | sort -u | tr '\n' ' ')"
  is 'completion of --backend' "$(complete_words coder-pty --backend b)" buffered
  is 'completion of --backend=' "$(complete_words coder-pty --backend = t)" terminal
  is 'completion of an address' "$(complete_words coder-pty u)" unix:
else
  for name in 'has every option' 'of --backend' 'of --backend=' 'of an address'; do
    skip "completion $name" 'bash is not installed'
  done
fi
plan_done
