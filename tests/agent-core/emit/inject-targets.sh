#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# System calls of the targets fail once, and with TARGET_TRIES from some point on always: nothing
# crashes, hangs, or loses a record without saying so. Of each kind two calls fail, or TARGET_TRIES.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"

driver=$top_builddir/tests/agent-core/emit/target-driver
n_tries=${TARGET_TRIES:-2}
mark=target-driver-begins
n_records=6

case ${CODER_SANITIZERS-} in
  '' | no) ;;
  *) plan_skip 'the build has sanitizers, whose own calls would fail' ;;
esac
command -v strace > /dev/null || plan_skip 'strace is not installed'
strace -o /dev/null true 2> /dev/null || plan_skip 'strace may not trace here'

work=$(mktemp -d)
server=
tls_server=
# shellcheck disable=SC2016  # expanded at the end
at_exit 'for pid in $server $tls_server; do kill "$pid"; done; rm -rf "$work"'

# traced URI SECONDS OPTION...: a run to that target; standard error is one, too.
traced()
{
  uri=$1
  seconds=$2
  shift 2
  : > "$work/got"
  timeout -k 5 30 strace -f -qq -o "$work/trace" "$@" \
    "$driver" run "$uri" "$n_records" "$seconds" "$work/result" 2>> "$work/got"
}

# calls NAME: how many calls of this name the main thread makes before the mark, and in all.
calls()
{
  $AWK -v name="$1" -v mark="$mark" '
    NR == 1 { main = $1 }
    $1 != main { next }
    index($0, mark) { before = n }
    { sub(/^[0-9]+ +/, "") }
    index($0, name "(") == 1 { n++ }
    END { print before + 0, n + 0 }' "$work/all"
}

# The numbers that came, as they came first; a journal entry has them in a field.
arrived()
{
  grep -aoE '(sequenceId="|CODER_SEQUENCE_ID=)[0-9]+' "$work/got" | grep -oE '[0-9]+$' |
    $AWK '!seen[$1]++'
}

# is_told: all records have come, in order, or it was said that they have not.
is_told()
{
  arrived > "$work/arrived"
  $AWK -v n="$n_records" '
    FILENAME == ARGV[1] { came++; if ($1 < last) disorder = 1; last = $1; next }
    { told[$1] = $2 }
    $1 == "hindrance" { hindrance = NF > 1 }
    END {
      if (told["accepted"] != n) { print told["accepted"] " accepted"; exit 1 }
      if (disorder) { print "out of order"; exit 1 }
      if (n - came > told["refused"] + told["dropped"] + (told["done"] ? 0 : told["backlog"]))
        { print came + 0 " came of " n; exit 1 }
      if (!told["done"] && !told["troubles"] && !hindrance) { print "nobody knows why"; exit 1 }
    }' "$work/arrived" "$work/result"
}

# The other side may be behind.
comes_to_be_told()
{
  n=0
  until is_told > "$work/complaint"; do
    n=$((n + 1))
    [ "$n" -lt 50 ] || { cat "$work/complaint" "$work/result"; return 1; }
    sleep 0.02
  done
}

# survives URI CALL ERROR WHEN [OPTION...]
survives()
{
  uri=$1
  what="$2 $3 when=$4"
  seconds=5
  case $4 in *+) seconds=1 ;; esac
  inject="$2:error=$3:when=$4"
  name=$2
  shift 4
  status=0
  traced "$uri" "$seconds" -e trace="$name" -e inject="$inject" "$@" || status=$?
  if [ "$status" -ne 0 ]; then
    echo "$what: status $status"
    tail -n 3 "$work/got"
  elif ! comes_to_be_told > "$work/why"; then
    echo "$what:"
    cat "$work/why"
  fi
}

# whens BEFORE ALL CALL ERROR: which of the calls are to fail. For ever only what the kernel may
# refuse for ever, and not what the loop itself waits with.
whens()
{
  $AWK -v first="$(($1 + 1))" -v last="$2" -v n="$n_tries" -v call="$3" -v error="$4" \
       -v all="${TARGET_TRIES:+1}" 'BEGIN {
    step = int((last - first) / n) + 1
    for (i = first; i <= last; i += step) print i
    if (!all || error == "EINTR" || call == "poll" || call == "write") exit
    print first "+"
    print int((first + last) / 2) "+"
  }'
}

