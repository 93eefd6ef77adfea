#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-emit where a certificate is wrong or the disk is full: one clear message each, the records
# stay in the spool or their loss is told, and what stayed arrives in order once it is mended.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
. "$top_srcdir/tests/e2e/daemon.sh"

# The leak checker of GCC 12 cannot bear threads of modules that were loaded late.
export ASAN_OPTIONS="intercept_tls_get_addr=0:${ASAN_OPTIONS-}"

emit=$(cd "$top_builddir" && pwd)/tools/coder-emit/coder-emit
mkdir "$work/tls"

# Why TLS cannot be tested, empty where it can.
no_tls=
if ! command -v openssl > /dev/null; then
  no_tls='openssl is not installed'
elif ! "$top_srcdir/tests/support/make-certificates.sh" "$work/tls" > "$work/tls.log" 2>&1; then
  no_tls='openssl makes no certificates'
  sed 's/^/# /' "$work/tls.log"
elif "$emit" -w 0 -s tls:localhost:1 errno=5 2>&1 | grep -q glib-networking; then
  no_tls='glib-networking is not installed'
fi

# How to get a folder of one's own to mount at, empty where there is none.
private='unshare -m'
[ "$(id -u)" -eq 0 ] || private='unshare -rm'
$private mount -t tmpfs none "$work/tls" 2> /dev/null || private=

# certify NAME: what the server shows from the next reload on.
certify()
{
  cp "$work/tls/$1.crt" "$work/tls/server.crt"
  cp "$work/tls/$1.key" "$work/tls/server.key"
}

{
  [ -n "$no_tls" ] || cat <<'CONF'
source s_tls { syslog(ip("127.0.0.1") port(@PORT1@) transport("tls")
  tls(key-file("@WORK@/tls/server.key") cert-file("@WORK@/tls/server.crt")
      peer-verify(optional-untrusted))); };
CONF
  cat <<'CONF'
source s_tcp { syslog(ip("127.0.0.1") port(@PORT2@) transport("tcp")); };
parser p_coder { coder-disconnect(); };
log {
CONF
  [ -n "$no_tls" ] || echo '  source(s_tls);'
  cat <<'CONF'
  source(s_tcp);
  parser(p_coder);
  if (tags("coder.disconnect")) {
    destination { file("@WORK@/out" template("${.coder.session_id}\n")); };
  } else {
    destination { file("@WORK@/rest" template("$MSG\n")); };
  };
  flags(flow-control);
};
CONF
} | configure

# objects FROM TO: lines for --stdin, with these numbers as sessions.
objects()
{
  $AWK -v from="$1" -v to="$2" 'BEGIN {
    while (from <= to)
      printf "{\"site\":\"pty\",\"disconnect_reason\":\"graceful\",\"session_id\":\"%d\"}\n",
             from++ }'
}

says()
{
  grep -qF -- "$1" "$work/said" || { cat "$work/said"; return 1; }
}

# says_once TEXT OTHER: both, in a line each, and nothing else.
says_once()
{
  says "$1" && says "$2" && [ "$(wc -l < "$work/said")" -eq 2 ] || { cat "$work/said"; return 1; }
}

# hopeless FROM TO TEXT ARGUMENT...: records for a target in vain, until it says TEXT.
hopeless()
{
  objects "$1" "$2" > "$work/objects"
  text=$3
  shift 3
  : > "$work/said" # of the last one
  "$emit" -i -w 600 "$@" < "$work/objects" 2> "$work/said" &
  emitter=$!
  wait_for 30 says "$text"
  kill "$emitter"
  status=0
  wait "$emitter" || status=$?
  [ "$status" -eq 1 ] || { echo "status $status"; cat "$work/said"; return 1; }
}

# run STATUS ARGUMENT...
run()
{
  wanted=$1
  shift
  status=0
  "$emit" "$@" > "$work/stdout.emit" 2> "$work/said" || status=$?
  [ "$status" -eq "$wanted" ] || { echo "status $status, not $wanted"; cat "$work/said"; return 1; }
}

# has_exactly FROM TO: these have come, each once and in this order.
has_exactly()
{
  $AWK -v i="$1" -v to="$2" 'BEGIN { while (i <= to) print i++ }' > "$work/wanted"
  diff -u "$work/wanted" "$work/out" > "$work/difference" ||
    { head -n 20 "$work/difference"; return 1; }
}

# --- certificates ---------------------------------------------------------------------------------

# trouble NAME TEXT ARGUMENT...: five records of two runs while that is so.
trouble()
{
  name=$1
  text=$2
  shift 2
  : > "$work/out"
  check "$name" hopeless 1 2 "$text" -d "$work/$name" -s "$tls" "$@"
  check '... is one message, and where the records are' \
        says_once "cannot reach $tls: $text" "$tls: 2 records wait in $work/$name"
  check '... in the next run, too' hopeless 3 5 "$text" -d "$work/$name" -s "$tls" "$@"
  check '... and of all of them' \
        says_once "cannot reach $tls: $text" "$tls: 5 records wait in $work/$name"
}

