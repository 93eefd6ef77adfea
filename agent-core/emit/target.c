/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target.h"

#include "emit/target-certificates.h"
#include "emit/target-link.h"
#include "emit/target-stream.h"
#include "emit/target-watch.h"
#include "emit/timer.h"

#define STEP_MS (10 * 1000)
#define KEEP_IDLE_S 10
#define KEEP_INTERVAL_S 5
#define KEEP_COUNT 2
#define USER_TIMEOUT_MS (20 * 1000)

/* Of what a feed may send again after a break, the most is for what the other side's kernel has and
 * nobody has read, not for our own queue. */
#define SEND_BUFFER (128 * 1024)

/* A connection that breaks sooner did not work: a server that takes and drops each at once must
 * not be asked without a pause. */
#define WORKED_US (5 * G_USEC_PER_SEC)

/* What a target waits for. */
typedef enum
{
  STATE_IDLE,    /* cd_target_start() */
  STATE_PAUSED,  /* the time of the next attempt; parted: cd_target_retry() */
  STATE_OPENING, /* the attempt's end */
  STATE_OPEN,    /* lines */
  STATE_BROKEN,  /* a turn of the loop, to tell it */
} State;

struct _CdTarget
{
  CdTargetUri uri;
  CdTargetTls tls;
  CdTargetTuning tuning;
  CdTargetReady ready;
  CdTargetLost lost;
  CdTargetParted parted;
  gpointer user_data;

  State state;
  CdLink *link;
  CdTargetWatch *watch;
  CdBackoff backoff;
  GSource *next; /* what happens next by itself: an attempt, or telling */
  GError *error; /* to tell */
  gchar *cause;  /* of the last failure; %NULL once it was connected */
  gint64 opened_at;
  gsize unsent_at_end;
  guint64 n_connections;
  gboolean has_said_wait;
};

G_DEFINE_QUARK(cd-target-error-quark, cd_target_error);

static void _attempt_after(CdTarget *self, guint pause_ms);

static void
_set_next(CdTarget *self, guint pause_ms, GSourceFunc func)
{
  cd_timer_stop(&self->next);
  self->next = cd_timer_start(pause_ms, func, self);
}

static void
_close_link(CdTarget *self)
{
  g_clear_pointer(&self->link, cd_link_close);
}

static void
_call_ready(CdTarget *self)
{
  self->has_said_wait = FALSE;
  self->ready(self, self->user_data);
}

static void
_on_opened(gpointer data)
{
  CdTarget *self = data;

  self->state = STATE_OPEN;
  g_clear_pointer(&self->cause, g_free);
  self->n_connections++;
  self->opened_at = self->tuning.clock();
  if (self->watch)
    cd_target_watch_note(self->watch);
  _call_ready(self);
}

static void
_on_writable(gpointer data)
{
  CdTarget *self = data;

  if (self->has_said_wait)
    _call_ready(self);
}

