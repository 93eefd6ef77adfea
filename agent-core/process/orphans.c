/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/child.h"

#include "process/living.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct _Orphans
{
  GSource source;
  gint signals;
} Orphans;

static void
_drain(gint fd)
{
  struct signalfd_siginfo info[16];

  while (read(fd, info, sizeof(info)) > 0)
    ;
}

/* The zombie in front, without taking it: it may be somebody's. 0 for none. */
static GPid
_peek(void)
{
  siginfo_t info = { 0 };

  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid : 0;
}

/* Where somebody's child is in front, the rest is looked for when that one has gone. */
static gboolean
_dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
  Orphans *self = (Orphans *) source;
  GPid pid;

  g_source_set_ready_time(source, -1);
  _drain(self->signals);
  while ((pid = _peek()) > 0 && !cd_living_has(pid))
    waitpid(pid, NULL, WNOHANG);
  return G_SOURCE_CONTINUE;
}

static void
_look_again(gpointer data)
{
  g_source_set_ready_time(data, 0);
}

static void
_finalize(GSource *source)
{
  Orphans *self = (Orphans *) source;

  cd_living_watch(NULL, NULL);
  close(self->signals);
}

static GSourceFuncs orphans_funcs = { .dispatch = _dispatch, .finalize = _finalize };

/* signalfd(2) gives only what is blocked. */
static gint
_open_signals(void)
{
  sigset_t child;

  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &child, NULL);
  return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

GSource *
cd_child_reap_orphans(void)
{
  GSource *source;
  gint signals;

  if (getpid() != 1)
    return NULL;
  signals = _open_signals();
  g_return_val_if_fail(signals >= 0, NULL);
  source = g_source_new(&orphans_funcs, sizeof(Orphans));
  ((Orphans *) source)->signals = signals;
  g_source_add_unix_fd(source, signals, G_IO_IN);
  cd_living_watch(_look_again, source);
  g_source_set_ready_time(source, 0);
  g_source_attach(source, g_main_context_get_thread_default());
  return source;
}
