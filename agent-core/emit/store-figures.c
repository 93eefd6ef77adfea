/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in a store, for those who want to know. */
#include "emit/reader.h"
#include "emit/store.h"

guint
cd_store_count_cached(const CdStore *self)
{
  guint count = 0;

  for (guint i = 0; i < self->segments->len; i++)
    count += cd_segment_is_cached(cd_store_get(self, i));
  return count;
}

gboolean
cd_store_look(const CdStore *self, guint64 ordinal, CdFrame *frame)
{
  CdSegment *segment;
  guint64 sound_end;

  for (; (segment = cd_store_find(self, ordinal)); ordinal = segment->end)
    {
      g_autoptr(CdReader) reader = NULL;

      if (ordinal >= segment->valid_end)
        continue;
      if (cd_segment_get(segment, ordinal, frame))
        return TRUE;
      reader = cd_reader_new();
      if (cd_reader_read(reader, self->folder, segment, ordinal, frame, &sound_end, NULL)
          == CD_READER_SOUND)
        return TRUE;
    }
  return FALSE;
}

guint64
cd_store_count_bytes(const CdStore *self)
{
  guint64 bytes = 0;

  for (guint i = 0; i < self->segments->len; i++)
    bytes += self->folder ? cd_store_get(self, i)->on_disk : cd_store_get(self, i)->size;
  return bytes;
}

/* A head without a line is nobody's loss. */
guint64
cd_store_count_unwritten(const CdStore *self)
{
  guint64 bytes = 0;

  for (guint i = 0; self->folder && i < self->segments->len; i++)
    if (cd_store_get(self, i)->size > CD_SEGMENT_HEAD_SIZE)
      bytes += cd_store_get(self, i)->size - cd_store_get(self, i)->written;
  return bytes;
}

/* A line that is half written counts: nobody can read it. */
guint64
cd_store_count_unwritten_in(const CdSegment *segment, guint64 from)
{
  guint64 count = 0;
  CdFrame frame;

  if (!cd_segment_is_unwritten(segment))
    return 0;

  for (guint64 i = segment->valid_end; i > MAX(from, segment->first); i--)
    {
      cd_segment_get(segment, i - 1, &frame);
      if ((const guint8 *) frame.line.data + frame.line.length
          <= segment->content + segment->written)
        break;
      count++;
    }
  return count;
}

guint64
cd_store_count_unwritten_lines(const CdStore *self, guint64 from)
{
  guint64 count = 0;

  for (guint i = 0; i < self->segments->len; i++)
    count += cd_store_count_unwritten_in(cd_store_get(self, i), from);
  return count;
}

gint64
cd_store_get_time(CdStore *self, guint64 ordinal)
{
  CdFrame frame;

  if (self->timed == ordinal && self->time != 0)
    return self->time;
  self->timed = ordinal;
  self->time = cd_store_look(self, ordinal, &frame) ? frame.time : 0;
  return self->time;
}
