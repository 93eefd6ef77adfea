#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-emit as its users see it, where no log server is needed: options, keys, what it says and
# what it does not, completion and manual page.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

emit=${CODER_EMIT:-$top_builddir/tools/coder-emit/coder-emit}
tmp=$(mktemp -d)
at_exit 'rm -rf "$tmp"'
state=$tmp/state
away=unix-stream:$tmp/away

# run STATUS ARGUMENT...: coder-emit, which has to end with that status; what it says is in "said".
run()
{
  wanted=$1
  shift
  status=0
  "$emit" "$@" > "$tmp/stdout" 2> "$tmp/said" || status=$?
  [ "$status" -eq "$wanted" ] || { echo "status $status, not $wanted"; cat "$tmp/said"; return 1; }
}

# says TEXT: whether it said that.
says()
{
  grep -qF -- "$1" "$tmp/said" || { cat "$tmp/said"; return 1; }
}

# hides TEXT: whether it said something, and not that.
hides()
{
  [ -s "$tmp/said" ] && ! grep -F -- "$1" "$tmp/said"
}

# refused ARGUMENT...: the first line of the answer to wrong use.
refused()
{
  run 2 "$@" && head -n 1 "$tmp/said"
}

# line JSON: what it says of this line on standard input, or the record.
line()
{
  printf '%s\n' "$1" | "$emit" -i -s stderr: 2>&1 | grep -v '^See:' || :
}

# parameter NAME FILE: of the records in there.
parameter()
{
  sed -n "s/.* $1=\"\([^\"]*\)\".*/\1/p" "$2"
}

# --- output --------------------------------------------------------------------------------------

# print_full OPTION: on a device that is full.
print_full()
{
  status=0
  "$emit" "$1" > /dev/full 2> "$tmp/said" || status=$?
  [ "$status" -eq 1 ] && says 'cannot write: No space left on device'
}

for option in --help --version; do
  if [ -c /dev/full ]; then
    check "$option that cannot be written" print_full "$option"
  else
    skip "$option that cannot be written" 'no /dev/full here'
  fi
  check "$option" run 0 "$option"
done

# --- options -------------------------------------------------------------------------------------

for option in --host --app-name --state-dir --syslog --forget --tls-ca --tls-cert --tls-key \
              --tls-name; do
  is "an empty $option" "$(refused "$option=" errno=5 | sed 's/: [A-Z]* is/: X is/')" \
     "coder-emit: $option: X is empty"
done
check 'files for TLS without a target that uses it' run 2 -s stderr: --tls-ca=/dev/null errno=5
check '... are named' says 'there is no target tls:HOST:PORT'
check 'two sources' run 2 -f -d "$state" errno=5
check '... are one too many' says 'only one of KEY=VALUE..., --stdin, --flush and --forget'

# --- before anything is accepted -----------------------------------------------------------------

check 'a wrong URI' run 2 -d "$state" -s stderr: -s tcp:nowhere errno=5
check '... is named' says '"tcp:nowhere" is not as tcp:HOST:PORT'
echo '{"errno":5}' > "$tmp/line"
check 'a wrong URI and standard input' run 2 -d "$state" -s stderr: -s tcp:nowhere -i < "$tmp/line"
for option in --tls-ca --tls-cert --tls-key; do
  check "no file for $option" \
        run 2 -d "$state" -s stderr: -s tls:localhost:1 "$option=$tmp/none" errno=5
  check '... is named' says "$tmp/none"
  echo 'no certificate' > "$tmp/wrong.pem"
  check "a wrong file for $option" \
        run 2 -d "$state" -s stderr: -s tls:localhost:1 "$option=$tmp/wrong.pem" errno=5
  check '... is named' says "$tmp/wrong.pem"
done
check 'nothing of that made the state folder' test ! -e "$state"

# --- secrets -------------------------------------------------------------------------------------

for uri in tcp:user:hunter2@host:1 tcp://user:hunter2@host:1 udp:hunter2@host:1 \
           'tcp:user:hunter2 x@host:1' other:user:hunter2@host:1; do
  check "a URI that is none: $uri" run 2 -s "$uri" errno=5
  check '... is shown without its password' hides hunter2
done
check 'the path of a socket is shown' run 1 -w 0 -s "unix-stream:$tmp/a@b" errno=5
check '... as it is' says "unix-stream:$tmp/a@b"
check 'an option that is none' run 2 --password=hunter2
check '... is shown without its value' hides hunter2
check 'a value outside the set' run 2 -s stderr: exit_status=token=s3cr3tvalue99
check '... is shown without a secret' hides s3cr3tvalue99
long=$(printf '%070d' 0)
check 'a secret where a long value is cut' run 2 -s stderr: "exit_status=$long token=s3cr3tvalue99"
check '... is not shown in part' hides s3cr

# --- keys ----------------------------------------------------------------------------------------

is 'a key of a field twice in a line' \
   "$(line '{"disconnect_reason":"graceful","disconnect_reason":"client_closed"}')" \
   'coder-emit: line 1: disconnect_reason: is given twice'
is 'a key of evidence twice in a line' "$(line '{"errno":5,"errno":104}')" \
   'coder-emit: line 1: errno: is given twice'
is 'a key of both twice in a line' "$(line '{"error":"x","error":"x"}')" \
   'coder-emit: line 1: error: is given twice'
is 'a key written with an escape' "$(line '{"\u0065rrno":5}')" \
   'coder-emit: line 1: errno: a key is written without escapes'
is 'an object as a value' "$(line '{"errno":5,"site":{"errno":6}}')" \
   'coder-emit: line 1: site: allowed: a string, an integer, true or false'
