/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/cursor.h"
#include "emit/room.h"
#include "emit/spool-state.h"

/* How long lines that come in do not try again what failed. */
#define ATTEMPT_PAUSE (100 * G_TIME_SPAN_MILLISECOND)

/* A segment of this run that is filled to here wants the next one's file. Who comes for a line or
 * two leaves it be. */
#define ASK_AHEAD (CD_SEGMENT_SIZE / 4)

/* --- opening and closing ---------------------------------------------------------------------- */

static void
_free_cursor(gpointer data)
{
  cd_cursor_free(data);
}

static CdSpool *
_new(const CdSpoolOptions *options)
{
  CdSpool *self = g_new0(CdSpool, 1);

  self->cursors = g_ptr_array_new_with_free_func(_free_cursor);
  self->size_max = MAX(options->size_max, CD_SPOOL_SIZE_MIN);
  self->drop = options->drop;
  self->ahead_of = CD_ORDINAL_MAX;
  self->health.trouble = options->trouble;
  self->health.user_data = options->user_data;
  return self;
}

static void
_free(CdSpool *self)
{
  cd_timer_stop(&self->save);
  cd_timer_stop(&self->retry);
  g_ptr_array_unref(self->cursors);
  if (self->store)
    cd_store_free(self->store);
  if (self->syncer)
    cd_syncer_free(self->syncer);
  if (self->spare)
    cd_spare_free(self->spare);
  if (self->ledger)
    cd_ledger_free(self->ledger);
  if (self->folder)
    cd_folder_free(self->folder);
  cd_health_clear(&self->health);
  g_free(self);
}

/* Where the tail stands before where it has been, lines are gone: their ordinals are not given
 * again. */
static void
_place_cursors(CdSpool *self, const GArray *entries, guint64 tail)
{
  const guint64 found = self->store->tail;

  for (guint i = 0; i < entries->len; i++)
    tail = MAX(tail, g_array_index(entries, CdLedgerEntry, i).committed);
  cd_store_begin_at(self->store, tail);
  for (guint i = 0; i < entries->len; i++)
    {
      const CdLedgerEntry *entry = &g_array_index(entries, CdLedgerEntry, i);
      CdCursor *cursor = cd_spool_add_cursor(self, entry->name, entry->committed);

      cursor->loss = entry->loss;
      cursor->counted_from = entry->counted_from;
      cursor->counted_to = entry->counted_to;
      cd_cursor_begin_at(cursor, cd_store_get_head(self->store));
      cd_cursor_miss(cursor, found, tail);
      cd_cursor_miss_if_nothing_is_left(cursor);
    }
}

static gboolean
_open_folder(CdSpool *self, const gchar *path, GError **error)
{
  g_autoptr(GArray) entries = NULL;
  guint64 tail;

  self->folder = cd_folder_open(path, error);
  if (!self->folder)
    return FALSE;
  self->syncer = cd_syncer_new(cd_spool_sync_changed, self);
  self->ledger = cd_ledger_new(self->folder);
  self->spare = cd_spare_new(self->folder, self->syncer, cd_spool_spare_made, self);
  self->store = cd_store_new(self->folder, self->syncer, self->spare);
  entries = cd_ledger_read(self->ledger, &tail, error);
  if (!entries || !cd_store_open(self->store, error))
    return FALSE;
  cd_ledger_prepare(self->ledger);
  _place_cursors(self, entries, tail);
  if (cd_store_get_last(self->store))
    self->ahead_of = cd_store_get_last(self->store)->first;
  return TRUE;
}

CdSpool *
cd_spool_open(const CdSpoolOptions *options, GError **error)
{
  CdSpool *self = _new(options);

  if (options->folder && !_open_folder(self, options->folder, error))
    {
      _free(self);
      return NULL;
    }
  if (!self->store)
    self->store = cd_store_new(NULL, NULL, NULL);
  if (self->cursors->len == 0)
    cd_spool_add_cursor(self, CD_SPOOL_NAMELESS, cd_store_get_head(self->store));
  return self;
}

static void
_end_sync(CdSpool *self)
{
  int code = cd_syncer_free(self->syncer);

  self->syncer = self->store->syncer = NULL;
  if (code != 0)
    cd_spool_sync_changed(code, self);
}

