/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/frame.h"

#include "emit/spool.h"

#include <zlib.h>

/* Bytes to look at in vain before a search is given up: of a file that was made to take long. */
#define SEARCH_MAX (64 * 1024 * 1024)

#define AT_SIZE 0
#define AT_CHECKSUM 4
#define AT_NUMBER 8
#define AT_TIME 16

void
cd_frame_put32(guint8 *to, guint32 value)
{
  value = GUINT32_TO_LE(value);
  memcpy(to, &value, sizeof(value));
}

void
cd_frame_put64(guint8 *to, guint64 value)
{
  value = GUINT64_TO_LE(value);
  memcpy(to, &value, sizeof(value));
}

guint32
cd_frame_get32(const guint8 *from)
{
  guint32 value;

  memcpy(&value, from, sizeof(value));
  return GUINT32_FROM_LE(value);
}

guint64
cd_frame_get64(const guint8 *from)
{
  guint64 value;

  memcpy(&value, from, sizeof(value));
  return GUINT64_FROM_LE(value);
}

guint32
cd_frame_checksum(const guint8 *bytes, gsize size, gsize hole)
{
  const gsize after = hole + sizeof(guint32);
  uLong sum = crc32_z(0, bytes, hole);

  return (guint32) crc32_z(sum, bytes + after, size - after);
}

void
cd_frame_write(guint8 *to, const CdFrame *frame)
{
  const gsize size = CD_FRAME_SIZE(frame->line.length);

  cd_frame_put32(to + AT_SIZE, (guint32) size);
  cd_frame_put64(to + AT_NUMBER, frame->number);
  cd_frame_put64(to + AT_TIME, (guint64) frame->time);
  if (frame->line.length)
    memcpy(to + CD_FRAME_HEAD_SIZE, frame->line.data, frame->line.length);
  cd_frame_put32(to + AT_CHECKSUM, cd_frame_checksum(to, size, AT_CHECKSUM));
}

gsize
cd_frame_announced_size(const guint8 *bytes)
{
  gsize size = cd_frame_get32(bytes + AT_SIZE);

  return size < CD_FRAME_HEAD_SIZE || size > CD_FRAME_SIZE(CD_SPOOL_LINE_MAX) ? 0 : size;
}

void
cd_frame_view(const guint8 *bytes, CdFrame *frame)
{
  frame->number = cd_frame_get64(bytes + AT_NUMBER);
  frame->time = (gint64) cd_frame_get64(bytes + AT_TIME);
  frame->line.data = (const gchar *) bytes + CD_FRAME_HEAD_SIZE;
  frame->line.length = cd_frame_get32(bytes + AT_SIZE) - CD_FRAME_HEAD_SIZE;
}

gsize
cd_frame_read(const guint8 *bytes, gsize size, CdFrame *frame)
{
  gsize announced = size < CD_FRAME_HEAD_SIZE ? 0 : cd_frame_announced_size(bytes);

  if (announced == 0 || announced > size)
    return 0;
  if (cd_frame_get32(bytes + AT_CHECKSUM) != cd_frame_checksum(bytes, announced, AT_CHECKSUM))
    return 0;
  cd_frame_view(bytes, frame);
  return announced;
}

guint64
cd_frame_count_sound(const guint8 *bytes, gsize size)
{
  guint64 count = 0;
  gsize vain = 0;
  gsize at = 0;

  while (at + CD_FRAME_HEAD_SIZE <= size && vain < SEARCH_MAX)
    {
      CdFrame frame;
      gsize frame_size = cd_frame_read(bytes + at, size - at, &frame);

      count += frame_size > 0;
      if (frame_size == 0)
        vain += cd_frame_announced_size(bytes + at);
      at += MAX(frame_size, 1);
    }
  return count;
}
