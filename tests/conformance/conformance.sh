#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# RFC 5424, 6587 and 5425 row by row (tests/data/conformance) through a real syslog-ng: what comes
# of each in the parser, in syslog-ng itself, in the core alone and where the header was swallowed.
# doc/conformance.md is what the table says.  UPDATE=1 writes syslog-ng's column and the page anew;
# read the difference before you keep it.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"
# From 4.0 on JSON has types; here each value is a text, whatever the version.
# shellcheck disable=SC2034  # for daemon.sh
config_version=3.38
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/conformance/certificates.sh"

table=$data/conformance
conform=$top_builddir/tests/conformance/conform
version=$(syslog-ng -V | sed -n 's/^Installer-Version: \([0-9]*\.[0-9]*\).*/\1/p')
column=$table/syslog-ng-$version.txt

has_tls=
if command -v openssl >/dev/null && openssl s_client -help 2>&1 | grep -q -- -bind; then
  has_tls=yes
  make_certificates "$work/certificates"
fi

{
  cat <<'CONF'
options { log-msg-size(2097152); frac-digits(6); };
source s_octet { syslog(ip("127.0.0.1") port(@PORT1@) transport("tcp")
                        flags(store-raw-message)); };
source s_plain { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp")); };
source s_lines { network(ip("127.0.0.1") port(@PORT3@) transport("tcp") flags(syslog-protocol)); };
source s_legacy { network(ip("127.0.0.1") port(@PORT4@) transport("tcp")); };
source s_udp { syslog(ip("127.0.0.1") port(@PORT5@) transport("udp")); };
source s_dgram { unix-dgram("@WORK@/dgram"); };
parser p_coder { coder-disconnect(); };
template t_json { template("$(format-json --key .coder.* from=$SOURCEIP tags=$TAGS pri=$PRI
  time=$S_ISODATE host=$HOST app=$PROGRAM procid=$PID msgid=$MSGID sd=$SDATA msg=$MESSAGE)\n"); };
destination d_out { file("@WORK@/out" template(t_json) time-zone("UTC")); };
log {
  source(s_octet); source(s_plain); source(s_lines); source(s_legacy); source(s_udp);
  parser(p_coder); destination(d_out);
};
log {
  source(s_dgram); parser(p_coder);
  destination { file("@WORK@/rescued" template(t_json)); };
};
CONF
  [ -z "$has_tls" ] || cat <<'CONF'
source s_tls { syslog(ip("127.0.0.1") port(@PORT6@) transport("tls")
  tls(ca-file("@WORK@/certificates/authority.crt") cert-file("@WORK@/certificates/server.crt")
      key-file("@WORK@/certificates/server.key") peer-verify(required-trusted)
      trusted-dn("CN=dev-7"))); };
log { source(s_tls); parser(p_coder); destination(d_out); };
CONF
} | configure

arrived()
{
  grep -qF "\"from\":\"$1\"" "$work/out"
}

send_tls_rows()
{
  while read -r row client address; do
    send_tls "$(port 6)" "$work/rows/$row" "$client" "$address" "$work/certificates" \
             wait_for 30 arrived "$address"
  done < "$work/tls.rows"
}

mkdir "$work/rows"
"$conform" tls "$table" "$work/rows" > "$work/tls.rows"
start
"$conform" send "$table" octet="$(port 1)" split="$(port 1)" stream="$(port 1)" \
           octet-plain="$(port 2)" lines="$(port 3)" legacy="$(port 4)" udp="$(port 5)"
"$conform" datagrams "$table" "$work/dgram"
[ -z "$has_tls" ] || send_tls_rows
wait_for 60 arrived 127.77.0.1
wait_for 60 grep -q "\"msg\":\"$("$conform" count "$table")\"" "$work/rescued"
ends_in_order

# Without openssl nobody has sent the rows of TLS.
is_left_out()
{
  [ -z "$has_tls" ] && grep -q "^$1 " "$work/tls.rows"
}

"$conform" verdicts "$table" "$work/out" "$work/rescued" "$version" > "$work/verdicts"
while IFS='	' read -r result why; do
  row=${result#* }
  if is_left_out "${row%%:*}"; then
    skip "$row" 'no openssl s_client -bind here'
  elif [ "${result%% *}" = ok ]; then
    ok "$row"
  else
    not_ok "$row" "$why"
  fi
done < "$work/verdicts"

# without_left_out: the lines of a column that can be compared here.
without_left_out()
{
  while IFS= read -r line; do
    is_left_out "${line%%:*}" || printf '%s\n' "$line"
  done
}

"$conform" seen "$table" "$work/out" > "$work/seen"
if [ -n "${UPDATE-}" ]; then
  cp "$work/seen" "$column"
fi
if [ -e "$column" ]; then
  without_left_out < "$column" > "$work/wanted"
  without_left_out < "$work/seen" > "$work/got"
  check "the column of syslog-ng $version" diff -u "$work/wanted" "$work/got"
else
  skip "the column of syslog-ng $version" 'the table has none; UPDATE=1 writes it'
fi

"$conform" page "$table" "$table"/syslog-ng-*.txt "$table"/rsyslog-*.txt \
  > "$work/conformance.md"
[ -z "${UPDATE-}" ] || cp "$work/conformance.md" "$top_srcdir/doc/conformance.md"
check 'doc/conformance.md is fresh (else: make update-doc)' \
      diff -u "$top_srcdir/doc/conformance.md" "$work/conformance.md"
plan_done
