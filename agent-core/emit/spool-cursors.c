/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cursors of a spool: who reads it, and that a later run knows. */
#include "emit/cursor.h"
#include "emit/spool-state.h"

#define SAVE_MILLISECONDS 1000

/* --- who there is ----------------------------------------------------------------------------- */

CdCursor *
cd_spool_add_cursor(CdSpool *self, const gchar *name, guint64 committed)
{
  CdCursor *cursor = cd_cursor_new(self, name, committed);

  g_ptr_array_add(self->cursors, cursor);
  return cursor;
}

static CdCursor *
_find_cursor(const CdSpool *self, const gchar *name)
{
  for (guint i = 0; i < self->cursors->len; i++)
    if (strcmp(cd_spool_get_nth_cursor(self, i)->name, name) == 0)
      return cd_spool_get_nth_cursor(self, i);
  return NULL;
}

static CdCursor *
_make_cursor(CdSpool *self, const gchar *name, GError **error)
{
  CdCursor *nameless = _find_cursor(self, CD_SPOOL_NAMELESS);

  if (strlen(name) > CD_SPOOL_NAME_MAX)
    {
      g_set_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_TOO_LONG,
                  "a name of %" G_GSIZE_FORMAT " bytes; the spool takes %d", strlen(name),
                  CD_SPOOL_NAME_MAX);
      return NULL;
    }
  if (nameless)
    {
      g_free(nameless->name);
      nameless->name = g_strdup(name);
      return nameless;
    }
  if (self->cursors->len < CD_SPOOL_CURSORS_MAX)
    return cd_spool_add_cursor(self, name, cd_store_get_head(self->store));
  g_set_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_TOO_MANY,
              "%s: the spool has %d targets already, those of earlier runs included", name,
              CD_SPOOL_CURSORS_MAX);
  return NULL;
}

/* On disk before the first line: a later run finds it there, whenever this one is killed. */
static CdCursor *
_make_known_cursor(CdSpool *self, const gchar *name, GError **error)
{
  CdCursor *cursor = _make_cursor(self, name, error);

  if (cursor)
    cd_spool_save_cursors(self);
  return cursor;
}

CdCursor *
cd_spool_get_cursor(CdSpool *self, const gchar *name, GError **error)
{
  CdCursor *cursor;

  g_return_val_if_fail(*name != '\0', NULL);
  cursor = _find_cursor(self, name);
  if (!cursor)
    cursor = _make_known_cursor(self, name, error);
  if (!cursor)
    return NULL;
  cursor->is_asked_for = TRUE;
  cd_spool_save_soon(self);
  return cursor;
}

/* --- who nobody asks for ---------------------------------------------------------------------- */

static void
_free_other(gpointer data)
{
  CdSpoolOther *other = data;

  g_free(other->name);
  g_free(other);
}

GPtrArray *
cd_spool_list_other_cursors(const CdSpool *self)
{
  GPtrArray *others = g_ptr_array_new_with_free_func(_free_other);

  for (guint i = 0; i < self->cursors->len; i++)
    {
      const CdCursor *cursor = cd_spool_get_nth_cursor(self, i);
      CdSpoolOther *other;

      if (cursor->is_asked_for || strcmp(cursor->name, CD_SPOOL_NAMELESS) == 0)
        continue;
      other = g_new0(CdSpoolOther, 1);
      other->name = g_strdup(cursor->name);
      other->backlog = cd_cursor_get_backlog(cursor);
      other->lost = cd_cursor_get_lasting_loss(cursor).told.count;
      g_ptr_array_add(others, other);
    }
  return others;
}

static void
_note_forgotten(CdSpool *self)
{
  if (self->cursors->len == 0)
    cd_spool_add_cursor(self, CD_SPOOL_NAMELESS, self->store->tail);
  cd_spool_save_soon(self);
}

gboolean
cd_spool_forget_cursor(CdSpool *self, const gchar *name)
{
  CdCursor *cursor = *name ? _find_cursor(self, name) : NULL;

  if (!cursor || cursor->is_asked_for)
    return FALSE;
  g_ptr_array_remove(self->cursors, cursor);
  _note_forgotten(self);
  return TRUE;
}

guint64
cd_spool_forget_other_cursors(CdSpool *self)
{
  const guint64 before = cd_spool_get_hindmost(self);

  for (guint i = self->cursors->len; i-- > 0;)
    if (!cd_spool_get_nth_cursor(self, i)->is_asked_for)
      g_ptr_array_remove_index(self->cursors, i);
  _note_forgotten(self);
  return cd_store_count(self->store, before, cd_spool_get_hindmost(self));
}

/* --- on disk ---------------------------------------------------------------------------------- */

guint64
cd_spool_get_hindmost(const CdSpool *self)
{
  guint64 hindmost = self->store->tail;

  for (guint i = 0; i < self->cursors->len; i++)
    hindmost = MIN(hindmost, cd_spool_get_nth_cursor(self, i)->committed);
  return hindmost;
}

gboolean
cd_spool_save_cursors(CdSpool *self)
{
  const guint64 tail = self->store->tail - (self->is_appending ? 1 : 0);
  CdLedgerEntry entries[CD_SPOOL_CURSORS_MAX];
  GError *error = NULL;

  if (!self->ledger)
    return TRUE;
  for (guint i = 0; i < self->cursors->len; i++)
    {
      const CdCursor *cursor = cd_spool_get_nth_cursor(self, i);

      entries[i].name = cursor->name;
      entries[i].committed = cursor->committed;
      entries[i].counted_from = cursor->counted_from;
      entries[i].counted_to = cursor->counted_to;
      entries[i].loss = cd_cursor_get_lasting_loss(cursor);
    }
  if (cd_ledger_write(self->ledger, tail, entries, self->cursors->len, self->syncer, &error))
    cd_health_mend(&self->health, CD_AILMENT_LEDGER);
  else
    cd_spool_fail(self, CD_AILMENT_LEDGER, error);
  return error == NULL;
}

/* Only when it is on disk that they were passed: else a killed run's lines would seem lost. */
static void
_collect(CdSpool *self)
{
  const guint64 hindmost = cd_spool_get_hindmost(self);

  while (self->store->segments->len > 1)
    {
      CdSegment *oldest = cd_store_get(self->store, 0);

      if (oldest->end > hindmost)
        break;
      cd_store_remove(self->store, oldest);
    }
}

void
cd_spool_save(CdSpool *self)
{
  cd_timer_stop(&self->save);
  if (cd_spool_save_cursors(self))
    _collect(self);
}

static gboolean
_save(gpointer user_data)
{
  CdSpool *self = user_data;

  cd_spool_save(self);
  cd_health_tell(&self->health);
  return G_SOURCE_REMOVE;
}

void
cd_spool_save_soon(CdSpool *self)
{
  if (!self->ledger)
    _collect(self);
  else if (!self->save)
    self->save = cd_timer_start(SAVE_MILLISECONDS, _save, self);
}
