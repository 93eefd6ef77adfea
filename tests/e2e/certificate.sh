#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# An emitter whose log server comes back with another certificate: expired, for another name, of
# another authority.  Each is one message, nothing is sent, and all arrives once the right one is
# there again.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

mkdir "$work/tls"
command -v openssl > /dev/null || plan_skip 'openssl is not installed'
"$top_srcdir/tests/support/make-certificates.sh" "$work/tls" > "$work/tls.log" 2>&1 ||
  plan_skip 'openssl makes no certificates'
if "$top_builddir/tests/support/send-target" tls:localhost:1 /dev/null 2>&1 |
     grep -q glib-networking; then
  plan_skip 'glib-networking is not installed'
fi

configure <<'CONF'
source s_tls { syslog(ip("127.0.0.1") port(@PORT1@) transport("tls")
  tls(key-file("@WORK@/server.key") cert-file("@WORK@/server.crt")
      ca-file("@WORK@/tls/ca.pem") peer-verify(optional-untrusted))); };
log { source(s_tls); destination { file("@WORK@/out"
      template("${.SDATA.meta.sequenceId}\n")); }; flags(flow-control); };
CONF

# certificate NAME
certificate()
{
  cp "$work/tls/$1.crt" "$work/server.crt"
  cp "$work/tls/$1.key" "$work/server.key"
}

# strange: as good, of nobody that is trusted.
make_strange()
{
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$work/tls/strange.key" -out "$work/tls/strange.crt" 2> /dev/null
}

says()
{
  grep -q "$1" "$work/said"
}

order()
{
  echo "$*" >&3
}

# accept: ten more.
accept()
{
  accepted=$((accepted + 10))
  order accept 10 0
}

# What came, without what came again.
sequence()
{
  $AWK '!seen[$1]++' "$work/out"
}

# tries COMMAND...: without the pauses between the emitter's attempts.
tries()
{
  kill -HUP "$emitter"
  "$@"
}

have_come()
{
  [ "$(sequence | wc -l)" -ge "$accepted" ]
}

arrives()
{
  wait_for 60 tries have_come
}

# comes_back_with NAME WHY: the server, with that certificate, which is refused in these words.
comes_back_with()
{
  stop
  : > "$work/said"
  certificate "$1"
  launch 3>&-
  accept
  check "$1: the message tells why" wait_for 60 tries says "tls:localhost:.*$2"
  is "$1: nothing was sent" "$(sequence | wc -l)" "$((accepted - 10))"
  stop
  certificate good
  launch 3>&-
  check "$1: all arrives with the right one" arrives
}

make_strange
certificate good
start
mkfifo "$work/orders"
"$top_builddir/tests/support/emit-driver" -d "$work/state" -a "$work/tls/ca.pem" \
  "tls:localhost:$(port 1)" < "$work/orders" > "$work/said" &
emitter=$!
at_exit 'kill "$emitter" 2> /dev/null'
exec 3> "$work/orders"
accepted=0
accept
check 'all arrives' wait_for 60 have_come
comes_back_with expired expired
comes_back_with named 'another name'
comes_back_with strange 'unknown authority'
exec 3>&-
is 'all records came in order' "$(sequence | tr '\n' ' ')" \
   "$($AWK -v n="$accepted" 'BEGIN { while (i++ < n) printf "%d ", i }')"
ends_in_order
plan_done