/* A spool that everybody has read leaves no lines behind. */
static void
_finish(CdSpool *self)
{
  cd_spool_write(self);
  for (guint i = 0; i < self->cursors->len; i++)
    cd_cursor_lose_unwritten(cd_spool_get_nth_cursor(self, i));
  cd_spool_save(self);
  if (cd_spool_get_hindmost(self) == self->store->tail
      && !cd_health_has(&self->health, CD_AILMENT_LEDGER))
    cd_store_remove_all(self->store);
  cd_store_finish(self->store);
  _end_sync(self);
  cd_health_tell(&self->health);
}

guint64
cd_spool_close(CdSpool *self)
{
  guint64 lost;

  if (self->folder)
    _finish(self);
  lost = cd_store_count_unwritten_lines(self->store, cd_spool_get_hindmost(self));
  _free(self);
  return lost;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A disk that takes lines again takes cursors too. */
static void
_note_written(CdSpool *self)
{
  gboolean was_ailing = cd_health_has(&self->health, CD_AILMENT_WRITE);

  cd_health_mend(&self->health, CD_AILMENT_WRITE);
  if (was_ailing && cd_health_has(&self->health, CD_AILMENT_LEDGER))
    cd_spool_save(self);
}

/* Returns: whether it took a step towards room for the segment's file. */
static gboolean
_make_room(CdSpool *self, const CdSegment *segment)
{
  guint32 need = cd_store_is_last(self->store, segment) ? CD_SEGMENT_SIZE : segment->size;

  if (!cd_store_takes_spare(self->store, segment))
    cd_room_yield(self, need);
  return cd_room_on_disk(self, need);
}

/* What is thrown away may be what was to be written. */
void
cd_spool_write(CdSpool *self)
{
  GError *error = NULL;
  CdSegment *segment;

  while (!error && (segment = cd_store_get_unwritten(self->store)))
    if (segment->on_disk > 0 || segment->dropped || !_make_room(self, segment))
      cd_store_write(self->store, segment, &error);
  if (!error)
    {
      _note_written(self);
      return;
    }
  self->next_attempt = g_get_monotonic_time() + ATTEMPT_PAUSE;
  cd_spool_fail(self, CD_AILMENT_WRITE, error);
}

static gboolean
_may_write(const CdSpool *self)
{
  return !cd_health_has(&self->health, CD_AILMENT_WRITE)
         || g_get_monotonic_time() >= self->next_attempt;
}

static void
_look_ahead(CdSpool *self)
{
  const CdSegment *last = cd_store_get_last(self->store);

  if (last->first == self->ahead_of || last->size < ASK_AHEAD)
    return;
  self->ahead_of = last->first;
  cd_room_ahead(self);
}

gboolean
cd_spool_append(CdSpool *self, guint64 number, gint64 time, CdText line, GError **error)
{
  const CdFrame frame = { number, time, line };

  if (line.length > CD_SPOOL_LINE_MAX)
    {
      g_set_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_TOO_LONG,
                  "a line of %" G_GSIZE_FORMAT " bytes; the spool takes %d", line.length,
                  CD_SPOOL_LINE_MAX);
      return FALSE;
    }
  if (cd_store_is_full(self->store, line.length))
    {
      cd_room_in_memory(self);
      cd_store_add_segment(self->store);
    }
  cd_store_append(self->store, &frame);
  self->is_appending = TRUE;
  if (self->folder && _may_write(self))
    cd_spool_write(self);
  self->is_appending = FALSE;
  self->accepted++;
  if (cd_health_has(&self->health, CD_AILMENT_WRITE))
    cd_spool_save_soon(self);
  if (self->spare)
    _look_ahead(self);
  cd_health_tell(&self->health);
  return TRUE;
}

/* --- figures ---------------------------------------------------------------------------------- */

void
cd_spool_get_figures(const CdSpool *self, CdSpoolFigures *figures)
{
  figures->accepted = self->accepted;
  figures->bytes = cd_store_count_bytes(self->store);
  if (self->spare && cd_spare_is_ready(self->spare))
    figures->bytes += CD_SEGMENT_SIZE;
  figures->n_segments = self->store->segments->len;
  figures->in_memory = cd_store_count_unwritten(self->store);
  figures->oldest = cd_store_get_time(self->store, cd_spool_get_hindmost(self));
}
