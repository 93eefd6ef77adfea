/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/program.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_DEFAULT "/usr/local/bin:/usr/bin:/bin"

/* 0, or errno. */
static gint
_check(const gchar *path)
{
  struct stat is;

  if (stat(path, &is) != 0)
    return errno;
  if (!S_ISREG(is.st_mode))
    return EACCES;
  return access(path, X_OK) == 0 ? 0 : errno;
}

static const gchar *
_get_path(const gchar *const *environment)
{
  const gchar *path = g_environ_getenv((gchar **) environment, "PATH");

  return path ? path : PATH_DEFAULT;
}

/* As execvp(3) has it: one that may not be run is told of only where no other can be. */
gchar *
cd_program_find(const gchar *name, const gchar *const *environment, const gchar *folder, gint *code)
{
  g_auto(GStrv) folders = NULL;

  *code = *name ? 0 : ENOENT;
  if (*code != 0 || strchr(name, '/'))
    return *code == 0 ? g_strdup(name) : NULL;
  folders = g_strsplit(_get_path(environment), ":", -1);
  *code = ENOENT;
  for (gchar **in = folders; *in; in++)
    {
      g_autofree gchar *absolute = g_canonicalize_filename(*in, folder);
      g_autofree gchar *path = g_build_filename(absolute, name, NULL);
      gint trouble = _check(path);

      if (trouble == 0)
        {
          *code = 0;
          return g_steal_pointer(&path);
        }
      if (trouble == EACCES)
        *code = EACCES;
    }
  return NULL;
}

gint
cd_program_get_error(gint code)
{
  switch (code)
    {
    case EACCES:
      return G_SPAWN_ERROR_ACCES;
    case E2BIG:
      return G_SPAWN_ERROR_TOO_BIG;
    case ENOENT:
      return G_SPAWN_ERROR_NOENT;
    case ENOEXEC:
      return G_SPAWN_ERROR_NOEXEC;
    case ENOMEM:
      return G_SPAWN_ERROR_NOMEM;
    case EMFILE:
      return G_SPAWN_ERROR_MFILE;
    case ENFILE:
      return G_SPAWN_ERROR_NFILE;
    default:
      return G_SPAWN_ERROR_FAILED;
    }
}
