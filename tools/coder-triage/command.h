/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_COMMAND_H
#define CD_COMMAND_H

#include "paper.h"

#include "main/exit.h"

/**
 * CdCommand:
 * @name: the word behind the program's name; empty for the program itself
 * @arguments: what its help shows behind the options
 * @summary: one sentence for its help
 * @run: runs it; @argv begins with the command's name and ends with a %NULL
 */
typedef struct _CdCommand
{
  const gchar *name;
  const gchar *arguments;
  const gchar *summary;
  CdExit (*run)(gchar **argv);
} CdCommand;

extern const CdCommand cd_explain_command;
extern const CdCommand cd_rules_command;

/**
 * Takes the options out of @argv. The program's own stand before the command, those of a command
 * anywhere. Where help is asked for, prints it and ends the program.
 *
 * @description: what stands at the end of the help
 *
 * Returns: %FALSE after a word on standard error where the use is wrong
 */
gboolean cd_command_parse(const CdCommand *self, const GOptionEntry *entries,
                          const gchar *description, gchar ***argv);

/**
 * Reads the word of an option --color; %NULL, where it was not given, leaves @colour alone.
 *
 * Returns: %FALSE after a word on standard error where it is none of them
 */
gboolean cd_command_parse_colour(const CdCommand *self, const gchar *word, CdColour *colour);

/**
 * Says on standard error what is wrong with the use, and where help is.
 *
 * Returns: %CD_EXIT_WRONG_USE
 */
CdExit cd_command_wrong_use(const CdCommand *self, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * Says on standard error what failed.
 *
 * Returns: %CD_EXIT_FAILED
 */
CdExit cd_command_failed(const gchar *what, const gchar *why);

/**
 * Flushes standard output. That nobody reads it any more is no failure to talk about.
 *
 * Returns: %CD_EXIT_FAILED, after a word on standard error, where something could not be written
 */
CdExit cd_command_finish_output(void);

#endif
