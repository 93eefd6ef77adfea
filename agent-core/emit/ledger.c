/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/ledger.h"

#include "emit/frame.h"
#include "emit/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NAME "cursors"
#define MAGIC "CDCURSR2"
#define AT_GENERATION 8
#define AT_SIZE 16
#define AT_CHECKSUM 20
#define AT_TAIL 24
#define HEAD_SIZE 32
#define ENTRY_HEAD_SIZE (8 * sizeof(guint64) + sizeof(guint32))

/* One that is followed by a smaller one was never written. */
#define GENERATION_MAX CD_ORDINAL_MAX

#define SLOT_SIZE 12288
#define N_SLOTS 2

G_STATIC_ASSERT(HEAD_SIZE + CD_SPOOL_CURSORS_MAX * (ENTRY_HEAD_SIZE + CD_SPOOL_NAME_MAX)
                <= SLOT_SIZE);

struct _CdLedger
{
  const CdFolder *folder;
  int fd;
  gboolean is_whole;  /* has all its room on disk */
  guint64 generation; /* of what was written last */
  guint slot;         /* where the next goes */
  guint round;
};

CdLedger *
cd_ledger_new(const CdFolder *folder)
{
  CdLedger *self = g_new0(CdLedger, 1);

  self->folder = folder;
  self->fd = -1;
  return self;
}

