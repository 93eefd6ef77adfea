#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-seeds.sh: writes the seeds of the fuzz targets from seeds.list, and those that a command
# makes better than a list. Run it after a change of the list, and check in what it writes.
set -eu

cd "$(dirname "$0")/seeds"

# repeat N TEXT
repeat()
{
  awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'
}

targets='fuzz-classify fuzz-human fuzz-json fuzz-parser fuzz-redact fuzz-rescue fuzz-sdata-diff'
rm -rf $targets
mkdir $targets

# TARGET TAB NAME TAB TEXT, as printf %b has it.
tab=$(printf '\t')
while IFS=$tab read -r target name text; do
  case $target in '#'* | '') continue ;; esac
  printf '%b' "$text" > "fuzz-$target/$name"
done < ../seeds.list

head='2026-11-21 07:37:29.225 [warn]  run exited with error'
{ printf '%s' "$head"; repeat 300 '  a={'; } > fuzz-human/many-open-objects
{ printf '%s' "$head"; repeat 300 '  key=value'; } > fuzz-human/many-fields
{ printf '%s  error="' "$head"; repeat 500 '\\'; printf '"'; } > fuzz-human/many-backslashes
{ printf '%s' "$head"; repeat 300 '  "'; } > fuzz-human/many-quotes
{ printf '{"a":'; repeat 100 '['; } > fuzz-json/deep
{ printf '{"a":'; repeat 63 '['; repeat 63 ']'; printf '}'; } > fuzz-json/deep-enough
{ printf '{"level":"INFO","msg":"x","fields":{"a":0'; repeat 300 ',"app":1'; printf '}}'; } \
  > fuzz-json/many-members
{ printf '{"\\n'; repeat 190 'x'; printf '":1,"app":2}'; } > fuzz-json/long-escaped-key
{ printf '%s  connect_type=agent_to_client  disconnect_reason="moon phase"' "$head"
  printf '  disconnect_detail="reconnecting pty closed before connection"  exit_code=0'
} > fuzz-human/unreadable-reason-beside-a-status
repeat 500 ': ' > fuzz-classify/many-separators
repeat 100 'exit status ' > fuzz-classify/many-codes
repeat 500 'R' > fuzz-classify/many-letters
repeat 60 'token=' > fuzz-redact/many-names
repeat 100 '://' > fuzz-redact/many-urls
{ repeat 1010 'x'; printf 'token=abcdefghijklmnopqrstuvwxyz'; } > fuzz-redact/cut-in-a-secret
{ repeat 990 'x'; printf ' AbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv'; } > fuzz-redact/cut-in-a-token
