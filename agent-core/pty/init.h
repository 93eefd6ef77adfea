/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_INIT_H
#define CD_PTY_INIT_H

#include "disconnect/text.h"

/** Bytes of an id as text, with its NUL. */
#define CD_PTY_ID_SIZE 37

/** Bytes in front of the JSON: its length, little-endian. */
#define CD_PTY_INIT_HEAD 2

/** Bytes of an init frame at most. */
#define CD_PTY_INIT_MAX (CD_PTY_INIT_HEAD + 65535)

/**
 * CdPtyInit:
 * @id: of the session, a UUID in lower case
 * @height: rows, 0 for no word about it
 * @width: columns, 0 for no word about it
 * @command: for the user's shell; empty for a login shell
 * @container: name of the container to run in; empty for none
 * @container_user: the user there; empty for its default
 * @backend: name of the backend; empty for the default
 *
 * The first thing that a client sends (spec: coder-facts, b).
 */
typedef struct _CdPtyInit
{
  gchar id[CD_PTY_ID_SIZE];
  guint16 height;
  guint16 width;
  gchar *command;
  gchar *container;
  gchar *container_user;
  gchar *backend;
} CdPtyInit;

/** How many bytes the frame has of which @bytes are the first; %CD_PTY_INIT_HEAD until it tells. */
gsize cd_pty_init_measure(CdText bytes);

/**
 * Reads a whole frame.
 *
 * Errors: %CD_PTY_ERROR_PROTOCOL.
 *
 * Returns: (transfer full): free with cd_pty_init_free()
 */
CdPtyInit *cd_pty_init_new(CdText frame, GError **error);

/** Frees it. */
void cd_pty_init_free(CdPtyInit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyInit, cd_pty_init_free)

#endif
