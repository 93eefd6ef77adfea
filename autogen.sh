#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes ./configure from configure.ac.  Names what is missing by its Debian package.
set -eu

cd "$(dirname "$0")"

missing=

# need COMMAND PACKAGE: notes the package when the command is not there.
need()
{
  command -v "$1" >/dev/null 2>&1 && return
  echo "autogen.sh: $1 is missing (Debian package: $2)" >&2
  missing="$missing $2"
}

# need_macros FILE PACKAGE: the same for a file of autoconf macros.
need_macros()
{
  for dir in $(aclocal --print-ac-dir 2>/dev/null) /usr/share/aclocal; do
    [ ! -e "$dir/$1" ] || return 0
  done
  echo "autogen.sh: the autoconf macros $1 are missing (Debian package: $2)" >&2
  missing="$missing $2"
}

need autoreconf autoconf
need automake automake
need libtoolize libtool
need_macros pkg.m4 pkg-config

if [ -n "$missing" ]; then
  echo "autogen.sh: install with: apt-get install$missing" >&2
  exit 1
fi

exec autoreconf -fi