is 'a key twice among the arguments' "$(refused -s stderr: errno=5 errno=6)" \
   'coder-emit: errno: is given twice'
is 'an empty key' "$(refused -s stderr: =x)" 'coder-emit: "": no such key; see --help'

# detail ARGUMENT...: the disconnect_detail of the record.
detail()
{
  run 0 -s stderr: "$@"
  parameter disconnect_detail "$tmp/said"
}

is 'an errno gives a detail' "$(detail errno=ECONNRESET)" 'Connection reset by peer'
is 'a detail of the sender stands above it' "$(detail errno=ECONNRESET disconnect_detail=x)" x
is 'a text of an error, too' "$(detail errno=ECONNRESET 'error=read: EOF')" 'read: EOF'
is 'signals with and without SIG' "$(detail signal=SIGKILL)" "$(detail signal=KILL)"

# --- what waits ----------------------------------------------------------------------------------

check 'a record for a target that is away' run 1 -w 0 -d "$state" -s "$away" errno=5
check '... waits' says "$away: 1 record waits in $state"
check 'another one' run 1 -w 0 -d "$state" -s "$away" errno=6
check '... and the first' says "$away: 2 records wait in $state"
check 'without a state folder' run 1 -w 0 -s "$away" errno=5
check '... it is lost' says "$away: 1 record is lost, for want of --state-dir"
check 'a run with another target' run 0 -d "$state" -s stderr: errno=7
check '... tells of the one that is not listed' says \
  "$state keeps 3 records for $away, which is not among the targets; --forget $away drops them"
check 'flush without a target' run 1 -w 0 -d "$state" -f
check '... knows whom the records are for' says "$away: 3 records wait in $state"

# --- what is forgotten ---------------------------------------------------------------------------

check 'to forget an unknown target' run 2 -d "$state" --forget "$away.other"
check '... is refused with those that are known' says \
  "$state knows no target \"$away.other\"; it knows $away, stderr:"
check 'to forget one of them and an unknown one' \
      run 2 -d "$state" --forget "$away" --forget "$away.other"
check '... forgets none' run 0 -d "$state" --forget "$away"
check '... and then as many as waited' says "$away: 3 records are dropped from $state"
check 'it is forgotten' run 2 -d "$state" --forget "$away"
check 'nothing to flush' run 0 -d "$state" -f
check '... is said' says "$state keeps no record for any target"
check 'to forget without a state folder' run 2 --forget "$away"
check 'to forget and to send' run 2 --forget "$away" -d "$state" -s stderr:

# --- completion and manual page ------------------------------------------------------------------

# complete_words WORD...: what the completion offers after these words.
complete_words()
{
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _coder_emit
           echo "${COMPREPLY[*]}"' "$top_srcdir/tools/coder-emit/coder-emit.bash" "$@"
}

# one_a_line: words, sorted.
one_a_line()
{
  tr ' ' '\n' | sed 's/=$//' | sort
}

options()
{
  "$emit" --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\).*/\2/p' | sort
}

keys()
{
  "$emit" --help | sed -n '/^Fields/,/^Exit/s/^  \([a-z_]*\) .*/\1/p' | sort
}

# allowed KEY: the words that it takes, where these are all.
allowed()
{
  "$emit" -s stderr: "$1=?" 2>&1 | sed -n 's/.*: allowed: //p' | sed 's/,//g; s/ or / /' |
    one_a_line
}

# undocumented PREFIX: words of standard input that the manual page does not have.
undocumented()
{
  while read -r word; do
    grep -q -- "[ ,-]${word#--}\b" "$top_srcdir/doc/coder-emit.1" || echo "$word"
  done
}

if command -v bash > /dev/null; then
  is 'completion of options' "$(complete_words coder-emit -- | one_a_line)" "$(options)"
  is 'completion of keys' "$(complete_words coder-emit '' | one_a_line)" "$(keys)"
  for key in connect_type connection_method disconnect_expected disconnect_initiator \
             disconnect_reason site out_of_memory closer phase; do
    is "completion of the values of $key" \
       "$(complete_words coder-emit "$key" = | one_a_line)" "$(allowed "$key")"
  done
  is 'completion of a value' "$(complete_words coder-emit site = ssh-s)" ssh-session
  is 'completion behind a value' "$(complete_words coder-emit site = pty err)" 'errno= error='
  is 'completion of a target' "$(complete_words coder-emit -s unix-d)" unix-dgram:
  is 'completion of a target behind =' "$(complete_words coder-emit --syslog = tl)" tls:
  : > "$tmp/log"
  is 'completion of a path' "$(complete_words coder-emit -s unix-dgram : "$tmp/lo")" "$tmp/log"
  is 'completion of a file' "$(complete_words coder-emit --tls-ca = "$tmp/lo")" "$tmp/log"
  is 'completion of a folder' "$(complete_words coder-emit -d "$tmp/s")" "$state"
  is 'no completion of a number' "$(complete_words coder-emit --wait = '')" ''
else
  skip 'completion' 'bash is not installed'
fi
is 'the manual page has the options' "$(options | undocumented)" ''
is 'the manual page has the evidence' \
   "$("$emit" --help | sed -n '/^Evidence/,/^Exit/s/^  \([a-z_]*\) .*/\1/p' | undocumented)" ''
if command -v mandoc > /dev/null; then
  is 'the manual page is clean' "$(mandoc -T lint "$top_srcdir/doc/coder-emit.1" 2>/dev/null |
                                   grep -v 'referenced manual not found' || :)" ''
else
  skip 'the manual page is clean' 'mandoc is not installed'
fi
plan_done
