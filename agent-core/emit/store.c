/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/store.h"

static CdSegment *
_last(const CdStore *self)
{
  return self->segments->len ? cd_store_get(self, self->segments->len - 1) : NULL;
}

static void
_free_segment(gpointer data)
{
  cd_segment_free(data);
}

CdStore *
cd_store_new(CdFolder *folder, CdSyncer *syncer, CdSpare *spare)
{
  CdStore *self = g_new0(CdStore, 1);

  self->folder = folder;
  self->syncer = syncer;
  self->spare = spare;
  self->segments = g_ptr_array_new_with_free_func(_free_segment);
  return self;
}

void
cd_store_free(CdStore *self)
{
  g_ptr_array_unref(self->segments);
  g_free(self);
}

/* --- opening ---------------------------------------------------------------------------------- */

static gint
_compare(gconstpointer a, gconstpointer b)
{
  const CdSegment *one = *(CdSegment *const *) a;
  const CdSegment *other = *(CdSegment *const *) b;

  return one->first < other->first ? -1 : one->first > other->first;
}

static gboolean
_find_segments(CdStore *self, GError **error)
{
  g_autoptr(GPtrArray) names = cd_folder_list(self->folder, error);
  guint64 first;

  for (guint i = 0; names && i < names->len; i++)
    {
      const gchar *name = g_ptr_array_index(names, i);
      CdSegment *segment;

      if (!cd_segment_parse_name(name, &first))
        continue;
      segment = cd_segment_open(self->folder, name, error);
      if (!segment)
        return FALSE;
      g_ptr_array_add(self->segments, segment);
    }
  g_ptr_array_sort(self->segments, _compare);
  return names != NULL;
}

/* What a segment holds is looked at when somebody reads it; until then it is believed to reach to
 * the next. */
static void
_join_segments(CdStore *self)
{
  for (guint i = 0; i + 1 < self->segments->len; i++)
    {
      CdSegment *segment = cd_store_get(self, i);

      segment->end = cd_store_get(self, i + 1)->first;
      if (!segment->is_broken && !segment->dropped)
        segment->valid_end = segment->end;
    }
}

/* A head that cannot be used and no line behind it: the file was made, and nothing written. */
static void
_take_up_last(CdStore *self, CdSegment *last)
{
  self->tail = last->end;
  if (last->is_broken && last->end == last->first)
    cd_store_remove(self, last);
}

gboolean
cd_store_open(CdStore *self, GError **error)
{
  CdSegment *last;

  if (!_find_segments(self, error))
    return FALSE;
  _join_segments(self);
  last = _last(self);
  if (!last)
    return TRUE;
  if (last->dropped)
    last->end = last->first + 1;
  else if (!cd_segment_load(last, self->folder, error))
    return FALSE;
  _take_up_last(self, last);
  return TRUE;
}

void
cd_store_begin_at(CdStore *self, guint64 ordinal)
{
  CdSegment *last = _last(self);

  if (ordinal <= self->tail)
    return;
  self->tail = ordinal;
  if (last)
    last->end = ordinal;
  cd_store_add_segment(self);
}

/* --- lines ------------------------------------------------------------------------------------ */

guint64
cd_store_get_head(const CdStore *self)
{
  return self->segments->len ? cd_store_get(self, 0)->first : self->tail;
}

CdSegment *
cd_store_find(const CdStore *self, guint64 ordinal)
{
  guint low = 0;
  guint high = self->segments->len;

  if (high == 0 || ordinal < cd_store_get(self, 0)->first || ordinal >= self->tail)
    return NULL;
  if (ordinal >= _last(self)->first)
    return _last(self);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (cd_store_get(self, middle)->first <= ordinal)
        low = middle;
      else
        high = middle;
    }
  return cd_store_get(self, low);
}

guint64
cd_store_count(const CdStore *self, guint64 from, guint64 to)
{
  guint64 count = 0;

  for (guint i = self->segments->len; i-- > 0 && cd_store_get(self, i)->end > from;)
    {
      guint64 begin = MAX(from, cd_store_get(self, i)->first);
      guint64 end = MIN(to, cd_store_get(self, i)->valid_end);

      count += begin < end ? end - begin : 0;
    }
  return count;
}

