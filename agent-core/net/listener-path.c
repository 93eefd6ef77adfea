/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/listener-path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MODE 0600
#define LINK_SIZE 32 /* "/proc/self/fd/" and a number */

/* Another agent that starts holds the folder for some system calls. */
#define LOCK_TRIES 100
#define LOCK_PAUSE_US 10000

static gboolean
_fail(const gchar *path, const gchar *call, GError **error)
{
  gint code = errno;

  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "unix:%s: %s: %s", path, call,
              g_strerror(code));
  return FALSE;
}

static gboolean
_refuse(const gchar *path, const gchar *why, GError **error)
{
  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_IN_USE, "unix:%s: %s", path, why);
  return FALSE;
}

/* 0, or errno. */
static gint
_bind(gint fd, const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  memcpy(address.sun_path, path, strlen(path));
  return bind(fd, (const struct sockaddr *) &address, sizeof(address)) == 0 ? 0 : errno;
}

/* Asks the very file that @file is, whatever stands at its path by now. */
static gint
_connect(gint file)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  gint code;

  if (fd < 0)
    return errno;
  g_snprintf(address.sun_path, LINK_SIZE, "/proc/self/fd/%d", file);
  code = connect(fd, (const struct sockaddr *) &address, sizeof(address)) == 0 ? 0 : errno;
  close(fd);
  return code;
}

static gboolean
_remove_if_same(const gchar *path, const struct stat *old)
{
  struct stat now;

  if (lstat(path, &now) != 0 || now.st_dev != old->st_dev || now.st_ino != old->st_ino)
    return FALSE;
  return unlink(path) == 0;
}

static gboolean
_remove_stale_file(const gchar *path, gint file, GError **error)
{
  struct stat is;

  if (fstat(file, &is) != 0)
    return _fail(path, "fstat", error);
  if (!S_ISSOCK(is.st_mode))
    return _refuse(path, "there is something else than a socket", error);
  if (is.st_uid != geteuid())
    return _refuse(path, "there is a socket of another user", error);
  if (_connect(file) != ECONNREFUSED)
    return _refuse(path, "somebody listens there already", error);
  if (!_remove_if_same(path, &is))
    return _refuse(path, "somebody else replaces what is there", error);
  return TRUE;
}

static gboolean
_remove_stale(const gchar *path, GError **error)
{
  gint file = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  gboolean result;

  if (file < 0)
    return errno == ENOENT || _fail(path, "open", error);
  result = _remove_stale_file(path, file, error);
  close(file);
  return result;
}

static gboolean
_bind_or_replace(gint fd, const gchar *path, GError **error)
{
  gint code = _bind(fd, path);

  if (code == EADDRINUSE)
    {
      if (!_remove_stale(path, error))
        return FALSE;
      code = _bind(fd, path);
    }
  errno = code;
  return code == 0 || _fail(path, "bind", error);
}

/* The mode before bind(2), so that there is no moment in which others could come in. */
static gboolean
_bind_and_listen(CdListenerPath *self, gint fd, const gchar *path, GError **error)
{
  struct stat is;

  if (fchmod(fd, MODE) != 0)
    return _fail(path, "fchmod", error);
  if (!_bind_or_replace(fd, path, error))
    return FALSE;
  if (lstat(path, &is) != 0)
    return _fail(path, "lstat", error);
  *self = (CdListenerPath) { g_strdup(path), is.st_dev, is.st_ino };
  return listen(fd, SOMAXCONN) == 0 || _fail(path, "listen", error);
}

/* Two that find the same stale socket would each remove the other's new one. The lock is on the
 * folder, so that no file is left of it. */
static gint
_lock_folder(const gchar *path)
{
  g_autofree gchar *name = g_path_get_dirname(path);
  gint folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; folder >= 0 && i < LOCK_TRIES; i++)
    {
      if (flock(folder, LOCK_EX | LOCK_NB) == 0)
        return folder;
      g_usleep(LOCK_PAUSE_US);
    }
  if (folder < 0)
    return -1;
  close(folder);
  errno = EWOULDBLOCK;
  return -1;
}

gboolean
cd_listener_path_bind(CdListenerPath *self, gint fd, const gchar *path, GError **error)
{
  gint folder = _lock_folder(path);
  gboolean result;

  if (folder < 0)
    return _fail(path, "its folder cannot be locked", error);
  result = _bind_and_listen(self, fd, path, error);
  close(folder);
  return result;
}

void
cd_listener_path_clear(CdListenerPath *self)
{
  const struct stat ours = { .st_dev = self->device, .st_ino = self->inode };

  if (self->path)
    _remove_if_same(self->path, &ours);
  g_clear_pointer(&self->path, g_free);
}
