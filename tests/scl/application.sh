#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who has default-network-drivers() writes no line for our records.  It listens on well-known ports
# of every address, so it runs in a network of its own.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

# into_network WORD...: this script again, behind unshare with the words.
into_network()
{
  export top_srcdir top_builddir
  trap - EXIT
  CODER_OWN_NETWORK=yes exec unshare "$@" sh -c 'ip link set lo up && exec "$0"' "$0"
}

PATH=$PATH:/usr/sbin:/sbin
if [ -z "${CODER_OWN_NETWORK-}" ]; then
  command -v ip >/dev/null || plan_skip 'no ip command (Debian package: iproute2)'
  ! unshare -n ip link set lo up 2>/dev/null || into_network -n
  ! unshare -rn ip link set lo up 2>/dev/null || into_network -rn
  plan_skip 'this user may not make a network namespace'
fi
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/scl/scl.sh"

drivers=$(system_scl)/default-network-drivers
[ -d "$drivers" ] || plan_skip 'no default-network-drivers() (Debian package: syslog-ng-scl)'

# All of the system's blocks but ours, which may be installed.
for folder in "${drivers%/*}"/*/; do
  case $folder in */coder-disconnect/) ;; *) echo "@include \"$folder*.conf\"" ;; esac
done > "$work/system.conf"

mkdir "$work/in"
cat > "$work/in/plain" <<'LINES'
<30>Nov 21 07:37:29 dev-7 coder[8]: 2026-11-21 07:37:29.225 [info]  disconnected from coderd
<86>Nov 21 07:37:29 dev-7 sshd[77]: Connection closed by 10.0.0.5 port 40022
<85>Nov 21 07:37:29 dev-7 sudo: joe : TTY=pts/0 ; PWD=/home/joe ; USER=root ; COMMAND=/bin/ls
LINES

configure <<'CONF'
@include "@WORK@/scl.conf"
@include "@WORK@/system.conf"
source s_net { default-network-drivers(); };
log { source(s_net);
      destination { file("@WORK@/out" template("${.app.name} ${.coder.disconnect_reason}\n")); }; };
CONF

verdicts='coder-disconnect graceful
coder-disconnect client_closed
coder-disconnect server_shutdown
coder-disconnect network_error
coder-disconnect protocol_error
coder-disconnect workspace_stopped
coder-disconnect control_plane_lost
coder-disconnect unknown'

# came NAME LINES WANTED: what is new in the file.
came()
{
  before=$lines
  lines=$((lines + $2))
  wait_for 30 has_lines "$lines" "$work/out" || :
  is "$1" "$(tail -n +$((before + 1)) "$work/out" | grep -v '^ $')" "$3"
}

lines=0
start
send tcp:514 newline -l "$data/e2e/sdata.txt"
came 'TCP, newlines' 11 "$verdicts"
send udp:514 raw -l "$data/e2e/sdata.txt"
came 'UDP' 11 "$verdicts"
send tcp:601 octet -l "$data/e2e/sdata.txt"
came 'TCP 601, octet counting' 11 "$verdicts"

# That driver expects newlines; without them it sees one line.
while IFS= read -r line; do
  printf '%s %s\n' "$(printf '%s' "$line" | wc -c | tr -d ' ')" "$line"
done < "$data/e2e/sdata.txt" > "$work/in/octet"
send tcp:514 newline -l "$work/in/octet"
came 'TCP, octet counting, rescued' 11 "$verdicts"

send tcp:514 newline -l "$work/in/plain"
came 'a line of an agent in a message of RFC 3164; other applications keep theirs' 3 \
     'coder-disconnect network_error
sudo '
ends_in_order

configure <<'CONF'
@include "@WORK@/scl.conf"
@include "@WORK@/system.conf"
source s_net { default-network-drivers(auto-parse-exclude("coder-disconnect")); };
log { source(s_net);
      destination { file("@WORK@/out2"
                         template("${.app.name} ${.coder.disconnect_reason}\n")); }; };
CONF
start
send udp:514 raw -l "$data/e2e/sdata.txt"
wait_for 30 has_lines 11 "$work/out2"
is 'auto-parse-exclude() turns it off' "$(grep -cv '^ $' "$work/out2")" 0
plan_done
