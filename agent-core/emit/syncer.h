/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SYNCER_H
#define CD_SYNCER_H

#include <glib.h>

/**
 * CdSyncer:
 *
 * A thread that calls fsync, at most once a second, so that nobody else has to wait for a disk.
 */
typedef struct _CdSyncer CdSyncer;

/**
 * Told in the main context when fsync fails, and when it works again.
 *
 * @code: errno, 0 when all is well again
 */
typedef void (*CdSyncerChanged)(int code, gpointer user_data);

/** Makes one; @changed is called in the thread's default main context. */
CdSyncer *cd_syncer_new(CdSyncerChanged changed, gpointer user_data);

/**
 * Has a file synced soon. Cheap when it is to be synced in this round already.
 *
 * @self: (nullable): %NULL does nothing
 * @fd: stays the caller's
 * @round: a number that goes with the file, 0 at first
 */
void cd_syncer_add(CdSyncer *self, int fd, guint *round);

/** Syncs what is still to be synced, which may take its time, and frees it. Returns: errno, or 0 */
int cd_syncer_free(CdSyncer *self);

#endif