# sweep URI PAIR...: each call of the run, and what it fails with, as one case.
sweep()
{
  uri=$1
  shift
  traced "$uri" 5 || { cat "$work/got" >&2; exit 1; }
  cp "$work/trace" "$work/all"
  check "${uri%%:*}: nothing fails" comes_to_be_told
  for pair; do
    call=${pair%:*}
    # shellcheck disable=SC2046  # two numbers
    set -- $(calls "$call")
    if [ "$1" -eq "$2" ]; then
      not_ok "${uri%%:*}: $pair" 'never called'
      continue
    fi
    complaints=$(for when in $(whens "$1" "$2" "$call" "${pair#*:}"); do
                   survives "$uri" "$call" "${pair#*:}" "$when"
                 done)
    if [ -z "$complaints" ]; then
      ok "${uri%%:*}: $pair"
    else
      not_ok "${uri%%:*}: $pair" "$complaints"
    fi
  done
}

"$driver" serve "$work" &
# shellcheck disable=SC2034  # at the end
server=$!
n=0
until [ -s "$work/ports" ]; do
  n=$((n + 1))
  [ "$n" -lt 500 ] || exit 1
  sleep 0.02
done
read -r udp tcp < "$work/ports"

datagram='socket:EMFILE connect:ECONNREFUSED connect:EINTR sendto:ENOBUFS sendto:EAGAIN
          sendto:EINTR sendto:ECONNREFUSED poll:EINTR poll:ENOMEM'
stream='socket:EMFILE connect:ECONNREFUSED connect:EAGAIN sendto:EPIPE sendto:EAGAIN sendto:EINTR
        sendto:ENOMEM recvfrom:EINTR recvfrom:ECONNRESET ioctl:EIO poll:EINTR poll:ENOMEM'
# shellcheck disable=SC2086  # words
{
  sweep "unix-dgram:$work/dgram" $datagram sendto:EMSGSIZE inotify_init1:EMFILE
  sweep "journald:$work/dgram" sendto:ENOBUFS sendto:EMSGSIZE
  sweep "unix-stream:$work/stream" $stream
  sweep "udp:127.0.0.1:$udp" $datagram fcntl:EINVAL
  sweep "tcp:127.0.0.1:$tcp" $stream setsockopt:ENOPROTOOPT getsockopt:EIO
  sweep stderr: write:EIO write:EAGAIN write:EINTR write:ENOSPC write:EPIPE poll:EINTR poll:EBADF
}

# once NAME URI CALL:ERROR... -- OPTION...: each fails at its first call under these options.
once()
{
  name=$1
  uri=$2
  shift 2
  pairs=
  while [ "$1" != -- ]; do
    pairs="$pairs $1"
    shift
  done
  shift
  for pair in $pairs; do
    complaints=$(survives "$uri" "${pair%:*}" "${pair#*:}" 1 "$@")
    if [ -z "$complaints" ]; then
      ok "$name: $pair"
    else
      not_ok "$name: $pair" "$complaints"
    fi
  done
}

# Entries that do not fit a datagram.
once 'journald by memory' "journald:$work/dgram" memfd_create:EMFILE sendmsg:ENOBUFS \
  sendmsg:EAGAIN sendmsg:EMSGSIZE -- -e inject=sendto:error=EMSGSIZE

# TLS is served by another program, whose standard output is what it got.
tls_server()
{
  mkfifo "$work/nothing"
  exec 8<> "$work/nothing"
  openssl s_server -accept 127.0.0.1:0 -cert "$work/tls/good.crt" -key "$work/tls/good.key" \
          < "$work/nothing" >> "$work/got" 2> "$work/tls/errors" 8>&- &
  tls_server=$!
  n=0
  until grep -q '^ACCEPT ' "$work/got"; do
    n=$((n + 1))
    [ "$n" -lt 500 ] || return 1
    sleep 0.02
  done
  tls=$(sed -n 's/^ACCEPT .*://p' "$work/got")
}

TARGET_AUTHORITY=$work/tls/ca.pem
export TARGET_AUTHORITY
mkdir "$work/tls"
: > "$work/got"
if ! command -v openssl > /dev/null; then
  skip tls 'openssl is not installed'
elif ! "$top_srcdir/tests/support/make-certificates.sh" "$work/tls" > "$work/tls/log" 2>&1; then
  not_ok 'tls: certificates' "$(cat "$work/tls/log")"
elif ! tls_server; then
  not_ok 'tls: a server' "$(cat "$work/tls/errors")"
else
  # shellcheck disable=SC2086  # words
  sweep "tls:127.0.0.1:$tls" $stream setsockopt:ENOPROTOOPT getsockopt:EIO
fi

# What a name is found with: calls of another thread, which are told by the file.
if getent ahostsv4 "$(hostname)" > /dev/null 2>&1; then
  once 'tcp by name' "tcp:$(hostname):$tcp" openat:EMFILE openat:EACCES read:EIO -- -P /etc/hosts
else
  skip 'tcp by name' 'the name of this host has no address'
fi
plan_done
