/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/signals.h"

#include "net/watch.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct _CdSignals
{
  gint fd;
  CdWatch *watch;
  CdSignalsFunc func;
  gpointer user_data;
};

static void
_on_ready(GIOCondition condition, gpointer user_data)
{
  CdSignals *self = user_data;
  struct signalfd_siginfo info;

  while (read(self->fd, &info, sizeof(info)) == sizeof(info))
    self->func((gint) info.ssi_signo, self->user_data);
}

CdSignals *
cd_signals_new(CdSignalsFunc func, gpointer user_data)
{
  CdSignals *self = g_new0(CdSignals, 1);
  sigset_t set;

  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  sigprocmask(SIG_BLOCK, &set, NULL);
  self->func = func;
  self->user_data = user_data;
  self->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (self->fd < 0)
    g_error("signalfd: %s", g_strerror(errno));
  self->watch = cd_watch_new(self->fd, G_IO_IN, _on_ready, self);
  cd_watch_set_priority(self->watch, G_PRIORITY_HIGH);
  return self;
}

void
cd_signals_free(CdSignals *self)
{
  cd_watch_free(self->watch);
  close(self->fd);
  g_free(self);
}
