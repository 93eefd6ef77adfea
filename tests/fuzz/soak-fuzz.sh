#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# soak-fuzz.sh SEEDS RUNS COMMIT TARGET...: fuzzes until each target has made RUNS executions since
# its last finding, by turns of FUZZ_TURN (1000000) and inputs of FUZZ_MAX_LEN bytes (192) at most.
#
# TARGET.soak keeps a line for each turn: when, commit, executions, seconds, findings, coverage.
# Start it again, and it goes on where it was; a target with a finding waits until TARGET.crash-*
# is gone. SIGTERM ends it after the turn.
set -eu

seeds=$1
runs=$2
commit=$3
shift 3
turn=${FUZZ_TURN:-1000000}

if [ $# -eq 0 ]; then
  echo 'soak-fuzz.sh: no targets' >&2
  exit 1
fi

# A short quarantine stays in the processor's cache; nobody reads where memory came from.
ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=1:${ASAN_OPTIONS:-}
export ASAN_OPTIONS

# count_executions TARGET: since its last finding
count_executions()
{
  awk '{ sum = $5 ? 0 : sum + $3 } END { print sum + 0 }' "$1.soak"
}

has_finding()
{
  for artifact in "$1".crash-*; do
    [ -e "$artifact" ] && return
  done
  return 1
}

# The entropic schedule would cost more than the target itself.
run_target()
{
  "$1" -entropic=0 -runs="$turn" -max_len="${FUZZ_MAX_LEN:-192}" -timeout=10 -rss_limit_mb=2048 \
       -reload=0 -print_final_stats=1 -artifact_prefix="$1.crash-" "$1.corpus" \
       "$seeds/$(basename "$1")"
}

# Writes the line of a turn from the fuzzer's own log.
note_turn()
{
  awk -v when="$(date -u +%Y-%m-%dT%H:%M:%SZ)" -v commit="$commit" -v seconds="$2" -v found="$3" '
    /^stat::number_of_executed_units/ { executions = $2 }
    / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") coverage = $(i + 1) }
    END { print when, commit, executions + 0, seconds, found, coverage + 0 }
  ' "$1.turn" >> "$1.soak"
}

soak()
{
  began=$(date +%s)
  rc=0
  found=0
  mkdir -p "$1.corpus"
  run_target "$1" > "$1.turn" 2>&1 || rc=$?
  ! has_finding "$1" || found=1
  note_turn "$1" $(($(date +%s) - began)) "$found"
  if [ "$rc" -ne 0 ] && [ ! "$stopped" ]; then
    tail -n 40 "$1.turn"
    [ "$found" -eq 1 ] || exit 2
  fi
}

# As doc/fuzzing.md has it: a row for each commit, and a sum since the last finding.
print_table()
{
  echo '| target | day | commit | executions | seconds | findings | coverage |'
  echo '| --- | --- | --- | ---: | ---: | ---: | ---: |'
  for target in "$@"; do
    awk -v target="$(basename "$target")" '
      function print_row()
      {
        printf "| `%s` | %s | %s | %d | %d | %d | %d |\n", target, day, commit, executions, seconds,
          findings, coverage
        executions = seconds = findings = 0
      }
      commit != "" && commit != $2 { print_row() }
      { day = substr($1, 1, 10); commit = $2; coverage = $6 }
      { executions += $3; seconds += $4; findings += $5; clean = $5 ? 0 : clean + $3 }
      END {
        if (NR) print_row()
        printf "| `%s` | | **without a finding** | **%d** | | 0 | |\n", target, clean
      }' "$target.soak"
  done
}

stopped=
trap 'stopped=1' TERM INT

for target in "$@"; do
  touch "$target.soak"
done
working=1
while [ "$working" ] && [ ! "$stopped" ]; do
  working=
  for target in "$@"; do
    [ ! "$stopped" ] || break
    if [ "$(count_executions "$target")" -lt "$runs" ] && ! has_finding "$target"; then
      soak "$target"
      working=1
    fi
  done
done

print_table "$@"
for target in "$@"; do
  ! has_finding "$target" || exit 1
  [ "$(count_executions "$target")" -ge "$runs" ] || exit 1
done
