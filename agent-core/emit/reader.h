/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_READER_H
#define CD_READER_H

#include "emit/segment.h"

/** Bytes of a reader's window: the largest frame fits. */
#define CD_READER_SIZE (256 * 1024)

/** What became of reading a line from disk. */
typedef enum
{
  CD_READER_SOUND,  /* here it is */
  CD_READER_BROKEN, /* the file ends before it, or is not what was written from there on */
  CD_READER_FAILED, /* for now: no descriptor was free, say */
} CdReaderResult;

/**
 * CdReader:
 *
 * Reads the lines of a segment that is on disk alone, forwards, through a small window. Nothing is
 * used that was not checked.
 */
typedef struct _CdReader CdReader;

/** Makes one that stands nowhere. */
CdReader *cd_reader_new(void);

/** Closes its file. */
void cd_reader_free(CdReader *self);

/**
 * Reads a line.
 *
 * @frame: (out): valid until the next call; where the file is broken untouched
 * @sound_end: (out): where it is broken: the ordinal of the first line that cannot be read
 */
CdReaderResult cd_reader_read(CdReader *self, const CdFolder *folder, const CdSegment *segment,
                              guint64 ordinal, CdFrame *frame, guint64 *sound_end, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdReader, cd_reader_free)

#endif
