#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What an emitter tells Prometheus is read by Prometheus' own checker, or else by its library for
# Python.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

# One with what has to be escaped, one with what may not be shown.
# shellcheck disable=SC2016  # no expansion
strange='unix-dgram:/nowhere/a"b\c'
secret='unix-stream:/nowhere/log?token=hunter2'

work=$(mktemp -d)
# shellcheck disable=SC2016  # expanded at the end
at_exit 'rm -rf "$work"'

print_metrics()
{
  "$top_builddir/tests/agent-core/emit/print-metrics" "$strange" "$secret" > "$work/metrics"
}

# reads_back: prints the targets' labels as the library reads them.
reads_back()
{
  "$python" - "$work/metrics" <<'PYTHON'
import sys
from prometheus_client.parser import text_string_to_metric_families

for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    for sample in family.samples:
        if sample.name == 'coder_emit_backlog_records':
            print(sample.labels['target'], int(sample.value))
PYTHON
}

python=
for candidate in python3 /usr/bin/python3; do
  [ -n "$python" ] || ! "$candidate" -c 'import prometheus_client' 2> /dev/null || python=$candidate
done

plan 4
check 'the figures are printed' print_metrics
check 'no secret is among them' sh -c '! grep hunter2 "$1"' - "$work/metrics"
if command -v promtool > /dev/null; then
  check 'promtool has nothing to complain about' promtool check metrics < "$work/metrics"
else
  skip 'promtool has nothing to complain about' "Debian's package prometheus is not installed"
fi
if [ -n "$python" ]; then
  is 'Python reads the labels back' "$(reads_back)" "$strange 1
unix-stream:/nowhere/log?token=[redacted] 1"
else
  skip 'Python reads the labels back' "Debian's package python3-prometheus-client is not installed"
fi
