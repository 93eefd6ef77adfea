/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A spool whose files hold anything: it opens, gives only what is sound, and goes on.
 *
 * The input is a row of files: a byte that says which, two for the size, the content. */
#include "emit/frame.h"
#include "emit/segment.h"
#include "emit/spool-state.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "invariants.h"

/* The byte before a file: its kind, which one, and whether its checksums are set right. */
#define KIND(byte) ((byte) &3)
#define WHICH(byte) (((byte) >> 2) & 31)
#define IS_SEALED(byte) ((byte) &128)

/* As in ledger.c. */
#define SLOT_SIZE 12288
#define SLOT_MAGIC "CDCURSR2"
#define SEGMENT_MAGIC "CDSPOOL1"
#define HEAD_SIZE 32

/* Numbers of what the target appends. */
#define OURS 0x7ffffffffffff000u
#define N_OURS 3

static gchar *
_make_folder(void)
{
  const gchar *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();
  gchar *folder = g_build_filename(memory, "fuzz-spool-XXXXXX", NULL);

  g_assert_nonnull(g_mkdtemp(folder));
  return folder;
}

static void
_remove_folder(const gchar *folder)
{
  GDir *dir = g_dir_open(folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name(dir)))
    {
      g_autofree gchar *path = g_build_filename(folder, name, NULL);
      g_unlink(path);
    }
  g_dir_close(dir);
  g_rmdir(folder);
}

static void
_write(const gchar *folder, const gchar *name, const guint8 *data, gsize size)
{
  g_autofree gchar *path = g_build_filename(folder, name, NULL);

  g_assert_true(g_file_set_contents(path, (const gchar *) data, (gssize) size, NULL));
  g_assert_cmpint(g_chmod(path, 0600), ==, 0);
}

/* --- checksums -------------------------------------------------------------------------------- */

static void
_seal_slot(guint8 *data, gsize size)
{
  if (size < HEAD_SIZE)
    return;
  memcpy(data, SLOT_MAGIC, 8);
  if (cd_frame_get64(data + 8) < CD_ORDINAL_MAX)
    data[15] = 0; /* the last one that counts has no successor */
  cd_frame_put32(data + 16, (guint32) size);
  cd_frame_put32(data + 20, cd_frame_checksum(data, size, 20));
}

static void
_seal_segment(guint8 *data, gsize size, guint64 first)
{
  gsize at = CD_SEGMENT_HEAD_SIZE;
  gsize frame;

  if (size < CD_SEGMENT_HEAD_SIZE)
    return;
  memcpy(data, SEGMENT_MAGIC, 8);
  cd_frame_put64(data + 8, first);
  cd_frame_put32(data + 20, cd_frame_checksum(data, CD_SEGMENT_HEAD_SIZE, 20));
  while (at + CD_FRAME_HEAD_SIZE <= size && (frame = cd_frame_announced_size(data + at))
         && at + frame <= size)
    {
      cd_frame_put32(data + at + 4, cd_frame_checksum(data + at, frame, 4));
      at += frame;
    }
}

/* --- files ------------------------------------------------------------------------------------ */

static void
_put_segment(const gchar *folder, guint8 byte, guint8 *data, gsize size)
{
  guint64 first = WHICH(byte) * 4;
  gchar name[CD_SEGMENT_NAME_SIZE];

  if (IS_SEALED(byte))
    _seal_segment(data, size, first);
  cd_segment_print_name(first, name);
  _write(folder, name, data, size);
}

static void
_put_slot(guint8 *slots, guint8 byte, guint8 *data, gsize size)
{
  size = MIN(size, SLOT_SIZE);
  if (IS_SEALED(byte))
    _seal_slot(data, size);
  memcpy(slots + (WHICH(byte) % 2) * SLOT_SIZE, data, size);
}

