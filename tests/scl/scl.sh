# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Our SCL as scl.conf includes it, for tests of it.  Source daemon.sh first, then this: a line
#   @include "@WORK@/scl.conf"
# in a configuration has all our blocks.

# The blocks are in the source tree, and in the build tree where configure fills them in; of two
# with one name the latter is from an older configure.
scl_files()
{
  for file in "$top_builddir"/scl/coder-disconnect/*.conf "$top_srcdir"/scl/coder-disconnect/*.conf
  do
    [ ! -e "$file" ] || echo "$file"
  done
}

make_scl()
{
  mkdir -p "$work/scl/coder-disconnect"
  scl_files | while read -r file; do cp "$file" "$work/scl/coder-disconnect"; done
  echo "@include \"$work/scl/*/*.conf\"" > "$work/scl.conf"
}

# system_scl: the folder of syslog-ng's own SCL.
system_scl()
{
  pkg-config --variable=scldir syslog-ng
}

# check_syntax TEXT: what syslog-ng --syntax-only says of a configuration with our SCL.
check_syntax()
{
  { printf '@version: %s\n@include "%s/scl.conf"\n' "$config_version" "$work"
    printf '%s\n' "$1"; } > "$work/conf"
  (run_daemon --syntax-only) > "$work/syntax" 2>&1
}

make_scl
