/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_PAIR_H
#define CD_PTY_PAIR_H

#include <glib.h>

/** The size of a terminal for which nobody named one. */
#define CD_PTY_ROWS_DEFAULT 24
#define CD_PTY_COLUMNS_DEFAULT 80

/**
 * CdPtyPair:
 * @master: our side, non-blocking and closed on exec; -1 for none
 * @name: (array fixed-size=64): path of the slave
 *
 * A pseudo terminal (spec: ssh-pty, 6).
 */
typedef struct _CdPtyPair
{
  gint master;
  gchar name[64];
} CdPtyPair;

/**
 * Opens a pair of the given size, UTF-8 aware; where either number is 0, of the default size.
 *
 * Errors: #GFileError, naming the system call.
 */
gboolean cd_pty_pair_open(CdPtyPair *self, guint16 rows, guint16 columns, GError **error);

/**
 * Sets the size; the terminal's foreground programs get SIGWINCH where it differs. Where either
 * number is 0 the size stays.
 */
gboolean cd_pty_pair_resize(const CdPtyPair *self, guint16 rows, guint16 columns, GError **error);

/** Whether the slave's programs take every key as it comes, instead of lines. */
gboolean cd_pty_pair_is_raw(const CdPtyPair *self);

/** Closes our side, which hangs up the slave's. */
void cd_pty_pair_close(CdPtyPair *self);

#endif
