/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/gnu-view.h"

/* Bytes of its last words. */
#define WORDS_MAX 256

void
cd_gnu_view_free(CdGnuView *self)
{
  g_clear_pointer(&self->stream, cd_pty_stream_free);
  g_free(self);
}

gboolean
cd_gnu_view_open(CdGnuView *self, const CdPtyHost *host, const CdGnuScreen *screen,
                 const CdPtyStreamEvents *events, GError **error)
{
  g_auto(GStrv) argv = cd_gnu_screen_make_client(screen);
  const CdChildOptions options = {
    .argv = (const gchar *const *) argv,
    .environment = (const gchar *const *) screen->environment,
    .folder = host->user->home,
    .inherited = host->inherited,
  };

  self->stream = cd_pty_stream_new(&options, self->client->rows, self->client->columns, events,
                                   self, error);
  return self->stream != NULL;
}

CdGnuView *
cd_gnu_view_find(const GPtrArray *views, const CdPtyClient *client)
{
  for (guint i = 0; i < views->len; i++)
    {
      CdGnuView *view = g_ptr_array_index(views, i);
      if (view->client == client)
        return view;
    }
  return NULL;
}

CdGnuView *
cd_gnu_view_find_waiting(const GPtrArray *views)
{
  for (guint i = 0; i < views->len; i++)
    {
      CdGnuView *view = g_ptr_array_index(views, i);
      if (!view->stream && view->client)
        return view;
    }
  return NULL;
}

gboolean
cd_gnu_view_is_running(const CdGnuView *self)
{
  return self->stream && !self->is_drained;
}

void
cd_gnu_view_stop(CdGnuView *self)
{
  if (cd_gnu_view_is_running(self))
    cd_pty_stream_stop(self->stream);
}

void
cd_gnu_view_set_pace(CdGnuView *self)
{
  if (self->stream)
    cd_pty_stream_set_pace(self->stream, self->client ? self->client->offset : G_MAXUINT64);
}

/* Until it has set its terminal, the screen that it starts is of its process group still: hung up
 * too, that one leaves its socket behind. */
static void
_leave(CdGnuView *self)
{
  if (cd_gnu_view_is_running(self) && cd_pty_stream_is_raw(self->stream))
    cd_gnu_view_stop(self);
}

void
cd_gnu_view_flush(CdGnuView *self)
{
  if (self->client)
    cd_pty_client_flush(self->client);
  else
    _leave(self);
  cd_gnu_view_set_pace(self);
}

void
cd_gnu_view_be_ready(CdGnuView *self)
{
  self->is_ready = TRUE;
  if (self->client)
    cd_pty_client_resume(self->client);
}

gchar *
cd_gnu_view_get_last_words(const CdGnuView *self)
{
  const CdRing *ring = cd_pty_stream_get_ring(self->stream);
  g_autoptr(GString) all = g_string_new(NULL);
  guint64 head = cd_ring_get_head(ring);
  guint64 tail = cd_ring_get_tail(ring);

  cd_ring_append_to(ring, head - tail > WORDS_MAX ? head - WORDS_MAX : tail, all);
  for (gsize i = 0; i < all->len; i++)
    if (g_ascii_iscntrl(all->str[i]))
      all->str[i] = ' ';
  return g_strdup(g_strstrip(all->str));
}

/* --- ends ------------------------------------------------------------------------------------- */

void
cd_gnu_view_note_program_end(CdGnuView *self)
{
  CdEvidence evidence = cd_pty_client_get_evidence(self->client);

  if (self->client->termination.is_set)
    return;
  evidence.cause = CD_CAUSE_EXIT_OK;
  cd_pty_client_note_end(self->client, &evidence);
  cd_termination_add_detail(&self->client->termination, CD_TEXT("screen ended"));
}

static void
_note_kill(CdGnuView *self, const CdChildEnd *end)
{
  CdEvidence evidence = cd_pty_client_get_evidence(self->client);

  cd_child_end_write(end, &evidence);
  cd_pty_client_note_end(self->client, &evidence);
  cd_termination_add_detail(&self->client->termination, CD_TEXT("screen's client"));
  cd_termination_add_detail(&self->client->termination, cd_child_end_get_note(end));
}

/* Its word for a screen that was killed, among others. */
static void
_note_failure(CdGnuView *self, gint status)
{
  CdEvidence evidence = cd_pty_client_get_evidence(self->client);
  g_autofree gchar *why = g_strdup_printf("screen failed: exited with code %d", status);

  evidence.cause = CD_CAUSE_START_FAILED;
  evidence.text = cd_text_from_string(why);
  cd_pty_client_note_end(self->client, &evidence);
}

void
cd_gnu_view_note_end(CdGnuView *self, const CdChildEnd *end)
{
  if (self->client->termination.is_set)
    return;
  if (end->signal_number != 0 && !end->is_ours)
    _note_kill(self, end);
  else if (end->status > 0)
    _note_failure(self, end->status);
  else
    cd_gnu_view_note_program_end(self);
}
