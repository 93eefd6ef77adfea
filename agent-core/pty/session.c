/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/session.h"

#include "pty/command.h"
#include "pty/go-json.h"
#include "pty/restore.h"
#include "pty/stream.h"

struct _CdPtySession
{
  CdPtyHost *host;
  const CdPtySessionEvents *events;
  gpointer owner;
  gchar id[CD_PTY_ID_SIZE];
  CdPtyBackend backend;
  CdPtySessionState state;
  CdPtyStream *stream;
  CdPtyRestore *restore;
  GPtrArray *clients; /* of CdPtyClient, not owned */
  CdPtyClient *sizer; /* whose size it has; NULL where that one has left */
  guint64 n_acts;     /* of all clients */
  GSource *idle;
  GSource *farewell;
};

static const gchar *const state_names[] = {
  [CD_PTY_SESSION_STARTING] = "starting",
  [CD_PTY_SESSION_READY] = "ready",
  [CD_PTY_SESSION_CLOSING] = "closing",
  [CD_PTY_SESSION_DONE] = "done",
};
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == CD_PTY_N_SESSION_STATES);

const gchar *
cd_pty_session_state_get_name(CdPtySessionState state)
{
  return state_names[state];
}

const gchar *
cd_pty_session_get_id(const CdPtySession *self)
{
  return self->id;
}

static CdPtyClient *
_get_client(const CdPtySession *self, guint i)
{
  return g_ptr_array_index(self->clients, i);
}

/* --- timers and states ------------------------------------------------------------------------ */

static void
_clear_source(GSource **source)
{
  if (!*source)
    return;
  g_source_destroy(*source);
  g_clear_pointer(source, g_source_unref);
}

static GSource *
_add_timer(CdPtySession *self, guint milliseconds, GSourceFunc func)
{
  GSource *source = g_timeout_source_new(milliseconds);

  g_source_set_callback(source, func, self, NULL);
  g_source_attach(source, g_main_context_get_thread_default());
  return source;
}

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
  if (self->state == CD_PTY_SESSION_DONE && self->clients->len == 0 && !self->farewell)
    self->farewell = _add_timer(self, 0, _say_goodbye);
}

static gboolean
_on_idle(gpointer user_data)
{
  CdPtySession *self = user_data;

  g_message("session %s: nobody came back for %u s, it is ended", self->id,
            self->host->settings.idle_timeout_ms / 1000);
  self->host->figures.idle_sessions++;
  _clear_source(&self->idle);
  cd_pty_session_stop(self);
  return G_SOURCE_REMOVE;
}

static void
_watch_idleness(CdPtySession *self)
{
  _clear_source(&self->idle);
  if (self->clients->len == 0 && self->state == CD_PTY_SESSION_READY)
    self->idle = _add_timer(self, self->host->settings.idle_timeout_ms, _on_idle);
}

/* --- what the program does -------------------------------------------------------------------- */

/* A client that fails takes itself out of the array. */
static void
_for_each_client(CdPtySession *self, void (*func)(CdPtyClient *client))
{
  for (guint i = self->clients->len; i-- > 0;)
    if (i < self->clients->len)
      func(_get_client(self, i));
}

static void
_set_limit(gpointer user_data)
{
  CdPtySession *self = user_data;

  cd_pty_stream_set_limit(self->stream, cd_pty_restore_get_limit(self->restore));
}

static void
_on_output(gpointer owner)
{
  CdPtySession *self = owner;

  _for_each_client(self, cd_pty_client_flush);
  cd_pty_restore_take(self->restore);
  _set_limit(self);
  cd_pty_session_set_pace(self);
}

static void
_on_writable(gpointer owner)
{
  _for_each_client(owner, cd_pty_client_resume);
}

static void
_note_end(CdPtyClient *client, const CdChildEnd *end)
{
  CdEvidence evidence = cd_pty_client_get_evidence(client);

  if (client->termination.is_set)
    return;
  cd_child_end_write(end, &evidence);
  cd_pty_client_note_end(client, &evidence);
  cd_termination_add_detail(&client->termination, cd_child_end_get_note(end));
}

static void
_on_ended(const CdChildEnd *end, gpointer owner)
{
  CdPtySession *self = owner;

  if (self->state == CD_PTY_SESSION_READY && self->clients->len == 0)
    {
      g_message("session %s: its program ended while nobody was there", self->id);
      self->host->figures.idle_sessions++;
    }
  _enter(self, CD_PTY_SESSION_CLOSING);
  _clear_source(&self->idle);
  for (guint i = 0; i < self->clients->len; i++)
    _note_end(_get_client(self, i), end);
}

static void
_on_drained(gpointer owner)
{
  CdPtySession *self = owner;

  _enter(self, CD_PTY_SESSION_DONE);
  _for_each_client(self, cd_pty_client_finish);
  _leave_when_done(self);
}

static const CdPtyStreamEvents stream_events = {
  .output = _on_output,
  .writable = _on_writable,
  .ended = _on_ended,
  .drained = _on_drained,
};

