# SPDX-License-Identifier: LGPL-2.1-or-later
# configure's options, warnings and hardening.

# CD_SAVE_USER_FLAGS: what the user said, before autoconf puts its own defaults in.
AC_DEFUN([CD_SAVE_USER_FLAGS],
[cd_user_cflags="$CPPFLAGS $CFLAGS"
cd_user_ldflags="$LDFLAGS"
cd_user_set_cflags=${CFLAGS+yes}])

# CD_ARG_PEN: the private enterprise number behind the @ of our SD-ID.
AC_DEFUN([CD_ARG_PEN],
[AC_ARG_WITH([pen],
  [AS_HELP_STRING([--with-pen=N], [private enterprise number of the SD-ID @<:@32473@:>@])],
  [CD_PEN=$withval], [CD_PEN=32473])
case $CD_PEN in
  ''|yes|no|0*|*[[!0-9]]*|???????????*)
    AC_MSG_ERROR([--with-pen=$CD_PEN: not a private enterprise number (a number from 1 on)]) ;;
esac
AC_SUBST([CD_PEN])
AC_DEFINE_UNQUOTED([CD_PEN], [$CD_PEN], [private enterprise number of the SD-ID])])

# CD_DEBUG_CFLAGS(FLAGS): for instrumented builds, unless the user chose CFLAGS.
AC_DEFUN([CD_DEBUG_CFLAGS],
[if test "$cd_user_set_cflags" != yes; then
  CFLAGS="$1"
fi])

# CD_ARG_SANITIZERS: address,undefined or thread over everything that is built.
AC_DEFUN([CD_ARG_SANITIZERS],
[AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers=LIST], [address,undefined or thread @<:@no@:>@])],
  [], [enable_sanitizers=no])
case $enable_sanitizers in
  yes) cd_sanitizers=address,undefined ;;
  no|thread|address|undefined|address,undefined) cd_sanitizers=$enable_sanitizers ;;
  *)
    AC_MSG_ERROR([--enable-sanitizers=$enable_sanitizers: address,undefined or thread or no]) ;;
esac])

# CD_ARG_COVERAGE: counters for make coverage.
AC_DEFUN([CD_ARG_COVERAGE],
[AC_ARG_ENABLE([coverage],
  [AS_HELP_STRING([--enable-coverage], [count lines for "make coverage" @<:@no@:>@])],
  [], [enable_coverage=no])
if test "$enable_coverage" = yes; then
  CD_DEBUG_CFLAGS([-O0 -g])
  INSTRUMENT_CFLAGS="$INSTRUMENT_CFLAGS --coverage"
  INSTRUMENT_LDFLAGS="$INSTRUMENT_LDFLAGS --coverage"
  if $CC --version | grep clang >/dev/null; then
    AC_CHECK_PROGS([GCOV], [llvm-cov llvm-cov-14], [])
    GCOV="$GCOV gcov"
  else
    AC_CHECK_PROGS([GCOV], [gcov], [])
  fi
fi
AC_SUBST([GCOV])
AM_CONDITIONAL([COVERAGE], [test "$enable_coverage" = yes])])

# CD_ARG_FUZZING: libFuzzer targets; its sanitizers go over everything.
AC_DEFUN([CD_ARG_FUZZING],
[AC_ARG_ENABLE([fuzzing],
  [AS_HELP_STRING([--enable-fuzzing], [build the fuzz targets, with clang @<:@no@:>@])],
  [], [enable_fuzzing=no])
if test "$enable_fuzzing" = yes; then
  cd_sanitizers=address,undefined
  FUZZ_LDFLAGS=-fsanitize=fuzzer
  INSTRUMENT_CFLAGS="$INSTRUMENT_CFLAGS -fsanitize=fuzzer-no-link"
  cd_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -fsanitize=fuzzer"
  AC_MSG_CHECKING([whether $CC has libFuzzer])
  AC_LINK_IFELSE([AC_LANG_SOURCE([
int LLVMFuzzerTestOneInput (const unsigned char *data, unsigned long size);
int LLVMFuzzerTestOneInput (const unsigned char *data, unsigned long size) { return 0; }])],
    [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([fuzzing needs clang with libFuzzer (Debian package: clang)
Install with: apt-get install clang, then: ./configure CC=clang --enable-fuzzing])])
  CFLAGS=$cd_save_CFLAGS
fi
AC_SUBST([FUZZ_LDFLAGS])
AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" = yes])
_CD_SANITIZE])

