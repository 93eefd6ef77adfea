/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/window.h"

typedef struct _Line
{
  gint64 time;
  gsize length;
  gboolean is_notice;
} Line;

void
cd_window_clear(CdWindow *self)
{
  g_queue_clear_full(&self->lines, g_free);
  *self = (CdWindow) { G_QUEUE_INIT, 0, 0, 0 };
}

void
cd_window_add(CdWindow *self, gsize length, gboolean is_notice)
{
  Line *line = g_new(Line, 1);

  *line = (Line) { g_get_monotonic_time(), length, is_notice };
  g_queue_push_tail(&self->lines, line);
  self->bytes += length;
  self->written += length;
}

gboolean
cd_window_is_empty(const CdWindow *self)
{
  return self->lines.length == 0;
}

/* Returns: whether it is a notice. */
static gboolean
_take_first(CdWindow *self)
{
  g_autofree Line *first = g_queue_pop_head(&self->lines);

  self->bytes -= first->length;
  return first->is_notice;
}

guint64
cd_window_settle(CdWindow *self, gint64 latest, gsize bytes_max, gsize unsent, gboolean *has_notice)
{
  guint64 n_lines = 0;

  *has_notice = FALSE;
  while (!cd_window_is_empty(self))
    {
      const Line *first = g_queue_peek_head(&self->lines);
      if (self->bytes - first->length < unsent
          || (first->time > latest && self->bytes <= bytes_max))
        break;
      if (_take_first(self))
        *has_notice = TRUE;
      else
        n_lines++;
    }
  return n_lines;
}

gboolean
cd_window_is_stalled(CdWindow *self, gsize unsent)
{
  gint64 passed = (gint64) self->written - (gint64) unsent;
  gboolean is_stalled = unsent > 0 && passed <= self->passed;

  self->passed = passed;
  return is_stalled;
}
