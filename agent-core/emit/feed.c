/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/feed-state.h"
#include "emit/timer.h"

/* Lines in one turn of the main loop, so that a long backlog starves nobody. */
#define LINES_PER_TURN 64

/* Milliseconds between two looks at what has arrived. */
#define SETTLE_INTERVAL 1000

/* Milliseconds between two looks whether a full window has room again. */
#define ROOM_INTERVAL 10

/* A full window makes room for so much at a time. */
#define ROOM_STEP (64 * 1024)

static void _schedule(CdFeed *self);

/* What was lost since is told next. */
static void
_clear_loss(CdFeed *self)
{
  self->figures.dropped += self->n_told;
  cd_cursor_clear_loss(self->cursor);
  self->is_loss_told = FALSE;
}

void
cd_feed_settle(CdFeed *self, gint64 latest, gsize bytes_max)
{
  gsize unsent = cd_target_get_unsent(self->target);
  gboolean has_notice;
  guint64 n_sure = cd_window_settle(&self->window, latest, bytes_max, unsent, &has_notice);

  if (has_notice)
    _clear_loss(self);
  if (n_sure)
    cd_cursor_commit(self->cursor, n_sure);
}

static gboolean
_look_again(gpointer user_data)
{
  CdFeed *self = user_data;

  if (!cd_window_is_stalled(&self->window, cd_target_get_unsent(self->target)))
    cd_feed_settle(self, g_get_monotonic_time() - CD_FEED_UNSURE_TIME, G_MAXSIZE);
  _schedule(self);
  if (!cd_window_is_empty(&self->window))
    return G_SOURCE_CONTINUE;
  cd_timer_stop(&self->settle);
  return G_SOURCE_REMOVE;
}

static void
_keep_unsure(CdFeed *self, gsize length, gboolean is_notice)
{
  cd_window_add(&self->window, length, is_notice);
  if (!self->settle)
    self->settle = cd_timer_start(SETTLE_INTERVAL, _look_again, self);
}

static void
_end_trouble(CdFeed *self)
{
  self->is_in_trouble = FALSE;
  self->is_tls_told = FALSE;
  if (self->trouble)
    self->trouble(self, NULL, self->user_data);
}

static gboolean
_on_proved(gpointer user_data)
{
  CdFeed *self = user_data;

  cd_timer_stop(&self->proof);
  _end_trouble(self);
  return G_SOURCE_REMOVE;
}

/* A line that a closed port answers with an error was taken as any other. */
static void
_begin_proof(CdFeed *self)
{
  if (self->is_in_trouble && !self->proof)
    self->proof = cd_timer_start(CD_FEED_PROOF_TIME, _on_proved, self);
}

static void
_count_sent(CdFeed *self)
{
  _begin_proof(self);
  self->figures.sent++;
  if (!self->n_again)
    return;
  self->n_again--;
  self->figures.repeated++;
}

/* The cursor's line is done with; of a stream's so many bytes may still be lost. */
static void
_pass(CdFeed *self, gsize length)
{
  cd_cursor_advance(self->cursor);
  if (cd_target_is_stream(self->target))
    _keep_unsure(self, length, FALSE);
  else
    cd_cursor_commit(self->cursor, 1);
}

static gboolean
_send_line(CdFeed *self, CdText line)
{
  switch (cd_target_send(self->target, line))
    {
    case CD_TARGET_SENT:
      _count_sent(self);
      _pass(self, line.length);
      return TRUE;
    case CD_TARGET_REFUSED:
      self->figures.refused++;
      _pass(self, 0);
      return TRUE;
    case CD_TARGET_WAIT:
      self->is_ready = FALSE;
      return FALSE;
    }
  g_return_val_if_reached(FALSE);
}

/* The loss is remembered until the notice of it has surely arrived. One that is refused is tried
 * again on the next connection. */
static void
_loss_told(CdFeed *self, gsize length, CdTargetResult result)
{
  self->is_loss_told = TRUE;
  if (result == CD_TARGET_SENT && cd_target_is_stream(self->target))
    _keep_unsure(self, length, TRUE);
  else if (result == CD_TARGET_SENT)
    _clear_loss(self);
}

/* In place of the lines that the spool's limit took. */
static gboolean
_tell_loss(CdFeed *self)
{
  g_autoptr(GString) line = NULL;
  CdTargetResult result;
  CdSpoolLoss loss;

  if (self->is_loss_told || !cd_cursor_get_loss(self->cursor, &loss))
    return TRUE;
  line = g_string_new(NULL);
  self->n_told = loss.count;
  cd_sender_append_dropped(self->sender, line, &loss, g_get_real_time());
  result = cd_target_send(self->target, (CdText) { line->str, line->len });
  if (result != CD_TARGET_WAIT)
    _loss_told(self, line->len, result);
  else
    self->is_ready = FALSE;
  return result != CD_TARGET_WAIT;
}

static gboolean
_has_room(CdFeed *self)
{
  if (self->window.bytes < CD_FEED_UNSURE_MAX)
    return TRUE;
  cd_feed_settle(self, 0, CD_FEED_UNSURE_MAX - ROOM_STEP);
  return self->window.bytes < CD_FEED_UNSURE_MAX;
}

static gboolean
_look_for_room(gpointer user_data)
{
  CdFeed *self = user_data;

  cd_timer_stop(&self->room);
  _schedule(self);
  return G_SOURCE_REMOVE;
}

