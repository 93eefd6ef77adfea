/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define NAME_PREFIX "segment-"
#define NAME_DIGITS 16

#define MAGIC "CDSPOOL1"
#define AT_FIRST 8
#define AT_FLAGS 16
#define AT_CHECKSUM 20
#define FLAG_DROPPED 1u

/* --- names and headers ------------------------------------------------------------------------ */

void
cd_segment_print_name(guint64 first, gchar name[CD_SEGMENT_NAME_SIZE])
{
  g_snprintf(name, CD_SEGMENT_NAME_SIZE, NAME_PREFIX "%016" G_GINT64_MODIFIER "x", first);
}

/* Printed again it has to be the same: one name for each segment. */
gboolean
cd_segment_parse_name(const gchar *name, guint64 *first)
{
  gchar same[CD_SEGMENT_NAME_SIZE];

  if (!g_str_has_prefix(name, NAME_PREFIX))
    return FALSE;
  *first = g_ascii_strtoull(name + strlen(NAME_PREFIX), NULL, 16);
  cd_segment_print_name(*first, same);
  return *first < CD_ORDINAL_MAX && strcmp(same, name) == 0;
}

static void
_write_head(CdSegment *self)
{
  memcpy(self->content, MAGIC, AT_FIRST);
  cd_frame_put64(self->content + AT_FIRST, self->first);
  cd_frame_put32(self->content + AT_FLAGS, self->dropped ? FLAG_DROPPED : 0);
  cd_frame_put32(self->content + AT_CHECKSUM,
                 cd_frame_checksum(self->content, CD_SEGMENT_HEAD_SIZE, AT_CHECKSUM));
  self->size = CD_SEGMENT_HEAD_SIZE;
  self->written = 0;
}

gboolean
cd_segment_read_head(const guint8 *bytes, gsize size, guint64 first, gboolean *dropped)
{
  if (size < CD_SEGMENT_HEAD_SIZE || memcmp(bytes, MAGIC, AT_FIRST) != 0)
    return FALSE;
  if (cd_frame_get32(bytes + AT_CHECKSUM)
      != cd_frame_checksum(bytes, CD_SEGMENT_HEAD_SIZE, AT_CHECKSUM))
    return FALSE;
  *dropped = cd_frame_get32(bytes + AT_FLAGS) & FLAG_DROPPED;
  return cd_frame_get64(bytes + AT_FIRST) == first;
}

/* --- in memory -------------------------------------------------------------------------------- */

static CdSegment *
_new(guint64 first)
{
  CdSegment *self = g_new0(CdSegment, 1);

  self->first = self->end = self->valid_end = first;
  self->fd = -1;
  return self;
}

static void
_make_content(CdSegment *self)
{
  self->content = g_malloc(CD_SEGMENT_SIZE);
  self->offsets = g_array_new(FALSE, FALSE, sizeof(guint32));
}

CdSegment *
cd_segment_new(guint64 first)
{
  CdSegment *self = _new(first);

  _make_content(self);
  _write_head(self);
  return self;
}

void
cd_segment_evict(CdSegment *self)
{
  g_clear_pointer(&self->content, g_free);
  g_clear_pointer(&self->offsets, g_array_unref);
}

void
cd_segment_free(CdSegment *self)
{
  if (self->fd >= 0)
    close(self->fd);
  cd_segment_evict(self);
  g_free(self);
}

gboolean
cd_segment_has_room(const CdSegment *self, gsize length)
{
  gsize index = (self->offsets->len + 1) * sizeof(guint32);

  return self->size + index + CD_FRAME_SIZE(length) <= CD_SEGMENT_SIZE;
}

/* Counts the frame that begins where the content ends. */
static void
_count(CdSegment *self, const CdFrame *frame)
{
  if (self->end == self->first)
    {
      self->first_number = frame->number;
      self->first_time = frame->time;
    }
  g_array_append_val(self->offsets, self->size);
  self->last_number = frame->number;
  self->is_known = TRUE;
  self->size += (guint32) CD_FRAME_SIZE(frame->line.length);
  self->valid_end = ++self->end;
}

void
cd_segment_append(CdSegment *self, const CdFrame *frame)
{
  cd_frame_write(self->content + self->size, frame);
  _count(self, frame);
}

gboolean
cd_segment_is_cached(const CdSegment *self)
{
  return self->offsets != NULL;
}

gboolean
cd_segment_get(const CdSegment *self, guint64 ordinal, CdFrame *frame)
{
  guint32 offset;

  if (!self->offsets || ordinal < self->first || ordinal - self->first >= self->offsets->len)
    return FALSE;
  offset = g_array_index(self->offsets, guint32, (guint) (ordinal - self->first));
  cd_frame_view(self->content + offset, frame);
  return TRUE;
}

void
cd_segment_bury(CdSegment *self)
{
  g_clear_pointer(&self->offsets, g_array_unref);
  g_free(self->content);
  self->content = g_malloc(CD_SEGMENT_HEAD_SIZE);
  self->dropped = TRUE;
  self->valid_end = self->first;
  _write_head(self);
}

/* --- on disk ---------------------------------------------------------------------------------- */

/* Returns: bytes read, -1 with errno. */
static gssize
_read(int fd, guint8 *to, gsize size)
{
  gsize filled = 0;

  while (filled < size)
    {
      gssize got = pread(fd, to + filled, size - filled, (off_t) filled);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return -1;
      if (got == 0)
        break;
      filled += (gsize) got;
    }
  return (gssize) filled;
}

