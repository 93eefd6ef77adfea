/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_FRAME_H
#define CD_FRAME_H

#include "disconnect/text.h"

/** Bytes before a line: its size, a CRC, its number and its time, all little-endian. */
#define CD_FRAME_HEAD_SIZE 24

/** Bytes that a line of @length takes. */
#define CD_FRAME_SIZE(length) (CD_FRAME_HEAD_SIZE + (length))

/**
 * CdFrame:
 * @number: names the line
 * @time: microseconds since 1970
 * @line: a view of the bytes that were read
 *
 * A line as it stands in a file of the spool. The CRC covers all but itself.
 */
typedef struct _CdFrame
{
  guint64 number;
  gint64 time;
  CdText line;
} CdFrame;

/** Writes a number, least byte first. */
void cd_frame_put32(guint8 *to, guint32 value);

/** The same with 64 bits. */
void cd_frame_put64(guint8 *to, guint64 value);

/** Reads what cd_frame_put32() wrote. */
guint32 cd_frame_get32(const guint8 *from);

/** Reads what cd_frame_put64() wrote. */
guint64 cd_frame_get64(const guint8 *from);

/**
 * The CRC of @size bytes without the four at @hole, where the CRC itself stands.
 */
guint32 cd_frame_checksum(const guint8 *bytes, gsize size, gsize hole);

/** Writes a frame; there must be room for CD_FRAME_SIZE() of its line. */
void cd_frame_write(guint8 *to, const CdFrame *frame);

/**
 * How large the frame says it is that begins here, of which CD_FRAME_HEAD_SIZE bytes are there.
 *
 * Returns: 0 for what is no size of a frame: the rest of a file that was allocated ahead, say
 */
gsize cd_frame_announced_size(const guint8 *bytes);

/**
 * Reads a frame of which @size bytes are there.
 *
 * Returns: its size; 0 and @frame as it was where it is cut off or not what was written
 */
gsize cd_frame_read(const guint8 *bytes, gsize size, CdFrame *frame);

/** How many sound frames there are among bytes that need not begin with one; at least these. */
guint64 cd_frame_count_sound(const guint8 *bytes, gsize size);

/** Reads a frame that is known to be sound, without looking at its CRC. */
void cd_frame_view(const guint8 *bytes, CdFrame *frame);

#endif
