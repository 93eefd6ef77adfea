/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/restore.h"

#include "emit/timer.h"
#include "pty/screen-model.h"

#include <time.h>

/* Bytes that `buffered` gives. */
#define REPLAY_SIZE (64 * 1024)

/* Bytes that are read in one turn of the main loop. */
#define SLICE_SIZE (16 * 1024)

/* Bytes that are read between two looks at the time. Three can draw a large screen, for 10 ms;
 * where so many took long, the next are few. */
#define PIECE_MAX 256
#define PIECE_MIN 16
#define PIECE_NS (1000 * 1000)

/* Nanoseconds of the processor for what can wait until the next turn, and for what a client waits
 * for: more would take the time from all other sessions. */
#define TURN_NS (10 * 1000 * 1000)
#define PATIENCE_NS (1000 * 1000 * 1000)

/* Ends a sequence that was cut. */
#define CANCEL "\030"

/* Unread bytes from which on they are read, or skipped, at once. */
#define BACKLOG_MAX (CD_RING_SIZE / 2)
#define BACKLOG_STEP (2 * SLICE_SIZE)

/* Milliseconds without output until it is read, and until the screen goes to sleep. */
#define QUIET_MS 30
#define SLEEP_MS_DEFAULT (60 * 1000)

struct _CdPtyRestore
{
  const CdRing *ring;
  CdScreenModel *model; /* NULL for `buffered` */
  guint64 read;         /* offset */
  gsize piece;          /* bytes that are read next */
  guint16 rows;         /* of all that was not read; 0 where the model has it already */
  guint16 columns;
  GSource *quiet; /* reads, or goes to sleep, in a while */
  guint sleep_ms;
  gint64 last; /* monotonic time of the last output */
  CdPtyRestoreFunc caught_up;
  gpointer user_data;
};

CdPtyRestore *
cd_pty_restore_new(CdPtyBackend backend, const CdRing *ring, guint16 rows, guint16 columns,
                   CdPtyRestoreFunc caught_up, gpointer user_data)
{
  CdPtyRestore *self = g_new0(CdPtyRestore, 1);

  self->ring = ring;
  self->piece = PIECE_MIN;
  self->sleep_ms = SLEEP_MS_DEFAULT;
  self->caught_up = caught_up;
  self->user_data = user_data;
  if (backend == CD_PTY_BACKEND_TERMINAL)
    self->model = cd_screen_model_new(rows, columns);
  return self;
}

void
cd_pty_restore_free(CdPtyRestore *self)
{
  cd_timer_stop(&self->quiet);
  g_clear_pointer(&self->model, cd_screen_model_free);
  g_free(self);
}

/* --- reading ---------------------------------------------------------------------------------- */

static guint64
_count_unread(const CdPtyRestore *self)
{
  return cd_ring_get_head(self->ring) - self->read;
}

static void
_read_piece(CdPtyRestore *self)
{
  struct iovec pieces[2];
  gint n = cd_ring_read(self->ring, self->read, self->piece, pieces);

  for (gint i = 0; i < n; i++)
    {
      cd_screen_model_feed(self->model, (CdText) { pieces[i].iov_base, pieces[i].iov_len });
      self->read += pieces[i].iov_len;
    }
}

