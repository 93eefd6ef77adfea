/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_STORE_H
#define CD_STORE_H

#include "emit/segment.h"

/**
 * CdStore:
 * @folder: (nullable): %NULL for memory alone
 * @syncer: (nullable): the same
 * @spare: (nullable): the same
 * @segments: of #CdSegment, oldest first; the last takes the lines
 * @tail: ordinal of the next line
 * @has_note: cd_store_bury() has left a note that may not be in its file yet
 * @folder_round: for cd_syncer_add()
 * @timed: ordinal that cd_store_get_time() was asked for last
 * @time: what it said
 *
 * The segments of a spool, on disk and in memory. Who may throw what away is decided elsewhere.
 */
typedef struct _CdStore
{
  CdFolder *folder;
  CdSyncer *syncer;
  CdSpare *spare;
  GPtrArray *segments;
  guint64 tail;
  gboolean has_note;
  guint folder_round;
  guint64 timed;
  gint64 time;
} CdStore;

/** A segment, counted from the oldest. */
static inline CdSegment *
cd_store_get(const CdStore *self, guint i)
{
  return g_ptr_array_index(self->segments, i);
}

/** A store without segments. */
CdStore *cd_store_new(CdFolder *folder, CdSyncer *syncer, CdSpare *spare);

/** Frees it; folder, syncer and spare are not its own. */
void cd_store_free(CdStore *self);

/** Finds the segments of earlier runs, and in the last where it goes on. */
gboolean cd_store_open(CdStore *self, GError **error);

/** The next line gets an ordinal of at least @ordinal. */
void cd_store_begin_at(CdStore *self, guint64 ordinal);

/** Ordinal of the first line that is there; the tail where none is. */
guint64 cd_store_get_head(const CdStore *self);

/**
 * The segment that @ordinal belongs to.
 *
 * Returns: (nullable) (transfer none): %NULL before the first segment and from the tail on
 */
CdSegment *cd_store_find(const CdStore *self, guint64 ordinal);

/** How many lines there are from @from to before @to. */
guint64 cd_store_count(const CdStore *self, guint64 from, guint64 to);

/** Whether a line of @length needs a new segment. */
gboolean cd_store_is_full(const CdStore *self, gsize length);

/** Begins a segment. */
void cd_store_add_segment(CdStore *self);

/** Appends a line to the last segment, in memory. */
void cd_store_append(CdStore *self, const CdFrame *frame);

/** The segment that takes the lines, %NULL where there is none. */
const CdSegment *cd_store_get_last(const CdStore *self);

/** Whether a segment without a file gets the one that was made ahead. */
gboolean cd_store_takes_spare(const CdStore *self, const CdSegment *segment);

/** The oldest segment whose file lacks something, %NULL where all is written. */
CdSegment *cd_store_get_unwritten(CdStore *self);

/** Brings a segment's file up to date. */
gboolean cd_store_write(CdStore *self, CdSegment *segment, GError **error);

/** No line will come any more: closes the last segment's file. */
void cd_store_finish(CdStore *self);

/** Whether the last segment is the one that @segment is. */
gboolean cd_store_is_last(const CdStore *self, const CdSegment *segment);

/** Removes a segment and its file. */
void cd_store_remove(CdStore *self, CdSegment *segment);

/** Removes all of them. */
void cd_store_remove_all(CdStore *self);

/** The last segment's file is to get once more what it has got. */
void cd_store_write_again(CdStore *self);

/** Throws the lines of a segment away and leaves a note; one for neighbours. */
void cd_store_bury(CdStore *self, CdSegment *segment);

/** Segments that are in memory. */
guint cd_store_count_cached(const CdStore *self);

/** Frees the memory of the oldest segment that is on disk too. Returns: whether there was one */
gboolean cd_store_evict(CdStore *self);

/** Bytes of the files, or without a folder of what is in memory. */
guint64 cd_store_count_bytes(const CdStore *self);

/** Bytes that are in memory alone. */
guint64 cd_store_count_unwritten(const CdStore *self);

/** Lines of a segment from @from on that are in memory alone: the last of it. */
guint64 cd_store_count_unwritten_in(const CdSegment *segment, guint64 from);

/** Lines from @from on that are in memory alone. */
guint64 cd_store_count_unwritten_lines(const CdStore *self, guint64 from);

/**
 * Reads a line that is there, or the first behind it.
 *
 * @frame: (out): without its line
 */
gboolean cd_store_look(const CdStore *self, guint64 ordinal, CdFrame *frame);

/** The time of that line, 0 where there is none; remembered for the ordinal asked for last. */
gint64 cd_store_get_time(CdStore *self, guint64 ordinal);

#endif
