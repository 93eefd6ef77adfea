/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose lines go when there is no room.
 *
 * Cursors that lag need every segment that those before them need, and more. So the segment that
 * the fewest need is one that only the hindmost needs; of several the oldest or the newest, as the
 * spool is told. The last one takes the lines and stays. */
#include "emit/room.h"

#include "emit/cursor.h"
#include "emit/spool-state.h"

typedef gboolean (*Frees)(const CdSpool *self, const CdSegment *segment);

static gboolean
_frees_disk(const CdSpool *self, const CdSegment *segment)
{
  return segment->on_disk > 0 && !cd_store_is_last(self->store, segment);
}

/* Before a segment is added the last one is full. */
static gboolean
_frees_memory(const CdSpool *self, const CdSegment *segment)
{
  return cd_segment_is_cached(segment);
}

static guint
_count_needs(const CdSpool *self, const CdSegment *segment)
{
  guint count = 0;

  for (guint i = 0; i < self->cursors->len; i++)
    count += cd_cursor_needs(cd_spool_get_nth_cursor(self, i), segment);
  return count;
}

static CdSegment *
_choose(const CdSpool *self, Frees frees)
{
  CdSegment *chosen = NULL;
  guint fewest = G_MAXUINT;

  for (guint i = 0; i < self->store->segments->len; i++)
    {
      CdSegment *segment = cd_store_get(self->store, i);
      guint needs = _count_needs(self, segment);

      if (segment->dropped || !frees(self, segment) || needs > fewest)
        continue;
      if (needs == fewest && self->drop == CD_SPOOL_DROP_OLDEST)
        continue;
      chosen = segment;
      fewest = needs;
    }
  return chosen;
}

/* Losses are saved before the lines go: when the process is killed in between they are told in
 * vain, never forgotten. */
static void
_throw_away(CdSpool *self, CdSegment *segment)
{
  for (guint i = 0; i < self->cursors->len; i++)
    cd_cursor_lose(cd_spool_get_nth_cursor(self, i), segment);
  cd_spool_save_cursors(self);
  if (_count_needs(self, segment) > 0)
    cd_store_bury(self->store, segment);
  else
    cd_store_remove(self->store, segment);
}

static guint
_count_windows(const CdSpool *self)
{
  guint count = 0;

  for (guint i = 0; i < self->cursors->len; i++)
    count += cd_spool_get_nth_cursor(self, i)->reader != NULL;
  return count;
}

void
cd_room_in_memory(CdSpool *self)
{
  const guint windows = _count_windows(self) * CD_READER_SIZE;
  CdSegment *victim = NULL;

  while ((cd_store_count_cached(self->store) + 1) * CD_SEGMENT_SIZE + windows > CD_SPOOL_MEMORY_MAX
         && cd_store_evict(self->store))
    ;
  while ((cd_store_count_cached(self->store) + 1) * CD_SEGMENT_SIZE > CD_SPOOL_MEMORY_MAX
         && (victim = _choose(self, _frees_memory)))
    _throw_away(self, victim);
}

gboolean
cd_room_on_disk(CdSpool *self, guint32 need)
{
  const guint before = self->store->segments->len;
  CdSegment *victim;

  if (cd_store_count_bytes(self->store) + need <= self->size_max)
    return FALSE;
  cd_spool_save(self);
  if (self->store->segments->len < before)
    return TRUE;
  victim = _choose(self, _frees_disk);
  if (victim)
    _throw_away(self, victim);
  return victim != NULL;
}

/* --- ahead ------------------------------------------------------------------------------------ */

static gboolean
_fits(const CdSpool *self, guint64 need)
{
  return cd_store_count_bytes(self->store) + need <= self->size_max;
}

void
cd_room_ahead(CdSpool *self)
{
  if (_fits(self, CD_SEGMENT_SIZE))
    cd_spare_prepare(self->spare, CD_SEGMENT_SIZE);
  else
    cd_health_mend(&self->health, CD_AILMENT_SPARE);
}

void
cd_room_yield(CdSpool *self, guint32 need)
{
  if (!_fits(self, (guint64) need + CD_SEGMENT_SIZE))
    cd_spare_drop(self->spare);
}
