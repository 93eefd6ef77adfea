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

targets='fuzz-classify fuzz-human fuzz-init fuzz-json fuzz-parser fuzz-redact
  fuzz-request fuzz-rescue fuzz-screen fuzz-sdata-diff fuzz-sender fuzz-spool'
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
{ printf '\005'; repeat 2000 '\\]"'; } > fuzz-sender/many-escapes
repeat 60 'token=' > fuzz-redact/many-names
repeat 100 '://' > fuzz-redact/many-urls
{ printf 'token: x'; repeat 118 '\n'; printf 'x/token:en: next'
} > fuzz-redact/long-word-with-a-name
{ repeat 1010 'x'; printf 'token=abcdefghijklmnopqrstuvwxyz'; } > fuzz-redact/cut-in-a-secret
{ repeat 990 'x'; printf ' AbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv'; } > fuzz-redact/cut-in-a-token
# The files of a spool, whose magic words and checksums the target sets right (fuzz-spool.c).
zeros() { head -c "$1" /dev/zero; }
byte() { printf '%b' "\\0$(printf %o "$1")"; }
# file BYTE SIZE: what stands before the content; 128 has it set right, 1 is a segment.
file() { byte "$1"; byte "$(($2 % 256))"; byte "$(($2 / 256))"; }
# frame NUMBER TEXT
frame() { byte $((24 + ${#2})); zeros 7; byte "$1"; zeros 15; printf %s "$2"; }
# entry COMMITTED NAME
entry() { byte "$1"; zeros 63; byte "${#2}"; zeros 3; printf %s "$2"; }
segment() { zeros 24; frame 1 one; frame 2 two; frame 3 three; frame 4 four; }
{ file 129 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/one-segment
{ file 129 $((24 + 4 * 24 + 15)); segment; file 133 $((24 + 4 * 24 + 15)); segment
} > fuzz-spool/two-segments
{ file 129 $((24 + 4 * 24 + 15)); segment; file 141 $((24 + 4 * 24 + 15)); segment
} > fuzz-spool/gap
{ file 128 $((32 + 69 + 69)); zeros 32; entry 2 a; entry 0 b
  file 129 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/cursors
{ file 128 $((32 + 69)); zeros 32; entry 40 a
  file 129 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/committed-beyond-the-end
{ file 129 $((24 + 4 * 24 + 15)); segment; file 133 24; zeros 16; byte 1; zeros 7
  file 137 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/dropped-in-the-middle
{ file 129 $((24 + 4 * 24 + 15)); segment; file 133 24; zeros 16; byte 1; zeros 7
} > fuzz-spool/dropped-at-the-end
{ file 129 $((24 + 2 * 24)); zeros 24; frame 1 ''; frame 2 ''; } > fuzz-spool/empty-lines
{ file 129 $((24 + 27 + 20)); zeros 24; frame 1 one; frame 2 two; } > fuzz-spool/cut-off
{ file 128 $((32 + 69)); zeros 24; byte 12; zeros 7; entry 2 a
  file 129 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/tail-beyond-the-end
{ file 1 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/no-head
{ file 1 30; printf CDSPOOL1; repeat 22 x; file 0 30; printf CDCURSR2; repeat 22 x
} > fuzz-spool/garbage
{ file 128 $((32 + 69)); zeros 8; printf '%b' '\0377\0377\0377\0377\0377\0377\0377\0377'; zeros 16
  entry 0 a; file 129 $((24 + 4 * 24 + 15)); segment; } > fuzz-spool/last-generation
{ file 128 $((32 + 69 + 69)); zeros 24; printf '%b' '\0377\0377\0377\0377\0377\0377\0377\077'
  entry 0 a; entry 0 b; } > fuzz-spool/tail-at-the-limit