/* --- size ------------------------------------------------------------------------------------- */

static void
_take_size(CdPtySession *self, CdPtyClient *client)
{
  if (!client->rows || !client->columns)
    return;
  self->sizer = client;
  cd_pty_restore_resize(self->restore, client->rows, client->columns);
  cd_pty_stream_resize(self->stream, client->rows, client->columns);
}

/* The one among the clients that acted last, and that has named a size. */
static CdPtyClient *
_find_next_sizer(const CdPtySession *self)
{
  CdPtyClient *found = NULL;

  for (guint i = 0; i < self->clients->len; i++)
    {
      CdPtyClient *client = _get_client(self, i);
      if (client->rows && client->columns && (!found || client->activity > found->activity))
        found = client;
    }
  return found;
}

static void
_hand_size_on(CdPtySession *self)
{
  CdPtyClient *next = _find_next_sizer(self);

  self->sizer = NULL;
  if (next)
    _take_size(self, next);
}

/* --- clients ---------------------------------------------------------------------------------- */

void
cd_pty_session_attach(CdPtySession *self, CdPtyClient *client)
{
  client->activity = ++self->n_acts;
  g_ptr_array_add(self->clients, client);
  _watch_idleness(self);
  _take_size(self, client);
  cd_pty_client_attach(client, self, cd_pty_stream_get_ring(self->stream),
                       cd_pty_restore_make(self->restore));
  cd_pty_session_set_pace(self);
}

void
cd_pty_session_detach(CdPtySession *self, CdPtyClient *client)
{
  g_ptr_array_remove(self->clients, client);
  if (self->sizer == client)
    _hand_size_on(self);
  cd_pty_session_set_pace(self);
  _watch_idleness(self);
  _leave_when_done(self);
}

gsize
cd_pty_session_type(CdPtySession *self, CdPtyClient *client, CdText input)
{
  client->activity = ++self->n_acts;
  return cd_pty_stream_write(self->stream, input);
}

void
cd_pty_session_resize(CdPtySession *self, CdPtyClient *client)
{
  client->activity = ++self->n_acts;
  _take_size(self, client);
}

void
cd_pty_session_set_pace(CdPtySession *self)
{
  guint64 fastest = self->clients->len ? 0 : G_MAXUINT64;

  for (guint i = 0; i < self->clients->len; i++)
    fastest = MAX(fastest, _get_client(self, i)->offset);
  cd_pty_stream_set_pace(self->stream, fastest);
}

void
cd_pty_session_bring_back(CdPtySession *self, CdPtyClient *client)
{
  g_debug("session %s: client %s was too slow and is brought back", self->id, client->id);
  cd_pty_client_bring_back(client, cd_pty_restore_make(self->restore));
}

void
cd_pty_session_stop(CdPtySession *self)
{
  cd_pty_stream_stop(self->stream);
  _enter(self, CD_PTY_SESSION_CLOSING);
}

/* --- life ------------------------------------------------------------------------------------- */

static guint16
_get_rows(const CdPtyInit *init)
{
  return init->height && init->width ? init->height : CD_PTY_ROWS_DEFAULT;
}

static guint16
_get_columns(const CdPtyInit *init)
{
  return init->height && init->width ? init->width : CD_PTY_COLUMNS_DEFAULT;
}

static gboolean
_start(CdPtySession *self, const CdPtyInit *init, GError **error)
{
  g_autoptr(CdPtyCommand) command = cd_pty_command_new(self->host, init->command);
  g_autoptr(GError) why = NULL;
  const CdChildOptions options = {
    .argv = (const gchar *const *) command->argv,
    .argv0 = command->argv0,
    .environment = (const gchar *const *) command->environment,
    .folder = self->host->user->home,
    .inherited = self->host->inherited,
  };

  self->stream = cd_pty_stream_new(&options, _get_rows(init), _get_columns(init), &stream_events,
                                   self, &why);
  if (self->stream)
    {
      self->restore = cd_pty_restore_new(self->backend, cd_pty_stream_get_ring(self->stream),
                                         _get_rows(init), _get_columns(init), _set_limit, self);
      cd_pty_restore_set_sleep_timeout(self->restore, self->host->settings.sleep_timeout_ms);
      return TRUE;
    }
  g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_START, "could not be started: %s", why->message);
  return FALSE;
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
  self = g_new0(CdPtySession, 1);
  self->host = host;
  self->events = events;
  self->owner = owner;
  self->backend = backend;
  self->clients = g_ptr_array_new();
  g_strlcpy(self->id, init->id, sizeof(self->id));
  if (_start(self, init, error))
    {
      _enter(self, CD_PTY_SESSION_READY);
      return self;
    }
  cd_pty_session_free(self);
  return NULL;
}

void
cd_pty_session_free(CdPtySession *self)
{
  _clear_source(&self->idle);
  _clear_source(&self->farewell);
  g_clear_pointer(&self->restore, cd_pty_restore_free);
  g_clear_pointer(&self->stream, cd_pty_stream_free);
  g_ptr_array_unref(self->clients);
  g_free(self);
}
