/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/cursor.h"

#include "emit/spool-state.h"

CdCursor *
cd_cursor_new(CdSpool *spool, const gchar *name, guint64 committed)
{
  CdCursor *self = g_new0(CdCursor, 1);

  self->spool = spool;
  self->name = g_strdup(name);
  self->committed = self->next = committed;
  return self;
}

void
cd_cursor_free(CdCursor *self)
{
  g_clear_pointer(&self->reader, cd_reader_free);
  g_free(self->name);
  g_free(self);
}

/* --- losses ----------------------------------------------------------------------------------- */

static guint64
_number_at(const CdCursor *self, const CdSegment *segment, guint64 ordinal)
{
  CdFrame frame;

  if (segment->is_known && ordinal == segment->first)
    return segment->first_number;
  if (segment->is_known && ordinal + 1 == segment->valid_end)
    return segment->last_number;
  return cd_store_look(self->spool->store, ordinal, &frame) ? frame.number : 0;
}

static CdLoss
_loss_between(const CdCursor *self, const CdSegment *segment, guint64 from, guint64 to)
{
  from = MAX(from, segment->first);
  to = MIN(to, segment->valid_end);
  if (from >= to)
    return CD_LOSS_NONE;
  return (CdLoss) {
    { to - from, _number_at(self, segment, from), _number_at(self, segment, to - 1) },
    from,
    to - 1,
  };
}

static void
_note_counted(CdCursor *self, guint64 from, guint64 to)
{
  self->counted_from = self->counted_to > self->committed ? MIN(from, self->counted_from) : from;
  self->counted_to = MAX(to, self->counted_to);
}

/* What is known to be missing is not counted once more. */
static void
_count_missing(CdCursor *self, guint64 from, guint64 to)
{
  const guint64 known_from = MAX(from, self->counted_from);
  const guint64 known_to = MIN(to, self->counted_to);
  const guint64 known = known_from < known_to ? known_to - known_from : 0;

  if (from >= to)
    return;
  cd_loss_add_unknown(&self->fresh, to - from - known);
  _note_counted(self, from, to);
}

static void
_count_gap(CdCursor *self, const CdSegment *segment)
{
  if (!segment->dropped)
    _count_missing(self, MAX(segment->valid_end, self->committed), segment->end);
}

gboolean
cd_cursor_needs(const CdCursor *self, const CdSegment *segment)
{
  return self->committed < segment->end;
}

/* What it went past is on its way to somebody: lost only when it goes back for it. */
static void
_lose_passed(CdCursor *self, const CdSegment *segment)
{
  CdLoss passed = _loss_between(self, segment, self->committed, self->next);

  self->n_passed -= MIN(passed.told.count, self->n_passed);
  self->n_ghosts += passed.told.count;
  cd_loss_add(self->committed >= segment->first ? &self->ghosts : &self->fresh, &passed);
}

static void
_lose_ahead(CdCursor *self, const CdSegment *segment)
{
  CdLoss ahead = _loss_between(self, segment, self->next, segment->end);

  cd_loss_add(&self->fresh, &ahead);
  _count_gap(self, segment);
}

void
cd_cursor_lose(CdCursor *self, const CdSegment *segment)
{
  if (!cd_cursor_needs(self, segment))
    return;
  _lose_passed(self, segment);
  _lose_ahead(self, segment);
  if (self->committed >= segment->first)
    self->committed = segment->end;
  if (self->next >= segment->first)
    self->next = MAX(self->next, segment->end);
}

void
cd_cursor_begin_at(CdCursor *self, guint64 ordinal)
{
  if (self->committed >= ordinal)
    return;
  _count_missing(self, self->committed, ordinal);
  self->committed = ordinal;
  self->next = MAX(self->next, ordinal);
}

void
cd_cursor_miss(CdCursor *self, guint64 from, guint64 to)
{
  _count_missing(self, MAX(from, self->committed), to);
}

void
cd_cursor_miss_if_nothing_is_left(CdCursor *self)
{
  const GPtrArray *segments = self->spool->store->segments;

  if (cd_cursor_get_backlog(self) > 0)
    return;
  for (guint i = 0; i < segments->len; i++)
    _count_gap(self, g_ptr_array_index(segments, i));
}

static void
_lose_unwritten_of(CdCursor *self, const CdSegment *segment)
{
  const guint64 count = cd_store_count_unwritten_in(segment, self->committed);
  const guint64 from = segment->valid_end - count;
  const CdLoss loss = _loss_between(self, segment, from, segment->valid_end);

  if (count == 0)
    return;
  cd_loss_add(&self->fresh, &loss);
  _note_counted(self, from, segment->end);
}

void
cd_cursor_lose_unwritten(CdCursor *self)
{
  const GPtrArray *segments = self->spool->store->segments;

  for (guint i = 0; i < segments->len; i++)
    _lose_unwritten_of(self, g_ptr_array_index(segments, i));
}

CdLoss
cd_cursor_get_lasting_loss(const CdCursor *self)
{
  CdLoss loss = self->loss;

  cd_loss_add(&loss, &self->ghosts);
  cd_loss_add(&loss, &self->fresh);
  return loss;
}

