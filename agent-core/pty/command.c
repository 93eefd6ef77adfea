/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/command.h"

#include <string.h>

/* `-sh`: how login(1) tells a shell that it is a login shell. */
static void
_log_in(CdPtyCommand *self, const gchar *shell)
{
  g_autofree gchar *name = g_path_get_basename(shell);

  self->argv = g_strdupv((gchar *[]) { (gchar *) shell, NULL });
  self->argv0 = g_strconcat("-", name, NULL);
}

/* The words behind `#!`; %NULL where the command begins otherwise. */
static gchar **
_read_interpreter(const gchar *command)
{
  g_autofree gchar *line = NULL;
  g_auto(GStrv) words = NULL;

  while (g_ascii_isspace(*command))
    command++;
  if (!g_str_has_prefix(command, "#!"))
    return NULL;
  line = g_strndup(command + 2, strcspn(command + 2, "\n"));
  if (!g_shell_parse_argv(line, NULL, &words, NULL))
    return NULL;
  return g_steal_pointer(&words);
}

static void
_run(CdPtyCommand *self, const gchar *shell, const gchar *command)
{
  g_auto(GStrv) interpreter = _read_interpreter(command);
  g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

  if (interpreter)
    g_strv_builder_addv(argv, (const gchar **) interpreter);
  else
    g_strv_builder_add(argv, shell);
  g_strv_builder_add(argv, "-c");
  g_strv_builder_add(argv, command);
  self->argv = g_strv_builder_end(argv);
}

gchar **
cd_pty_command_make_environment(const CdPtyHost *host)
{
  const CdUser *user = host->user;
  gchar **list = cd_inherited_get_environment(host->inherited, host->settings.with_token);

  list = g_environ_setenv(list, "USER", user->name, TRUE);
  list = g_environ_setenv(list, "LOGNAME", user->name, TRUE);
  list = g_environ_setenv(list, "HOME", user->home, TRUE);
  list = g_environ_setenv(list, "SHELL", user->shell, TRUE);
  list = g_environ_setenv(list, "TERM", "xterm-256color", TRUE);
  list = g_environ_setenv(list, "CODER", "true", TRUE);
  list = g_environ_setenv(list, "SSH_CLIENT", "0.0.0.0 0 0", TRUE);
  return g_environ_setenv(list, "SSH_CONNECTION", "0.0.0.0 0 0.0.0.0 0", TRUE);
}

CdPtyCommand *
cd_pty_command_new(const CdPtyHost *host, const gchar *shell, const gchar *command)
{
  CdPtyCommand *self = g_new0(CdPtyCommand, 1);

  if (*command)
    _run(self, shell, command);
  else
    _log_in(self, shell);
  self->environment = cd_pty_command_make_environment(host);
  return self;
}

void
cd_pty_command_free(CdPtyCommand *self)
{
  g_strfreev(self->argv);
  g_free(self->argv0);
  g_strfreev(self->environment);
  g_free(self);
}
