/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions of one program, whose output goes to all clients. */
#include "pty/restore.h"
#include "pty/session-state.h"
#include "pty/stream.h"

typedef struct _Shared
{
  CdPtySession *session;
  CdPtyStream *stream;
  CdPtyRestore *restore;
  CdPtyClient *sizer; /* whose size it has; NULL where that one has left */
} Shared;

static CdPtyClient *
_get_client(const Shared *self, guint i)
{
  return g_ptr_array_index(self->session->clients, i);
}

/* --- what the program does -------------------------------------------------------------------- */

static void
_set_limit(gpointer user_data)
{
  Shared *self = user_data;

  cd_pty_stream_set_limit(self->stream, cd_pty_restore_get_limit(self->restore));
}

static void
_set_pace(gpointer user_data, CdPtyClient *client)
{
  Shared *self = user_data;
  guint n_clients = self->session->clients->len;
  guint64 fastest = n_clients ? 0 : G_MAXUINT64;

  for (guint i = 0; i < n_clients; i++)
    fastest = MAX(fastest, _get_client(self, i)->offset);
  cd_pty_stream_set_pace(self->stream, fastest);
}

static void
_on_output(gpointer owner)
{
  Shared *self = owner;

  cd_pty_session_for_each_client(self->session, cd_pty_client_flush);
  cd_pty_restore_take(self->restore);
  _set_limit(self);
  _set_pace(self, NULL);
}

static void
_on_writable(gpointer owner)
{
  Shared *self = owner;

  cd_pty_session_for_each_client(self->session, cd_pty_client_resume);
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
  Shared *self = owner;

  cd_pty_session_begin_end(self->session, end, self->session->clients->len > 0);
  for (guint i = 0; i < self->session->clients->len; i++)
    _note_end(_get_client(self, i), end);
}

static void
_on_drained(gpointer owner)
{
  Shared *self = owner;

  cd_pty_session_be_done(self->session);
}

static const CdPtyStreamEvents stream_events = {
  .output = _on_output,
  .writable = _on_writable,
  .ended = _on_ended,
  .drained = _on_drained,
};

/* --- size ------------------------------------------------------------------------------------- */

static void
_resize(gpointer user_data, CdPtyClient *client)
{
  Shared *self = user_data;

  if (!client->rows || !client->columns)
    return;
  self->sizer = client;
  cd_pty_restore_resize(self->restore, client->rows, client->columns);
  cd_pty_stream_resize(self->stream, client->rows, client->columns);
}

/* The one among the clients that acted last, and that has named a size. */
static CdPtyClient *
_find_next_sizer(const Shared *self)
{
  CdPtyClient *found = NULL;

  for (guint i = 0; i < self->session->clients->len; i++)
    {
      CdPtyClient *client = _get_client(self, i);
      if (client->rows && client->columns && (!found || client->activity > found->activity))
        found = client;
    }
  return found;
}

static void
_hand_size_on(Shared *self)
{
  CdPtyClient *next = _find_next_sizer(self);

  self->sizer = NULL;
  if (next)
    _resize(self, next);
}

/* --- clients ---------------------------------------------------------------------------------- */

static void
_attach(gpointer user_data, CdPtyClient *client)
{
  Shared *self = user_data;

  _resize(self, client);
  cd_pty_client_attach(client, self->session, cd_pty_stream_get_ring(self->stream),
                       cd_pty_restore_make(self->restore));
  _set_pace(self, client);
}

static void
_detach(gpointer user_data, CdPtyClient *client)
{
  Shared *self = user_data;

  if (self->sizer == client)
    _hand_size_on(self);
  _set_pace(self, client);
}

static gsize
_type(gpointer user_data, CdPtyClient *client, CdText input)
{
  Shared *self = user_data;

  return cd_pty_stream_write(self->stream, input);
}

static void
_bring_back(gpointer user_data, CdPtyClient *client)
{
  Shared *self = user_data;

  cd_pty_client_bring_back(client, cd_pty_restore_make(self->restore));
}

/* --- life ------------------------------------------------------------------------------------- */

static void
_stop(gpointer user_data)
{
  Shared *self = user_data;

  cd_pty_stream_stop(self->stream);
}

static void
_free(gpointer user_data)
{
  Shared *self = user_data;

  g_clear_pointer(&self->restore, cd_pty_restore_free);
  g_clear_pointer(&self->stream, cd_pty_stream_free);
  g_free(self);
}

static CdPtyStream *
_start_program(Shared *self, GError **error)
{
  const CdPtySession *session = self->session;
  const CdChildOptions options = {
    .argv = (const gchar *const *) session->command->argv,
    .argv0 = session->command->argv0,
    .environment = (const gchar *const *) session->command->environment,
    .folder = session->host->user->home,
    .inherited = session->host->inherited,
  };

  return cd_pty_stream_new(&options, session->rows, session->columns, &stream_events, self, error);
}

static gpointer
_start(CdPtySession *session, GError **error)
{
  Shared *self = g_new0(Shared, 1);

  self->session = session;
  self->stream = _start_program(self, error);
  if (!self->stream)
    {
      _free(self);
      return NULL;
    }
  self->restore = cd_pty_restore_new(session->backend, cd_pty_stream_get_ring(self->stream),
                                     session->rows, session->columns, _set_limit, self);
  cd_pty_restore_set_sleep_timeout(self->restore, session->host->settings.sleep_timeout_ms);
  cd_pty_session_be_ready(session);
  return self;
}

const CdPtyKind cd_pty_shared_kind = {
  .start = _start,
  .free = _free,
  .attach = _attach,
  .detach = _detach,
  .type = _type,
  .resize = _resize,
  .set_pace = _set_pace,
  .bring_back = _bring_back,
  .stop = _stop,
};
