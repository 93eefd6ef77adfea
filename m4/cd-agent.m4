# SPDX-License-Identifier: LGPL-2.1-or-later
# The agent's side, which a log server does not need.

# CD_ARG_AGENT: builds it where its libraries are there; sets cd_agent to a word for the summary.
AC_DEFUN([CD_ARG_AGENT],
[AC_ARG_ENABLE([agent],
  [AS_HELP_STRING([--enable-agent], [build coder-agentd and coder-pty @<:@auto@:>@])],
  [], [enable_agent=auto])
cd_agent=no
case $enable_agent in
  no) ;;
  yes) _CD_NEED_AGENT; cd_agent=yes ;;
  auto) _CD_FIND_AGENT ;;
  *) AC_MSG_ERROR([--enable-agent=$enable_agent: yes, no or auto]) ;;
esac
AM_CONDITIONAL([AGENT], [test "$cd_agent" = yes])])

AC_DEFUN([_CD_NEED_AGENT],
[CD_NEED([PTY_JSON_C], [json-c >= 0.15], [libjson-c-dev])
CD_NEED([VTERM], [vterm], [libvterm-dev])
CD_NEED([SOUP], [libsoup-3.0], [libsoup-3.0-dev])
CD_NEED([SYSTEMD], [libsystemd], [libsystemd-dev])])

# The same, with one line in place of an error.
AC_DEFUN([_CD_FIND_AGENT],
[cd_save_list=$cd_missing_list
cd_save_packages=$cd_missing_packages
_CD_NEED_AGENT
if test "$cd_missing_list" = "$cd_save_list"; then
  cd_agent=yes
else
  cd_agent="no, for want of:`AS_ECHO(["$cd_missing_packages"]) | sed "s/^$cd_save_packages//"`"
fi
cd_missing_list=$cd_save_list
cd_missing_packages=$cd_save_packages])
