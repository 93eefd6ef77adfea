/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/emitter-state.h"
#include "emit/timer.h"

/* Milliseconds between two looks whether all has arrived. */
#define FLUSH_INTERVAL 20

/* Microseconds that a flush whose time is up goes on without a record sent. */
#define FLUSH_PATIENCE (100 * 1000)

/* Microseconds for the other sides to close. Not all servers do. */
#define PART_TIME G_USEC_PER_SEC

static gboolean
_wake_up(gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static guint64
_count_waiting(const CdEmitter *self)
{
  guint64 n = 0;

  for (guint i = 0; i < self->feeds->len; i++)
    {
      CdFeedFigures figures;

      cd_feed_get_figures(self->feeds->pdata[i], &figures);
      n += figures.waiting;
    }
  return n;
}

/* What can be done without waiting, even after @end: but a context can always have something to do
 * that brings no record further. */
static void
_send_at_once(CdEmitter *self, GMainContext *context, gint64 end)
{
  guint64 waiting = G_MAXUINT64;
  gint64 patience = end;

  while (!cd_emitter_is_done(self) && g_main_context_iteration(context, FALSE))
    {
      gint64 now = g_get_monotonic_time();
      guint64 n = _count_waiting(self);

      if (n != waiting)
        patience = MAX(end, now + FLUSH_PATIENCE);
      else if (now >= patience)
        return;
      waiting = n;
    }
}

static gboolean
_is_time_left(gint64 end, GCancellable *cancellable)
{
  return g_get_monotonic_time() < end && !g_cancellable_is_cancelled(cancellable);
}

/* Runs the main context until @is_over, within the time. */
static void
_run_until(CdEmitter *self, gboolean (*is_over)(CdEmitter *self), gint64 end,
           GCancellable *cancellable)
{
  GSource *tick = cd_timer_start(FLUSH_INTERVAL, _wake_up, NULL);

  while (!is_over(self) && _is_time_left(end, cancellable))
    g_main_context_iteration(g_main_context_get_thread_default(), TRUE);
  cd_timer_stop(&tick);
}

/* What was done need not stay so: a connection that breaks gives its last records back. */
static gboolean
_flush(CdEmitter *self, gint64 end, GCancellable *cancellable)
{
  gboolean is_done;

  do
    {
      _send_at_once(self, g_main_context_get_thread_default(), end);
      _run_until(self, cd_emitter_is_done, end, cancellable);
      is_done = cd_emitter_is_done(self);
    }
  while (!is_done && _is_time_left(end, cancellable));
  return is_done;
}

static gint64
_get_end(guint seconds)
{
  return g_get_monotonic_time() + (gint64) seconds * G_USEC_PER_SEC;
}

gboolean
cd_emitter_flush(CdEmitter *self, guint seconds, GCancellable *cancellable)
{
  return _flush(self, _get_end(seconds), cancellable);
}

static gboolean
_is_parted(CdEmitter *self)
{
  for (guint i = 0; i < self->feeds->len; i++)
    if (cd_feed_is_parting(self->feeds->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
_part(CdEmitter *self, GCancellable *cancellable)
{
  for (guint i = 0; i < self->feeds->len; i++)
    cd_feed_part(self->feeds->pdata[i]);
  _run_until(self, _is_parted, g_get_monotonic_time() + PART_TIME, cancellable);
}

gboolean
cd_emitter_finish(CdEmitter *self, guint seconds, GCancellable *cancellable)
{
  gint64 end = _get_end(seconds);

  do
    {
      _flush(self, end, cancellable);
      _part(self, cancellable);
    }
  while (!cd_emitter_is_done(self) && _is_time_left(end, cancellable));
  return cd_emitter_is_done(self);
}
