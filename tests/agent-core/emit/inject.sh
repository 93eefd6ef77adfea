#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# System calls of the spool fail once, and from some point on always: nothing crashes, hangs, or
# loses a line without saying so. Of each kind three fail, or SPOOL_TRIES; with SPOOL_PATIENCE=1500
# the spool has so many milliseconds for its timers and its thread.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"

driver=$top_builddir/tests/agent-core/emit/spool-driver
n_tries=${SPOOL_TRIES:-3}
patience=${SPOOL_PATIENCE:-0}
mark=spool-driver-begins

case ${CODER_SANITIZERS-} in
  '' | no) ;;
  *) plan_skip 'the build has sanitizers, whose own calls would fail' ;;
esac
command -v strace >/dev/null || plan_skip 'strace is not installed'
strace -o /dev/null true 2>/dev/null || plan_skip 'strace may not trace here'

# Where fsync costs nothing, if there is such a place.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
at_exit 'rm -rf "$work"'

# traced OPTION...: runs the driver in a folder of its own.
traced()
{
  rm -rf "$work/spool"
  timeout -k 5 60 strace -f -qq -o "$work/trace" "$@" "$driver" run "$work/spool" "$patience" \
    > "$work/result" 2> "$work/stderr"
}

# calls NAME: prints how many calls of this name come before the mark, and in all.
calls()
{
  $AWK -v name="$1" -v mark="$mark" '
    index($0, mark) { before = n }
    { sub(/^[0-9]+ +/, "") }
    index($0, name "(") == 1 { n++ }
    END { print before + 0, n + 0 }' "$work/trace"
}

# survives SYSCALL ERROR WHEN: a run in which that fails, and what is there afterwards.
survives()
{
  status=0
  traced -e trace="$1" -e inject="$1:error=$2:when=$3" || status=$?
  if [ "$status" -ne 0 ]; then
    echo "$1 $2 when=$3: status $status"
    cat "$work/result" "$work/stderr"
    return
  fi
  "$driver" check "$work/spool" "$work/result" > "$work/check" 2>&1 || {
    echo "$1 $2 when=$3:"
    cat "$work/result" "$work/check"
  }
}

# whens BEFORE ALL ERROR: which of the calls are to fail. EINTR for ever is none of the kernel's.
whens()
{
  $AWK -v first="$(($1 + 1))" -v last="$2" -v n="$n_tries" -v error="$3" 'BEGIN {
    step = int((last - first) / n) + 1
    for (i = first; i <= last; i += step) print i
    if (error == "EINTR") exit
    print first "+"
    print int((first + last) / 2) "+"
  }'
}

# sweep SYSCALL ERROR
sweep()
{
  # shellcheck disable=SC2046  # two numbers
  set -- "$1" "$2" $(calls "$1")
  if [ "$3" -eq "$4" ]; then
    not_ok "$1 fails with $2" 'the spool never calls it'
    return
  fi
  complaints=$(for when in $(whens "$3" "$4" "$2"); do survives "$1" "$2" "$when"; done)
  if [ -z "$complaints" ]; then
    ok "$1 fails with $2"
  else
    not_ok "$1 fails with $2" "$complaints"
  fi
}

traced || { cat "$work/stderr" >&2; exit 1; }
plan 21
check 'nothing fails' "$driver" check "$work/spool" "$work/result"
cp "$work/trace" "$work/all"

# The trace of a run without failures tells how many calls there are, and what libc calls fstat.
fstat=fstat
! grep -q '^[0-9 ]*newfstatat([0-9]' "$work/all" || fstat=newfstatat
for pair in openat:EMFILE openat:EACCES "$fstat:EIO" flock:ENOLCK pread64:EIO \
            pread64:EINTR pwrite64:EIO pwrite64:ENOSPC pwrite64:EINTR fallocate:ENOSPC \
            fallocate:EOPNOTSUPP fallocate:EINTR ftruncate:EIO unlinkat:EIO renameat2:EIO \
            fsync:EIO fsync:EINTR lseek:EIO fcntl:EMFILE getdents64:EIO; do
  cp "$work/all" "$work/trace"
  sweep "${pair%:*}" "${pair#*:}"
done
