/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_CONTAINER_H
#define CD_PTY_CONTAINER_H

#include "process/child.h"
#include "pty/command.h"
#include "pty/init.h"

/**
 * CdPtyContainer:
 *
 * A container of docker in which a session's program runs: it is looked for first, then `docker
 * exec` runs the program, and where that ends before the program does, another one stops it.
 */
typedef struct _CdPtyContainer CdPtyContainer;

/**
 * CdPtyContainerEvents:
 * @found: it runs; or @why it cannot be used
 * @left: nothing of the session is in it any more, after cd_pty_container_end()
 *
 * What it tells, once each, from the main loop.
 */
typedef struct _CdPtyContainerEvents
{
  void (*found)(const gchar *why, gpointer owner);
  void (*left)(gpointer owner);
} CdPtyContainerEvents;

/**
 * Begins to look for the container that @init names.
 *
 * Errors: %CD_PTY_ERROR_START for names that docker does not know, or without docker.
 *
 * Returns: (transfer full): free with cd_pty_container_free()
 */
CdPtyContainer *cd_pty_container_new(const CdPtyHost *host, const CdPtyInit *init,
                                     const CdPtyContainerEvents *events, gpointer owner,
                                     GError **error);

/** Frees it. What may be left in the container is stopped, without waiting for it. */
void cd_pty_container_free(CdPtyContainer *self);

/**
 * Has a command run in the container: as cd_pty_command_new() does, by the shell that the user has
 * there.
 *
 * Returns: (transfer full): free with cd_pty_command_free()
 */
CdPtyCommand *cd_pty_container_make_command(CdPtyContainer *self, const gchar *command);

/** What ran the command has ended; @end is %NULL where nobody knows how. */
void cd_pty_container_end(CdPtyContainer *self, const CdChildEnd *end);

/** Whether something of the session may be in it. */
gboolean cd_pty_container_is_busy(const CdPtyContainer *self);

/** Whether docker lets a container have this name, and no option hides in it. */
gboolean cd_pty_container_check_name(const gchar *name);

/** The same for a user, or a number, with or without a group behind a colon. */
gboolean cd_pty_container_check_user(const gchar *user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyContainer, cd_pty_container_free)

#endif
