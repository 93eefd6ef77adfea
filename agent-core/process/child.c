/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/child.h"

#include "process/living.h"
#include "process/program.h"
#include "process/spawn.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* P_PIDFD, which glibc has since 2.36. */
#define BY_PIDFD ((idtype_t) 3)

/* A killed process is gone within a millisecond, unless the kernel is busy for it. */
#define FREE_PATIENCE_MS 100

struct _CdChild
{
  GPid pid;
  gint pidfd;
  gboolean has_ended;
  gboolean is_left; /* freed, and not yet gone */
  gboolean is_hung_up;
  gboolean is_killed;
  gint64 kill_at; /* monotonic, 0 for never */
  GSource *end_source;
  GSource *kill_source;
  CdCgroup *own_cgroup;
  const CdCgroup *cgroup;
  gboolean has_kills;
  guint64 kills; /* of the out-of-memory killer, at the start */
  CdChildEnded ended;
  gpointer user_data;
};

static GSource *
_attach(GSource *source, GSourceFunc func, gpointer data)
{
  g_source_set_callback(source, func, data, NULL);
  g_source_attach(source, g_main_context_get_thread_default());
  return source;
}

static void
_clear_source(GSource **source)
{
  if (!*source)
    return;
  g_source_destroy(*source);
  g_clear_pointer(source, g_source_unref);
}

static void
_destroy(CdChild *self)
{
  _clear_source(&self->end_source);
  _clear_source(&self->kill_source);
  if (self->pidfd >= 0)
    close(self->pidfd);
  cd_cgroup_free(self->own_cgroup);
  g_free(self);
}

/* The count of the whole group: a kill of a neighbour looks the same. */
static void
_look_for_memory(const CdChild *self, CdChildEnd *end)
{
  const gboolean is_kill = end->signal_number == SIGKILL ? !end->is_ours
                                                         : end->status == 128 + SIGKILL;
  guint64 kills;

  if (!is_kill || !self->has_kills || !cd_cgroup_count_kills(self->cgroup, &kills))
    return;
  end->out_of_memory = kills > self->kills;
  end->is_cgroup_shared = end->out_of_memory;
}

static gboolean
_is_ours(const CdChild *self, gint signal_number)
{
  return (signal_number == SIGHUP && self->is_hung_up)
         || (signal_number == SIGKILL && self->is_killed);
}

static void
_read_end(const CdChild *self, const siginfo_t *info, CdChildEnd *end)
{
  *end = (CdChildEnd) { .status = -1 };
  if (info->si_code == CLD_EXITED)
    end->status = info->si_status;
  else
    end->signal_number = info->si_status;
  end->is_ours = _is_ours(self, end->signal_number);
}

/* Returns whether it has ended, and is no zombie any more. ECHILD is an end that another saw. */
static gboolean
_reap(CdChild *self, CdChildEnd *end)
{
  siginfo_t info = { 0 };
  gint result;

  do
    result = waitid(BY_PIDFD, (id_t) self->pidfd, &info, WEXITED | WNOHANG);
  while (result != 0 && errno == EINTR);
  if (result == 0 && info.si_pid == 0)
    return FALSE;
  if (result == 0)
    _read_end(self, &info, end);
  else
    *end = (CdChildEnd) { .status = -1 };
  self->has_ended = TRUE;
  cd_living_remove(self->pid);
  self->pid = 0;
  return TRUE;
}