gboolean
cd_store_is_full(const CdStore *self, gsize length)
{
  const CdSegment *last = _last(self);

  return !last || !cd_segment_is_cached(last) || !cd_segment_has_room(last, length);
}

void
cd_store_finish(CdStore *self)
{
  CdSegment *last = _last(self);

  if (last && self->folder && !cd_segment_is_unwritten(last))
    cd_segment_finish(last, self->syncer);
}

void
cd_store_add_segment(CdStore *self)
{
  cd_store_finish(self);
  g_ptr_array_add(self->segments, cd_segment_new(self->tail));
}

void
cd_store_append(CdStore *self, const CdFrame *frame)
{
  cd_segment_append(_last(self), frame);
  self->tail++;
}

/* --- writing and removing --------------------------------------------------------------------- */

const CdSegment *
cd_store_get_last(const CdStore *self)
{
  return _last(self);
}

/* Notes may lack anywhere, lines only at the end. */
static CdSegment *
_find_unwritten_note(const CdStore *self)
{
  for (guint i = 0; i < self->segments->len; i++)
    if (cd_segment_is_unwritten(cd_store_get(self, i)))
      return cd_store_get(self, i);
  return NULL;
}

CdSegment *
cd_store_get_unwritten(CdStore *self)
{
  CdSegment *oldest = self->has_note ? _find_unwritten_note(self) : NULL;

  self->has_note = oldest != NULL;
  if (oldest)
    return oldest;
  for (guint i = self->segments->len; i-- > 0 && cd_segment_is_unwritten(cd_store_get(self, i));)
    oldest = cd_store_get(self, i);
  return oldest;
}

gboolean
cd_store_is_last(const CdStore *self, const CdSegment *segment)
{
  return segment == _last(self);
}

gboolean
cd_store_takes_spare(const CdStore *self, const CdSegment *segment)
{
  return cd_store_is_last(self, segment) && cd_spare_is_ready(self->spare);
}

gboolean
cd_store_write(CdStore *self, CdSegment *segment, GError **error)
{
  gboolean is_open = cd_store_is_last(self, segment);
  gboolean is_new = segment->on_disk == 0;

  if (is_new && cd_store_takes_spare(self, segment))
    cd_segment_take_spare(segment, self->spare);
  if (!cd_segment_write(segment, self->folder, is_open, error))
    return FALSE;
  cd_syncer_add(self->syncer, segment->fd, &segment->round);
  if (is_new)
    cd_syncer_add(self->syncer, cd_folder_get_fd(self->folder), &self->folder_round);
  if (!is_open)
    cd_segment_finish(segment, self->syncer);
  return TRUE;
}

/* A file that cannot be removed is removed by a later run, as one that all have passed. */
void
cd_store_remove(CdStore *self, CdSegment *segment)
{
  if (self->folder)
    cd_segment_remove(segment, self->folder);
  g_ptr_array_remove(self->segments, segment);
}

void
cd_store_bury(CdStore *self, CdSegment *segment)
{
  guint i;
  CdSegment *before, *after;

  g_ptr_array_find(self->segments, segment, &i);
  before = i > 0 ? cd_store_get(self, i - 1) : NULL;
  after = i + 1 < self->segments->len ? cd_store_get(self, i + 1) : NULL;
  if (before && before->dropped)
    {
      before->end = segment->end;
      cd_store_remove(self, segment);
      return;
    }
  cd_segment_bury(segment);
  self->has_note = self->folder != NULL;
  if (!after || !after->dropped)
    return;
  segment->end = after->end;
  cd_store_remove(self, after);
}

gboolean
cd_store_evict(CdStore *self)
{
  for (guint i = 0; i + 1 < self->segments->len; i++)
    {
      CdSegment *segment = cd_store_get(self, i);

      if (!cd_segment_is_cached(segment) || cd_segment_is_unwritten(segment))
        continue;
      cd_segment_evict(segment);
      return TRUE;
    }
  return FALSE;
}

void
cd_store_remove_all(CdStore *self)
{
  while (self->segments->len)
    cd_store_remove(self, cd_store_get(self, 0));
}

void
cd_store_write_again(CdStore *self)
{
  CdSegment *last = _last(self);

  if (last && last->fd >= 0)
    last->written = 0;
}
