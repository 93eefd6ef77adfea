# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# A private syslog-ng for end-to-end tests: own configuration, control socket, persist and pid
# file, all in $work, which goes away with the test.  Works as root and as anybody.
# Source tap.sh first, then this, then:
#   configure            reads a configuration from standard input; @PORT1@ to @PORT9@ become free
#                        ports, @WORK@ the folder; what every test wants is put before it
#   start                starts the daemon and waits until it answers
#   stop                 ends it and waits; all output files are complete then
#   ends_in_order        the same as a case of the test
#   reload               makes it read its configuration again and waits for that
#   ctl COMMAND...       syslog-ng-ctl on this daemon
#   port N               the number that stands for @PORTN@
#   send TARGET FRAMING ...   tests/support/wire; TARGET tcp:@PORT1@ is allowed too
#   wait_for SECONDS COMMAND...   until the command succeeds; fails the script at the deadline
#   has_lines N FILE     whether a file has N lines by now
#   counter ID KIND/VALUE     a counter of ours, empty where there is none
#   memory               kB that the daemon has in memory
#   judge_memory NAME CMD...   a case like "check", of a comparison of memory

: "${CODER_MODULE_PATH:=$top_builddir/modules/coder-disconnect/.libs:$(
  pkg-config --variable=moduledir syslog-ng)}"
PATH=$PATH:/usr/sbin:/sbin
wire=$top_builddir/tests/support/wire
config_version=${config_version:-$(pkg-config --modversion syslog-ng | cut -d. -f1,2)}
daemon=

# shellcheck disable=SC2034  # for those who source this
data=$top_srcdir/tests/data
work=$(mktemp -d)
# shellcheck disable=SC2016  # expanded at the end
at_exit 'kill_daemon; rm -rf "$work"'

kill_daemon()
{
  [ -n "$daemon" ] || return 0
  kill -9 "$daemon" 2>/dev/null || :
  wait "$daemon" 2>/dev/null || :
}

# A module with a sanitizer needs its runtime in the daemon, which was built without.
run_daemon()
{
  ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS-} LD_PRELOAD=${CODER_SANITIZER_PRELOAD-} \
    exec "$(command -v syslog-ng)" --no-caps --module-path="$CODER_MODULE_PATH" \
         --cfgfile="$work/conf" --persist-file="$work/persist" --pidfile="$work/pid" \
         --control="$work/ctl" "$@"
}

wait_for()
{
  deadline=$(($(date +%s) + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      echo "# gave up waiting for: $*" >&2
      sed 's/^/# syslog-ng: /' "$work/stderr" >&2
      return 1
    fi
    sleep 0.02
  done
}

configure()
{
  cat > "$work/conf.in"
}

# Ports can be taken by others until the daemon has them.
take_ports()
{
  port=0
  : > "$work/ports.sed"
  for number in $("$wire" ports 9); do
    port=$((port + 1))
    echo "s|@PORT$port@|$number|g" >> "$work/ports.sed"
  done
}

fill_in()
{
  sed -f "$work/ports.sed" -e "s|@WORK@|$work|g"
}

write_conf()
{
  {
    echo "@version: $config_version"
    echo 'options { keep-hostname(yes); dns-cache(no); use-dns(no); time-reap(1);'
    echo '          time-reopen(1); };'
    cat "$work/conf.in"
  } | fill_in > "$work/conf"
}

port()
{
  sed -n "s/^s|@PORT$1@|\(.*\)|g\$/\1/p" "$work/ports.sed"
}

answers()
{
  ctl stats >/dev/null 2>&1
}

is_up()
{
  kill -0 "$daemon" 2>/dev/null || return 0
  answers
}

launch()
{
  rm -f "$work/ctl"
  run_daemon -F --stderr > "$work/stdout" 2> "$work/stderr" &
  daemon=$!
  wait_for 30 is_up
  answers
}

start()
{
  for try in 1 2 3 4 5; do
    take_ports
    write_conf
    ! launch || return 0
    wait "$daemon" 2>/dev/null || :
    daemon=
    grep -q 'Address already in use' "$work/stderr" || break
    echo "# ports were taken, try $try"
  done
  sed 's/^/# syslog-ng: /' "$work/stderr" >&2
  return 1
}

stop()
{
  kill "$daemon"
  wait "$daemon" || { echo "# syslog-ng ended with status $?" >&2; return 1; }
  daemon=
}

ends_in_order()
{
  if stop 2> "$work/stop"; then
    ok 'the daemon ends in order'
  else
    not_ok 'the daemon ends in order' "$(cat "$work/stop" "$work/stderr")"
  fi
}

reload()
{
  ctl reload > "$work/reload" || { cat "$work/reload" >&2; return 1; }
}

ctl()
{
  syslog-ng-ctl "$@" --control="$work/ctl"
}

send()
{
  target=$(echo "$1" | fill_in)
  shift
  "$wire" send "$target" "$@"
}

has_lines()
{
  [ "$(wc -l < "$2" 2>/dev/null || echo 0)" -ge "$1" ]
}

counter()
{
  ctl stats | tr -d '\r' | sed -n "s|^parser;$1;$2;a;disconnects;||p"
}

memory()
{
  sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$daemon/status"
}

judge_memory()
{
  case ${CODER_SANITIZERS-} in
    '' | no) check "$@" ;;
    *) skip "$1" 'a sanitizer takes memory of its own' ;;
  esac
}
