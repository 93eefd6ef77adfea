/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"

#include <locale.h>
#include <stdio.h>

static const CdCommand program = { "", "COMMAND [ARGUMENT...]",
                                   "Explains disconnects in the logs of Coder.", NULL };

static const CdCommand *const commands[] = { &cd_explain_command, &cd_rules_command };

static gboolean show_version;

static const GOptionEntry entries[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version", NULL },
  { NULL },
};

static gchar *
_describe_commands(void)
{
  GString *text = g_string_new("Commands:\n");

  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
    g_string_append_printf(text, "  %-10s%s\n", commands[i]->name, commands[i]->summary);
  g_string_append(text, "\nEach command has a --help of its own.\n"
                        "Exit status: 0 done, 1 failed, 2 wrong use.\n");
  return g_string_free(text, FALSE);
}

static CdExit
_print_version(void)
{
  printf("coder-triage %s\n", PACKAGE_VERSION);
  return cd_command_finish_output();
}

static CdExit
_run_command(gchar **argv)
{
  if (!argv[0])
    return cd_command_wrong_use(&program, "no command given");
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
    if (g_str_equal(commands[i]->name, argv[0]))
      return commands[i]->run(argv);
  return cd_command_wrong_use(&program, "no such command: %s", argv[0]);
}

/* What people try first. */
static void
_read_help(gchar **argv)
{
  if (argv[0] && argv[1] && g_str_equal(argv[1], "help"))
    {
      g_free(argv[1]);
      argv[1] = g_strdup("--help");
    }
}

int
main(int argc, char **argv)
{
  g_auto(GStrv) arguments = g_strdupv(argv);
  g_autofree gchar *description = _describe_commands();

  if (argc < 1)
    return CD_EXIT_WRONG_USE;
  setlocale(LC_CTYPE, "");
  _read_help(arguments);
  if (!cd_command_parse(&program, entries, description, &arguments))
    return CD_EXIT_WRONG_USE;
  return show_version ? _print_version() : _run_command(arguments + 1);
}
