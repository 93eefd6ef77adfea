#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# steps.sh STEP...: what is done inside a Debian root; /src.tar is the tree.
#   suite       ./quickstart packages, test and main job, as root and as a plain user
#   distcheck   make distcheck, as the plain user, after suite
#   build       installs what is needed and builds
#   sdk         builds the module alone, for the syslog-ng whose headers are in /sdk, after build
# Lines that begin with "result: " are what counts.
set -eu

user=tester
CONFIGURE_FLAGS=--enable-werror
export CONFIGURE_FLAGS

# unpack USER: a clean tree of the user's own.
unpack()
{
  mkdir "/src-$1"
  tar -C "/src-$1" -xf /src.tar
  chown -R "$1:" "/src-$1"
  cd "/src-$1"
}

# as USER COMMAND...: in the current folder, in a fresh environment.
as()
{
  who=$1
  shift
  case $who in
    root) "$@" ;;
    *) setpriv --reuid "$who" --regid "$who" --init-groups --reset-env \
         env "CONFIGURE_FLAGS=$CONFIGURE_FLAGS" "$@" ;;
  esac
}

versions()
{
  echo "result: Debian $(cat /etc/debian_version)," \
       "syslog-ng $(dpkg-query -W -f='${Version}' syslog-ng-core)," \
       "$(gcc --version | sed -n '1s/^gcc (.*) /gcc /p')," \
       "GLib $(pkg-config --modversion glib-2.0)," \
       "$(automake --version | sed -n '1s/ (.*)//p'), $(bison --version | sed -n '1s/ (.*)//p')"
}

# warnings WHO: what autogen.sh and the compiler said beyond their steps.
warnings()
{
  echo "result: $1: warnings: $(grep -c 'warning:' build/autogen.log) of autogen.sh," \
       "$(grep -c 'WARNING:' build/configure.log) of configure," \
       "$(grep -c 'warning:' build/make.log) of make"
  grep -E 'warning:|WARNING:' build/autogen.log build/configure.log build/make.log || :
}

skipped()
{
  find build -name '*.log' -exec grep -h '^SKIP: .* - ' {} + | sort -u |
    sed -e 's/^SKIP: //' -e 's/ [0-9]* - .* # SKIP / - /' | sort | uniq -c |
    sed "s|^ *|result: $1: skipped: |"
}

# run WHO WHAT COMMAND...: a command whose last line is a result.
failed=0
run()
{
  who=$1
  what=$2
  shift 2
  ended=0
  as "$who" "$@" > /tmp/run.log 2>&1 || ended=$?
  cat /tmp/run.log
  last=$(grep '[^= ]' /tmp/run.log | grep -v '^make.*: Leaving' | tail -n 1 | sed 's/^ *//' |
           cut -c1-100)
  if [ "$ended" -eq 0 ]; then
    echo "result: $who: $what: $last"
  else
    echo "result: $who: $what: FAILED with status $ended: $last"
    failed=1
  fi
}

suite_of()
{
  unpack "$1"
  [ "$1" != root ] || run "$1" './quickstart packages' ./quickstart packages
  run "$1" './quickstart test' ./quickstart test
  skipped "$1"
  warnings "$1"
  run "$1" './quickstart' ./quickstart
}

# What some tests can use, and neither a bare Debian nor quickstart has.
more='iproute2 libdbd-sqlite3 mandoc openssl sqlite3 syslog-ng-mod-sql valgrind'

# The plain user has more of it.
suite()
{
  suite_of root
  versions
  useradd -m "$user"
  # shellcheck disable=SC2086  # words
  run root "./quickstart packages $more" ./quickstart packages $more
  suite_of "$user"
}

distcheck()
{
  cd "/src-$user"
  run "$user" 'make distcheck' make -C build distcheck
}

build()
{
  unpack root
  run root './quickstart packages' ./quickstart packages
  run root './quickstart build' ./quickstart build
  versions
}

sdk()
{
  mkdir /src-sdk
  tar -C /src-sdk -xf /src.tar
  cd /src-sdk
  find /sdk -name syslog-ng.pc -exec sed -i 's|^prefix=.*|prefix=/sdk|' {} \; -exec mv {} /sdk \;
  ./autogen.sh
  mkdir build
  cd build
  PKG_CONFIG_PATH=/sdk ../configure --enable-werror
  make -j"$(nproc)" all
}

for step in "$@"; do
  case $step in
    suite|distcheck|build|sdk) "$step" ;;
    *) echo "steps.sh: no such step: $step" >&2; exit 2 ;;
  esac
done
exit "$failed"
