/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-stderr.h"

#include "emit/target-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static gint
_get_fd(const CdLink *self)
{
  return self->own_fd >= 0 ? self->own_fd : self->tuning->stderr_fd;
}

static gint
_open_again(gint fd)
{
  gchar path[sizeof("/proc/self/fd/") + 10];
  struct stat status;

  if (fstat(fd, &status) != 0 || !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
    return -1;
  g_snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static gboolean
_is_pending(gint number)
{
  sigset_t pending;

  return sigpending(&pending) == 0 && sigismember(&pending, number);
}

/* There is no MSG_NOSIGNAL for a pipe. */
static gssize
_write_without_signal(gint fd, CdText bytes)
{
  const struct timespec now = { 0, 0 };
  gboolean was_pending = _is_pending(SIGPIPE);
  sigset_t pipe, before;
  gssize n;
  gint errsv;

  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  n = write(fd, bytes.data, bytes.length);
  errsv = errno;
  if (n < 0 && errsv == EPIPE && !was_pending)
    sigtimedwait(&pipe, NULL, &now);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = errsv;
  return n;
}

static gssize
_fail(gint errsv, GError **error)
{
  if (errsv == EINTR || errsv == EAGAIN)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "not now");
  else if (errsv == EPIPE || errsv == EBADF)
    g_set_error_literal(error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE, "nobody reads it any more");
  else
    g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(errsv), g_strerror(errsv));
  return -1;
}

/* Returns: what hinders writing, 0 for nothing. */
static gint
_get_hindrance(gint fd)
{
  struct pollfd poller = { .fd = fd, .events = POLLOUT };
  gint n = poll(&poller, 1, 0);

  if (n < 0)
    return errno;
  if (poller.revents & POLLNVAL)
    return EBADF;
  if (poller.revents & (POLLERR | POLLHUP))
    return EPIPE;
  return n == 0 ? EAGAIN : 0;
}

void
cd_stderr_open(CdLink *self)
{
  g_autoptr(GError) error = NULL;
  gint hindrance;

  self->own_fd = _open_again(self->tuning->stderr_fd);
  hindrance = _get_hindrance(_get_fd(self));
  if (hindrance == EPIPE || hindrance == EBADF)
    {
      _fail(hindrance, &error);
      cd_link_break(self, error);
      return;
    }
  cd_link_opened(self);
}

gssize
cd_stderr_write(CdLink *self, CdText bytes, GError **error)
{
  gint fd = _get_fd(self);
  gint hindrance = _get_hindrance(fd);
  gssize n;

  if (hindrance && hindrance != EPIPE) /* which the call itself tells better */
    return _fail(hindrance, error);
  n = _write_without_signal(fd, cd_text_head(bytes, PIPE_BUF));
  return n >= 0 ? n : _fail(errno, error);
}

static gboolean
_on_writable(gint fd, GIOCondition condition, gpointer data)
{
  cd_stream_resume(data);
  return G_SOURCE_REMOVE;
}

void
cd_stderr_await(CdLink *self)
{
  cd_link_set_writable(self, g_unix_fd_source_new(_get_fd(self), G_IO_OUT),
                       G_SOURCE_FUNC(_on_writable));
}
