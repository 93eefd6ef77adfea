#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The rules of DEVELOPING.md that a script can check.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${AWK:=awk}"
. "$top_srcdir/tests/support/tap.sh"
cd "$top_srcdir"

# Bytes, so that every awk counts alike; columns are counted below.
LC_ALL=C
export LC_ALL

# tree: every file that belongs to the source, tracked or about to be.
tree()
{
  if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
    git ls-files --cached --others --exclude-standard
  else
    find . ! -name . -type d \( -name .git -o -name build-aux -o -name autom4te.cache \
           -o -exec test -e '{}/config.status' \; \) -prune -o -type f -print |
      sed 's|^\./||' | grep -vE '^(aclocal\.m4|m4/l(ibtool|t.*)\.m4)$'
  fi | grep -v -- '-grammar\.[chy]$'
}

files=$(mktemp)
at_exit 'rm -f "$files"'
tree | while read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done | sort -u > "$files"

c_files=$(grep -E '\.[ch]$' "$files" || :)
sources=$(grep -E '\.(c|h|ym|awk|sh|ac|am|m4)$|^(quickstart|\.ci/run)$' "$files" || :)
licensed=$(grep -E '\.(c|h|ym|awk|sh|ac|am|m4|conf|conf\.in|[1-8])$|^(quickstart|\.ci/run)$' \
             "$files" || :)
core_headers=$(grep -E '^agent-core/.*\.h$' "$files" || :)

# none NAME OUTPUT: a case that passes when there is nothing to complain about.
none()
{
  if [ -z "$2" ]; then ok "$1"; else not_ok "$1" "$2"; fi
}

# shellcheck disable=SC2086  # no file of ours has a blank in its name
spdx()
{
  $AWK 'FNR == 1 { wanted = /^#!/ ? 2 : 1 }
        FNR == wanted && !/SPDX-License-Identifier: / { print FILENAME ": no SPDX line at the top" }
      ' $licensed
}

# A byte that goes on a UTF-8 character is no column.
# shellcheck disable=SC2086
wide()
{
  $AWK '{ gsub(/[\200-\277]/, "") }
        length($0) > 100 { print FILENAME ":" FNR ": " length($0) " columns" }' $sources
}

# shellcheck disable=SC2086
long_files()
{
  for file in $sources; do
    case $file in tests/*) continue ;; esac
    lines=$(wc -l < "$file")
    [ "$lines" -le 400 ] || echo "$file: $lines lines"
  done
}

# A body stands between a brace alone and its twin, both in the first column; a table's begins
# after an equals sign and a type's ends in a semicolon.
# shellcheck disable=SC2046,SC2086
long_functions()
{
  $AWK 'FNR == 1 { start = 0 }
        /^\{$/ && before !~ /=[ \t]*$/ { start = FNR }
        /^\}/ && start { if (/^\}$/ && FNR - start > 61)
                           print FILENAME ":" start ": " FNR - start - 1 " lines"
                         start = 0 }
        { before = $0 }' $(printf '%s\n' $c_files | grep -v '^tests/' || :) /dev/null
}

# The line above a prototype, or above its return type, ends a comment.
# shellcheck disable=SC2086
bare_prototypes()
{
  $AWK 'FNR == 1 { split("", lines) }
        { lines[FNR] = $0 }
        /^[A-Za-z_][A-Za-z0-9_ \*]*[^A-Za-z0-9_]cd_[a-z0-9_]+\(/ || /^cd_[a-z0-9_]+\(/ {
          above = FNR - 1
          while (lines[above] ~ /^[A-Za-z_][A-Za-z0-9_ \*]*$/) above--
          if (lines[above] !~ /\*\/[ \t]*$/) print FILENAME ":" FNR ": no comment above " $0
        }' $core_headers /dev/null
}

# formatter: the clang-format whose taste .clang-format was written for; others differ.
formatter()
{
  for command in clang-format-14 clang-format; do
    case $($command --version 2>/dev/null) in *' version 14.'*) echo "$command"; return ;; esac
  done
}

# shellcheck disable=SC2086
unformatted()
{
  for file in $c_files; do
    $formatter "$file" | cmp -s - "$file" || echo "$file: $formatter -i $file"
  done
}

plan 6
none 'every source has an SPDX line at its top' "$(spdx)"
none 'no line is over 100 columns' "$(wide)"
none 'no file is over 400 lines' "$(long_files)"
none 'no function body is over 60 lines' "$(long_functions)"
none 'every prototype of agent-core has its contract above it' "$(bare_prototypes)"
formatter=$(formatter)
if [ -z "$formatter" ]; then
  skip 'clang-format has nothing to change' 'clang-format 14 is not installed'
else
  none 'clang-format has nothing to change' "$(unformatted)"
fi
