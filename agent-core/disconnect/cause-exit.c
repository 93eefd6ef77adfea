/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include <signal.h>

/* A shell adds this to a signal's number to make an exit status. */
#define SIGNAL_STATUS_BASE 128

typedef struct _SignalRow
{
  gint number;
  const gchar *name;
  CdCause by_signal; /* killed by it */
  CdCause by_status; /* exit status 128 + number */
} SignalRow;

static const SignalRow signals[] = {
  { SIGHUP, "HUP", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGINT, "INT", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGQUIT, "QUIT", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGILL, "ILL", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGTRAP, "TRAP", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGABRT, "ABRT", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGBUS, "BUS", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGFPE, "FPE", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGKILL, "KILL", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGUSR1, "USR1", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGSEGV, "SEGV", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGUSR2, "USR2", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGPIPE, "PIPE", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGALRM, "ALRM", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGTERM, "TERM", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGXCPU, "XCPU", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGXFSZ, "XFSZ", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGSYS, "SYS", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
};

static const SignalRow *
_find(gint64 number)
{
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    if (signals[i].number == number)
      return &signals[i];
  return NULL;
}

const gchar *
cd_signal_get_name(gint signal_number)
{
  const SignalRow *row = _find(signal_number);

  return row ? row->name : NULL;
}

CdCause
cd_cause_from_signal(gint signal_number)
{
  const SignalRow *row = _find(signal_number);

  return row ? row->by_signal : CD_CAUSE_EXIT_CRASHED;
}

CdCause
cd_cause_from_exit_status(gint64 status)
{
  const SignalRow *row;

  if (status == 0)
    return CD_CAUSE_EXIT_OK;
  if (status < 0)
    return CD_CAUSE_EXIT_GONE;
  row = _find(status - SIGNAL_STATUS_BASE);
  return row ? row->by_status : CD_CAUSE_EXIT_CODE;
}
