/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/session-state.h"

#include "emit/timer.h"
#include "pty/go-json.h"

static const gchar *const state_names[] = {
  [CD_PTY_SESSION_STARTING] = "starting",
  [CD_PTY_SESSION_READY] = "ready",
  [CD_PTY_SESSION_CLOSING] = "closing",
  [CD_PTY_SESSION_DONE] = "done",
};
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == CD_PTY_N_SESSION_STATES);

static const CdPtyKind *const kinds[] = {
  [CD_PTY_BACKEND_TERMINAL] = &cd_pty_shared_kind,
  [CD_PTY_BACKEND_BUFFERED] = &cd_pty_shared_kind,
  [CD_PTY_BACKEND_SCREEN] = &cd_pty_gnu_screen_kind,
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == CD_PTY_N_BACKENDS);

const gchar *
cd_pty_session_get_id(const CdPtySession *self)
{
  return self->id;
}

/* --- states ----------------------------------------------------------------------------------- */

static void
_enter(CdPtySession *self, CdPtySessionState state)
{
  if (state <= self->state)
    return;
  g_debug("session %s: %s", self->id, state_names[state]);
  self->state = state;
  if (state == CD_PTY_SESSION_CLOSING)
    self->events->closing(self, self->owner);
}

static gboolean
_say_goodbye(gpointer user_data)
{
  CdPtySession *self = user_data;

  self->events->done(self, self->owner);
  return G_SOURCE_REMOVE;
}

static void
_leave_when_done(CdPtySession *self)
{
  gboolean is_left = !self->container || !cd_pty_container_is_busy(self->container);

  if (self->state == CD_PTY_SESSION_DONE && self->clients->len == 0 && is_left && !self->farewell)
    self->farewell = cd_timer_start(0, _say_goodbye, self);
}

static gboolean
_on_idle(gpointer user_data)
{
  CdPtySession *self = user_data;

  g_message("session %s: nobody came back for %u s, it is ended", self->id,
            self->host->settings.idle_timeout_ms / 1000);
  self->host->figures.idle_sessions++;
  cd_timer_stop(&self->idle);
  cd_pty_session_stop(self);
  return G_SOURCE_REMOVE;
}

static void
_watch_idleness(CdPtySession *self)
{
  cd_timer_stop(&self->idle);
  if (self->clients->len == 0 && self->state == CD_PTY_SESSION_READY)
    self->idle = cd_timer_start(self->host->settings.idle_timeout_ms, _on_idle, self);
}

/* --- between the files of the session --------------------------------------------------------- */

void
cd_pty_session_for_each_client(CdPtySession *self, void (*func)(CdPtyClient *client))
{
  for (guint i = self->clients->len; i-- > 0;)
    if (i < self->clients->len)
      func(g_ptr_array_index(self->clients, i));
}

void
cd_pty_session_be_ready(CdPtySession *self)
{
  if (self->state != CD_PTY_SESSION_STARTING)
    return;
  self->host->figures.sessions++;
  _enter(self, CD_PTY_SESSION_READY);
  _watch_idleness(self);
}

void
cd_pty_session_note_failure(CdPtyClient *client, const gchar *why)
{
  CdEvidence evidence = cd_pty_client_get_evidence(client);

  evidence.cause = CD_CAUSE_START_FAILED;
  evidence.text = cd_text_from_string(why);
  cd_pty_client_note_end(client, &evidence);
}

void
cd_pty_session_fail(CdPtySession *self, const gchar *why)
{
  _enter(self, CD_PTY_SESSION_CLOSING);
  for (guint i = 0; i < self->clients->len; i++)
    cd_pty_session_note_failure(g_ptr_array_index(self->clients, i), why);
  cd_pty_session_for_each_client(self, cd_pty_client_finish);
}

void
cd_pty_session_begin_end(CdPtySession *self, const CdChildEnd *end, gboolean was_seen)
{
  if (self->state == CD_PTY_SESSION_READY && !was_seen)
    {
      g_message("session %s: its program ended while nobody was there", self->id);
      self->host->figures.idle_sessions++;
    }
  _enter(self, CD_PTY_SESSION_CLOSING);
  cd_timer_stop(&self->idle);
  if (self->container)
    cd_pty_container_end(self->container, end);
}

void
cd_pty_session_be_done(CdPtySession *self)
{
  _enter(self, CD_PTY_SESSION_DONE);
  if (self->container)
    cd_pty_container_end(self->container, NULL);
  cd_pty_session_for_each_client(self, cd_pty_client_finish);
  _leave_when_done(self);
}

/* --- clients ---------------------------------------------------------------------------------- */

void
cd_pty_session_attach(CdPtySession *self, CdPtyClient *client)
{
  client->activity = ++self->n_acts;
  g_ptr_array_add(self->clients, client);
  _watch_idleness(self);
  if (self->served)
    self->kind->attach(self->served, client);
  else
    cd_pty_client_join(client, self);
}

