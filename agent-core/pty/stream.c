/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/stream.h"

#include "emit/timer.h"
#include "net/watch.h"

#include <unistd.h>

/* In one turn of the main loop, so that a flood starves nobody. */
#define READS_PER_TURN 16

/* A read of fewer bytes is nearly always of all there is: a key's echo goes out without another. */
#define READ_MORE 512

/* Bytes of one read; the kernel never gives more than 28 KiB. */
#define READ_SIZE (32 * 1024)

/* Milliseconds without output until the end of a program that left others on its terminal. */
#define QUIET_MS 50

/* Milliseconds of that in all. */
#define DRAIN_MS 1000

/* Milliseconds until a terminal that nobody holds is looked at again: somebody may open it. */
#define HUNG_UP_MS 200

/* Milliseconds from SIGHUP to SIGKILL. */
#define STOP_PATIENCE_MS 3000

struct _CdPtyStream
{
  const CdPtyStreamEvents *events;
  gpointer owner;
  CdPtyPair pair;
  CdChild *child;
  CdRing *ring;
  CdWatch *watch;
  GByteArray *input;
  gboolean is_full; /* input was refused since the queue had room last */
  guint64 pace;
  guint64 limit;
  gboolean is_hung_up;
  gboolean has_ended;
  gboolean is_drained;
  GSource *quiet;
  GSource *drain;
  GSource *retry;
};

/* --- how much may be read --------------------------------------------------------------------- */

/* A dead program's last words are few, so they may fill the ring. */
static gsize
_get_room(const CdPtyStream *self)
{
  guint64 lag_max = self->has_ended ? CD_RING_SIZE : CD_PTY_LAG_MAX;
  guint64 head = cd_ring_get_head(self->ring);
  guint64 lag = self->pace < head ? head - self->pace : 0;
  guint64 room = lag < lag_max ? lag_max - lag : 0;

  return MIN(MIN(room, self->limit - head), READ_SIZE);
}

static void
_update_watch(CdPtyStream *self)
{
  GIOCondition condition = 0;

  if (!self->is_drained && !self->is_hung_up && _get_room(self) > 0)
    condition |= G_IO_IN;
  if (!self->is_drained && !self->is_hung_up && self->input->len > 0)
    condition |= G_IO_OUT;
  cd_watch_set(self->watch, condition);
}

/* --- the end ---------------------------------------------------------------------------------- */

static gboolean
_tell_drained(gpointer user_data)
{
  CdPtyStream *self = user_data;

  self->events->drained(self->owner);
  return G_SOURCE_REMOVE;
}

/* Told in a turn of its own, so that the owner may free the stream then. */
static void
_finish(CdPtyStream *self)
{
  if (self->is_drained)
    return;
  self->is_drained = TRUE;
  cd_timer_stop(&self->quiet);
  cd_timer_stop(&self->drain);
  cd_timer_stop(&self->retry);
  _update_watch(self);
  self->drain = cd_timer_start(0, _tell_drained, self);
}

static gboolean
_on_time_over(gpointer user_data)
{
  _finish(user_data);
  return G_SOURCE_REMOVE;
}

static void
_await_quiet(CdPtyStream *self)
{
  cd_timer_stop(&self->quiet);
  self->quiet = cd_timer_start(QUIET_MS, _on_time_over, self);
}

static gboolean
_look_again(gpointer user_data)
{
  CdPtyStream *self = user_data;

  cd_timer_stop(&self->retry);
  self->is_hung_up = FALSE;
  _update_watch(self);
  return G_SOURCE_REMOVE;
}

/* Nobody holds the terminal. The program may live on without it, and open it again. */
static void
_hang_up(CdPtyStream *self)
{
  if (self->has_ended)
    {
      _finish(self);
      return;
    }
  self->is_hung_up = TRUE;
  self->retry = cd_timer_start(HUNG_UP_MS, _look_again, self);
  _update_watch(self);
}

/* --- output ----------------------------------------------------------------------------------- */

/* Returns: as read(2) does. */
static gssize
_read_some(CdPtyStream *self)
{
  struct iovec pieces[2];
  gint n_pieces = cd_ring_get_room(self->ring, _get_room(self), pieces);
  gssize n;

  if (n_pieces == 0)
    {
      errno = EAGAIN;
      return -1;
    }
  do
    n = readv(self->pair.master, pieces, n_pieces);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    cd_ring_advance(self->ring, (gsize) n);
  return n;
}

static void
_read(CdPtyStream *self)
{
  guint64 before = cd_ring_get_head(self->ring);
  gssize n = 0;
  gint code = 0;

  for (guint i = 0; i < READS_PER_TURN && (n = _read_some(self)) >= READ_MORE; i++)
    ;
  code = n < 0 ? errno : 0;
  if (cd_ring_get_head(self->ring) > before)
    {
      self->events->output(self->owner);
      if (self->has_ended && !self->is_drained)
        _await_quiet(self);
    }
  if (n == 0 || (n < 0 && code != EAGAIN))
    _hang_up(self);
}