static gboolean
_call_lost(gpointer data)
{
  CdTarget *self = data;
  g_autoptr(GError) error = g_steal_pointer(&self->error);

  cd_timer_stop(&self->next);
  _attempt_after(self, cd_backoff_next(&self->backoff));
  self->lost(self, error, self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
_did_work(const CdTarget *self)
{
  return self->state == STATE_OPEN && self->tuning.clock() - self->opened_at >= WORKED_US;
}

static void
_on_broken(gpointer data, const GError *error)
{
  CdTarget *self = data;

  if (_did_work(self))
    cd_backoff_reset(&self->backoff);
  if (self->state == STATE_OPEN && self->link->kind->is_stream)
    self->unsent_at_end = cd_stream_get_unsent_at_end(self->link, error);
  g_free(self->cause);
  self->cause = g_strdup(error->message);
  self->error = g_error_copy(error);
  g_prefix_error(&self->error,
                 self->state == STATE_OPEN ? "lost %s: " : "cannot reach %s: ", self->uri.text);
  self->state = STATE_BROKEN;
  _close_link(self);
  _set_next(self, 0, _call_lost);
}

static void
_on_parted(gpointer data)
{
  CdTarget *self = data;

  self->state = STATE_PAUSED;
  self->unsent_at_end = 0;
  _close_link(self);
  self->parted(self, self->user_data);
}

static const CdLinkEvents link_events = { _on_opened, _on_writable, _on_broken, _on_parted };

static gboolean
_attempt(gpointer data)
{
  CdTarget *self = data;
  g_autoptr(CdLink) link = cd_link_new(cd_link_kind_get(self->uri.scheme), &link_events, self);

  cd_timer_stop(&self->next);
  self->state = STATE_OPENING;
  self->link = cd_link_ref(link);
  link->uri = &self->uri;
  link->tls = &self->tls;
  link->tuning = &self->tuning;
  link->kind->open(link);
  return G_SOURCE_REMOVE;
}

static void
_attempt_after(CdTarget *self, guint pause_ms)
{
  self->state = STATE_PAUSED;
  _set_next(self, pause_ms, _attempt);
}

void
cd_target_retry(CdTarget *self)
{
  cd_backoff_reset(&self->backoff);
  if (self->state == STATE_PAUSED)
    _attempt_after(self, 0);
}

/* A datagram socket does not notice that its peer has gone until it is written to. */
static void
_on_path_changed(gpointer data)
{
  CdTarget *self = data;
  g_autoptr(GError) error = NULL;

  cd_target_retry(self);
  if (self->state != STATE_OPEN || self->link->kind->is_stream
      || !cd_target_watch_is_replaced(self->watch))
    return;
  error = g_error_new(CD_TARGET_ERROR, CD_TARGET_ERROR_GONE, "another socket stands there now");
  cd_link_break(self->link, error);
}

static CdTargetTls
_copy_tls(const CdTargetTls *tls)
{
  return (CdTargetTls) { g_strdup(tls->authority), g_strdup(tls->certificate), g_strdup(tls->key),
                         g_strdup(tls->server_name) };
}

static void
_clear_tls(CdTargetTls *tls)
{
  g_free((gpointer) tls->authority);
  g_free((gpointer) tls->certificate);
  g_free((gpointer) tls->key);
  g_free((gpointer) tls->server_name);
}

static const CdTargetTuning usual = {
  .step_ms = STEP_MS,
  .keep_idle_s = KEEP_IDLE_S,
  .keep_interval_s = KEEP_INTERVAL_S,
  .keep_count = KEEP_COUNT,
  .user_timeout_ms = USER_TIMEOUT_MS,
  .send_buffer = SEND_BUFFER,
  .stderr_fd = 2,
  .clock = g_get_monotonic_time,
};

CdTarget *
cd_target_new(const gchar *uri, const CdTargetTls *tls, GError **error)
{
  g_autoptr(CdTarget) self = g_new0(CdTarget, 1);

  self->tuning = usual;
  if (!cd_target_uri_read(&self->uri, uri, error))
    return NULL;
  if (self->uri.scheme == CD_TARGET_TLS && !cd_certificates_check(tls, error))
    return NULL;
  if (tls)
    self->tls = _copy_tls(tls);
  return g_steal_pointer(&self);
}

gboolean
cd_target_check(const gchar *uri, const CdTargetTls *tls, GError **error)
{
  g_autoptr(CdTarget) target = cd_target_new(uri, tls, error);

  return target != NULL;
}

void
cd_target_free(CdTarget *self)
{
  if (!self)
    return;
  cd_timer_stop(&self->next);
  _close_link(self);
  cd_target_watch_free(self->watch);
  g_clear_error(&self->error);
  g_free(self->cause);
  cd_target_uri_clear(&self->uri);
  _clear_tls(&self->tls);
  g_free(self);
}

CdTargetTuning *
cd_target_get_tuning(CdTarget *self)
{
  return &self->tuning;
}

void
cd_target_start(CdTarget *self, CdTargetReady ready, CdTargetLost lost, gpointer user_data)
{
  self->ready = ready;
  self->lost = lost;
  self->user_data = user_data;
  cd_backoff_init(&self->backoff, self->tuning.random);
  if (self->uri.path)
    self->watch = cd_target_watch_new(self->uri.path, _on_path_changed, self);
  _attempt_after(self, 0);
}

static CdTargetResult
_send_over(CdTarget *self, CdText line)
{
  g_autoptr(CdLink) link = cd_link_ref(self->link);

  return link->is_parting ? CD_TARGET_WAIT : link->kind->send(link, line);
}

CdTargetResult
cd_target_send(CdTarget *self, CdText line)
{
  CdTargetResult result = CD_TARGET_WAIT;

  if (cd_text_is_empty(line))
    return CD_TARGET_REFUSED;
  if (self->state == STATE_OPEN)
    result = _send_over(self, line);
  self->has_said_wait |= result == CD_TARGET_WAIT;
  return result;
}

void
cd_target_part(CdTarget *self, CdTargetParted parted)
{
  g_autoptr(CdLink) link = cd_link_ref(self->link);

  self->parted = parted;
  cd_stream_part(link);
}

static gboolean
_is_parting(const CdTarget *self)
{
  return self->state == STATE_OPEN && self->link->is_parting;
}

/* Our end stands in the socket's queue, too, and is no line. */
gsize
cd_target_get_unsent(const CdTarget *self)
{
  if (_is_parting(self))
    return 0;
  if (self->state != STATE_OPEN)
    return self->unsent_at_end;
  return self->link->kind->write ? cd_stream_get_unsent(self->link) : 0;
}

gboolean
cd_target_is_stream(const CdTarget *self)
{
  return cd_link_kind_get(self->uri.scheme)->is_stream;
}

gboolean
cd_target_is_blind(const CdTarget *self)
{
  return cd_link_kind_get(self->uri.scheme)->is_blind;
}

gboolean
cd_target_is_connected(const CdTarget *self)
{
  return self->state == STATE_OPEN;
}

static gchar *
_describe_attempt(const CdTarget *self)
{
  const gchar *going_on = self->link->step ? self->link->step->going_on : "still connecting";

  return self->cause ? g_strdup_printf("%s; before: %s", going_on, self->cause)
                     : g_strdup(going_on);
}

gchar *
cd_target_describe_hindrance(const CdTarget *self)
{
  switch (self->state)
    {
    case STATE_IDLE:
    case STATE_PAUSED:
    case STATE_BROKEN:
      return g_strdup(self->cause ? self->cause : "not tried yet");
    case STATE_OPENING:
      return _describe_attempt(self);
    case STATE_OPEN:
      return self->has_said_wait ? g_strdup("the other side takes no more for now") : NULL;
    }
  g_return_val_if_reached(NULL);
}

guint64
cd_target_get_n_reconnects(const CdTarget *self)
{
  return self->n_connections > 1 ? self->n_connections - 1 : 0;
}

const gchar *
cd_target_get_uri(const CdTarget *self)
{
  return self->uri.text;
}