/* What nobody waits for any more need not be started. */
void
cd_pty_session_detach(CdPtySession *self, CdPtyClient *client)
{
  g_ptr_array_remove(self->clients, client);
  if (self->served)
    self->kind->detach(self->served, client);
  if (self->clients->len == 0 && self->state == CD_PTY_SESSION_STARTING)
    cd_pty_session_stop(self);
  _watch_idleness(self);
  _leave_when_done(self);
}

gsize
cd_pty_session_type(CdPtySession *self, CdPtyClient *client, CdText input)
{
  client->activity = ++self->n_acts;
  return self->served ? self->kind->type(self->served, client, input) : 0;
}

void
cd_pty_session_resize(CdPtySession *self, CdPtyClient *client)
{
  client->activity = ++self->n_acts;
  if (self->served)
    self->kind->resize(self->served, client);
}

void
cd_pty_session_set_pace(CdPtySession *self, CdPtyClient *client)
{
  if (self->served)
    self->kind->set_pace(self->served, client);
}

void
cd_pty_session_bring_back(CdPtySession *self, CdPtyClient *client)
{
  g_debug("session %s: client %s was too slow and is brought back", self->id, client->id);
  self->kind->bring_back(self->served, client);
}

void
cd_pty_session_stop(CdPtySession *self)
{
  if (self->state >= CD_PTY_SESSION_DONE)
    return;
  _enter(self, CD_PTY_SESSION_CLOSING);
  if (self->served)
    self->kind->stop(self->served);
  else
    cd_pty_session_be_done(self);
}

/* --- life ------------------------------------------------------------------------------------- */

static CdPtyCommand *
_make_command(const CdPtySession *self)
{
  if (self->container)
    return cd_pty_container_make_command(self->container, self->asked);
  return cd_pty_command_new(self->host, self->host->user->shell, self->asked);
}

static gboolean
_start(CdPtySession *self, GError **error)
{
  g_autoptr(GError) why = NULL;

  self->command = _make_command(self);
  self->served = self->kind->start(self, &why);
  if (self->served)
    return TRUE;
  g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_START, "could not be started: %s", why->message);
  return FALSE;
}

/* In the order of their coming. One that leaves while others are attached lives until the loop's
 * next turn. */
static void
_attach_waiting(CdPtySession *self)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_copy(self->clients, NULL, NULL);

  for (guint i = 0; i < waiting->len; i++)
    {
      CdPtyClient *client = g_ptr_array_index(waiting, i);
      if (client->session == self)
        self->kind->attach(self->served, client);
      cd_pty_client_resume(client);
    }
}

static void
_on_container_found(const gchar *why, gpointer owner)
{
  CdPtySession *self = owner;
  g_autoptr(GError) error = NULL;

  if (self->state != CD_PTY_SESSION_STARTING)
    return;
  if (!why && _start(self, &error))
    {
      _attach_waiting(self);
      return;
    }
  cd_pty_session_fail(self, why ? why : error->message);
  cd_pty_session_be_done(self);
}

static void
_on_container_left(gpointer owner)
{
  _leave_when_done(owner);
}

static const CdPtyContainerEvents container_events = {
  .found = _on_container_found,
  .left = _on_container_left,
};

/* Returns: whether it has started, or will. */
static gboolean
_prepare(CdPtySession *self, const CdPtyInit *init, GError **error)
{
  if (!*init->container)
    return _start(self, error);
  self->container = cd_pty_container_new(self->host, init, &container_events, self, error);
  return self->container != NULL;
}

static CdPtySession *
_new(CdPtyHost *host, const CdPtyInit *init, CdPtyBackend backend)
{
  CdPtySession *self = g_new0(CdPtySession, 1);
  gboolean has_size = init->height && init->width;

  self->host = host;
  self->rows = has_size ? init->height : CD_PTY_ROWS_DEFAULT;
  self->columns = has_size ? init->width : CD_PTY_COLUMNS_DEFAULT;
  self->backend = backend;
  self->kind = kinds[backend];
  self->clients = g_ptr_array_new();
  g_strlcpy(self->id, init->id, sizeof(self->id));
  return self;
}

CdPtySession *
cd_pty_session_new(CdPtyHost *host, const CdPtyInit *init, const CdPtySessionEvents *events,
                   gpointer owner, GError **error)
{
  CdPtySession *self;
  CdPtyBackend backend;

  if (!cd_pty_host_find_backend(host, init->backend, &backend))
    {
      g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_START, "no such backend: %s", init->backend);
      return NULL;
    }
  self = _new(host, init, backend);
  self->events = events;
  self->owner = owner;
  self->asked = g_strdup(init->command);
  if (_prepare(self, init, error))
    return self;
  cd_pty_session_free(self);
  return NULL;
}

void
cd_pty_session_free(CdPtySession *self)
{
  cd_timer_stop(&self->idle);
  cd_timer_stop(&self->farewell);
  if (self->served)
    self->kind->free(self->served);
  g_clear_pointer(&self->container, cd_pty_container_free);
  g_clear_pointer(&self->command, cd_pty_command_free);
  g_free(self->asked);
  g_ptr_array_unref(self->clients);
  g_free(self);
}
