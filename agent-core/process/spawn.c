/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * posix_spawn(3) can give back neither umask nor limits nor the rank among the victims of the
 * out-of-memory killer, and cannot have a signal ignored. fork(2) copies page tables: 10 ms with a
 * big heap. So this is vfork(2): until the program starts, the child has the memory of its parent,
 * calls nothing but what is async-signal-safe, and takes no signal.
 */

#define FIRST_FD 3
#define FAILED 127

/* What is our own is closed on exec; this is for what the agent was started with. A kernel before
 * 5.11 cannot, and then the child has as much of it as the agent has. */
static void
_close_the_rest(void)
{
#ifdef SYS_close_range
  syscall(SYS_close_range, FIRST_FD, ~0U, CLOSE_RANGE_CLOEXEC);
#endif
}

/* A session leader without a terminal gets the one that it opens. */
static gint
_take_terminal(const CdSpawn *self)
{
  gint fd = open(self->terminal, O_RDWR);

  if (fd < 0)
    return errno;
  for (gint i = 0; i < FIRST_FD; i++)
    if (dup2(self->output && i > 0 ? self->output : fd, i) < 0)
      return errno;
  if (fd >= FIRST_FD)
    close(fd);
  return 0;
}

/* Returns only what went wrong. execveat(2) and not execve(2), before which gcc would have the
 * memory that is the parent's write its coverage, and then no more. */
static gint
_become(const CdSpawn *self)
{
  gint code;

  if (setsid() < 0)
    return errno;
  code = _take_terminal(self);
  if (code != 0)
    return code;
  if (chdir(self->folder) != 0 && chdir("/") != 0)
    return errno;
  _close_the_rest();
  code = cd_inherited_restore(self->inherited);
  if (code != 0)
    return code;
  syscall(SYS_execveat, AT_FDCWD, self->program, self->argv, self->environment, 0);
  return errno;
}

static void G_GNUC_NORETURN
_run_child(const CdSpawn *self, gint report)
{
  gint code = _become(self);

  if (write(report, &code, sizeof(code)) < 0)
    _exit(FAILED);
  _exit(FAILED);
}

static GPid
_start(const CdSpawn *self, gint report)
{
  sigset_t all, before;
  GPid pid;

  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid = vfork();
  if (pid == 0)
    _run_child(self, report);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return pid;
}

gboolean
cd_spawn_open_pipe(gint ends[2])
{
  gint low;
  gint code;

  if (pipe2(ends, O_CLOEXEC) != 0)
    return FALSE;
  if (ends[1] >= FIRST_FD)
    return TRUE;
  low = ends[1];
  ends[1] = fcntl(low, F_DUPFD_CLOEXEC, FIRST_FD);
  code = errno;
  close(low);
  if (ends[1] >= 0)
    return TRUE;
  close(ends[0]);
  errno = code;
  return FALSE;
}

static gint
_read_report(gint fd)
{
  gint code = 0;
  ssize_t length;

  do
    length = read(fd, &code, sizeof(code));
  while (length < 0 && errno == EINTR);
  return length == sizeof(code) ? code : 0;
}

static void
_reap(GPid pid)
{
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

/* A pipe and not a variable: sanitizers and valgrind make a fork(2) of vfork(2). */
GPid
cd_spawn(const CdSpawn *self, gint *code)
{
  gint report[2];
  GPid pid;

  if (!cd_spawn_open_pipe(report))
    {
      *code = errno;
      return -1;
    }
  pid = _start(self, report[1]);
  *code = pid < 0 ? errno : 0;
  close(report[1]);
  if (pid > 0)
    *code = _read_report(report[0]);
  close(report[0]);
  if (pid > 0 && *code != 0)
    _reap(pid);
  if (*code != 0)
    return -1;
  cd_inherited_restore_rank(self->inherited, pid);
  return pid;
}
