/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/folder.h"

#include "emit/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_NAME "lock"
#define NOT_OURS (S_IRWXG | S_IRWXO)

struct _CdFolder
{
  gchar *path;
  int fd;
  int lock;
};

G_DEFINE_QUARK(cd-spool-error-quark, cd_spool_error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdFolder, cd_folder_free)

gboolean
cd_folder_fail(const CdFolder *self, const gchar *name, const gchar *what, GError **error)
{
  int code = errno;

  g_set_error(error, G_FILE_ERROR, (gint) g_file_error_from_errno(code), "%s%s%s: cannot %s: %s",
              self->path, name ? "/" : "", name ? name : "", what, g_strerror(code));
  return FALSE;
}

static gboolean
_refuse(const CdFolder *self, const gchar *name, const gchar *why, GError **error)
{
  g_set_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_UNSAFE, "%s%s%s: %s", self->path,
              name ? "/" : "", name ? name : "", why);
  return FALSE;
}

static gboolean
_check(const CdFolder *self, const gchar *name, int fd, mode_t kind, GError **error)
{
  struct stat is;

  if (fstat(fd, &is) != 0)
    return cd_folder_fail(self, name, "look at it", error);
  if ((is.st_mode & S_IFMT) != kind)
    return _refuse(self, name, "is no regular file", error);
  if (is.st_uid != geteuid())
    return _refuse(self, name, "belongs to another user", error);
  if (is.st_mode & NOT_OURS)
    return _refuse(self, name, "is open to group or others", error);
  return TRUE;
}

/* What open(2) says of links, folders, sockets and pipes when they stand in the place of a file. */
static gboolean
_is_wrong_kind(int code)
{
  return code == ELOOP || code == EISDIR || code == ENXIO || code == ENODEV;
}

int
cd_folder_open_file(const CdFolder *self, const gchar *name, int flags, GError **error)
{
  int fd;

  do
    fd = openat(self->fd, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
  while (fd < 0 && errno == EINTR);
  if (fd < 0 && _is_wrong_kind(errno))
    return _refuse(self, name, "is no regular file", error) - 1;
  if (fd < 0)
    return cd_folder_fail(self, name, "open it", error) - 1;
  if (_check(self, name, fd, S_IFREG, error))
    return fd;
  close(fd);
  return -1;
}

/* Without the slash at its end, which would have open(2) follow a link. */
static gchar *
_strip_slashes(const gchar *path)
{
  gsize length = strlen(path);

  while (length > 1 && path[length - 1] == '/')
    length--;
  return g_strndup(path, length);
}

static gboolean
_open_folder(CdFolder *self, GError **error)
{
  if (g_mkdir_with_parents(self->path, 0700) != 0)
    return cd_folder_fail(self, NULL, "make it", error);
  self->fd = open(self->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0 && (errno == ENOTDIR || errno == ELOOP))
    return _refuse(self, NULL, "is a link, or no folder", error);
  if (self->fd < 0)
    return cd_folder_fail(self, NULL, "open it", error);
  return _check(self, NULL, self->fd, S_IFDIR, error);
}

static gboolean
_lock(CdFolder *self, GError **error)
{
  int status;

  self->lock = cd_folder_open_file(self, LOCK_NAME, O_RDWR | O_CREAT, error);
  if (self->lock < 0)
    return FALSE;
  do
    status = flock(self->lock, LOCK_EX | LOCK_NB);
  while (status != 0 && errno == EINTR);
  if (status == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return cd_folder_fail(self, LOCK_NAME, "lock it", error);
  g_set_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_LOCKED,
              "%s: another process uses this folder; each needs one of its own", self->path);
  return FALSE;
}

CdFolder *
cd_folder_open(const gchar *path, GError **error)
{
  g_autoptr(CdFolder) self = g_new0(CdFolder, 1);

  self->path = _strip_slashes(path);
  self->fd = self->lock = -1;
  if (!_open_folder(self, error) || !_lock(self, error))
    return NULL;
  return g_steal_pointer(&self);
}

void
cd_folder_free(CdFolder *self)
{
  if (self->lock >= 0)
    close(self->lock);
  if (self->fd >= 0)
    close(self->fd);
  g_free(self->path);
  g_free(self);
}

int
cd_folder_get_fd(const CdFolder *self)
{
  return self->fd;
}

gboolean
cd_folder_rename(const CdFolder *self, const gchar *name, const gchar *new_name)
{
  return renameat2(self->fd, name, self->fd, new_name, RENAME_NOREPLACE) == 0;
}

void
cd_folder_remove(const CdFolder *self, const gchar *name)
{
  unlinkat(self->fd, name, 0);
}

static DIR *
_open_list(const CdFolder *self)
{
  int fd = openat(self->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *list = fd < 0 ? NULL : fdopendir(fd);

  if (fd >= 0 && !list)
    close(fd);
  return list;
}

GPtrArray *
cd_folder_list(const CdFolder *self, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  DIR *list = _open_list(self);
  struct dirent *entry;

  if (!list)
    {
      cd_folder_fail(self, NULL, "list it", error);
      return NULL;
    }
  while ((errno = 0, entry = readdir(list)))
    g_ptr_array_add(names, g_strdup(entry->d_name));
  if (errno != 0)
    {
      cd_folder_fail(self, NULL, "list it", error);
      g_clear_pointer(&names, g_ptr_array_unref);
    }
  closedir(list);
  return g_steal_pointer(&names);
}
