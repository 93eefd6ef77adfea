/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/gnu-screen.h"

#include "process/program.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "screen"
#define FOLDER "coder-screen"
#define CONFIG "config"

static const gchar config_text[] = "startup_message off\n"
                                   "msgminwait 0\n"
                                   "msgwait 0\n"
                                   "termcapinfo xterm* ti@:te@\n"
                                   "altscreen on\n"
                                   "defbce on\n"
                                   "term xterm-256color\n"
                                   "escape ^Ss\n";

/* --- the configuration ------------------------------------------------------------------------ */

static gboolean
_fail(const gchar *path, const gchar *why, gint code, GError **error)
{
  g_set_error(error, G_FILE_ERROR, (gint) g_file_error_from_errno(code), "%s: %s", path, why);
  return FALSE;
}

/* Whoever owns the folder can put another configuration there, which runs programs. */
static gboolean
_make_private(gint folder, const gchar *path, GError **error)
{
  struct stat is;

  if (fstat(folder, &is) != 0)
    return _fail(path, g_strerror(errno), errno, error);
  if (is.st_uid != geteuid())
    return _fail(path, "belongs to another user", EPERM, error);
  if ((is.st_mode & 0777) != 0700 && fchmod(folder, 0700) != 0)
    return _fail(path, g_strerror(errno), errno, error);
  return TRUE;
}

static gint
_open_folder(const gchar *path, GError **error)
{
  gint folder = -1;

  if (g_mkdir(path, 0700) == 0 || errno == EEXIST)
    folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0)
    {
      _fail(path, g_strerror(errno), errno, error);
      return -1;
    }
  if (_make_private(folder, path, error))
    return folder;
  close(folder);
  return -1;
}

static gint
_write_text(gint folder, const gchar *name)
{
  gint fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gssize length = (gssize) strlen(config_text);
  gint code = 0;

  if (fd < 0)
    return errno;
  if (write(fd, config_text, (gsize) length) != length)
    code = errno ? errno : ENOSPC;
  if (close(fd) != 0 && code == 0)
    code = errno;
  return code;
}

/* Whole at any time: another session's screen may be reading it. */
static gint
_replace(gint folder)
{
  g_autofree gchar *name = g_strdup_printf(CONFIG ".%08x", g_random_int());
  gint code = _write_text(folder, name);

  if (code == 0 && renameat(folder, name, folder, CONFIG) != 0)
    code = errno;
  if (code != 0)
    unlinkat(folder, name, 0);
  return code;
}

gchar *
cd_gnu_screen_write_config(const gchar *parent, GError **error)
{
  g_autofree gchar *path = g_build_filename(parent, FOLDER, NULL);
  gint folder = _open_folder(path, error);
  gint code;

  if (folder < 0)
    return NULL;
  code = _replace(folder);
  close(folder);
  if (code == 0)
    return g_build_filename(path, CONFIG, NULL);
  _fail(path, g_strerror(code), code, error);
  return NULL;
}

/* --- commands --------------------------------------------------------------------------------- */

static gboolean
_find(const CdPtyCommand *command, GError **error)
{
  gint code;
  g_autofree gchar *path = cd_program_find(PROGRAM, (const gchar *const *) command->environment,
                                           "/", &code);

  if (path)
    return TRUE;
  g_set_error(error, G_SPAWN_ERROR, cd_program_get_error(code), PROGRAM " is not installed");
  return FALSE;
}

/* It gives its program no other name than the path, so a login shell needs an option. */
static gchar **
_copy_program(const CdPtyCommand *command)
{
  g_autoptr(GStrvBuilder) program = g_strv_builder_new();

  g_strv_builder_addv(program, (const gchar **) command->argv);
  if (command->argv0)
    g_strv_builder_add(program, "-l");
  return g_strv_builder_end(program);
}

/* An agent that itself runs in a screen: its own must not be taken for ours. */
static gchar **
_copy_environment(const CdPtyCommand *command)
{
  gchar **environment = g_strdupv(command->environment);

  environment = g_environ_unsetenv(environment, "STY");
  return g_environ_unsetenv(environment, "WINDOW");
}

CdGnuScreen *
cd_gnu_screen_new(const CdPtyCommand *command, GError **error)
{
  g_autoptr(CdGnuScreen) self = g_new0(CdGnuScreen, 1);

  if (!_find(command, error))
    return NULL;
  self->config = cd_gnu_screen_write_config(g_get_tmp_dir(), error);
  if (!self->config)
    return NULL;
  g_snprintf(self->name, sizeof(self->name), "%08x", g_random_int());
  self->program = _copy_program(command);
  self->environment = _copy_environment(command);
  return g_steal_pointer(&self);
}

void
cd_gnu_screen_free(CdGnuScreen *self)
{
  if (!self)
    return;
  g_free(self->config);
  g_strfreev(self->program);
  g_strfreev(self->environment);
  g_free(self);
}

gchar **
cd_gnu_screen_make_client(const CdGnuScreen *self)
{
  g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

  g_strv_builder_add_many(argv, PROGRAM, "-S", self->name, "-UxRRqc", self->config, NULL);
  g_strv_builder_addv(argv, (const gchar **) self->program);
  return g_strv_builder_end(argv);
}

gchar **
cd_gnu_screen_make_order(const CdGnuScreen *self, const gchar *order)
{
  g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

  g_strv_builder_add_many(argv, PROGRAM, "-x", self->name, "-c", self->config, "-X", order, NULL);
  return g_strv_builder_end(argv);
}

gboolean
cd_gnu_screen_is_gone(const gchar *answer)
{
  return strstr(answer, "No screen session found") != NULL;
}
