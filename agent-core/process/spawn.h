/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SPAWN_H
#define CD_SPAWN_H

#include "process/inherited.h"

/**
 * CdSpawn:
 * @program: path of the program
 * @argv: (array zero-terminated=1): its arguments, its own name first
 * @environment: (array zero-terminated=1): all of it
 * @folder: where it starts; `/` where that cannot be entered
 * @terminal: path of what becomes its standard streams and controlling terminal
 * @output: descriptor that becomes its standard output and error instead; 0 for none
 * @inherited: what it gets again
 *
 * All that a new process needs, made ready: nothing can be looked up or allocated there.
 */
typedef struct _CdSpawn
{
  const gchar *program;
  gchar *const *argv;
  gchar *const *environment;
  const gchar *folder;
  const gchar *terminal;
  gint output;
  const CdInherited *inherited;
} CdSpawn;

/**
 * Opens a pipe for a child to write to. That end is above the standard streams, which the child
 * replaces.
 *
 * Returns: %FALSE with errno
 */
gboolean cd_spawn_open_pipe(gint ends[2]);

/**
 * Starts it in a session of its own, with no descriptor but its standard streams.
 *
 * Returns: its process id, or -1 with errno in @code
 */
GPid cd_spawn(const CdSpawn *self, gint *code);

#endif
