/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/ring.h"

#include <sys/mman.h>

struct _CdRing
{
  guint64 head;
  gchar *bytes;
};

CdRing *
cd_ring_new(void)
{
  CdRing *self = g_new0(CdRing, 1);

  self->bytes = mmap(NULL, CD_RING_SIZE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (self->bytes == MAP_FAILED)
    g_error("no memory for a ring: %s", g_strerror(errno));
  return self;
}

void
cd_ring_free(CdRing *self)
{
  munmap(self->bytes, CD_RING_SIZE);
  g_free(self);
}

guint64
cd_ring_get_head(const CdRing *self)
{
  return self->head;
}

guint64
cd_ring_get_tail(const CdRing *self)
{
  return self->head > CD_RING_SIZE ? self->head - CD_RING_SIZE : 0;
}

static gint
_map(const CdRing *self, guint64 offset, gsize length, struct iovec pieces[2])
{
  gsize start = offset % CD_RING_SIZE;
  gsize first = MIN(length, CD_RING_SIZE - start);

  pieces[0] = (struct iovec) { self->bytes + start, first };
  pieces[1] = (struct iovec) { self->bytes, length - first };
  return (first > 0) + (length > first);
}

gint
cd_ring_get_room(CdRing *self, gsize length, struct iovec pieces[2])
{
  return _map(self, self->head, MIN(length, CD_RING_SIZE), pieces);
}

void
cd_ring_advance(CdRing *self, gsize length)
{
  self->head += length;
}

gint
cd_ring_read(const CdRing *self, guint64 offset, gsize length, struct iovec pieces[2])
{
  g_assert(offset <= self->head && offset >= cd_ring_get_tail(self));
  return _map(self, offset, MIN(length, self->head - offset), pieces);
}

void
cd_ring_append_to(const CdRing *self, guint64 offset, GString *bytes)
{
  struct iovec pieces[2];
  gint n = cd_ring_read(self, offset, CD_RING_SIZE, pieces);

  for (gint i = 0; i < n; i++)
    g_string_append_len(bytes, pieces[i].iov_base, (gssize) pieces[i].iov_len);
}
