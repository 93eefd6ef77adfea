# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# The private syslog-ng of the demonstration, which sources this: start_daemon, control and
# stop_daemon, and to wait for what it does, within.

daemon=

is_alive()
{
  kill -0 "$1" 2>/dev/null
}

is_gone()
{
  ! is_alive "$1"
}

# within SECONDS COMMAND...: waits until the command succeeds, fails when the time is over.
within()
{
  deadline=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

stop_daemon()
{
  [ -n "$daemon" ] || return 0
  kill "$daemon" 2>/dev/null || :
  within "$stop_limit" is_gone "$daemon" || kill -KILL "$daemon" 2>/dev/null || :
  wait "$daemon" 2>/dev/null || :
  daemon=
}

write_configuration()
{
  # shellcheck disable=SC2046  # numbers
  set -- $("$feed" ports 4)
  tcp_port=$1
  udp_port=$2
  plain_port=$3
  agent_port=$4
  sed -e "s|@TCP_PORT@|$tcp_port|; s|@UDP_PORT@|$udp_port|; s|@PLAIN_PORT@|$plain_port|" \
      -e "s|@AGENT_PORT@|$agent_port|" \
      -e "s|@DIR@|$work|g" "$here/syslog-ng.conf.in" > "$work/syslog-ng.conf"
}

control()
{
  syslog-ng-ctl "$@" --control="$work/control" 2>/dev/null
}

run_daemon()
{
  env ${CODER_SANITIZER_PRELOAD:+"LD_PRELOAD=$CODER_SANITIZER_PRELOAD"} \
    syslog-ng --foreground --stderr --no-caps --cfgfile="$work/syslog-ng.conf" \
    --persist-file="$work/persist" --pidfile="$work/pid" --control="$work/control" \
    --module-path="$module_path" > "$work/syslog-ng.log" 2>&1 < /dev/null &
  daemon=$!
}

# Ready, or it has ended and never will be.
is_settled()
{
  is_gone "$daemon" || control stats > "$work/ready"
}

is_running()
{
  is_alive "$daemon" && [ -s "$work/ready" ]
}

# A port that was free may be taken by the time syslog-ng wants it; then others are tried.
start_daemon()
{
  for attempt in 1 2 3 4 5; do
    rm -f "$work/ready"
    write_configuration
    run_daemon
    within "$start_limit" is_settled || :
    is_running && return
    stop_daemon
    grep -q 'Address already in use' "$work/syslog-ng.log" || break
  done
  cat "$work/syslog-ng.log" >&2
  die "syslog-ng did not start (attempt $attempt)"
}