static gboolean
_on_end(gint fd, GIOCondition condition, gpointer data)
{
  CdChild *self = data;
  CdChildEnd end;

  if (!_reap(self, &end))
    return G_SOURCE_CONTINUE;
  _clear_source(&self->end_source);
  _clear_source(&self->kill_source);
  if (self->is_left)
    {
      _destroy(self);
      return G_SOURCE_REMOVE;
    }
  _look_for_memory(self, &end);
  self->ended(self, &end, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
_fail(const CdChildOptions *options, gint code, GError **error)
{
  g_set_error(error, G_SPAWN_ERROR, cd_program_get_error(code), "cannot start %s: %s",
              options->argv[0], g_strerror(code));
  return FALSE;
}

static gchar **
_make_argv(const CdChildOptions *options)
{
  gchar **argv = g_strdupv((gchar **) options->argv);

  if (options->argv0)
    {
      g_free(argv[0]);
      argv[0] = g_strdup(options->argv0);
    }
  return argv;
}

static GPid
_spawn(const CdChildOptions *options, gint *code)
{
  g_auto(GStrv) argv = _make_argv(options);
  g_autofree gchar *program = cd_program_find(options->argv[0], options->environment,
                                              options->folder, code);
  const CdSpawn spawn = {
    .program = program,
    .argv = argv,
    .environment = (gchar *const *) options->environment,
    .folder = options->folder,
    .terminal = options->pair->name,
    .output = options->output,
    .inherited = options->inherited,
  };

  return program ? cd_spawn(&spawn, code) : -1;
}

/* With SIGCHLD ignored, the kernel would throw the status away. */
static void
_have_ends_kept(void)
{
  const struct sigaction by_default = { .sa_handler = SIG_DFL };
  struct sigaction now;

  if (sigaction(SIGCHLD, NULL, &now) == 0
      && ((now.sa_flags & SA_NOCLDWAIT) || now.sa_handler == SIG_IGN))
    sigaction(SIGCHLD, &by_default, NULL);
}

static void
_note_memory(CdChild *self, const CdCgroup *cgroup)
{
  if (!cgroup)
    self->own_cgroup = cd_cgroup_new("");
  self->cgroup = cgroup ? cgroup : self->own_cgroup;
  self->has_kills = cd_cgroup_count_kills(self->cgroup, &self->kills);
}

static void
_stop_unwatched(GPid pid)
{
  kill(-pid, SIGKILL);
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

static gboolean
_start(CdChild *self, const CdChildOptions *options, GError **error)
{
  gint code;

  _have_ends_kept();
  self->pid = _spawn(options, &code);
  if (self->pid < 0)
    return _fail(options, code, error);
  self->pidfd = (gint) syscall(SYS_pidfd_open, self->pid, 0);
  if (self->pidfd >= 0)
    return TRUE;
  code = errno;
  _stop_unwatched(self->pid);
  return _fail(options, code, error);
}

CdChild *
cd_child_new(const CdChildOptions *options, CdChildEnded ended, gpointer user_data, GError **error)
{
  CdChild *self = g_new0(CdChild, 1);

  self->pidfd = -1;
  self->ended = ended;
  self->user_data = user_data;
  _note_memory(self, options->cgroup);
  if (!_start(self, options, error))
    {
      _destroy(self);
      return NULL;
    }
  cd_living_add(self->pid);
  self->end_source = _attach(g_unix_fd_source_new(self->pidfd, G_IO_IN), G_SOURCE_FUNC(_on_end),
                             self);
  return self;
}

static gboolean
_is_gone(const CdChild *self, gint patience_ms)
{
  struct pollfd end = { .fd = self->pidfd, .events = POLLIN };

  return poll(&end, 1, patience_ms) == 1;
}

/* The group's number is not given away as long as its leader was not waited for. */
static void
_kill(CdChild *self)
{
  _clear_source(&self->kill_source);
  if (_is_gone(self, 0))
    return;
  self->is_killed = TRUE;
  syscall(SYS_pidfd_send_signal, self->pidfd, SIGKILL, NULL, 0);
  kill(-self->pid, SIGKILL);
}

void
cd_child_free(CdChild *self)
{
  CdChildEnd end;

  if (!self)
    return;
  if (!self->has_ended)
    {
      _kill(self);
      _is_gone(self, FREE_PATIENCE_MS);
    }
  self->is_left = !self->has_ended && !_reap(self, &end);
  if (!self->is_left)
    _destroy(self);
}

void
cd_child_leave(CdChild *self)
{
  _clear_source(&self->kill_source);
  self->is_left = !self->has_ended;
  if (!self->is_left)
    _destroy(self);
}

GPid
cd_child_get_pid(const CdChild *self)
{
  return self->pid;
}

gboolean
cd_child_has_ended(const CdChild *self)
{
  return self->has_ended;
}

static gboolean
_on_patience_lost(gpointer data)
{
  _kill(data);
  return G_SOURCE_REMOVE;
}

/* A stopped process takes the hang-up only once it goes on. */
static void
_hang_up(CdChild *self)
{
  if (self->is_hung_up || _is_gone(self, 0))
    return;
  self->is_hung_up = TRUE;
  kill(-self->pid, SIGHUP);
  kill(-self->pid, SIGCONT);
}

void
cd_child_stop(CdChild *self, guint patience_ms)
{
  gint64 kill_at = g_get_monotonic_time() + patience_ms * G_GINT64_CONSTANT(1000);

  if (self->has_ended)
    return;
  _hang_up(self);
  if (self->is_killed || (self->kill_source && self->kill_at <= kill_at))
    return;
  _clear_source(&self->kill_source);
  self->kill_at = kill_at;
  self->kill_source = _attach(g_timeout_source_new(patience_ms), _on_patience_lost, self);
}

void
cd_child_end_write(const CdChildEnd *self, CdEvidence *evidence)
{
  if (self->is_ours)
    return;
  evidence->has_exit_status = self->status >= 0;
  evidence->exit_status = MAX(self->status, 0);
  evidence->signal_number = self->signal_number;
  evidence->out_of_memory = self->out_of_memory;
}

CdText
cd_child_end_get_note(const CdChildEnd *self)
{
  return self->out_of_memory && self->is_cgroup_shared ? CD_TEXT("cgroup shared") : CD_TEXT_NONE;
}
