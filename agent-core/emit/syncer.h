/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SYNCER_H
#define CD_SYNCER_H

#include <glib.h>
#include <sys/types.h>

/**
 * CdSyncer:
 *
 * A thread that does what may have to wait for a disk, so that nobody else has to: it calls fsync,
 * at most once a second, cuts files, and runs jobs.
 */
typedef struct _CdSyncer CdSyncer;

/**
 * Told in the main context when fsync fails, and when it works again.
 *
 * @code: errno, 0 when all is well again
 */
typedef void (*CdSyncerChanged)(int code, gpointer user_data);

/** What runs in the thread, or after it. */
typedef void (*CdSyncerJob)(gpointer data);

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

/** Has a file cut to @size, and synced. @self: (nullable): %NULL does nothing */
void cd_syncer_cut(CdSyncer *self, int fd, off_t size);

/**
 * Has a job run in the thread, at once unless it is waiting for the disk.
 *
 * @done: called in the main context afterwards; once for several that are done
 *
 * Returns: %FALSE where one waits already, or there is no thread
 */
gboolean cd_syncer_run(CdSyncer *self, CdSyncerJob job, CdSyncerJob done, gpointer data);

/** Syncs what is still to be synced, which may take its time, and frees it. Returns: errno, or 0 */
int cd_syncer_free(CdSyncer *self);

#endif
