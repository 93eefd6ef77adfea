/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_COMMAND_H
#define CD_PTY_COMMAND_H

#include "pty/host.h"

/**
 * CdPtyCommand:
 * @argv: program and arguments
 * @argv0: (nullable): what the program sees as its name
 * @environment: all of it
 *
 * What a session runs (spec: coder-facts, c).
 */
typedef struct _CdPtyCommand
{
  gchar **argv;
  gchar *argv0;
  gchar **environment;
} CdPtyCommand;

/**
 * Makes the command line for what a client asked for: @shell as a login shell for empty @command,
 * the interpreter of a `#!` line, else the shell with `-c`.
 *
 * Returns: (transfer full): free with cd_pty_command_free()
 */
CdPtyCommand *cd_pty_command_new(const CdPtyHost *host, const gchar *shell, const gchar *command);

/** The environment of a session. Returns: (transfer full) */
gchar **cd_pty_command_make_environment(const CdPtyHost *host);

/** Frees it. */
void cd_pty_command_free(CdPtyCommand *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyCommand, cd_pty_command_free)

#endif
