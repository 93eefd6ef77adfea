/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel opens the very file that the link stands for, wherever its name is. */
static gint
_open_anew(gint fd, gint access)
{
  gchar path[32];
  struct stat status;

  if (isatty(fd) != 1 && (fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode)))
    return -1;
  g_snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  return open(path, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

gint
cd_descriptor_open_own(gint fd, gint access)
{
  gint own = _open_anew(fd, access);

  return own >= 0 ? own : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

gssize
cd_descriptor_read(gint fd, gchar *data, gsize length)
{
  gssize n;

  do
    n = read(fd, data, length);
  while (n < 0 && errno == EINTR);
  return n;
}

/* A blocking pipe that is writable takes PIPE_BUF bytes; what is no socket says ENOTSOCK. */
gssize
cd_descriptor_write(gint fd, const gchar *data, gsize length)
{
  gssize n;

  do
    {
      n = send(fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n < 0 && errno == ENOTSOCK)
        n = write(fd, data, MIN(length, PIPE_BUF));
    }
  while (n < 0 && errno == EINTR);
  return n;
}
