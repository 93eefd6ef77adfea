/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CURSOR_H
#define CD_CURSOR_H

#include "emit/loss.h"
#include "emit/segment.h"

/** A cursor of a spool that begins at an ordinal. */
CdCursor *cd_cursor_new(CdSpool *spool, const gchar *name, guint64 committed);

/** Frees it. */
void cd_cursor_free(CdCursor *self);

/** Whether it has lines in a segment that it has not committed. */
gboolean cd_cursor_needs(const CdCursor *self, const CdSegment *segment);

/** Lines of this segment are about to be thrown away: notes what it loses by that. */
void cd_cursor_lose(CdCursor *self, const CdSegment *segment);

/** Lines before @ordinal are not there any more, and nobody knows why. */
void cd_cursor_begin_at(CdCursor *self, guint64 ordinal);

/** Lines from @from to before @to are not there, and nobody knows why. */
void cd_cursor_miss(CdCursor *self, guint64 from, guint64 to);

/** Where it can read no line any more, counts the gaps it would meet: nobody may read on. */
void cd_cursor_miss_if_nothing_is_left(CdCursor *self);

/** What is in memory alone ends with the run. */
void cd_cursor_lose_unwritten(CdCursor *self);

/** What a later run has to know of its losses: all that it will not get. */
CdLoss cd_cursor_get_lasting_loss(const CdCursor *self);

/** Tries again to read from disk. */
void cd_cursor_try(CdCursor *self);

#endif
