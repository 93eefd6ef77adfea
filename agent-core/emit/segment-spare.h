/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SEGMENT_SPARE_H
#define CD_SEGMENT_SPARE_H

#include "emit/folder.h"
#include "emit/syncer.h"

/**
 * CdSpare:
 *
 * A file for the next segment, made ahead in the syncer's thread, so that who appends a line need
 * not wait for the disk to find room. There is one at a time; who finds none makes a file himself.
 */
typedef struct _CdSpare CdSpare;

/**
 * Told in the main context whether it could be made.
 *
 * @error: (nullable) (transfer full): %NULL when it is there
 */
typedef void (*CdSpareMade)(GError *error, gpointer user_data);

/** Makes one without a file; removes what a killed run left. */
CdSpare *cd_spare_new(const CdFolder *folder, CdSyncer *syncer, CdSpareMade made,
                      gpointer user_data);

/** Frees it, and removes the file. The syncer's thread has ended before. */
void cd_spare_free(CdSpare *self);

/** Has a file of @size bytes made, unless there is one or it is being made. */
void cd_spare_prepare(CdSpare *self, guint32 size);

/** Whether there is one. */
gboolean cd_spare_is_ready(CdSpare *self);

/** Gives it up, whether it is there or still being made. */
void cd_spare_drop(CdSpare *self);

/**
 * Gives the file this name, and away.
 *
 * Returns: its descriptor; -1 where there is none, or something has that name
 */
int cd_spare_take(CdSpare *self, const gchar *name);

#endif
