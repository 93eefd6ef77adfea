/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"

#include "disconnect/detail.h"

#include <errno.h>

#define PROGRAM "coder-triage"

/* Arguments are no safer to print than what peers sent. */
static void
_complain(const gchar *who, const gchar *what)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append(clean, cd_text_from_string(what));
  fprintf(stderr, "%s: %s\n", who, clean->str);
}

static gchar *
_full_name(const CdCommand *self)
{
  return g_strconcat(PROGRAM, *self->name ? " " : "", self->name, NULL);
}

gboolean
cd_command_parse(const CdCommand *self, const GOptionEntry *entries, const gchar *description,
                 gchar ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(self->arguments);
  g_autoptr(GError) error = NULL;
  g_autofree gchar *name = _full_name(self);

  g_set_prgname(name);
  g_option_context_set_summary(context, self->summary);
  g_option_context_set_description(context, description);
  g_option_context_set_strict_posix(context, *self->name == '\0');
  g_option_context_add_main_entries(context, entries, NULL);
  if (g_option_context_parse_strv(context, argv, &error))
    return TRUE;
  cd_command_wrong_use(self, "%s", error->message);
  return FALSE;
}

gboolean
cd_command_parse_colour(const CdCommand *self, const gchar *word, CdColour *colour)
{
  if (!word || cd_colour_parse(word, colour))
    return TRUE;
  cd_command_wrong_use(self, "--color=%s: auto, always or never", word);
  return FALSE;
}

CdExit
cd_command_wrong_use(const CdCommand *self, const gchar *format, ...)
{
  g_autofree gchar *name = _full_name(self);
  g_autofree gchar *message = NULL;
  va_list args;

  va_start(args, format);
  message = g_strdup_vprintf(format, args);
  va_end(args);
  _complain(name, message);
  fprintf(stderr, "See: %s --help\n", name);
  return CD_EXIT_WRONG_USE;
}

CdExit
cd_command_failed(const gchar *what, const gchar *why)
{
  g_autofree gchar *message = g_strconcat(what, ": ", why, NULL);

  _complain(PROGRAM, message);
  return CD_EXIT_FAILED;
}

CdExit
cd_command_finish_output(void)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return CD_EXIT_DONE;
  return errno == EPIPE ? CD_EXIT_FAILED : cd_command_failed("cannot write", g_strerror(errno));
}
