/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The agent that is measured, and its folder. */
#include "terminal.h"

#include "tests/support/pty-peer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

void
bench_fail(const gchar *what)
{
  fprintf(stderr, "bench-pty: %s: %s\n", what, g_strerror(errno));
  exit(1);
}

void
bench_place_init(BenchPlace *self, const gchar *agentd, gsize kilobytes)
{
  g_autoptr(GError) error = NULL;

  *self = (BenchPlace) { .agentd = g_strdup(agentd), .kilobytes = kilobytes };
  self->folder = g_dir_make_tmp("bench-pty-XXXXXX", &error);
  if (!self->folder)
    bench_fail(error->message);
  self->socket = g_build_filename(self->folder, "agent", NULL);
  g_setenv("HOME", self->folder, TRUE);
  g_setenv("SHELL", "/bin/sh", TRUE);
  g_setenv("TMUX_TMPDIR", self->folder, TRUE);
  g_setenv("SCREENDIR", self->folder, TRUE);
  g_setenv("TERM", "xterm-256color", TRUE);
}

static void
_await_agent(const BenchPlace *self)
{
  gint fd;

  while ((fd = pty_peer_connect(self->socket)) < 0)
    {
      if (waitpid(self->agent, NULL, WNOHANG) != 0)
        bench_fail("the agent has ended");
      g_usleep(1000);
    }
  close(fd);
}

void
bench_place_start_agent(BenchPlace *self, const gchar *setting)
{
  g_autofree gchar *address = g_strconcat("unix:", self->socket, NULL);
  g_autoptr(GError) error = NULL;
  const gchar *argv[] = {
    self->agentd, "--pty-listen", address, "--max-sessions", "4096", "--syslog",
    "stderr:",    setting,        NULL,
  };

  if (!g_spawn_async(NULL, (gchar **) argv, NULL,
                     G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL
                       | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, &self->agent, &error))
    bench_fail(error->message);
  _await_agent(self);
}

void
bench_place_stop_agent(BenchPlace *self)
{
  if (!self->agent)
    return;
  kill(self->agent, SIGTERM);
  waitpid(self->agent, NULL, 0);
  self->agent = 0;
}

/* The multiplexers leave sockets, and folders for them, behind. */
static void
_remove(const gchar *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    {
      g_autofree gchar *inner = g_build_filename(path, name, NULL);
      _remove(inner);
    }
  g_remove(path);
}

void
bench_place_clear(BenchPlace *self)
{
  bench_place_stop_agent(self);
  _remove(self->folder);
  g_free(self->agentd);
  g_free(self->folder);
  g_free(self->socket);
}

gint
bench_place_attach(const BenchPlace *self, BenchServer server, const gchar *id,
                   const gchar *command)
{
  gint fd = pty_peer_connect(self->socket);

  if (fd < 0 || !pty_peer_greet(fd, id, command, bench_server_get_name(server)))
    bench_fail("the agent cannot be reached");
  return fd;
}