/* --- input ------------------------------------------------------------------------------------ */

/* Returns: how many bytes the terminal took. */
static gsize
_write_some(CdPtyStream *self, CdText input)
{
  gsize taken = 0;

  while (taken < input.length)
    {
      gssize n = write(self->pair.master, input.data + taken, input.length - taken);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      taken += (gsize) n;
    }
  return taken;
}

static void
_write_queue(CdPtyStream *self)
{
  CdText queued = { (const gchar *) self->input->data, self->input->len };

  g_byte_array_remove_range(self->input, 0, (guint) _write_some(self, queued));
  if (!self->is_full || self->input->len > CD_PTY_INPUT_MAX / 2)
    return;
  self->is_full = FALSE;
  self->events->writable(self->owner);
}

/* What waits for a program that is no more, nobody will read. */
static void
_drop_input(CdPtyStream *self)
{
  g_byte_array_set_size(self->input, 0);
  if (!self->is_full)
    return;
  self->is_full = FALSE;
  self->events->writable(self->owner);
}

gsize
cd_pty_stream_write(CdPtyStream *self, CdText input)
{
  gsize taken;

  if (self->has_ended)
    return input.length;
  taken = self->input->len == 0 && !self->is_hung_up ? _write_some(self, input) : 0;
  input = cd_text_head(cd_text_skip(input, taken), CD_PTY_INPUT_MAX - self->input->len);
  g_byte_array_append(self->input, (const guint8 *) input.data, (guint) input.length);
  if (self->input->len == CD_PTY_INPUT_MAX)
    self->is_full = TRUE;
  _update_watch(self);
  return taken + input.length;
}

/* --- events ----------------------------------------------------------------------------------- */

static void
_on_ready(GIOCondition condition, gpointer user_data)
{
  CdPtyStream *self = user_data;

  if (condition & G_IO_OUT)
    _write_queue(self);
  if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    _read(self);
  _update_watch(self);
}

static void
_on_ended(CdChild *child, const CdChildEnd *end, gpointer user_data)
{
  CdPtyStream *self = user_data;

  self->has_ended = TRUE;
  self->events->ended(end, self->owner);
  _drop_input(self);
  self->drain = cd_timer_start(DRAIN_MS, _on_time_over, self);
  _await_quiet(self);
  if (self->retry)
    _look_again(self);
  _update_watch(self);
}

/* --- life ------------------------------------------------------------------------------------- */

CdPtyStream *
cd_pty_stream_new(const CdChildOptions *child, guint16 rows, guint16 columns,
                  const CdPtyStreamEvents *events, gpointer owner, GError **error)
{
  g_autoptr(CdPtyStream) self = g_new0(CdPtyStream, 1);
  CdChildOptions options = *child;

  self->events = events;
  self->owner = owner;
  self->pace = G_MAXUINT64;
  self->limit = G_MAXUINT64;
  self->pair.master = -1;
  self->ring = cd_ring_new();
  self->input = g_byte_array_new();
  if (!cd_pty_pair_open(&self->pair, rows, columns, error))
    return NULL;
  options.pair = &self->pair;
  self->child = cd_child_new(&options, _on_ended, self, error);
  if (!self->child)
    return NULL;
  self->watch = cd_watch_new(self->pair.master, G_IO_IN, _on_ready, self);
  return g_steal_pointer(&self);
}

void
cd_pty_stream_free(CdPtyStream *self)
{
  cd_timer_stop(&self->quiet);
  cd_timer_stop(&self->drain);
  cd_timer_stop(&self->retry);
  g_clear_pointer(&self->watch, cd_watch_free);
  g_clear_pointer(&self->child, cd_child_free);
  cd_pty_pair_close(&self->pair);
  g_byte_array_unref(self->input);
  cd_ring_free(self->ring);
  g_free(self);
}

const CdRing *
cd_pty_stream_get_ring(const CdPtyStream *self)
{
  return self->ring;
}

void
cd_pty_stream_resize(CdPtyStream *self, guint16 rows, guint16 columns)
{
  cd_pty_pair_resize(&self->pair, rows, columns, NULL);
}

void
cd_pty_stream_set_pace(CdPtyStream *self, guint64 offset)
{
  self->pace = offset;
  _update_watch(self);
}

void
cd_pty_stream_set_limit(CdPtyStream *self, guint64 offset)
{
  self->limit = offset;
  _update_watch(self);
}

void
cd_pty_stream_stop(CdPtyStream *self)
{
  cd_child_stop(self->child, STOP_PATIENCE_MS);
}

gboolean
cd_pty_stream_is_raw(const CdPtyStream *self)
{
  return cd_pty_pair_is_raw(&self->pair);
}
