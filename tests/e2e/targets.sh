#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The emitter's targets into a real syslog-ng, by each transport: every line arrives, with the same
# verdict.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

# The leak checker of GCC 12 cannot bear threads of modules that were loaded late.
export ASAN_OPTIONS="intercept_tls_get_addr=0:${ASAN_OPTIONS-}"

mkdir "$work/out" "$work/tls"
cp "$data/e2e/sdata.txt" "$work/in.txt"
n=$(wc -l < "$work/in.txt")

# Why TLS cannot be tested, empty where it can.
no_tls=
if ! command -v openssl > /dev/null; then
  no_tls='openssl is not installed'
elif ! "$top_srcdir/tests/support/make-certificates.sh" "$work/tls" > "$work/tls.log" 2>&1; then
  no_tls='openssl makes no certificates'
  sed 's/^/# /' "$work/tls.log"
elif "$top_builddir/tests/support/send-target" tls:localhost:1 /dev/null 2>&1 |
  grep -q glib-networking; then
  no_tls='glib-networking is not installed'
fi

{
  cat <<'CONF'
source s_dgram { unix-dgram("@WORK@/dgram"); };
source s_dgram_flag { unix-dgram("@WORK@/dgram-flag" flags(syslog-protocol)); };
source s_stream { unix-stream("@WORK@/stream" flags(syslog-protocol)); };
source s_udp { syslog(ip("127.0.0.1") port(@PORT1@) transport("udp")); };
source s_tcp { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp")); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_verdict { template("$(format-json --key .coder.* tags=$TAGS)\n"); };
CONF
  [ -n "$no_tls" ] || cat <<'CONF'
source s_tls { syslog(ip("127.0.0.1") port(@PORT3@) transport("tls")
  tls(key-file("@WORK@/tls/good.key") cert-file("@WORK@/tls/good.crt")
      ca-file("@WORK@/tls/ca.pem") peer-verify(required-trusted))); };
CONF
  echo 'log {'
  echo '  source(s_dgram); source(s_dgram_flag); source(s_stream); source(s_udp); source(s_tcp);'
  [ -n "$no_tls" ] || echo '  source(s_tls);'
  cat <<'CONF'
  parser(p_coder);
  destination { file("@WORK@/out/$SOURCE" template(t_verdict)); };
};
CONF
} | configure

# send_target URI [OPTION...]
send_target()
{
  uri=$(echo "$1" | fill_in)
  shift
  "$top_builddir/tests/support/send-target" "$@" "$uri" "$work/in.txt"
}

# verdicts FILE: without what tells the way, as do the tags of syslog-ng itself.
verdicts()
{
  sed -e 's/"\(\.source\|syslog\)\.[a-z0-9_]*",\{0,1\}//g' -e 's/"source":"[a-z]*",//' \
      -e 's/"\(procid\|msgid\|host\)":"[^"]*",//g' -e 's/,"app_name":"[^"]*"//' "$1"
}

# arrives NAME SOURCE URI [OPTION...]: all lines, in order, with the verdicts that are wanted.
arrives()
{
  name=$1
  out=$work/out/$2
  shift 2
  send_target "$@" > "$work/send" 2>&1 || { not_ok "$name" "$(cat "$work/send")"; return; }
  wait_for 30 has_lines "$n" "$out" || { not_ok "$name" 'too little'; return; }
  verdicts "$out" > "$work/got"
  check "$name" diff -u "$work/wanted" "$work/got"
}

# refused NAME WHY URI [OPTION...]: the sender ends with a message that has WHY.
refused()
{
  name=$1
  why=$2
  shift 2
  if send_target "$@" > "$work/send" 2>&1; then
    not_ok "$name" 'it was sent'
  else
    check "$name" grep -F "$why" "$work/send"
  fi
}

start
verdicts "$data/e2e/s_sdata.expected" > "$work/wanted"

arrives 'unix-dgram into unix-dgram()' s_dgram unix-dgram:@WORK@/dgram
arrives 'unix-dgram into unix-dgram(), syslog-protocol' s_dgram_flag unix-dgram:@WORK@/dgram-flag
arrives 'unix-stream into unix-stream(), syslog-protocol' s_stream unix-stream:@WORK@/stream
arrives 'udp into syslog(udp)' s_udp udp:127.0.0.1:@PORT1@
arrives 'tcp into syslog(tcp)' s_tcp tcp:127.0.0.1:@PORT2@
if [ -n "$no_tls" ]; then
  skip 'tls into syslog(tls)' "$no_tls"
  skip 'tls to a name that is not the certificate'"'s" "$no_tls"
else
  arrives 'tls into syslog(tls)' s_tls tls:localhost:@PORT3@ -a "$work/tls/ca.pem" \
    -c "$work/tls/client.crt" -k "$work/tls/client.key"
  refused 'tls to a name that is not the certificate'"'s" \
    'the certificate of log.example.com is for another name' tls:localhost:@PORT3@ \
    -n log.example.com -a "$work/tls/ca.pem" -c "$work/tls/client.crt" -k "$work/tls/client.key"
fi
refused 'tcp to nobody' 'Connection refused' tcp:127.0.0.1:@PORT4@
ends_in_order
plan_done