void
cd_ledger_free(CdLedger *self)
{
  if (self->fd >= 0)
    close(self->fd);
  g_free(self);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void
_clear_entry(gpointer data)
{
  g_free(((CdLedgerEntry *) data)->name);
}

static GArray *
_new_entries(void)
{
  GArray *entries = g_array_new(FALSE, FALSE, sizeof(CdLedgerEntry));

  g_array_set_clear_func(entries, _clear_entry);
  return entries;
}

/* Returns: the bytes in use, 0 where it is not what was written. */
static gsize
_check_slot(const guint8 *slot, guint64 *generation)
{
  gsize size = cd_frame_get32(slot + AT_SIZE);

  if (memcmp(slot, MAGIC, AT_GENERATION) != 0 || size < HEAD_SIZE || size > SLOT_SIZE)
    return 0;
  if (cd_frame_get32(slot + AT_CHECKSUM) != cd_frame_checksum(slot, size, AT_CHECKSUM))
    return 0;
  *generation = cd_frame_get64(slot + AT_GENERATION);
  if (*generation >= GENERATION_MAX || cd_frame_get64(slot + AT_TAIL) >= CD_ORDINAL_MAX)
    return 0;
  return size;
}

/* Returns: the bytes that it takes, 0 where it makes no sense. */
static gsize
_read_entry(const guint8 *from, gsize size, CdLedgerEntry *entry)
{
  gsize length = size < ENTRY_HEAD_SIZE ? 0 : cd_frame_get32(from + ENTRY_HEAD_SIZE - 4);

  if (size < ENTRY_HEAD_SIZE || length > CD_SPOOL_NAME_MAX || ENTRY_HEAD_SIZE + length > size)
    return 0;
  entry->committed = cd_frame_get64(from);
  entry->counted_from = cd_frame_get64(from + 8);
  entry->counted_to = cd_frame_get64(from + 16);
  entry->loss.told.count = cd_frame_get64(from + 24);
  entry->loss.told.first = cd_frame_get64(from + 32);
  entry->loss.told.last = cd_frame_get64(from + 40);
  entry->loss.first_at = cd_frame_get64(from + 48);
  entry->loss.last_at = cd_frame_get64(from + 56);
  if (entry->committed >= CD_ORDINAL_MAX)
    return 0;
  entry->name = g_strndup((const gchar *) from + ENTRY_HEAD_SIZE, length);
  return ENTRY_HEAD_SIZE + length;
}

static GArray *
_read_slot(const guint8 *slot, gsize size)
{
  GArray *entries = _new_entries();
  gsize at = HEAD_SIZE;
  gsize entry_size;
  CdLedgerEntry entry;

  while (entries->len < CD_SPOOL_CURSORS_MAX
         && (entry_size = _read_entry(slot + at, size - at, &entry)))
    {
      g_array_append_val(entries, entry);
      at += entry_size;
    }
  return entries;
}

static GArray *
_read_newest(CdLedger *self, const guint8 *slots, guint64 *tail)
{
  gsize best_size = 0;
  guint best = 0;

  for (guint i = 0; i < N_SLOTS; i++)
    {
      guint64 generation;
      gsize size = _check_slot(slots + i * SLOT_SIZE, &generation);

      if (size == 0 || (best_size && generation <= self->generation))
        continue;
      self->generation = generation;
      best = i;
      best_size = size;
    }
  if (best_size == 0)
    return _new_entries();
  self->slot = (best + 1) % N_SLOTS;
  *tail = cd_frame_get64(slots + best * SLOT_SIZE + AT_TAIL);
  return _read_slot(slots + best * SLOT_SIZE, best_size);
}

static gboolean
_read_file(CdLedger *self, guint8 *slots)
{
  gsize filled = 0;

  while (filled < N_SLOTS * SLOT_SIZE)
    {
      gssize got = pread(self->fd, slots + filled, N_SLOTS * SLOT_SIZE - filled, (off_t) filled);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return got == 0;
      filled += (gsize) got;
    }
  return TRUE;
}

GArray *
cd_ledger_read(CdLedger *self, guint64 *tail, GError **error)
{
  g_autofree guint8 *slots = g_malloc0(N_SLOTS * SLOT_SIZE);
  g_autoptr(GError) reason = NULL;

  *tail = 0;
  self->fd = cd_folder_open_file(self->folder, NAME, O_RDWR, &reason);
  if (self->fd < 0 && g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return _new_entries();
  if (self->fd < 0)
    {
      g_propagate_error(error, g_steal_pointer(&reason));
      return NULL;
    }
  if (!_read_file(self, slots))
    {
      cd_folder_fail(self->folder, NAME, "read it", error);
      return NULL;
    }
  return _read_newest(self, slots, tail);
}

/* --- writing ---------------------------------------------------------------------------------- */

static gsize
_put_entry(guint8 *to, const CdLedgerEntry *entry)
{
  gsize length = strlen(entry->name);

  cd_frame_put64(to, entry->committed);
  cd_frame_put64(to + 8, entry->counted_from);
  cd_frame_put64(to + 16, entry->counted_to);
  cd_frame_put64(to + 24, entry->loss.told.count);
  cd_frame_put64(to + 32, entry->loss.told.first);
  cd_frame_put64(to + 40, entry->loss.told.last);
  cd_frame_put64(to + 48, entry->loss.first_at);
  cd_frame_put64(to + 56, entry->loss.last_at);
  cd_frame_put32(to + ENTRY_HEAD_SIZE - 4, (guint32) length);
  memcpy(to + ENTRY_HEAD_SIZE, entry->name, length);
  return ENTRY_HEAD_SIZE + length;
}

static gsize
_fill_slot(guint8 *slot, guint64 generation, guint64 tail, const CdLedgerEntry *entries, guint n)
{
  gsize size = HEAD_SIZE;

  for (guint i = 0; i < n; i++)
    size += _put_entry(slot + size, &entries[i]);
  memcpy(slot, MAGIC, AT_GENERATION);
  cd_frame_put64(slot + AT_GENERATION, generation);
  cd_frame_put64(slot + AT_TAIL, tail);
  cd_frame_put32(slot + AT_SIZE, (guint32) size);
  cd_frame_put32(slot + AT_CHECKSUM, cd_frame_checksum(slot, size, AT_CHECKSUM));
  return size;
}

static gboolean
_write_at(CdLedger *self, const guint8 *bytes, gsize size, off_t start)
{
  gsize written = 0;

  while (written < size)
    {
      gssize done = pwrite(self->fd, bytes + written, size - written, start + (off_t) written);
      if (done < 0 && errno == EINTR)
        continue;
      if (done == 0)
        errno = ENOSPC;
      if (done <= 0)
        return FALSE;
      written += (gsize) done;
    }
  return TRUE;
}

/* Written, not only allocated: then most file systems need nothing more to write it again. */
static gboolean
_fill_up(CdLedger *self)
{
  g_autofree guint8 *nothing = g_malloc0(N_SLOTS * SLOT_SIZE);
  off_t there = lseek(self->fd, 0, SEEK_END);

  if (there < 0)
    return FALSE;
  self->is_whole = there >= N_SLOTS * SLOT_SIZE
                   || _write_at(self, nothing, (gsize) (N_SLOTS * SLOT_SIZE - there), there);
  return self->is_whole;
}

static gboolean
_open_whole(CdLedger *self, GError **error)
{
  if (self->fd < 0)
    self->fd = cd_folder_open_file(self->folder, NAME, O_RDWR | O_CREAT, error);
  if (self->fd < 0)
    return FALSE;
  return self->is_whole || _fill_up(self) || cd_folder_fail(self->folder, NAME, "write it", error);
}

void
cd_ledger_prepare(CdLedger *self)
{
  _open_whole(self, NULL);
}

gboolean
cd_ledger_write(CdLedger *self, guint64 tail, const CdLedgerEntry *entries, guint n,
                CdSyncer *syncer, GError **error)
{
  guint8 slot[SLOT_SIZE];
  gsize size = _fill_slot(slot, self->generation + 1, tail, entries, n);

  if (!_open_whole(self, error))
    return FALSE;
  if (!_write_at(self, slot, size, (off_t) self->slot * SLOT_SIZE))
    return cd_folder_fail(self->folder, NAME, "write it", error);
  self->generation++;
  self->slot = (self->slot + 1) % N_SLOTS;
  cd_syncer_add(syncer, self->fd, &self->round);
  return TRUE;
}