static void
_put_files(const gchar *folder, guint8 *data, gsize size)
{
  guint8 slots[2 * SLOT_SIZE] = { 0 };
  gboolean has_slots = FALSE;

  while (size >= 3)
    {
      guint8 byte = data[0];
      gsize length = MIN(size - 3, (gsize) (data[1] | data[2] << 8));

      if (KIND(byte) == 0)
        _put_slot(slots, byte, data + 3, length);
      else
        _put_segment(folder, byte, data + 3, length);
      has_slots = has_slots || KIND(byte) == 0;
      data += 3 + length;
      size -= 3 + length;
    }
  if (has_slots)
    _write(folder, "cursors", slots, sizeof(slots));
}

/* --- what holds ------------------------------------------------------------------------------- */

static CdSpool *
_open(const gchar *folder)
{
  CdSpoolOptions options = { .folder = folder };
  GError *error = NULL;
  CdSpool *spool = cd_spool_open(&options, &error);

  g_assert_no_error(error);
  return spool;
}

/* Returns: how many lines there are; @n_ours of ours come last. */
static guint64
_drain(CdCursor *cursor, guint n_ours)
{
  guint64 last[N_OURS] = { 0 };
  guint64 n_read = 0;
  guint64 number;
  CdText line;

  while (cd_cursor_peek(cursor, &line, &number))
    {
      g_assert_cmpuint(line.length, <=, CD_SPOOL_LINE_MAX);
      last[n_read % N_OURS] = number;
      cd_cursor_advance(cursor);
      g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, ++n_read);
    }
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, n_read);
  g_assert_cmpuint(n_read, >=, n_ours);
  for (guint i = 0; i < n_ours; i++)
    g_assert_cmpuint(last[(n_read + i) % N_OURS], ==, OURS + i);
  return n_read;
}

/* No spool has counted so far; one that a file says has is not believed when it is read again. */
static gboolean
_is_countable(const CdCursor *cursor)
{
  return cursor->committed < CD_ORDINAL_MAX;
}

/* Returns: whether a later run can know what was committed here. */
static gboolean
_check_opened(CdSpool *spool)
{
  CdCursor *a = cd_spool_get_cursor(spool, "a", NULL);
  CdSpoolFigures figures;
  CdSpoolLoss loss;

  cd_spool_get_figures(spool, &figures);
  if (!a)
    return TRUE;
  _drain(a, 0);
  cd_cursor_get_loss(a, &loss);
  cd_cursor_commit(a, 1);
  cd_cursor_rewind(a);
  for (guint i = 0; i < N_OURS; i++)
    g_assert_true(cd_spool_append(spool, OURS + i, 1, CD_TEXT("ours"), NULL));
  _drain(a, N_OURS);
  cd_cursor_commit(a, G_MAXUINT64);
  cd_cursor_get_loss(a, &loss);
  g_assert_cmpuint(cd_cursor_get_backlog(a), ==, 0);
  return _is_countable(a);
}

/* Another reader finds what was appended, who has committed it does not. */
static void
_check_reopened(CdSpool *spool, gboolean is_countable)
{
  CdCursor *a = cd_spool_get_cursor(spool, "a", NULL);
  CdCursor *b = cd_spool_get_cursor(spool, "b", NULL);

  if (a && is_countable)
    g_assert_cmpuint(_drain(a, 0), ==, 0);
  if (a && b && cd_cursor_get_backlog(b) > 0)
    _drain(b, N_OURS);
  cd_spool_forget_other_cursors(spool);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autofree gchar *folder = _make_folder();
  g_autofree guint8 *copy = g_malloc(size + 1);
  CdSpool *spool;
  gboolean is_countable;

  for (gsize i = 0; i < size; i++)
    copy[i] = data[i];
  _put_files(folder, copy, size);
  spool = _open(folder);
  is_countable = _check_opened(spool);
  cd_spool_close(spool);
  spool = _open(folder);
  _check_reopened(spool, is_countable);
  cd_spool_close(spool);
  _remove_folder(folder);
  return 0;
}
