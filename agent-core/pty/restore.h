/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_RESTORE_H
#define CD_PTY_RESTORE_H

#include "pty/host.h"
#include "pty/ring.h"

/**
 * CdPtyRestore:
 *
 * What a client gets when it comes, before the program's further output: with the backend
 * `buffered` the last bytes, with `terminal` what draws the screen.
 *
 * A screen is kept up to date in quiet time, since that costs more than the program's output
 * itself (spec: ssh-pty, 6). Of a flood only the end is read where that draws the same screen.
 */
typedef struct _CdPtyRestore CdPtyRestore;

/** It has caught up, and the limit is further away. */
typedef void (*CdPtyRestoreFunc)(gpointer user_data);

/** @ring: (transfer none). Returns: (transfer full): free with cd_pty_restore_free() */
CdPtyRestore *cd_pty_restore_new(CdPtyBackend backend, const CdRing *ring, guint16 rows,
                                 guint16 columns, CdPtyRestoreFunc caught_up, gpointer user_data);

/** A screen without output gives its memory back after so long; a minute where nobody says. */
void cd_pty_restore_set_sleep_timeout(CdPtyRestore *self, guint milliseconds);

/** Frees it. */
void cd_pty_restore_free(CdPtyRestore *self);

/** There is more in the ring. */
void cd_pty_restore_take(CdPtyRestore *self);

/** The terminal has a new size. */
void cd_pty_restore_resize(CdPtyRestore *self, guint16 rows, guint16 columns);

/** The offset that the ring's head must not pass before it has caught up. */
guint64 cd_pty_restore_get_limit(const CdPtyRestore *self);

/** What a client gets that begins at the ring's head. Returns: (transfer full) */
GString *cd_pty_restore_make(CdPtyRestore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyRestore, cd_pty_restore_free)

#endif
