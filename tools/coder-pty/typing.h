/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TYPING_H
#define CD_TYPING_H

#include <glib.h>

/** The largest first frame, without its length. */
#define CD_FRAME_MAX G_MAXUINT16

/**
 * CdFrame:
 * @id: UUID of the session
 * @rows: of the terminal; 0 for unknown
 * @columns: the same
 * @command: (not nullable): empty for the shell
 * @container: (not nullable): empty for none
 * @container_user: (not nullable): empty for the container's own
 * @backend: (not nullable): empty for the agent's choice
 *
 * What a client of the reconnecting PTY server sends first (spec: coder-facts, b).
 */
typedef struct _CdFrame
{
  const gchar *id;
  guint16 rows;
  guint16 columns;
  const gchar *command;
  const gchar *container;
  const gchar *container_user;
  const gchar *backend;
} CdFrame;

/**
 * CdTyping:
 * @rest: (array fixed-size=4): the beginning of a character
 * @length: of it
 *
 * Bytes on their way to be text.
 */
typedef struct _CdTyping
{
  gchar rest[4];
  guint length;
} CdTyping;

/**
 * Appends the frame with its length.
 *
 * Returns: %FALSE where it is longer than %CD_FRAME_MAX; @out is as it was then
 */
gboolean cd_frame_append(const CdFrame *frame, GString *out);

/**
 * Appends a request that types these bytes. The protocol carries text only: what is no UTF-8
 * becomes U+FFFD, a byte at a time, and an incomplete character at the end waits for what follows.
 */
void cd_typing_append(CdTyping *self, const gchar *data, gsize length, GString *out);

/** Appends what waits, which nothing will complete. */
void cd_typing_finish(CdTyping *self, GString *out);

/** Appends a request that resizes the terminal. */
void cd_typing_append_size(guint16 rows, guint16 columns, GString *out);

#endif
