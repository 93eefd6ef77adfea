#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# load.sh NAME FOLDER VERDICT: loads the module of a folder into the syslog-ng that is installed
# here, twice: --syntax-only and a start as the system starts it.  VERDICT is what has to come of
# it, "works" or "refused"; one result line.
set -eu

name=$1
modules=$2:$(pkg-config --variable=moduledir syslog-ng)
wanted=$3
version=$(pkg-config --modversion syslog-ng | cut -d. -f1,2)
reason='built for another version of syslog-ng'
work=$(mktemp -d)

cat > "$work/conf" <<CONF
@version: $version
source s_in { file("$work/in"); };
parser p_coder { coder-disconnect(); };
log { source(s_in); parser(p_coder); destination { file("$work/out"); }; };
CONF

# try WORD...: the exit status in $status, what the daemon says in $work/said.  A start that goes
# well is ended after a while.
try()
{
  status=0
  timeout 5 syslog-ng "$@" --no-caps --cfgfile="$work/conf" --persist-file="$work/persist" \
    --pidfile="$work/pid" --control="$work/ctl" --module-path="$modules" \
    > "$work/said" 2>&1 || status=$?
}

# outcome WELL: what came of it; WELL is the exit status of a run that went well.
outcome()
{
  case $status:$(grep -c "$reason" "$work/said" || :) in
    "$1:0") echo works ;;
    1:1) echo refused ;;
    *) echo "status $status: $(head -n 1 "$work/said")" ;;
  esac
}

try --syntax-only
checked=$(outcome 0)
said=$(grep "$reason" "$work/said" | sed 's/^\[[^]]*\] //')
try -F
started=$(outcome 124)

echo "result: module of $name in syslog-ng $version: $checked at --syntax-only," \
     "$started at a start${said:+: $said}"
[ "$checked $started" = "$wanted $wanted" ]
