/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/gnu-order.h"

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
};

static void
_stop_retrying(CdGnuOrder *self)
{
  if (!self->retry)
    return;
  g_source_destroy(self->retry);
  g_clear_pointer(&self->retry, g_source_unref);
}

void
cd_gnu_order_drop(CdGnuOrder *self)
{
  _stop_retrying(self);
  g_clear_pointer(&self->query, cd_query_free);
  self->done = NULL;
}

static void
_retry_later(CdGnuOrder *self, GSourceFunc func)
{
  self->retry = g_timeout_source_new(RETRY_MS);
  g_source_set_callback(self->retry, func, self, NULL);
  g_source_attach(self->retry, g_main_context_get_thread_default());
}

static gboolean _on_retry(gpointer user_data);

static void
_tell(CdGnuOrder *self, gboolean is_obeyed, const gchar *answer)
{
  CdGnuOrderDone done = g_steal_pointer(&self->done);

  done(is_obeyed, answer, self->user_data);
}

static void
_on_answer(const CdQueryEnd *end, gpointer user_data)
{
  CdGnuOrder *self = user_data;
  CdQuery *query = g_steal_pointer(&self->query); /* @end is a part of it */

  if (end->status != 0 && g_get_monotonic_time() < self->deadline)
    _retry_later(self, _on_retry);
  else
    _tell(self, end->status == 0, end->output);
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
  _retry_later(self, _on_retry);
}

static gboolean
_on_retry(gpointer user_data)
{
  CdGnuOrder *self = user_data;
  gboolean is_late = g_get_monotonic_time() >= self->deadline;

  _stop_retrying(self);
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
