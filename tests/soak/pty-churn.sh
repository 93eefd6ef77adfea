#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sessions that stay while others come and go: 1,000 of them with 200 connections a second for a
# minute, which end in every way a client and a program can.  Each end has one record at a real
# syslog-ng, with its verdict, and the agent has as many descriptors and as much memory as before.
# 100 sessions for 5 seconds in "make check"; CODER_CHURN="SESSIONS RATE SECONDS" for others.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
agentd=$top_builddir/agent-core/agent/coder-agentd
[ -x "$agentd" ] || plan_skip 'the agent is not built'
# shellcheck disable=SC2034  # for daemon.sh
config_version=4.0
. "$top_srcdir/tests/e2e/daemon.sh"

churn='100 100 5'
[ "${CODER_SOAK-}" != full ] || churn='1000 200 60'
churn=${CODER_CHURN:-$churn}

# KiB that an agent may have more at the end than in the first half.
slack=4096

configure <<'CONF'
source s_stream { unix-stream("@WORK@/stream" flags(syslog-protocol)); };
parser p_coder { coder-disconnect(duplicate-window(0)); };
template t_end { template("${.coder.connection_id} ${.coder.disconnect_reason}\n"); };
log { source(s_stream); parser(p_coder); destination { file("@WORK@/out" template(t_end)); };
      flags(flow-control); };
CONF

start_agent()
{
  mkdir "$work/home"
  # The user's own start-up files could do anything.
  HOME=$work/home SHELL=/bin/sh "$agentd" --pty-listen "unix:$work/pty" --max-sessions 10000 \
    --max-connections 10000 --syslog "unix-stream:$work/stream" \
    > "$work/ready" 2> "$work/said" &
  agent=$!
  at_exit 'kill "$agent" 2> /dev/null || :'
  wait_for 30 grep -q '^ready ' "$work/ready"
}

run_churn()
{
  # shellcheck disable=SC2086  # words
  "$top_builddir/tests/support/pty-churn" "$work/pty" "$agent" $churn > "$work/churn"
}

# once FILE: every connection has one line.
once()
{
  $AWK 'seen[$1]++ { print; more++ } END { exit more > 0 }' "$1"
}

# reasons: what should have come and what has come, one line each.
reasons()
{
  $AWK '
    FILENAME == out { came[$2]++; next }
    $1 == "held" { wanted["client_closed"] += $2 }
    $1 != "ended" { next }
    $2 == "leaves" { wanted["client_closed"] += $3 }
    $2 == "resets" { wanted["network_error"] += $3 }
    $2 == "status" { wanted["graceful"] += $3 }
    $2 == "killed" { wanted["unknown"] += $3 }
    $2 == "orderly" { wanted["graceful"] += $3 }
    $2 == "broken" { wanted["protocol_error"] += $3 }
    END {
      for (reason in wanted)
        if (came[reason] != wanted[reason]) {
          print reason ": " came[reason] + 0 " came, not " wanted[reason]; wrong++
        }
      for (reason in came) if (!(reason in wanted)) { print reason " came"; wrong++ }
      exit wrong > 0
    }' out="$work/out" "$work/churn" "$work/out"
}

# The agent grows into its load in the first half, not any more in the second.
samples()
{
  $AWK -v slack="$slack" '
    $1 != "sample" { next }
    ++n == 1 { descriptors = $3 }
    { last = $3; kib[n] = last_memory = $4 }
    END {
      for (i = 1; i <= n / 2; i++) if (kib[i] > memory) memory = kib[i]
      print descriptors " descriptors at first, " last " at the end; at most " memory \
            " KiB in the first half, " last_memory " at the end"
      exit what == "memory" ? last_memory > memory + slack || n < 12 : last > descriptors + 2
    }' what="$1" "$work/churn"
}

start
start_agent
check "$churn: sessions, connections a second, seconds" run_churn
records=$(sed -n 's/^records //p' "$work/churn")
check "all of ${records:=1} ends are at the log server" \
  wait_for 60 has_lines "$records" "$work/out"
kill "$agent"
status=0
wait "$agent" || status=$?
is 'the agent ends in order' "$status" 0
ends_in_order
is '... and no more' "$(wc -l < "$work/out" | tr -d ' ')" "$records"
check '... each once' once "$work/out"
check '... with their verdicts' reasons
if grep -q 'sample [0-9.]* -1' "$work/churn"; then
  skip 'no descriptor is left' 'only root may look at them'
else
  check 'no descriptor is left' samples descriptors
fi
judge_memory 'memory does not grow' samples memory
samples memory | sed 's/^/# /'
plan_done