/* Nobody tells when the peer's kernel has taken what stands in the socket. */
static gboolean
_wait_for_room(CdFeed *self)
{
  if (_has_room(self))
    return TRUE;
  if (!self->room)
    self->room = cd_timer_start(ROOM_INTERVAL, _look_for_room, self);
  return FALSE;
}

/* To look for the last line may be to find that it was lost. */
static gboolean
_send_next(CdFeed *self)
{
  guint64 number;
  CdText line;

  if (!self->is_ready || !_wait_for_room(self) || !_tell_loss(self))
    return FALSE;
  if (cd_cursor_peek(self->cursor, &line, &number))
    return _send_line(self, line);
  _tell_loss(self);
  return FALSE;
}

static gboolean
_take_turn(gpointer user_data)
{
  CdFeed *self = user_data;

  for (guint i = 0; i < LINES_PER_TURN; i++)
    if (!_send_next(self))
      {
        cd_timer_stop(&self->turn);
        return G_SOURCE_REMOVE;
      }
  return G_SOURCE_CONTINUE;
}

static void
_schedule(CdFeed *self)
{
  if (self->is_ready && !self->turn)
    self->turn = cd_timer_start(0, _take_turn, self);
}

static void
_ready(CdTarget *target, gpointer user_data)
{
  CdFeed *self = user_data;

  self->is_ready = TRUE;
  self->is_parted = FALSE;
  if (self->is_in_trouble && !cd_target_is_blind(target))
    _end_trouble(self);
  _schedule(self);
}

/* A certificate that cannot be used does not mend itself: it is told, too, where it came up while
 * the server was away. */
static gboolean
_is_news(const CdFeed *self, gboolean is_tls)
{
  return !self->is_in_trouble || (is_tls && !self->is_tls_told);
}

static void
_lost(CdTarget *target, const GError *error, gpointer user_data)
{
  CdFeed *self = user_data;
  gboolean is_tls = g_error_matches(error, CD_TARGET_ERROR, CD_TARGET_ERROR_TLS);

  self->is_ready = FALSE;
  self->is_parting = FALSE;
  cd_timer_stop(&self->proof);
  self->n_again += cd_cursor_get_n_uncommitted(self->cursor);
  cd_window_clear(&self->window);
  self->is_loss_told = FALSE;
  cd_cursor_rewind(self->cursor);
  if (_is_news(self, is_tls) && self->trouble)
    self->trouble(self, error, self->user_data);
  self->is_in_trouble = TRUE;
  self->is_tls_told |= is_tls;
}

CdFeed *
cd_feed_new(CdCursor *cursor, CdTarget *target, CdSender *sender, CdFeedTrouble trouble,
            gpointer user_data)
{
  CdFeed *self = g_new0(CdFeed, 1);

  self->cursor = cursor;
  self->target = target;
  self->sender = sender;
  self->trouble = trouble;
  self->user_data = user_data;
  cd_target_start(target, _ready, _lost, self);
  return self;
}

void
cd_feed_free(CdFeed *self)
{
  if (cd_target_is_connected(self->target))
    cd_feed_settle(self, G_MAXINT64, 0);
  cd_timer_stop(&self->turn);
  cd_timer_stop(&self->settle);
  cd_timer_stop(&self->room);
  cd_timer_stop(&self->proof);
  cd_target_free(self->target);
  cd_window_clear(&self->window);
  g_free(self);
}

void
cd_feed_wake(CdFeed *self)
{
  if (self->is_parted)
    cd_target_retry(self->target);
  _schedule(self);
}

void
cd_feed_retry(CdFeed *self)
{
  cd_target_retry(self->target);
}

gboolean
cd_feed_is_done(CdFeed *self)
{
  CdSpoolLoss loss;

  return cd_target_get_unsent(self->target) == 0
         && cd_cursor_get_backlog(self->cursor) == cd_cursor_get_n_uncommitted(self->cursor)
         && (self->is_loss_told || !cd_cursor_get_loss(self->cursor, &loss));
}

/* A loss that is being told was counted out by its telling: to ask for more of it now would clear
 * what nobody was told of. */
static guint64
_get_untold_loss(const CdFeed *self)
{
  CdSpoolLoss loss;

  if (self->is_loss_told)
    return self->n_told;
  return cd_cursor_get_loss(self->cursor, &loss) ? loss.count : 0;
}

void
cd_feed_get_figures(const CdFeed *self, CdFeedFigures *figures)
{
  *figures = self->figures;
  figures->dropped += _get_untold_loss(self);
  figures->backlog = cd_cursor_get_backlog(self->cursor);
  figures->waiting = figures->backlog - cd_cursor_get_n_uncommitted(self->cursor);
  figures->reconnects = cd_target_get_n_reconnects(self->target);
  figures->is_connected = cd_target_is_connected(self->target);
  figures->is_in_trouble = self->is_in_trouble;
}

const gchar *
cd_feed_get_uri(const CdFeed *self)
{
  return cd_target_get_uri(self->target);
}

gchar *
cd_feed_describe_hindrance(const CdFeed *self)
{
  gchar *hindrance = cd_target_describe_hindrance(self->target);
  CdFeedFigures figures;

  if (hindrance)
    return hindrance;
  cd_feed_get_figures(self, &figures);
  return figures.waiting ? g_strdup("still sending") : NULL;
}
