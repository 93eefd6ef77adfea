/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/client.h"

#include "emit/timer.h"
#include "net/socket.h"

#include <sys/socket.h>
#include <unistd.h>

/* The peer has closed its side; poll(2) tells it on request, GLib has no name for it. */
#define READ_HANG_UP ((GIOCondition) 0x2000)

static const gchar *const state_names[] = {
  [CD_PTY_CLIENT_GREETING] = "greeting", [CD_PTY_CLIENT_ATTACHED] = "attached",
  [CD_PTY_CLIENT_FLUSHING] = "flushing", [CD_PTY_CLIENT_LINGERING] = "lingering",
  [CD_PTY_CLIENT_CLOSED] = "closed",
};
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == CD_PTY_N_CLIENT_STATES);

/* --- timers ----------------------------------------------------------------------------------- */

static gboolean
_on_late_greeting(gpointer user_data)
{
  CdPtyClient *self = user_data;
  CdEvidence evidence = cd_pty_client_get_evidence(self);

  evidence.cause = CD_CAUSE_DEADLINE;
  evidence.text = CD_TEXT("the first message was not complete in its time");
  cd_pty_client_note_end(self, &evidence);
  cd_pty_client_enter(self, CD_PTY_CLIENT_LINGERING);
  return G_SOURCE_REMOVE;
}

static gboolean
_on_late_farewell(gpointer user_data)
{
  CdPtyClient *self = user_data;

  if (self->state == CD_PTY_CLIENT_FLUSHING)
    cd_termination_add_detail(&self->termination, CD_TEXT("the client did not take all output"));
  cd_pty_client_enter(self, CD_PTY_CLIENT_CLOSED);
  return G_SOURCE_REMOVE;
}

/* --- states ----------------------------------------------------------------------------------- */

void
cd_pty_client_update_watch(CdPtyClient *self)
{
  GIOCondition condition = G_IO_IN;

  if (self->state == CD_PTY_CLIENT_CLOSED)
    return;
  if (self->state == CD_PTY_CLIENT_ATTACHED && cd_pty_client_is_full(self))
    condition = READ_HANG_UP;
  if (!self->is_write_dead && cd_pty_client_has_output(self))
    condition |= G_IO_OUT;
  cd_watch_set(self->watch, condition);
}

static gboolean
_say_goodbye(gpointer user_data)
{
  CdPtyClient *self = user_data;

  self->events->closed(self, self->owner);
  return G_SOURCE_REMOVE;
}

static void
_close_socket(CdPtyClient *self)
{
  if (self->fd >= 0)
    close(self->fd);
  self->fd = -1;
}

static void
_leave(CdPtyClient *self)
{
  if (!self->session)
    return;
  self->events->left(self, self->owner);
  self->session = NULL;
  self->ring = NULL;
}

static void
_await_farewell(CdPtyClient *self)
{
  cd_timer_stop(&self->deadline);
  self->deadline = cd_timer_start(self->host->settings.flush_timeout_ms, _on_late_farewell, self);
}

/* A close over unread input would be a reset, which could take the last output with it. */
static void
_linger(CdPtyClient *self)
{
  cd_pty_client_write_record(self);
  _leave(self);
  _await_farewell(self);
  shutdown(self->fd, SHUT_WR);
}

/* Its owner hears of it in a turn of its own, since it may be anywhere in here. */
static void
_close(CdPtyClient *self)
{
  cd_pty_client_write_record(self);
  _leave(self);
  cd_timer_stop(&self->deadline);
  cd_timer_stop(&self->patience);
  g_clear_pointer(&self->watch, cd_watch_free);
  _close_socket(self);
  self->farewell = cd_timer_start(0, _say_goodbye, self);
}

void
cd_pty_client_enter(CdPtyClient *self, CdPtyClientState state)
{
  if (state <= self->state)
    return;
  g_debug("client %s: %s", self->id, state_names[state]);
  self->state = state;
  switch (state)
    {
    case CD_PTY_CLIENT_GREETING:
    case CD_PTY_CLIENT_ATTACHED:
      cd_timer_stop(&self->deadline);
      break;
    case CD_PTY_CLIENT_FLUSHING:
      _await_farewell(self);
      break;
    case CD_PTY_CLIENT_LINGERING:
      _linger(self);
      break;
    case CD_PTY_CLIENT_CLOSED:
    case CD_PTY_N_CLIENT_STATES:
      _close(self);
      break;
    }
  cd_pty_client_update_watch(self);
}