static gssize
_read_file(CdSegment *self, const CdFolder *folder, guint8 *to, gsize size, GError **error)
{
  gchar name[CD_SEGMENT_NAME_SIZE];
  gssize got;
  int fd;

  cd_segment_print_name(self->first, name);
  fd = cd_folder_open_file(folder, name, O_RDONLY, error);
  if (fd < 0)
    return -1;
  self->on_disk = (guint32) CLAMP(lseek(fd, 0, SEEK_END), 0, CD_SEGMENT_SIZE);
  got = _read(fd, to, size);
  if (got < 0)
    cd_folder_fail(folder, name, "read it", error);
  close(fd);
  return got;
}

CdSegment *
cd_segment_open(const CdFolder *folder, const gchar *name, GError **error)
{
  guint8 head[CD_SEGMENT_HEAD_SIZE];
  g_autoptr(CdSegment) self = NULL;
  guint64 first = 0;
  gssize got;

  cd_segment_parse_name(name, &first);
  self = _new(first);
  got = _read_file(self, folder, head, sizeof(head), error);
  if (got < 0)
    return NULL;
  self->is_broken = !cd_segment_read_head(head, (gsize) got, first, &self->dropped);
  return g_steal_pointer(&self);
}

static void
_count_sound(CdSegment *self, gsize size)
{
  gsize frame_size;
  CdFrame frame;

  while (self->size < size
         && (frame_size = cd_frame_read(self->content + self->size, size - self->size, &frame)))
    _count(self, &frame);
}

static void
_count_lost(CdSegment *self, gsize size)
{
  guint64 behind = cd_frame_count_sound(self->content + self->size, size - self->size);

  if (behind == 0)
    return;
  self->end += self->is_broken ? behind : behind + 1;
  cd_segment_evict(self);
}

gboolean
cd_segment_load(CdSegment *self, const CdFolder *folder, GError **error)
{
  gssize got;

  _make_content(self);
  got = _read_file(self, folder, self->content, CD_SEGMENT_SIZE, error);
  if (got < 0)
    {
      cd_segment_evict(self);
      return FALSE;
    }
  self->size = CD_SEGMENT_HEAD_SIZE;
  self->end = self->valid_end = self->first;
  if (!self->is_broken)
    _count_sound(self, (gsize) got);
  self->written = self->size;
  if ((gsize) got > self->size)
    _count_lost(self, (gsize) got);
  return TRUE;
}

static gboolean
_allocate(CdSegment *self, guint32 size)
{
  int code;

  do
    code = posix_fallocate(self->fd, 0, size);
  while (code == EINTR);
  errno = code;
  return code == 0;
}

/* Behind what is sound there may be the rest of a line that a crash cut off: it must not come to
 * stand behind the next one. */
static gboolean
_prepare(CdSegment *self, guint32 size)
{
  off_t there = lseek(self->fd, 0, SEEK_END);

  if (there < 0)
    return FALSE;
  if (there < (off_t) self->written)
    self->written = 0;
  return ftruncate(self->fd, (off_t) self->written) == 0 && _allocate(self, size);
}

static void
_forget_file(CdSegment *self, const CdFolder *folder, const gchar *name)
{
  close(self->fd);
  self->fd = -1;
  self->on_disk = self->written;
  if (self->written == 0)
    cd_folder_remove(folder, name);
}

gboolean
cd_segment_take_spare(CdSegment *self, CdSpare *spare)
{
  gchar name[CD_SEGMENT_NAME_SIZE];

  cd_segment_print_name(self->first, name);
  self->fd = cd_spare_take(spare, name);
  if (self->fd < 0)
    return FALSE;
  self->round = 0;
  self->on_disk = CD_SEGMENT_SIZE;
  return TRUE;
}

static gboolean
_open_file(CdSegment *self, const CdFolder *folder, guint32 size, GError **error)
{
  gchar name[CD_SEGMENT_NAME_SIZE];

  cd_segment_print_name(self->first, name);
  self->fd = cd_folder_open_file(folder, name, O_RDWR | O_CREAT, error);
  if (self->fd < 0)
    return FALSE;
  self->round = 0;
  if (!self->dropped && !_prepare(self, size))
    {
      cd_folder_fail(folder, name, "allocate it", error);
      _forget_file(self, folder, name);
      return FALSE;
    }
  self->on_disk = size;
  return TRUE;
}

gboolean
cd_segment_is_unwritten(const CdSegment *self)
{
  return self->written < self->size;
}

gboolean
cd_segment_write(CdSegment *self, const CdFolder *folder, gboolean is_open, GError **error)
{
  gchar name[CD_SEGMENT_NAME_SIZE];

  if (self->fd < 0 && !_open_file(self, folder, is_open ? CD_SEGMENT_SIZE : self->size, error))
    return FALSE;
  while (self->written < self->size)
    {
      gssize done = pwrite(self->fd, self->content + self->written, self->size - self->written,
                           (off_t) self->written);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          errno = done == 0 ? ENOSPC : errno;
          cd_segment_print_name(self->first, name);
          return cd_folder_fail(folder, name, "write it", error);
        }
      self->written += (guint32) done;
    }
  return TRUE;
}

void
cd_segment_finish(CdSegment *self, CdSyncer *syncer)
{
  if (self->fd < 0)
    return;
  cd_syncer_cut(syncer, self->fd, (off_t) self->size);
  self->on_disk = self->size;
  close(self->fd);
  self->fd = -1;
}

void
cd_segment_remove(CdSegment *self, const CdFolder *folder)
{
  gchar name[CD_SEGMENT_NAME_SIZE];

  cd_segment_print_name(self->first, name);
  cd_folder_remove(folder, name);
}
