/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_ROOM_H
#define CD_ROOM_H

#include "emit/spool.h"

/**
 * Makes room for one more segment in memory: of what is on disk as well the copy goes, then lines
 * do.
 */
void cd_room_in_memory(CdSpool *self);

/**
 * Takes a step towards room for @need bytes on disk: what all cursors have passed goes first, then
 * lines do.
 *
 * Returns: %FALSE where there is room, or nothing that may go
 */
gboolean cd_room_on_disk(CdSpool *self, guint32 need);

/** Has a file for the next segment made, if the limit leaves room for one. */
void cd_room_ahead(CdSpool *self);

/** Leaves room for @need bytes that the file made ahead is not for. */
void cd_room_yield(CdSpool *self, guint32 need);

#endif
