/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_GNU_SCREEN_H
#define CD_GNU_SCREEN_H

#include "pty/command.h"

/** Bytes of the name of a session of screen(1), with its NUL; the path of its socket is short. */
#define CD_GNU_SCREEN_NAME_SIZE 9

/**
 * CdGnuScreen:
 * @name: of its session
 * @config: path of the configuration
 * @program: the program that runs in it, and its arguments
 * @environment: of all commands
 *
 * The commands of a session of screen(1), as upstream gives them (spec: coder-facts, b).
 */
typedef struct _CdGnuScreen
{
  gchar name[CD_GNU_SCREEN_NAME_SIZE];
  gchar *config;
  gchar **program;
  gchar **environment;
} CdGnuScreen;

/**
 * Makes a name, and writes the configuration.
 *
 * Errors: #GSpawnError where screen(1) is not installed, #GFileError where the configuration cannot
 * be written so that nobody else can change it.
 *
 * Returns: (transfer full): free with cd_gnu_screen_free()
 */
CdGnuScreen *cd_gnu_screen_new(const CdPtyCommand *command, GError **error);

/** Frees it. */
void cd_gnu_screen_free(CdGnuScreen *self);

/** What shows the session, which it starts where there is none. Returns: (transfer full) */
gchar **cd_gnu_screen_make_client(const CdGnuScreen *self);

/** What gives the session an order. Returns: (transfer full) */
gchar **cd_gnu_screen_make_order(const CdGnuScreen *self, const gchar *order);

/** Whether an order's answer says that there is no such session. */
gboolean cd_gnu_screen_is_gone(const gchar *answer);

/**
 * Writes the configuration to `coder-screen/config` below @parent, where only its user can reach
 * it.
 *
 * Errors: #GFileError.
 *
 * Returns: (transfer full): its path
 */
gchar *cd_gnu_screen_write_config(const gchar *parent, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdGnuScreen, cd_gnu_screen_free)

#endif
