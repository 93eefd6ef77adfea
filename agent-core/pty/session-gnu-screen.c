/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions of screen(1): each client has a terminal of its own, in which a client of screen runs.
 * What keeps the program, and restores what it shows, is screen itself. */
#include "emit/timer.h"
#include "pty/gnu-order.h"
#include "pty/gnu-view.h"
#include "pty/session-state.h"

/* Milliseconds from the screen's end until what still shows it is hung up. */
#define CLOSE_MS 1000

typedef struct _Screen
{
  CdPtySession *session;
  CdGnuScreen *commands;
  CdGnuOrder *order;
  GPtrArray *views;   /* of CdGnuView, in the order of their coming */
  CdGnuView *awaited; /* which the session has yet to answer */
  gboolean was_ready;
  gboolean is_in_doubt; /* a view has ended: perhaps all has */
  gboolean was_seen;    /* it had a client then */
  gboolean is_quitting;
  gboolean is_gone;
  GSource *close;
} Screen;

static void _work(Screen *self);

static CdGnuView *
_get_view(const Screen *self, guint i)
{
  return g_ptr_array_index(self->views, i);
}

static CdGnuView *
_find_view(const Screen *self, const CdPtyClient *client)
{
  return cd_gnu_view_find(self->views, client);
}

/* --- the end of all --------------------------------------------------------------------------- */

static void
_finish_if_over(Screen *self)
{
  if (!self->is_gone)
    return;
  for (guint i = 0; i < self->views->len; i++)
    if (cd_gnu_view_is_running(_get_view(self, i)))
      return;
  cd_pty_session_be_done(self->session);
}

static gboolean
_on_close(gpointer user_data)
{
  Screen *self = user_data;

  for (guint i = 0; i < self->views->len; i++)
    cd_gnu_view_stop(_get_view(self, i));
  return G_SOURCE_REMOVE;
}

/* Its clients end by themselves then, as a rule. */
static void
_be_gone(Screen *self)
{
  self->is_gone = TRUE;
  self->close = cd_timer_start(CLOSE_MS, _on_close, self);
  _finish_if_over(self);
}

static void
_on_quit(gboolean is_obeyed, const gchar *answer, gpointer user_data)
{
  Screen *self = user_data;

  if (!is_obeyed && self->was_ready && !cd_gnu_screen_is_gone(answer))
    g_warning("session %s: screen %s does not quit", self->session->id, self->commands->name);
  _be_gone(self);
}

/* One that never answered may not be there at all. */
static void
_order_quit(Screen *self)
{
  guint patience_ms = self->was_ready ? self->session->host->settings.attach_timeout_ms : 0;

  cd_gnu_order_give(self->order, "quit", patience_ms, _on_quit);
}

/* One that is just starting does not listen yet. */
static void
_quit(gpointer user_data)
{
  Screen *self = user_data;

  if (self->is_quitting || self->is_gone)
    return;
  self->is_quitting = TRUE;
  if (!self->awaited)
    _order_quit(self);
}

static void
_on_probed(gboolean is_obeyed, const gchar *answer, gpointer user_data)
{
  Screen *self = user_data;

  self->is_in_doubt = FALSE;
  if (!cd_gnu_screen_is_gone(answer))
    {
      self->was_seen = FALSE;
      _work(self);
      return;
    }
  cd_pty_session_begin_end(self->session, NULL, self->was_seen);
  for (guint i = 0; i < self->views->len; i++)
    if (!_get_view(self, i)->stream)
      cd_gnu_view_note_program_end(_get_view(self, i));
  _be_gone(self);
}

/* --- how a view starts ------------------------------------------------------------------------ */

/* Where the first one fails, no session has started. */
static void
_fail(Screen *self, const gchar *why)
{
  CdPtyClient *client = g_steal_pointer(&self->awaited)->client;

  if (!self->was_ready)
    {
      _quit(self);
      cd_pty_session_fail(self->session, why);
    }
  else if (client)
    {
      cd_pty_session_note_failure(client, why);
      cd_pty_client_finish(client);
    }
}

static void
_be_ready(Screen *self)
{
  self->was_ready = TRUE;
  cd_pty_session_be_ready(self->session);
  cd_gnu_view_be_ready(g_steal_pointer(&self->awaited));
}

static void
_be_late(Screen *self)
{
  g_autofree gchar *why = g_strdup_printf("could not be started: screen did not answer in %u ms",
                                          self->session->host->settings.attach_timeout_ms);

  cd_gnu_view_stop(self->awaited);
  _fail(self, why);
}

/* A screen that has ended since the view began is no failure of the view. */
static void
_on_awaited(gboolean is_obeyed, const gchar *answer, gpointer user_data)
{
  Screen *self = user_data;
  gboolean has_ended = self->was_ready && cd_gnu_screen_is_gone(answer);

  if (is_obeyed || has_ended)
    _be_ready(self);
  else
    _be_late(self);
  self->is_in_doubt |= has_ended && !is_obeyed;
  _work(self);
}

/* --- what a view's stream tells --------------------------------------------------------------- */

static void
_on_output(gpointer owner)
{
  cd_gnu_view_flush(owner);
}

static void
_on_writable(gpointer owner)
{
  CdGnuView *view = owner;

  if (view->client)
    cd_pty_client_resume(view->client);
}

/* A short program may have ended before anybody could ask for it. Why one failed that never was
 * ready, its output tells, which is yet to come. */
