# SPDX-License-Identifier: LGPL-2.1-or-later
# What the build has to know about the syslog-ng that is installed.

# CD_SYSLOG_NG_JSON_C: SDKs with FilterX include json-c's header and do not say so.
AC_DEFUN([CD_SYSLOG_NG_JSON_C],
[if test -n "$SYSLOG_NG_CFLAGS"; then
  cd_sdk_include=`$PKG_CONFIG --variable=includedir syslog-ng`/syslog-ng
  if test -d "$cd_sdk_include/filterx"; then
    CD_NEED([JSON_C], [json-c], [libjson-c-dev])
    SYSLOG_NG_CFLAGS="$SYSLOG_NG_CFLAGS $JSON_C_CFLAGS"
  fi
fi])

# CD_SYSLOG_NG: versions, folders and names.
AC_DEFUN([CD_SYSLOG_NG],
[SYSLOG_NG_VERSION=`$PKG_CONFIG --modversion syslog-ng`
SYSLOG_NG_LIBDIR=`$PKG_CONFIG --variable=libdir syslog-ng`
SYSLOG_NG_TOOLSDIR=`$PKG_CONFIG --variable=toolsdir syslog-ng`
SYSLOG_NG_SYSTEM_MODULE_DIR=`$PKG_CONFIG --variable=moduledir syslog-ng`
AC_ARG_WITH([module-dir],
  [AS_HELP_STRING([--with-module-dir=DIR], [folder of the module @<:@from syslog-ng.pc@:>@])],
  [SYSLOG_NG_MODULE_DIR=$withval],
  [SYSLOG_NG_MODULE_DIR=$SYSLOG_NG_SYSTEM_MODULE_DIR])
AC_ARG_WITH([scl-dir],
  [AS_HELP_STRING([--with-scl-dir=DIR], [folder of the SCL block @<:@from syslog-ng.pc@:>@])],
  [SYSLOG_NG_SCL_DIR=$withval],
  [SYSLOG_NG_SCL_DIR=`$PKG_CONFIG --variable=scldir syslog-ng`])
AC_SUBST([SYSLOG_NG_VERSION])
AC_SUBST([SYSLOG_NG_RPATH], ["-Wl,-rpath,$SYSLOG_NG_LIBDIR"])
AC_SUBST([SYSLOG_NG_TOOLSDIR])
AC_SUBST([SYSLOG_NG_SYSTEM_MODULE_DIR])
AC_SUBST([SYSLOG_NG_MODULE_DIR])
AC_SUBST([SYSLOG_NG_SCL_DIR])
_CD_SYSLOG_NG_FILES
_CD_SYSLOG_NG_EVTLOG
_CD_MODULE_INFO_SYMBOL])

AC_DEFUN([_CD_SYSLOG_NG_FILES],
[AC_MSG_CHECKING([for the core grammar of syslog-ng])
if test -r "$SYSLOG_NG_TOOLSDIR/cfg-grammar.y"; then
  AC_MSG_RESULT([$SYSLOG_NG_TOOLSDIR/cfg-grammar.y])
else
  AC_MSG_RESULT([no])
  AC_MSG_ERROR([$SYSLOG_NG_TOOLSDIR/cfg-grammar.y is not there; reinstall syslog-ng-dev])
fi])

# Some builds name -levtlog in syslog-ng.pc without installing it.
AC_DEFUN([_CD_SYSLOG_NG_EVTLOG],
[cd_save_LIBS=$LIBS
LIBS="-L$SYSLOG_NG_LIBDIR $LIBS"
AC_CHECK_LIB([evtlog], [evt_rec_init], [],
  [SYSLOG_NG_LIBS=`AS_ECHO(["$SYSLOG_NG_LIBS"]) | sed 's/ *-levtlog//g'`])
LIBS=$cd_save_LIBS])

# axosyslog from 4.24 on looks up NAME_module_info first.  Modules are opened globally, so
# a plain module_info would be found for every module that is loaded after this one.
AC_DEFUN([_CD_MODULE_INFO_SYMBOL],
[MODULE_INFO_SYMBOL=module_info
cd_save_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS $SYSLOG_NG_CFLAGS"
AC_EGREP_CPP([^ *.axosyslog.$],
  [#include <syslog-ng-config.h>
SYSLOG_NG_PACKAGE_NAME],
  [if $PKG_CONFIG --atleast-version=4.24 syslog-ng; then
  MODULE_INFO_SYMBOL=coder_disconnect_module_info
fi])
CPPFLAGS=$cd_save_CPPFLAGS
AC_SUBST([MODULE_INFO_SYMBOL])])