AC_DEFUN([_CD_SANITIZE],
[if test "$cd_sanitizers" != no; then
  CD_DEBUG_CFLAGS([-O1 -g])
  cd_flag="-fsanitize=$cd_sanitizers"
  INSTRUMENT_CFLAGS="$INSTRUMENT_CFLAGS $cd_flag -fno-sanitize-recover=all -fno-omit-frame-pointer"
  INSTRUMENT_LDFLAGS="$INSTRUMENT_LDFLAGS $cd_flag"
  _CD_SANITIZER_PRELOAD
fi
AC_SUBST([SANITIZERS], [$cd_sanitizers])
AC_SUBST([SANITIZER_PRELOAD])
AC_SUBST([INSTRUMENT_CFLAGS])
AC_SUBST([INSTRUMENT_LDFLAGS])])

# The installed daemon is not built with the sanitizer: to load an instrumented module it
# has to be started with the runtime preloaded.
AC_DEFUN([_CD_SANITIZER_PRELOAD],
[cd_arch=`uname -m`
case $cd_sanitizers in
  address*) cd_runtimes="libclang_rt.asan-$cd_arch.so libasan.so" ;;
  thread) cd_runtimes="libclang_rt.tsan-$cd_arch.so libtsan.so" ;;
  *) cd_runtimes="libclang_rt.ubsan_standalone-$cd_arch.so libubsan.so" ;;
esac
for cd_runtime in $cd_runtimes; do
  cd_path=`$CC -print-file-name=$cd_runtime`
  if test -e "$cd_path"; then
    SANITIZER_PRELOAD=$cd_path
    break
  fi
done])

# CD_ARG_WERROR: on for those who work on the source, off for those who build a release.
AC_DEFUN([CD_ARG_WERROR],
[AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [warnings are errors @<:@yes in a git checkout@:>@])],
  [], [if test -e "$srcdir/.git"; then enable_werror=yes; else enable_werror=no; fi])
if test "$enable_werror" = yes; then
  cd_warnings_are=errors
else
  cd_warnings_are=warnings
fi])

AC_DEFUN([CD_WARNINGS],
[WARN_CFLAGS="-Wall -Wextra -Wshadow -Wstrict-prototypes"
WARN_CFLAGS="$WARN_CFLAGS -Wno-unused-parameter -Wno-missing-field-initializers"
if test "$enable_werror" = yes; then
  WARN_CFLAGS="$WARN_CFLAGS -Werror"
fi
AC_SUBST([WARN_CFLAGS])])

# CD_HARDENING: what distributions switch on, for each kind the user said nothing about.
AC_DEFUN([CD_HARDENING],
[case $cd_user_cflags in
  *stack-protector*) ;;
  *) HARDENING_CFLAGS="-fstack-protector-strong" ;;
esac
case "$cd_user_cflags/$cd_sanitizers/ $CFLAGS" in
  *FORTIFY_SOURCE*|*/address*|*/thread*|*/undefined*|*/*\ -O0*) ;;
  */*\ -O*) HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2" ;;
esac
case $cd_user_ldflags in
  *-z,relro*|*-z,now*|*-z,norelro*) ;;
  *) HARDENING_LDFLAGS="-Wl,-z,relro,-z,now" ;;
esac
AC_SUBST([HARDENING_CFLAGS])
AC_SUBST([HARDENING_LDFLAGS])])
