/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include <signal.h>

/* How Windows, whose statuses have no sign, writes -1; its exceptions; and that of Ctrl-C. */
#define MINUS_ONE G_GINT64_CONSTANT(0xffffffff)
#define EXCEPTION_FIRST G_GINT64_CONSTANT(0xc0000000)
#define EXCEPTION_CONTROL_C G_GINT64_CONSTANT(0xc000013a)

/* A shell adds this to a signal's number to make an exit status. */
#define SIGNAL_STATUS_BASE 128

typedef struct _SignalRow
{
  gint number;
  const gchar *name;
  const gchar *go_name;
  CdCause by_signal; /* killed by it */
  CdCause by_status; /* exit status 128 + number */
} SignalRow;

static const SignalRow signals[] = {
  { SIGHUP, "HUP", "hangup", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGINT, "INT", "interrupt", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGQUIT, "QUIT", "quit", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGILL, "ILL", "illegal instruction", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGTRAP, "TRAP", "trace/breakpoint trap", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGABRT, "ABRT", "aborted", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGBUS, "BUS", "bus error", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGFPE, "FPE", "floating point exception", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGKILL, "KILL", "killed", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGUSR1, "USR1", "user defined signal 1", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGSEGV, "SEGV", "segmentation fault", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
  { SIGUSR2, "USR2", "user defined signal 2", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGPIPE, "PIPE", "broken pipe", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGALRM, "ALRM", "alarm clock", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGTERM, "TERM", "terminated", CD_CAUSE_EXIT_STOPPED, CD_CAUSE_EXIT_STOPPED },
  { SIGXCPU, "XCPU", "CPU time limit exceeded", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGXFSZ, "XFSZ", "file size limit exceeded", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CODE },
  { SIGSYS, "SYS", "bad system call", CD_CAUSE_EXIT_CRASHED, CD_CAUSE_EXIT_CRASHED },
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

/* A client that vanishes ends its program by the agent's hand, with one of these two. */
static gboolean
_is_agents_own(gint signal_number)
{
  return signal_number == SIGHUP || signal_number == SIGKILL;
}

CdCause
cd_cause_from_signal_text(CdText name)
{
  const CdText core = CD_TEXT(" (core dumped)");

  if (name.length > core.length
      && cd_text_equal(cd_text_skip(name, name.length - core.length), core))
    name = cd_text_head(name, name.length - core.length);
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    if (cd_text_is(name, signals[i].go_name))
      return _is_agents_own(signals[i].number) ? CD_CAUSE_EXIT_GONE : signals[i].by_signal;
  return CD_CAUSE_NONE;
}

CdCause
cd_cause_from_exit_status(gint64 status)
{
  const SignalRow *row;

  if (status == 0)
    return CD_CAUSE_EXIT_OK;
  if (status < 0 || status == MINUS_ONE)
    return CD_CAUSE_EXIT_GONE;
  if (status >= EXCEPTION_FIRST && status < MINUS_ONE && status != EXCEPTION_CONTROL_C)
    return CD_CAUSE_EXIT_CRASHED;
  row = _find(status - SIGNAL_STATUS_BASE);
  return row ? row->by_status : CD_CAUSE_EXIT_CODE;
}
