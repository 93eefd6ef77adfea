# SPDX-License-Identifier: LGPL-2.1-or-later
# Dependencies: each missing one is noted with its Debian package, all are reported together.

# CD_MISSING(WHAT, DEBIAN-PACKAGE): notes one missing thing; shell code, not a check.
AC_DEFUN([CD_MISSING],
[cd_missing_list="$cd_missing_list
  $1 (Debian package: $2)"
case " $cd_missing_packages " in
  *" $2 "*) ;;
  *) cd_missing_packages="$cd_missing_packages $2" ;;
esac])

# CD_STOP_IF_MISSING: the one error that names everything that is not there.
AC_DEFUN([CD_STOP_IF_MISSING],
[if test -n "$cd_missing_list"; then
  AC_MSG_ERROR([missing on this system:$cd_missing_list
Install with: apt-get install$cd_missing_packages])
fi])

# CD_FIND_COMPILER: the one thing that configure cannot go on without.
AC_DEFUN([CD_FIND_COMPILER],
[AC_CHECK_PROGS([cd_any_compiler], [${CC-} gcc cc clang], [])
if test -z "$cd_any_compiler"; then
  CD_MISSING([a C compiler], [build-essential])
  CD_STOP_IF_MISSING
fi])

# CD_NEED_PROG(VARIABLE, PROGRAM, DEBIAN-PACKAGE)
AC_DEFUN([CD_NEED_PROG],
[AC_CHECK_PROGS([$1], [$2], [])
if test -z "$$1"; then
  CD_MISSING([$2], [$3])
fi])

# CD_NEED_PKG_CONFIG: without it no library can be seen, so it heads the list.
AC_DEFUN([CD_NEED_PKG_CONFIG],
[PKG_PROG_PKG_CONFIG
if test -z "$PKG_CONFIG"; then
  CD_MISSING([pkg-config, without which none of the libraries is seen], [pkg-config])
fi])

# CD_NEED(PREFIX, PKG-CONFIG-MODULES, DEBIAN-PACKAGE): sets PREFIX_CFLAGS, as system
# headers, and PREFIX_LIBS.
AC_DEFUN([CD_NEED],
[PKG_CHECK_MODULES([$1], [$2],
  [$1_CFLAGS=`AS_ECHO(["$$1_CFLAGS"]) | sed 's/-I */-isystem /g'`],
  [CD_MISSING([$2], [$3])])])
