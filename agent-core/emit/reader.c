/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/reader.h"

#include "emit/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A disk that cannot read a block is asked again before the rest of the file is given up. */
#define N_ATTEMPTS 3

G_STATIC_ASSERT(CD_READER_SIZE >= CD_FRAME_SIZE(CD_SPOOL_LINE_MAX));
G_STATIC_ASSERT(CD_READER_SIZE >= CD_SEGMENT_HEAD_SIZE);

struct _CdReader
{
  int fd;
  guint64 first;    /* of the segment that is open */
  guint64 ordinal;  /* of the frame at offset */
  guint32 offset;   /* in the file */
  gsize frame_size; /* of the frame at offset; 0 while it has not been read */
  guint32 start;    /* of the window in the file */
  gsize filled;     /* of the window */
  guint8 window[CD_READER_SIZE];
};

CdReader *
cd_reader_new(void)
{
  CdReader *self = g_malloc(sizeof(CdReader));

  self->fd = -1;
  return self;
}

static void
_close(CdReader *self)
{
  if (self->fd >= 0)
    close(self->fd);
  self->fd = -1;
}

void
cd_reader_free(CdReader *self)
{
  _close(self);
  g_free(self);
}

static gssize
_pread(CdReader *self)
{
  gssize got = -1;

  for (guint i = 0; got < 0 && i < N_ATTEMPTS; i++)
    do
      got = pread(self->fd, self->window + self->filled, CD_READER_SIZE - self->filled,
                  (off_t) (self->start + self->filled));
    while (got < 0 && errno == EINTR);
  return got;
}

/* Has the window hold @size bytes from the offset on. Returns: where they are, or NULL. */
static const guint8 *
_want(CdReader *self, gsize size)
{
  gssize got;

  if (self->offset + size > CD_SEGMENT_SIZE)
    return NULL;
  if (self->offset >= self->start && self->offset + size <= self->start + self->filled)
    return self->window + (self->offset - self->start);
  self->start = self->offset;
  self->filled = 0;
  while (self->filled < size && (got = _pread(self)) > 0)
    self->filled += (gsize) got;
  return self->filled >= size ? self->window : NULL;
}

static void
_begin(CdReader *self)
{
  self->ordinal = self->first;
  self->offset = CD_SEGMENT_HEAD_SIZE;
  self->frame_size = 0;
}

static CdReaderResult
_open(CdReader *self, const CdFolder *folder, guint64 first, GError **error)
{
  gchar name[CD_SEGMENT_NAME_SIZE];
  GError *reason = NULL;

  _close(self);
  cd_segment_print_name(first, name);
  self->fd = cd_folder_open_file(folder, name, O_RDONLY, &reason);
  if (self->fd >= 0)
    {
      self->first = first;
      self->start = 0;
      self->filled = 0;
      _begin(self);
      return CD_READER_SOUND;
    }
  if (reason->domain == CD_SPOOL_ERROR || reason->code == G_FILE_ERROR_NOENT)
    {
      g_error_free(reason);
      return CD_READER_BROKEN;
    }
  g_propagate_error(error, reason);
  return CD_READER_FAILED;
}

static gboolean
_read_frame(CdReader *self, CdFrame *frame)
{
  const guint8 *bytes = _want(self, CD_FRAME_HEAD_SIZE);
  gsize size = bytes ? cd_frame_announced_size(bytes) : 0;

  bytes = size ? _want(self, size) : NULL;
  self->frame_size = bytes ? cd_frame_read(bytes, size, frame) : 0;
  return self->frame_size > 0;
}

/* Goes on to the frame of a line. Returns: whether it is sound, and all before it. */
static gboolean
_go_to(CdReader *self, guint64 ordinal)
{
  CdFrame passed;

  while (self->ordinal < ordinal)
    {
      if (self->frame_size == 0 && !_read_frame(self, &passed))
        return FALSE;
      self->offset += (guint32) self->frame_size;
      self->frame_size = 0;
      self->ordinal++;
    }
  return TRUE;
}

CdReaderResult
cd_reader_read(CdReader *self, const CdFolder *folder, const CdSegment *segment, guint64 ordinal,
               CdFrame *frame, guint64 *sound_end, GError **error)
{
  CdReaderResult opened = CD_READER_SOUND;

  *sound_end = segment->first;
  if (self->fd < 0 || self->first != segment->first)
    opened = _open(self, folder, segment->first, error);
  if (opened != CD_READER_SOUND)
    return opened;
  if (ordinal < self->ordinal)
    _begin(self);
  if (_go_to(self, ordinal) && _read_frame(self, frame))
    return CD_READER_SOUND;
  *sound_end = self->ordinal;
  return CD_READER_BROKEN;
}
