/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/agent.h"
#include "agent/settings-check.h"
#include "disconnect/detail.h"
#include "main/standard-files.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#define PROGRAM "coder-agentd"

static void
_complain(const gchar *what)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append_words(clean, cd_text_from_string(what));
  fprintf(stderr, PROGRAM ": %s\n", clean->str);
}

static CdExit
_refuse_use(const GError *error)
{
  _complain(error->message);
  fprintf(stderr, "See: " PROGRAM " --help\n");
  return CD_EXIT_WRONG_USE;
}

static CdExit
_refuse_settings(const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    _complain(g_ptr_array_index(problems, i));
  return CD_EXIT_WRONG_CONFIGURATION;
}

static CdExit
_print(const CdSettings *settings)
{
  g_autoptr(GString) text = g_string_new(NULL);

  cd_settings_print(settings, text);
  return fputs(text->str, stdout) >= 0 && fflush(stdout) == 0 ? CD_EXIT_DONE : CD_EXIT_FAILED;
}

static CdExit
_serve(const CdOptions *options, const CdSettings *settings, CdInherited *inherited)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CdAgent) agent = NULL;

  prctl(PR_SET_DUMPABLE, 0);
  cd_inherited_raise_files(inherited);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  agent = cd_agent_new(options, settings, inherited, &error);
  if (agent)
    return cd_agent_run(agent);
  _complain(error->message);
  return CD_EXIT_FAILED;
}

static CdExit
_run(const CdOptions *options, CdInherited *inherited)
{
  g_autoptr(CdSettings) settings = cd_settings_new(options);

  if (options->task == CD_TASK_CHECK)
    cd_settings_check(settings);
  if (cd_settings_get_problems(settings)->len)
    return _refuse_settings(cd_settings_get_problems(settings));
  switch (options->task)
    {
    case CD_TASK_SERVE:
      return _serve(options, settings, inherited);
    case CD_TASK_PRINT:
      return _print(settings);
    case CD_TASK_CHECK:
    case CD_TASK_VERSION:
      return CD_EXIT_DONE;
    }
  g_return_val_if_reached(CD_EXIT_FAILED);
}

int
main(int argc, char **argv)
{
  g_autoptr(CdInherited) inherited = cd_inherited_new();
  g_autoptr(GError) error = NULL;
  g_auto(CdOptions) options = { 0 };

  cd_standard_files_fill();
  setlocale(LC_ALL, "");
  g_set_prgname(PROGRAM);
  if (!cd_options_read(&options, (const gchar *const *) argv, &error))
    return (int) _refuse_use(error);
  if (options.task == CD_TASK_VERSION)
    return puts(PROGRAM " " PACKAGE_VERSION) >= 0 ? CD_EXIT_DONE : CD_EXIT_FAILED;
  return (int) _run(&options, inherited);
}