/* --- ends ------------------------------------------------------------------------------------- */

CdEvidence
cd_pty_client_get_evidence(const CdPtyClient *self)
{
  CdPhase phase = self->init ? CD_PHASE_OPEN : CD_PHASE_FIRST_MESSAGE;

  return (CdEvidence) { .site = CD_SITE_PTY, .phase = phase };
}

void
cd_pty_client_note_end(CdPtyClient *self, const CdEvidence *evidence)
{
  if (!cd_termination_set(&self->termination, evidence))
    return;
  if (evidence->cause == CD_CAUSE_START_FAILED)
    self->host->figures.failures[CD_PTY_FAILURE_CREATE_COMMAND]++;
  self->ended = g_get_monotonic_time();
  self->has_exit_code = evidence->has_exit_status && evidence->signal_number == 0;
  self->exit_code = evidence->exit_status;
}

void
cd_pty_client_lose(CdPtyClient *self, const CdEvidence *evidence)
{
  cd_pty_client_note_end(self, evidence);
  cd_pty_client_enter(self, CD_PTY_CLIENT_CLOSED);
}

/* A unix socket is reset by no more than a close over unread output. */
static gboolean
_has_unread(const CdPtyClient *self, gint error_number)
{
  CdSocketFigures figures;

  if (cd_pty_client_has_output(self))
    return TRUE;
  if (self->peer.is_unix)
    return error_number == ECONNRESET;
  cd_socket_read_figures(self->fd, &figures);
  return figures.unsent > 0;
}

void
cd_pty_client_fail(CdPtyClient *self, gint error_number)
{
  CdEvidence evidence = cd_pty_client_get_evidence(self);

  evidence.error_number = error_number;
  cd_pty_client_note_end(self, &evidence);
  if (_has_unread(self, error_number))
    cd_termination_add_detail(&self->termination, CD_TEXT("with output unread"));
  cd_pty_client_enter(self, CD_PTY_CLIENT_CLOSED);
}

void
cd_pty_client_finish(CdPtyClient *self)
{
  cd_pty_client_enter(self, cd_pty_client_has_output(self) ? CD_PTY_CLIENT_FLUSHING
                                                           : CD_PTY_CLIENT_LINGERING);
}

/* --- life ------------------------------------------------------------------------------------- */

static void
_on_ready(GIOCondition condition, gpointer user_data)
{
  CdPtyClient *self = user_data;

  if (condition & G_IO_OUT)
    cd_pty_client_flush(self);
  if (condition & ~(GIOCondition) G_IO_OUT)
    cd_pty_client_read(self);
}

CdPtyClient *
cd_pty_client_new(CdPtyHost *host, gint fd, const CdPeer *peer, const CdPtyClientEvents *events,
                  gpointer owner)
{
  CdPtyClient *self = g_new0(CdPtyClient, 1);
  g_autofree gchar *id = g_uuid_string_random();

  self->host = host;
  self->events = events;
  self->owner = owner;
  self->link.data = self;
  self->fd = fd;
  self->peer = *peer;
  g_strlcpy(self->id, id, sizeof(self->id));
  self->started = g_get_monotonic_time();
  self->greeting = g_byte_array_new();
  self->reader = cd_pty_request_reader_new();
  self->watch = cd_watch_new(fd, G_IO_IN, _on_ready, self);
  self->deadline = cd_timer_start(host->settings.init_timeout_ms, _on_late_greeting, self);
  return self;
}

void
cd_pty_client_free(CdPtyClient *self)
{
  cd_timer_stop(&self->deadline);
  cd_timer_stop(&self->farewell);
  cd_timer_stop(&self->patience);
  g_clear_pointer(&self->watch, cd_watch_free);
  _close_socket(self);
  g_byte_array_unref(self->greeting);
  g_clear_pointer(&self->init, cd_pty_init_free);
  cd_pty_request_reader_free(self->reader);
  if (self->prefix)
    g_string_free(self->prefix, TRUE);
  cd_termination_clear(&self->termination);
  g_free(self);
}
