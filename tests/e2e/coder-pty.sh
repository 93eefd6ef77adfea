#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-pty in sessions of the real agent: what is seen, and what the agent records.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

agentd=$top_builddir/agent-core/agent/coder-agentd
pty=$top_builddir/tools/coder-pty/coder-pty
[ -x "$agentd" ] || plan_skip 'the agent is not built'
case $(getent passwd "$(id -u)" | cut -d : -f 7) in
  */nologin | */false) plan_skip 'the user who runs this has no shell' ;;
esac
work=$(mktemp -d)
agent=
at_exit '[ -z "$agent" ] || kill "$agent" 2>/dev/null || :; rm -rf "$work"'
id=f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9
socket=unix:$work/pty

# wait_for COMMAND...: until it succeeds.
wait_for()
{
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 1500 ] || { echo "# gave up waiting for: $*"; cat "$work/records"; return 1; }
    sleep 0.02
  done
}

# on ADDRESS OPTION...: coder-pty there; sets status, output in $work/output.
on()
{
  status=0
  timeout 60 "$pty" "$@" > "$work/output" 2> "$work/said" || status=$?
}

shows()
{
  tr -d '\r' < "$work/output" | grep -qx "$1" || { cat "$work/output" "$work/said"; return 1; }
}

# reason N: of the Nth record, with who ended it, once it is there.
reason()
{
  wait_for has_records "$1" >&2 || :
  grep disconnect_reason "$work/records" | sed -n "$1{
    s/.*disconnect_reason=\"\([^\"]*\)\".*disconnect_initiator=\"\([^\"]*\)\".*/\1 \2/p}"
}

has_records()
{
  [ "$(grep -c disconnect_reason "$work/records")" -ge "$1" ]
}

touch "$work/ready" "$work/records"
# The user's own start-up files could do anything.
HOME=$work SHELL=/bin/sh "$agentd" \
  --pty-listen "$socket" --pty-listen 127.0.0.1:0 --syslog stderr: \
  > "$work/ready" 2> "$work/records" &
agent=$!
wait_for grep -q '^ready ' "$work/ready"
tcp=$(sed -n 's/.*\(127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/ready")

on "$socket" --command sh << 'END'
echo $((6 * 7))
END
is 'a piped command ends with its input' "$status" 0
check '... and shows what it says' shows '\(.*[$#] \)\{0,1\}42'
is '... which is a graceful end' "$(reason 1 | cut -d ' ' -f 1)" graceful

on "$tcp" --command 'echo over tcp' < /dev/null
is 'over TCP' "$status" 0
check '... it is shown' shows 'over tcp'
is '... with its record' "$(reason 2 | cut -d ' ' -f 1)" graceful

on "$socket" --command 'exit 3' < /dev/null
is 'the status of the program is not the status of the client' "$status" 0
check '... but stands in the record' wait_for grep -q 'exit_code="3"' "$work/records"

echo 'remembered=yes' > "$work/input"
on "$socket" --id "$id" --command sh --detach-at-eof < "$work/input"
is 'detached' "$status" 0
check '... with how to come back' grep -q "come back with: coder-pty $socket --id $id" "$work/said"
is '... recorded as the client who closed' "$(reason 4)" 'client_closed client'
on "$socket" --id "$id" << 'END'
echo [$remembered]
exit
END
is 'back in the session' "$status" 0
check '... which is the same' grep -q '\[yes\]' "$work/output"
is '... and ends' "$(reason 5 | cut -d ' ' -f 1)" graceful

# A client that is told to end while much is on its way to it.
mkfifo "$work/slow"
"$pty" "$tcp" --command yes < /dev/null > "$work/slow" 2> "$work/said" &
client=$!
exec 3< "$work/slow"
head -c 100000 <&3 > "$work/part"
kill "$client"
status=0
wait "$client" || status=$?
exec 3<&-
is 'SIGTERM leaves' "$status" 1
is '... without a reset over unread output' "$(reason 6)" 'client_closed client'

kill "$agent"
status=0
wait "$agent" || status=$?
agent=
is 'the agent ends in order' "$status" 0
is 'each end has one record' "$(grep -c disconnect_reason "$work/records")" 6
plan_done
