#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of tests/data/conformance through a real rsyslogd, whose column it compares; UPDATE=1
# writes it and doc/conformance.md anew.  No part of "make check": rsyslog and syslog-ng cannot both
# be installed, so its packages are only downloaded (Debian) and unpacked.
#
#   top_builddir=BUILD tests/conformance/rsyslog.sh [DIRECTORY]
#
# DIRECTORY has the unpacked packages; without it they are downloaded.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"
. "$top_srcdir/tests/conformance/certificates.sh"

table=$data/conformance
conform=$top_builddir/tests/conformance/conform
root=${1-}

unpack_packages()
{
  mkdir "$work/packages" "$work/root"
  (cd "$work/packages" &&
    apt-get download rsyslog rsyslog-gnutls libestr0 libfastjson4 liblognorm5 >/dev/null 2>&1)
  for package in "$work/packages"/*.deb; do
    dpkg -x "$package" "$work/root"
  done
}

if [ -z "$root" ]; then
  unpack_packages
  root=$work/root
fi
libraries=$(dirname "$(find "$root" -name 'libestr.so*' | head -n 1)")
modules=$(dirname "$(find "$root" -name imtcp.so)")

run_rsyslogd()
{
  LD_LIBRARY_PATH=$libraries exec "$root/usr/sbin/rsyslogd" -M "$modules" "$@"
}

version=$( (run_rsyslogd -v) | sed -n 's/^rsyslogd  *\([0-9]*\.[0-9]*\).*/\1/p')
column=$table/rsyslog-$version.txt

make_certificates "$work/certificates"
mkdir "$work/rows"
"$conform" tls "$table" "$work/rows" > "$work/tls.rows"
take_ports
cat > "$work/conf.in" <<'CONF'
global(workDirectory="@WORK@" maxMessageSize="2m" net.enableDNS="off"
       defaultNetstreamDriverCAFile="@WORK@/certificates/authority.crt"
       defaultNetstreamDriverCertFile="@WORK@/certificates/server.crt"
       defaultNetstreamDriverKeyFile="@WORK@/certificates/server.key")
module(load="imudp")
module(load="imtcp")
module(load="mmpstrucdata")
input(type="imtcp" address="127.0.0.1" port="@PORT1@")
input(type="imtcp" address="127.0.0.1" port="@PORT6@" streamDriver.name="gtls"
      streamDriver.mode="1" streamDriver.authMode="x509/name" permittedPeer=["dev-7"])
input(type="imudp" address="127.0.0.1" port="@PORT5@")
template(name="t_json" type="list") {
  constant(value="{")
  property(outname="from" name="fromhost-ip" format="jsonf") constant(value=",")
  property(outname="pri" name="pri" format="jsonf") constant(value=",")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  constant(value=",")
  property(outname="host" name="hostname" format="jsonf") constant(value=",")
  property(outname="app" name="app-name" format="jsonf") constant(value=",")
  property(outname="procid" name="procid" format="jsonf") constant(value=",")
  property(outname="msgid" name="msgid" format="jsonf") constant(value=",")
  property(outname="sdraw" name="structured-data" format="jsonf") constant(value=",")
  property(outname="sd" name="$!rfc5424-sd" format="jsonf") constant(value=",")
  property(outname="msg" name="msg" format="jsonf")
  constant(value="}\n")
}
action(type="mmpstrucdata")
action(type="omfile" file="@WORK@/out" template="t_json")
CONF
fill_in < "$work/conf.in" > "$work/conf"

arrived()
{
  grep -qF "\"from\":\"$1\"" "$work/out"
}

listens()
{
  "$conform" probe "$table" "$(port 1)" && "$conform" probe "$table" "$(port 6)"
}

send_tls_rows()
{
  while read -r row client address; do
    send_tls "$(port 6)" "$work/rows/$row" "$client" "$address" "$work/certificates" \
             wait_for 30 arrived "$address"
  done < "$work/tls.rows"
}

run_rsyslogd -n -f "$work/conf" -i "$work/pid" > "$work/stderr" 2>&1 &
daemon=$!
wait_for 30 listens
port=$(port 1)
"$conform" send "$table" octet="$port" split="$port" stream="$port" octet-plain="$port" \
           lines="$port" legacy="$port" udp="$(port 5)"
send_tls_rows
wait_for 60 arrived 127.77.0.1
stop

"$conform" seen "$table" "$work/out" > "$work/seen"
[ -z "${UPDATE-}" ] || cp "$work/seen" "$column"
check "the column of rsyslog $version" diff -u "$column" "$work/seen"
"$conform" page "$table" "$table"/syslog-ng-*.txt "$table"/rsyslog-*.txt \
  > "$work/conformance.md"
[ -z "${UPDATE-}" ] || cp "$work/conformance.md" "$top_srcdir/doc/conformance.md"
check 'doc/conformance.md is fresh (else: make update-doc)' \
      diff -u "$top_srcdir/doc/conformance.md" "$work/conformance.md"
plan_done
