#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-fuzz.sh SEEDS SECONDS TARGET...: fuzzes each target from SEEDS/NAME for so many seconds.
# What it learns stays in TARGET.corpus, what breaks it in TARGET.crash-*.
set -eu

seeds=$1
seconds=$2
shift 2

if [ $# -eq 0 ]; then
  echo 'run-fuzz.sh: no targets' >&2
  exit 1
fi

fuzz()
{
  name=$(basename "$1")
  [ -d "$seeds/$name" ] || { echo "run-fuzz.sh: $seeds/$name is missing" >&2; return 1; }
  mkdir -p "$1.corpus"
  echo "fuzz $name for $seconds s from $(find "$seeds/$name" -type f | wc -l) seeds"
  "$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
       -verbosity=0 -artifact_prefix="$1.crash-" "$1.corpus" "$seeds/$name"
}

failed=0
for target in "$@"; do
  fuzz "$target" || failed=$((failed + 1))
done

echo "fuzz: $(($# - failed)) of $# targets without a finding"
[ "$failed" -eq 0 ]