static gint64
_get_processor_time(void)
{
  struct timespec now = { 0 };

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Reads until no more than @n_left bytes are unread, or the time is over. */
static void
_read_until(CdPtyRestore *self, guint64 n_left, gint64 nanoseconds)
{
  gint64 now = _get_processor_time();
  const gint64 end = now + nanoseconds;

  while (_count_unread(self) > n_left && now < end)
    {
      const gint64 before = now;

      _read_piece(self);
      now = _get_processor_time();
      self->piece = now - before > PIECE_NS ? PIECE_MIN : MIN(self->piece * 2, PIECE_MAX);
    }
}

/* A large screen's size is dear: of several between two bytes of output the last is enough. */
static void
_adopt_size(CdPtyRestore *self)
{
  if (self->rows)
    cd_screen_model_resize(self->model, self->rows, self->columns);
  self->rows = 0;
}

/* What a flood has pushed out of the screen need not be read. */
static void
_skip(CdPtyRestore *self)
{
  g_autoptr(GString) pending = g_string_sized_new(_count_unread(self));

  _adopt_size(self);
  cd_ring_append_to(self->ring, self->read, pending);
  self->read += cd_screen_model_skip(self->model, (CdText) { pending->str, pending->len });
}

/* Drops what could not be read in time: no program that means to be read writes that. */
static void
_read_all(CdPtyRestore *self)
{
  _skip(self);
  _read_until(self, 0, PATIENCE_NS);
  if (_count_unread(self) == 0)
    return;
  self->read = cd_ring_get_head(self->ring);
  cd_screen_model_feed(self->model, CD_TEXT(CANCEL));
}

/* Before the ring's next bytes go over what was not read. Some more is read than has to be, so that
 * what may be skipped is not looked for with every few bytes. What is left then the limit keeps. */
static void
_make_room(CdPtyRestore *self)
{
  if (_count_unread(self) <= BACKLOG_MAX)
    return;
  _skip(self);
  _read_until(self, BACKLOG_MAX - BACKLOG_STEP, TURN_NS);
}

static void
_read_slice(CdPtyRestore *self)
{
  const guint64 n_unread = _count_unread(self);

  _read_until(self, n_unread - MIN(n_unread, SLICE_SIZE), TURN_NS);
}

static void _wait(CdPtyRestore *self, guint milliseconds);

static guint
_get_quiet_ms(const CdPtyRestore *self)
{
  return (guint) ((g_get_monotonic_time() - self->last) / 1000);
}

/* One timer for a burst of output: it looks how long ago the last was. */
static gboolean
_on_quiet(gpointer user_data)
{
  CdPtyRestore *self = user_data;
  guint quiet_ms = _get_quiet_ms(self);

  cd_timer_stop(&self->quiet);
  if (quiet_ms < QUIET_MS)
    _wait(self, QUIET_MS - quiet_ms);
  else if (_count_unread(self) > 0)
    {
      _skip(self);
      _read_slice(self);
      self->caught_up(self->user_data);
      _wait(self, 0);
    }
  else if (quiet_ms < self->sleep_ms)
    _wait(self, self->sleep_ms - quiet_ms);
  else
    cd_screen_model_sleep(self->model);
  return G_SOURCE_REMOVE;
}

static void
_wait(CdPtyRestore *self, guint milliseconds)
{
  self->quiet = cd_timer_start(milliseconds, _on_quiet, self);
  g_source_set_priority(self->quiet, G_PRIORITY_DEFAULT_IDLE);
}

/* --- for its owner ---------------------------------------------------------------------------- */

void
cd_pty_restore_set_sleep_timeout(CdPtyRestore *self, guint milliseconds)
{
  self->sleep_ms = milliseconds;
}

void
cd_pty_restore_take(CdPtyRestore *self)
{
  gint64 now;

  if (!self->model)
    return;
  now = g_get_monotonic_time();
  if (!self->quiet || now - self->last > QUIET_MS * 1000)
    {
      cd_timer_stop(&self->quiet);
      _wait(self, QUIET_MS);
    }
  self->last = now;
  _make_room(self);
}

void
cd_pty_restore_resize(CdPtyRestore *self, guint16 rows, guint16 columns)
{
  if (!self->model)
    return;
  if (_count_unread(self) > 0)
    _read_all(self);
  self->rows = rows;
  self->columns = columns;
}

guint64
cd_pty_restore_get_limit(const CdPtyRestore *self)
{
  return self->model ? self->read + CD_RING_SIZE : G_MAXUINT64;
}

GString *
cd_pty_restore_make(CdPtyRestore *self)
{
  guint64 head = cd_ring_get_head(self->ring);
  GString *bytes = g_string_new(NULL);

  if (!self->model)
    {
      cd_ring_append_to(self->ring, head > REPLAY_SIZE ? head - REPLAY_SIZE : 0, bytes);
      return bytes;
    }
  _read_all(self);
  cd_screen_model_restore(self->model, bytes);
  return bytes;
}
