/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/agent.h"
#include "disconnect/detail.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#define PROGRAM "coder-agentd"

static CdExit
_fail(CdExit code, const GError *error)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append_words(clean, cd_text_from_string(error->message));
  fprintf(stderr, PROGRAM ": %s\n", clean->str);
  if (code == CD_EXIT_WRONG_USE)
    fprintf(stderr, "See: " PROGRAM " --help\n");
  return code;
}

static CdExit
_print(const CdSettings *settings)
{
  g_autoptr(GString) text = g_string_new(NULL);

  cd_settings_print(settings, text);
  return fputs(text->str, stdout) >= 0 && fflush(stdout) == 0 ? CD_EXIT_DONE : CD_EXIT_FAILED;
}

static CdExit
_serve(const CdSettings *settings, CdInherited *inherited)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CdAgent) agent = NULL;

  prctl(PR_SET_DUMPABLE, 0);
  cd_inherited_raise_files(inherited);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  agent = cd_agent_new(settings, inherited, &error);
  return agent ? cd_agent_run(agent) : _fail(CD_EXIT_FAILED, error);
}

static CdExit
_run(const CdSettings *settings, CdInherited *inherited)
{
  switch (cd_settings_get_task(settings))
    {
    case CD_SETTINGS_SERVE:
      return _serve(settings, inherited);
    case CD_SETTINGS_PRINT:
      return _print(settings);
    case CD_SETTINGS_VERSION:
      return puts(PROGRAM " " PACKAGE_VERSION) >= 0 ? CD_EXIT_DONE : CD_EXIT_FAILED;
    case CD_SETTINGS_CHECK:
      return CD_EXIT_DONE;
    }
  g_return_val_if_reached(CD_EXIT_FAILED);
}

int
main(int argc, char **argv)
{
  g_autoptr(CdInherited) inherited = cd_inherited_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(CdSettings) settings = NULL;

  setlocale(LC_ALL, "");
  g_set_prgname(PROGRAM);
  settings = cd_settings_new((const gchar *const *) argv, &error);
  if (settings)
    return (int) _run(settings, inherited);
  return (int) _fail(g_error_matches(error, CD_SETTINGS_ERROR, CD_SETTINGS_ERROR_USE)
                       ? CD_EXIT_WRONG_USE
                       : CD_EXIT_WRONG_CONFIGURATION,
                     error);
}