static void
_on_ended(const CdChildEnd *end, gpointer owner)
{
  CdGnuView *view = owner;
  Screen *self = view->owner;

  if (self->awaited == view)
    {
      cd_gnu_order_drop(self->order);
      if (end->status == 0)
        _be_ready(self);
    }
  if (self->awaited == view || !view->client)
    return;
  self->was_seen = TRUE;
  cd_gnu_view_note_end(view, end);
}

static void
_fail_ended(Screen *self)
{
  g_autofree gchar *words = cd_gnu_view_get_last_words(self->awaited);
  g_autofree gchar *why = g_strconcat(
    "could not be started: screen: ", *words ? words : "it has ended", NULL);

  _fail(self, why);
}

static void
_remove(Screen *self, CdGnuView *view)
{
  if (self->awaited == view)
    self->awaited = NULL;
  g_ptr_array_remove(self->views, view);
}

/* The view goes when its client has taken all. */
static void
_on_drained(gpointer owner)
{
  CdGnuView *view = owner;
  Screen *self = view->owner;

  view->is_drained = TRUE;
  self->is_in_doubt = self->was_ready;
  if (!view->client)
    _remove(self, view);
  else if (self->awaited == view)
    _fail_ended(self);
  else
    cd_pty_client_finish(view->client);
  _finish_if_over(self);
  _work(self);
}

static const CdPtyStreamEvents stream_events = {
  .output = _on_output,
  .writable = _on_writable,
  .ended = _on_ended,
  .drained = _on_drained,
};

static void
_start_view(Screen *self, CdGnuView *view)
{
  g_autoptr(GError) error = NULL;

  self->awaited = view;
  if (!cd_gnu_view_open(view, self->session->host, self->commands, &stream_events, &error))
    {
      g_autofree gchar *why = g_strconcat("could not be started: ", error->message, NULL);
      _fail(self, why);
      return;
    }
  cd_pty_client_attach(view->client, self->session, cd_pty_stream_get_ring(view->stream), NULL);
  cd_gnu_view_set_pace(view);
  cd_gnu_order_give(self->order, "version", self->session->host->settings.attach_timeout_ms,
                    _on_awaited);
}

/* One thing at a time: two clients that start at once could start two screens. "version" is the
 * one order without an effect. */
static void
_work(Screen *self)
{
  CdGnuView *next = cd_gnu_view_find_waiting(self->views);

  if (cd_gnu_order_is_busy(self->order) || self->awaited || self->is_gone)
    return;
  if (self->is_quitting)
    _order_quit(self);
  else if (self->is_in_doubt)
    cd_gnu_order_give(self->order, "version", 0, _on_probed);
  else if (next)
    _start_view(self, next);
}

/* --- clients ---------------------------------------------------------------------------------- */

static void
_attach(gpointer user_data, CdPtyClient *client)
{
  Screen *self = user_data;
  CdGnuView *view = g_new0(CdGnuView, 1);

  view->owner = self;
  view->client = client;
  g_ptr_array_add(self->views, view);
  cd_pty_client_join(client, self->session);
  _work(self);
}

static void
_detach(gpointer user_data, CdPtyClient *client)
{
  Screen *self = user_data;
  CdGnuView *view = _find_view(self, client);

  view->client = NULL;
  cd_gnu_view_flush(view);
  if (!cd_gnu_view_is_running(view))
    _remove(self, view);
}

static gsize
_type(gpointer user_data, CdPtyClient *client, CdText input)
{
  CdGnuView *view = _find_view(user_data, client);

  return view->is_ready ? cd_pty_stream_write(view->stream, input) : 0;
}

static void
_resize(gpointer user_data, CdPtyClient *client)
{
  CdGnuView *view = _find_view(user_data, client);

  if (view->stream)
    cd_pty_stream_resize(view->stream, client->rows, client->columns);
}

static void
_set_pace(gpointer user_data, CdPtyClient *client)
{
  cd_gnu_view_set_pace(_find_view(user_data, client));
}

/* Its terminal waits for it, so it cannot fall behind. */
static void
_bring_back(gpointer user_data, CdPtyClient *client)
{
  cd_pty_client_bring_back(client, NULL);
}

/* --- life ------------------------------------------------------------------------------------- */

static gpointer
_start(CdPtySession *session, GError **error)
{
  CdGnuScreen *commands = cd_gnu_screen_new(session->command, error);
  Screen *self;

  if (!commands)
    return NULL;
  self = g_new0(Screen, 1);
  self->session = session;
  self->commands = commands;
  self->order = cd_gnu_order_new(session->host, commands, self);
  self->views = g_ptr_array_new_with_free_func((GDestroyNotify) cd_gnu_view_free);
  return self;
}

/* The screen itself is no child of ours: it is told to quit, without waiting for it. */
static void
_free(gpointer user_data)
{
  Screen *self = user_data;

  if (!self->is_gone)
    cd_gnu_order_give_last(self->order, "quit");
  cd_timer_stop(&self->close);
  g_ptr_array_unref(self->views);
  cd_gnu_order_free(self->order);
  cd_gnu_screen_free(self->commands);
  g_free(self);
}

const CdPtyKind cd_pty_gnu_screen_kind = {
  .start = _start,
  .free = _free,
  .attach = _attach,
  .detach = _detach,
  .type = _type,
  .resize = _resize,
  .set_pace = _set_pace,
  .bring_back = _bring_back,
  .stop = _quit,
};