gboolean
cd_cursor_get_loss(CdCursor *self, CdSpoolLoss *loss)
{
  cd_loss_add(&self->loss, &self->fresh);
  self->fresh = CD_LOSS_NONE;
  *loss = self->loss.told;
  return loss->count > 0;
}

void
cd_cursor_clear_loss(CdCursor *self)
{
  self->loss = CD_LOSS_NONE;
  cd_spool_save_soon(self->spool);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Commits what cannot be read, as far as the cursor went past it. */
static void
_settle(CdCursor *self)
{
  CdSegment *segment;

  while (self->committed < self->next
         && (segment = cd_store_find(self->spool->store, self->committed))
         && self->committed >= segment->valid_end)
    self->committed = MIN(segment->end, self->next);
}

/* Told when it is met: who reads on may not commit for long. */
static void
_pass_gap(CdCursor *self, const CdSegment *segment)
{
  _count_gap(self, segment);
  self->next = segment->end;
  _settle(self);
  cd_spool_save_soon(self->spool);
}

/* Leaves the disk when it reaches what is in memory. */
static gboolean
_get_cached(CdCursor *self, const CdSegment *segment, CdFrame *frame)
{
  if (!cd_segment_get(segment, self->next, frame))
    return FALSE;
  g_clear_pointer(&self->reader, cd_reader_free);
  return TRUE;
}

/* Returns: whether there is an end to it: a line, or that there is none. */
static gboolean
_read(CdCursor *self, CdSegment *segment, CdFrame *frame, gboolean *found)
{
  GError *error = NULL;
  guint64 sound_end;

  if (!self->reader)
    self->reader = cd_reader_new();
  switch (cd_reader_read(self->reader, self->spool->folder, segment, self->next, frame, &sound_end,
                         &error))
    {
    case CD_READER_SOUND:
      *found = TRUE;
      return TRUE;
    case CD_READER_FAILED:
      cd_spool_fail(self->spool, CD_AILMENT_READ, error);
      return TRUE;
    case CD_READER_BROKEN:
      segment->valid_end = MIN(segment->valid_end, sound_end);
      return FALSE;
    }
  g_return_val_if_reached(TRUE);
}

static gboolean
_find_line(CdCursor *self, CdFrame *frame)
{
  gboolean found = FALSE;
  CdSegment *segment;

  while ((segment = cd_store_find(self->spool->store, self->next)))
    {
      if (self->next >= segment->valid_end)
        _pass_gap(self, segment);
      else if (_get_cached(self, segment, frame))
        return TRUE;
      else if (_read(self, segment, frame, &found))
        return found;
    }
  g_clear_pointer(&self->reader, cd_reader_free);
  return FALSE;
}

gboolean
cd_cursor_peek(CdCursor *self, CdText *line, guint64 *number)
{
  CdFrame frame;

  self->is_given = _find_line(self, &frame);
  if (!self->is_given)
    {
      cd_health_tell(&self->spool->health);
      return FALSE;
    }
  self->given = self->next;
  *line = frame.line;
  *number = frame.number;
  return TRUE;
}

void
cd_cursor_try(CdCursor *self)
{
  CdFrame frame;

  if (self->reader)
    _find_line(self, &frame);
}

/* The line may have been thrown away since it was given. */
void
cd_cursor_advance(CdCursor *self)
{
  if (self->is_given && self->given == self->next)
    {
      self->next++;
      self->n_passed++;
    }
  else if (self->is_given)
    self->n_ghosts++;
  self->is_given = FALSE;
}

void
cd_cursor_rewind(CdCursor *self)
{
  cd_loss_add(&self->fresh, &self->ghosts);
  self->ghosts = CD_LOSS_NONE;
  self->n_ghosts = 0;
  self->n_passed = 0;
  self->next = self->committed;
  self->is_given = FALSE;
}

/* --- committing ------------------------------------------------------------------------------- */

/* They are the oldest that it went past, or are taken for them: then too little is committed,
 * never too much. */
static void
_commit_ghosts(CdCursor *self, guint64 count)
{
  self->n_ghosts -= count;
  cd_loss_take(&self->ghosts, count);
}

static void
_commit_lines(CdCursor *self, guint64 count)
{
  CdSegment *segment;

  self->n_passed -= count;
  _settle(self);
  while (count > 0 && self->committed < self->next
         && (segment = cd_store_find(self->spool->store, self->committed)))
    {
      guint64 end = MIN(segment->valid_end, self->next);
      guint64 n = MIN(count, end - self->committed);

      self->committed += n;
      count -= n;
      _settle(self);
    }
}

void
cd_cursor_commit(CdCursor *self, guint64 count)
{
  guint64 ghosts = MIN(count, self->n_ghosts);

  _commit_ghosts(self, ghosts);
  _commit_lines(self, MIN(count - ghosts, self->n_passed));
  cd_spool_save_soon(self->spool);
}

guint64
cd_cursor_get_n_uncommitted(const CdCursor *self)
{
  return self->n_ghosts + self->n_passed;
}

guint64
cd_cursor_get_backlog(const CdCursor *self)
{
  const CdStore *store = self->spool->store;
  guint64 there = cd_store_count(store, self->committed, store->tail);

  return self->n_ghosts + MAX(there, self->n_passed);
}
