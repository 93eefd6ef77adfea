#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# doc/scl.md has every block of our SCL with every argument and its default, and nothing else.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"

work=$(mktemp -d)
at_exit 'rm -rf "$work"'
cd "$top_srcdir"

# defined: "BLOCK ARGUMENT DEFAULT" for each argument; a default that is not there is required.
defined()
{
  sed 's/@CD_PEN@/32473/' scl/coder-disconnect/*.conf scl/coder-disconnect/*.conf.in |
    $AWK '/^block / { block = $3; sub(/\(.*/, "", block); kind = $2; inside = 1
                      sub(/^block [a-z]+ [a-z-]+\(/, "") }
          /^\{/ { inside = 0 }
          inside && !(kind == "parser") {
            if (/\.\.\./) print block, "..."
            while (match($0, /[a-z-]+\([^()]*\)/)) {
              argument = value = substr($0, RSTART, RLENGTH - 1)
              $0 = substr($0, RSTART + RLENGTH)
              sub(/\(.*/, "", argument)
              sub(/^[^(]*\(/, "", value)
              print block, argument, value == "" ? "required" : value
            }
          }' | sort
}

# documented: the same from the page; the table under a heading is for all blocks that it names.
documented()
{
  $AWK '/^#/ { n = 0
               while (match($0, /`[a-z-]+\(\)`/)) {
                 blocks[++n] = substr($0, RSTART + 1, RLENGTH - 4)
                 $0 = substr($0, RSTART + RLENGTH)
               } }
        /^\| `/ { split($0, cell, " *[|] *")
                  gsub(/`|\(\)/, "", cell[2])
                  gsub(/`/, "", cell[3])
                  for (i = 1; i <= n; i++)
                    print blocks[i], cell[2] (cell[3] == "" ? "" : " " cell[3]) }' doc/scl.md | sort
}

defined > "$work/defined"
documented > "$work/documented"
check 'there are arguments' test "$(wc -l < "$work/defined")" -ge 40
check 'doc/scl.md has them all, their defaults, and no others' \
      diff -u "$work/defined" "$work/documented"
blocks=$(sed -n 's/^block [a-z]* \([a-z-]*\)(.*/\1/p' scl/coder-disconnect/*.conf* | sort -u)
is 'every block is in it' "$(for block in $blocks; do
  grep -q "\`$block()\`" doc/scl.md || echo "$block"
done)" ''
plan_done
