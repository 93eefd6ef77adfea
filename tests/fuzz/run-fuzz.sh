#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-fuzz.sh SEEDS SECONDS TARGET...: fuzzes each target from SEEDS/NAME for so many seconds.
# What it learns stays in TARGET.corpus, what it said in TARGET.log, what breaks it in
# TARGET.crash-*. FUZZ_SEED=N is the seed of its random numbers.
set -eu

seeds=$1
seconds=$2
shift 2

if [ $# -eq 0 ]; then
  echo 'run-fuzz.sh: no targets' >&2
  exit 1
fi

# fuzz TARGET. Returns: whether nothing was found.
fuzz()
{
  name=$(basename "$1")
  [ -d "$seeds/$name" ] || { echo "run-fuzz.sh: $seeds/$name is missing" >&2; return 1; }
  mkdir -p "$1.corpus"
  echo "fuzz $name for $seconds s from $(find "$seeds/$name" -type f | wc -l) seeds"
  status=0
  "$1" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
       -print_final_stats=1 -verbosity=0 -artifact_prefix="$1.crash-" \
       "$1.corpus" "$seeds/$name" > "$1.log" 2>&1 || status=$?
  cat "$1.log"
  return "$status"
}

# tell TARGET: what was found, in a few lines that say how to try it again.
tell()
{
  echo "$(basename "$1"): $(grep -a -m 1 -E 'ERROR:|runtime error:' "$1.log" || echo 'see its log')"
  for input in "$1".crash-*; do
    [ ! -f "$input" ] || { echo "$input, as base64:"; base64 "$input"; }
  done
}

failed=
n_failed=0
for target in "$@"; do
  fuzz "$target" || { failed="$failed $target"; n_failed=$((n_failed + 1)); }
done

for target in $failed; do
  tell "$target"
done
echo "fuzz: $(($# - n_failed)) of $# targets without a finding"
[ "$n_failed" -eq 0 ]
