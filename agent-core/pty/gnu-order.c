/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/gnu-order.h"

#include "emit/timer.h"
#include "process/query.h"

/* Milliseconds from an order that failed to the next try. */
#define RETRY_MS 250

struct _CdGnuOrder
{
  const CdPtyHost *host;
  const CdGnuScreen *screen;
  gpointer user_data;
  const gchar *order;
  gint64 deadline; /* monotonic */
  CdGnuOrderDone done;
  CdQuery *query;
  GSource *retry;
  gboolean was_obeyed; /* once: there is a screen */
};

void
cd_gnu_order_drop(CdGnuOrder *self)
{
  cd_timer_stop(&self->retry);
  g_clear_pointer(&self->query, cd_query_free);
  self->done = NULL;
}

static gboolean _on_retry(gpointer user_data);

static void
_tell(CdGnuOrder *self, gboolean is_obeyed, const gchar *answer)
{
  CdGnuOrderDone done = g_steal_pointer(&self->done);

  done(is_obeyed, answer, self->user_data);
}

/* One that is not there yet may come, one that has gone does not. */
static gboolean
_is_final(const CdGnuOrder *self, const CdQueryEnd *end)
{
  if (end->status == 0 || g_get_monotonic_time() >= self->deadline)
    return TRUE;
  return self->was_obeyed && cd_gnu_screen_is_gone(end->output);
}

static void
_on_answer(const CdQueryEnd *end, gpointer user_data)
{
  CdGnuOrder *self = user_data;
  CdQuery *query = g_steal_pointer(&self->query); /* @end is a part of it */

  self->was_obeyed |= end->status == 0;
  if (_is_final(self, end))
    _tell(self, end->status == 0, end->output);
  else
    self->retry = cd_timer_start(RETRY_MS, _on_retry, self);
  cd_query_free(query);
}

static CdQuery *
_ask(CdGnuOrder *self, GError **error)
{
  g_auto(GStrv) argv = cd_gnu_screen_make_order(self->screen, self->order);
  const CdQueryOptions options = {
    .argv = (const gchar *const *) argv,
    .environment = (const gchar *const *) self->screen->environment,
    .folder = self->host->user->home,
    .inherited = self->host->inherited,
    .timeout_ms = self->host->settings.attach_timeout_ms,
  };

  return cd_query_new(&options, _on_answer, self, error);
}

/* That there is no process for it is no answer, but may pass. */
static void
_give(CdGnuOrder *self)
{
  g_autoptr(GError) error = NULL;

  self->query = _ask(self, &error);
  if (self->query)
    return;
  g_warning("screen %s: %s", self->screen->name, error->message);
  self->retry = cd_timer_start(RETRY_MS, _on_retry, self);
}

static gboolean
_on_retry(gpointer user_data)
{
  CdGnuOrder *self = user_data;
  gboolean is_late = g_get_monotonic_time() >= self->deadline;

  cd_timer_stop(&self->retry);
  if (is_late)
    _tell(self, FALSE, "");
  else
    _give(self);
  return G_SOURCE_REMOVE;
}

CdGnuOrder *
cd_gnu_order_new(const CdPtyHost *host, const CdGnuScreen *screen, gpointer user_data)
{
  CdGnuOrder *self = g_new0(CdGnuOrder, 1);

  self->host = host;
  self->screen = screen;
  self->user_data = user_data;
  return self;
}

void
cd_gnu_order_free(CdGnuOrder *self)
{
  cd_gnu_order_drop(self);
  g_free(self);
}

void
cd_gnu_order_give(CdGnuOrder *self, const gchar *order, guint patience_ms, CdGnuOrderDone done)
{
  cd_gnu_order_drop(self);
  self->order = order;
  self->deadline = g_get_monotonic_time() + patience_ms * G_GINT64_CONSTANT(1000);
  self->done = done;
  _give(self);
}

void
cd_gnu_order_give_last(CdGnuOrder *self, const gchar *order)
{
  g_autoptr(GError) error = NULL;

  cd_gnu_order_drop(self);
  self->order = order;
  self->query = _ask(self, &error);
  if (self->query)
    cd_query_leave(g_steal_pointer(&self->query));
  else
    g_warning("screen %s: %s", self->screen->name, error->message);
}

gboolean
cd_gnu_order_is_busy(const CdGnuOrder *self)
{
  return self->done != NULL;
}
