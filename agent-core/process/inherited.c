/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/inherited.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define OOM_FILE "/proc/self/oom_score_adj"
#define OOM_SIZE 16 /* "-1000\n" */

struct _CdInherited
{
  mode_t umask;
  rlim_t soft[RLIM_NLIMITS];
  sigset_t blocked;
  gboolean ignored[NSIG];
  gchar oom_score_adj[OOM_SIZE]; /* empty where the kernel does not tell */
  gchar **environment;
};

/* What a service manager said to the agent alone; a name that ends in * is the start of one. */
static const gchar *const private_names[] = {
  "CREDENTIALS_DIRECTORY", "INVOCATION_ID", "JOURNAL_STREAM", "LISTEN_*",
  "NOTIFY_SOCKET",         "WATCHDOG_*",
};

static const gchar *const token_names[] = { "CODER_AGENT_TOKEN", "CODER_AGENT_TOKEN_FILE" };

/* The kernel tells it without a change to it; umask(2) does not, and another thread could make a
 * file meanwhile. */
static mode_t
_read_umask(void)
{
  g_autofree gchar *status = NULL;
  const gchar *line;
  mode_t mask;

  if (g_file_get_contents("/proc/self/status", &status, NULL, NULL)
      && (line = strstr(status, "\nUmask:")))
    return (mode_t) strtoul(line + strlen("\nUmask:"), NULL, 8);
  mask = umask(077);
  umask(mask);
  return mask;
}

/* Called in the child, too: no stdio, no malloc. */
static void
_read_oom_score_adj(const gchar *file, gchar text[OOM_SIZE])
{
  gint fd = open(file, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, text, OOM_SIZE - 1);

  text[MAX(length, 0)] = '\0';
  if (fd >= 0)
    close(fd);
}

static void
_read_limits(CdInherited *self)
{
  for (gint i = 0; i < RLIM_NLIMITS; i++)
    {
      struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

      getrlimit(i, &limit);
      self->soft[i] = limit.rlim_cur;
    }
}

static gboolean
_is_ignored(gint number)
{
  struct sigaction action;

  return sigaction(number, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO)
         && action.sa_handler == SIG_IGN;
}

CdInherited *
cd_inherited_new(void)
{
  CdInherited *self = g_new0(CdInherited, 1);

  self->umask = _read_umask();
  _read_limits(self);
  pthread_sigmask(SIG_BLOCK, NULL, &self->blocked);
  for (gint i = 1; i < NSIG; i++)
    self->ignored[i] = _is_ignored(i);
  _read_oom_score_adj(OOM_FILE, self->oom_score_adj);
  self->environment = g_get_environ();
  return self;
}

void
cd_inherited_free(CdInherited *self)
{
  if (!self)
    return;
  g_strfreev(self->environment);
  g_free(self);
}

void
cd_inherited_raise_files(CdInherited *self)
{
  struct rlimit limit;

  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static gboolean
_has_name(const gchar *variable, const gchar *name)
{
  gsize length = strlen(name);

  if (name[length - 1] == '*')
    return strncmp(variable, name, length - 1) == 0;
  return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static gboolean
_is_among(const gchar *variable, const gchar *const *names, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (_has_name(variable, names[i]))
      return TRUE;
  return FALSE;
}

gchar **
cd_inherited_get_environment(const CdInherited *self, gboolean with_token)
{
  GPtrArray *kept = g_ptr_array_new();

  for (gchar **variable = self->environment; *variable; variable++)
    if (!_is_among(*variable, private_names, G_N_ELEMENTS(private_names))
        && (with_token || !_is_among(*variable, token_names, G_N_ELEMENTS(token_names))))
      g_ptr_array_add(kept, g_strdup(*variable));
  g_ptr_array_add(kept, NULL);
  return (gchar **) g_ptr_array_free(kept, FALSE);
}

/* A hard limit that was lowered since keeps the soft one below it. */
static gint
_restore_limits(const CdInherited *self)
{
  for (gint i = 0; i < RLIM_NLIMITS; i++)
    {
      struct rlimit limit;

      if (getrlimit(i, &limit) != 0 || limit.rlim_cur == self->soft[i])
        continue;
      limit.rlim_cur = MIN(self->soft[i], limit.rlim_max);
      if (setrlimit(i, &limit) != 0)
        return errno;
    }
  return 0;
}

/* Without an error: /proc may be read-only, and a session is worth more than its rank among the
 * victims. */
static void
_restore_oom_score_adj(const CdInherited *self, const gchar *file)
{
  gchar now[OOM_SIZE];
  gsize length = strlen(self->oom_score_adj);
  gint fd;

  _read_oom_score_adj(file, now);
  if (length == 0 || strcmp(now, self->oom_score_adj) == 0)
    return;
  fd = open(file, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (write(fd, self->oom_score_adj, length) < 0)
    errno = 0;
  close(fd);
}

/* A handler must not be left: between the mask's return and exec it would run in the child, in the
 * memory of the parent. EINVAL is the answer for KILL, STOP and what the C library keeps. */
static gint
_restore_actions(const CdInherited *self)
{
  for (gint i = 1; i < NSIG; i++)
    {
      struct sigaction action = { .sa_handler = self->ignored[i] ? SIG_IGN : SIG_DFL };

      if (sigaction(i, &action, NULL) != 0 && errno != EINVAL)
        return errno;
    }
  return 0;
}

gint
cd_inherited_restore(const CdInherited *self)
{
  gint code = _restore_limits(self);

  if (code == 0)
    code = _restore_actions(self);
  if (code != 0)
    return code;
  umask(self->umask);
  _restore_oom_score_adj(self, OOM_FILE);
  return sigprocmask(SIG_SETMASK, &self->blocked, NULL) == 0 ? 0 : errno;
}

void
cd_inherited_restore_rank(const CdInherited *self, GPid pid)
{
  g_autofree gchar *file = g_strdup_printf("/proc/%d/oom_score_adj", pid);

  _restore_oom_score_adj(self, file);
}
