/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SEGMENT_H
#define CD_SEGMENT_H

#include "emit/folder.h"
#include "emit/frame.h"
#include "emit/segment-spare.h"
#include "emit/syncer.h"

/** Bytes of a segment at most: its file, and what it takes in memory with its index. */
#define CD_SEGMENT_SIZE (1024 * 1024)

/** Bytes before the first frame: a magic word, the ordinal of the first line, flags, a CRC. */
#define CD_SEGMENT_HEAD_SIZE 24

/** Ordinals from here on are no ordinals. */
#define CD_ORDINAL_MAX (G_GUINT64_CONSTANT(1) << 62)

/** Bytes of the name of a segment's file, the NUL included. */
#define CD_SEGMENT_NAME_SIZE sizeof("segment-0123456789abcdef")

/**
 * CdSegment:
 * @first: ordinal of its first line; lines are counted through from the first that the folder ever
 *   saw, whatever their numbers
 * @end: ordinal of the first line of the next segment
 * @valid_end: lines from here to @end cannot be read
 * @is_broken: its header cannot be used
 * @dropped: nothing of it is left, and who loses by that was told
 * @is_known: whether @first_number, @last_number and @first_time are; they are not for a segment of
 *   an earlier run that nobody has read
 * @content: (nullable): header and frames as in the file; %NULL for one that is on disk alone
 * @offsets: (nullable): where in @content each line's frame begins; guint32
 * @size: bytes of @content in use
 * @written: of them those that are in the file
 * @on_disk: bytes that the file takes; 0 where there is none
 * @fd: the file, while it is being written; else -1
 * @round: for cd_syncer_add()
 *
 * A part of the log: in memory, in a file, or in both.
 */
typedef struct _CdSegment
{
  guint64 first;
  guint64 end;
  guint64 valid_end;
  gboolean is_broken;
  gboolean dropped;
  gboolean is_known;
  guint64 first_number;
  guint64 last_number;
  gint64 first_time;
  guint8 *content;
  GArray *offsets;
  guint32 size;
  guint32 written;
  guint32 on_disk;
  int fd;
  guint round;
} CdSegment;

/** A segment without lines, in memory. */
CdSegment *cd_segment_new(guint64 first);

/** Reads the header of a segment's file; what it cannot use makes a segment without lines. */
CdSegment *cd_segment_open(const CdFolder *folder, const gchar *name, GError **error);

/** Closes and frees it; its file stays. */
void cd_segment_free(CdSegment *self);

/** The ordinal that the name of a segment's file tells. Returns: whether it is such a name */
gboolean cd_segment_parse_name(const gchar *name, guint64 *first);

/** The name of the file of the segment that begins with @first. */
void cd_segment_print_name(guint64 first, gchar name[CD_SEGMENT_NAME_SIZE]);

/** Reads a header. Returns: whether it is one of the segment @first; then @dropped */
gboolean cd_segment_read_head(const guint8 *bytes, gsize size, guint64 first, gboolean *dropped);

/** Whether a line of @length still fits. */
gboolean cd_segment_has_room(const CdSegment *self, gsize length);

/** Appends a line, in memory. */
void cd_segment_append(CdSegment *self, const CdFrame *frame);

/** Whether its lines are in memory. */
gboolean cd_segment_is_cached(const CdSegment *self);

/** A line that is in memory. Returns: %FALSE where @ordinal is none of them */
gboolean cd_segment_get(const CdSegment *self, guint64 ordinal, CdFrame *frame);

/**
 * Reads the file of the last segment into memory, as far as it is sound: the rest is cut off when
 * it is written to. Sets @end.
 *
 * Where sound lines stand behind what is not, that is no line which a crash cut off. Then the file
 * stays as it is and out of memory, and @end counts what is lost, as far as it can be known.
 */
gboolean cd_segment_load(CdSegment *self, const CdFolder *folder, GError **error);

/** Whether the file lacks something. */
gboolean cd_segment_is_unwritten(const CdSegment *self);

/** Has a file made ahead be its own, of full size. Returns: %FALSE where that cannot be */
gboolean cd_segment_take_spare(CdSegment *self, CdSpare *spare);

/**
 * Brings the file up to date. Makes it where there is none: of full size when @is_open, since more
 * lines will come.
 */
gboolean cd_segment_write(CdSegment *self, const CdFolder *folder, gboolean is_open,
                          GError **error);

/** No line will come any more: closes the file, and has it cut to its size and synced. */
void cd_segment_finish(CdSegment *self, CdSyncer *syncer);

/** Frees the copy in memory of what is on disk. */
void cd_segment_evict(CdSegment *self);

/** Throws its lines away. What is left tells later runs that it was on purpose. */
void cd_segment_bury(CdSegment *self);

/** Removes its file. */
void cd_segment_remove(CdSegment *self, const CdFolder *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdSegment, cd_segment_free)

#endif
