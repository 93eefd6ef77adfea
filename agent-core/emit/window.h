/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_WINDOW_H
#define CD_WINDOW_H

#include <glib.h>

/**
 * CdWindow:
 * @lines: in the order in which they were written
 * @bytes: of them
 * @written: bytes, on this connection
 * @passed: what the other side's kernel had of them at the last look
 *
 * What was written to a stream and is not sure to have arrived. Zeroed it is empty.
 */
typedef struct _CdWindow
{
  GQueue lines;
  gsize bytes;
  guint64 written;
  gint64 passed;
} CdWindow;

/** Forgets all: the connection broke. */
void cd_window_clear(CdWindow *self);

/** A line was written, or, with @is_notice, what tells of lost ones. */
void cd_window_add(CdWindow *self, gsize length, gboolean is_notice);

/** Whether all that was written is sure. */
gboolean cd_window_is_empty(const CdWindow *self);

/**
 * Takes out the lines of which no byte is in the socket's queue any more and that were written by
 * @latest, or are over @bytes_max.
 *
 * @unsent: bytes in the socket's queue
 * @has_notice: (out): whether a notice was among them
 *
 * Returns: how many lines, without the notice
 */
guint64 cd_window_settle(CdWindow *self, gint64 latest, gsize bytes_max, gsize unsent,
                         gboolean *has_notice);

/**
 * Whether the other side's kernel took nothing since the last look, and more waits. Then nobody
 * reads there, not even what it has: that must be sent again, and before what follows, if the
 * connection breaks.
 */
gboolean cd_window_is_stalled(CdWindow *self, gsize unsent);

#endif