# mended NAME ARGUMENT...
mended()
{
  name=$1
  shift
  check '... mended: all are flushed' run 0 -f -w 60 -d "$work/$name" "$@"
  wait_for 30 has_lines 5 "$work/out"
  check '... each once, in order' has_exactly 1 5
}

check_certificates()
{
  ca=--tls-ca=$work/tls/ca.pem
  trouble expired 'the certificate of localhost has expired' "$ca"
  certify named
  reload
  trouble other-name 'the certificate of localhost is for another name' "$ca"
  certify good
  reload
  mended other-name "$ca"
  : > "$work/out"
  mended expired "$ca"
  trouble unknown-authority 'the certificate of localhost is signed by an unknown authority' \
          "--tls-ca=$work/tls/other.pem"
  mended unknown-authority "$ca"
}

# --- a full disk ----------------------------------------------------------------------------------

# on_small_disk SCRIPT: a shell script that has these functions besides:
#   overfill        12000 records for a target that is away, more than fit
#   fill            the same; returns while they come, when it was said that they do not fit
#   end             ends that
# Both leave what the emitter said in $work/filled.
#   grow            what was full no longer is
cat > "$work/functions" <<'SH'
set -eu
says()
{
  tries=0
  until grep -qF -- "$1" "$work/filled"; do
    [ "$((tries += 1))" -lt 1500 ] || { cat "$work/filled"; exit 1; }
    sleep 0.02
  done
}
overfill()
{
  status=0
  "$emit" -i -w 0 -d "$small/state" -s "$tcp" < "$work/objects" 2> "$work/filled" || status=$?
  [ "$status" -eq 1 ]
}
fill()
{
  : > "$work/filled" # of the last one
  "$emit" -i -w 600 -d "$small/state" -s "$tcp" < "$work/objects" 2> "$work/filled" &
  emitter=$!
  trap 'kill "$emitter" 2> /dev/null || :' EXIT
  says 'stays in memory'
}
end()
{
  kill "$emitter"
  status=0
  wait "$emitter" || status=$?
  [ "$status" -eq 1 ]
}
grow()
{
  mount -o remount,size=32m none "$small"
}
SH
on_small_disk()
{
  # shellcheck disable=SC2086,SC2016  # words; expanded there
  emit=$emit work=$work small=$work/small tcp=$tcp $private sh -c '
    mount -t tmpfs -o size=2500k,mode=700 none "$small"
    . "$work/functions"
    eval "$1"' sh "$1"
}

# lost: how many records the run that met the full disk told as lost.
lost()
{
  sed -n 's/^coder-emit: \([0-9]*\) records are lost: .* cannot be written$/\1/p' "$work/filled"
}

# has_told: one message each of target, disk, what is away and what becomes of it.
has_told()
{
  [ "$(grep -c 'the spool: .*No space left on device.*stays in memory' "$work/filled")" \
    -eq 1 ] && [ "$(wc -l < "$work/filled")" -eq 4 ] || { cat "$work/filled"; return 1; }
}

# waiting: how many records wait, as it says.
waiting()
{
  sed -n 's/.*: \([0-9]*\) records wait in .*/\1/p' "$work/filled"
}

check_full_disk()
{
  mkdir "$work/small"
  objects 1 12000 > "$work/objects"
  : > "$work/out"
  stop
  check 'a full disk' on_small_disk 'overfill; cp -R "$small/state" "$work/state"'
  check '... is one message, and so is the loss' has_told
  kept=$((12000 - $(lost)))
  is '... of some' "$([ "$kept" -gt 0 ] && [ "$kept" -lt 12000 ] && echo some)" some
  launch
  check '... later: a flush brings the others' run 1 -f -w 60 -d "$work/state"
  check '... and tells of the loss again' says "$(lost) records were lost"
  wait_for 30 has_lines "$kept" "$work/out"
  wait_for 30 has_lines 1 "$work/rest"
  check '... each once, in order' has_exactly 1 "$kept"
  is '... and the log server is told' "$(cat "$work/rest")" \
     "$(lost) records never reached this target"
  check 'then nothing is left' run 0 -f -w 60 -d "$work/state"

  : > "$work/out"
  stop
  check 'a full disk that is mended in time' on_small_disk \
        'fill; grow; says "the spool is on disk again"; end; cp -R "$small/state" "$work/mended"'
  check '... is two messages' has_told
  launch
  check '... and no loss' run 0 -f -w 60 -d "$work/mended"
  n=$(waiting)
  is '... of more than fitted' "$([ "$n" -gt "$kept" ] && echo more)" more
  wait_for 60 has_lines "$n" "$work/out"
  check '... each once, in order' has_exactly 1 "$n"
}

certify_first()
{
  [ -n "$no_tls" ] || certify expired
}

certify_first
start
tls=tls:localhost:$(port 1)
tcp=tcp:127.0.0.1:$(port 2)
if [ -n "$no_tls" ]; then
  skip 'wrong certificates' "$no_tls"
else
  check_certificates
fi
if [ -n "$private" ]; then
  check_full_disk
else
  skip 'a full disk' 'no file system can be mounted here'
fi
ends_in_order
plan_done
