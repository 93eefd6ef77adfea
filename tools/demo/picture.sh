#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# picture.sh BUILD PART FILE: the real output of a part of the demonstration as an SVG.  Fails, and
# leaves FILE alone, if a verdict is wrong.
set -eu

[ $# -eq 3 ] || { echo 'Usage: picture.sh BUILD messages|sessions FILE' >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
part=$2
picture=$3
width=100

work=$(mktemp -d)
trap 'rm -rf "$work" "$picture.tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# As quickstart calls it: from the folder above "build".
run()
{
  printf '\033[2m$\033[0m \033[1m./quickstart\033[0m\n'
  cd "$work"
  ln -s "$build" build
  "$here/demo.sh" --color=always --width="$width" --part="$part" build
}

case $part in
  messages) title='coder-disconnect classifies ended connections in syslog-ng' ;;
  *) title='coder-agentd tells how each session ended' ;;
esac
if ! (run) > "$work/output"; then
  cat "$work/output" >&2
  exit 1
fi
LC_ALL=C "${AWK:-awk}" -v width="$width" \
  -v title="$title" \
  -f "$here/svg.awk" "$work/output" > "$picture.tmp"
mv "$picture.tmp" "$picture"
