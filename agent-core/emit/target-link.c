/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-link.h"

#include "emit/timer.h"

#include <unistd.h>

CdLink *
cd_link_new(const CdLinkKind *kind, const CdLinkEvents *events, gpointer owner)
{
  CdLink *self = g_new0(CdLink, 1);

  self->n_references = 1;
  self->kind = kind;
  self->events = events;
  self->owner = owner;
  self->cancellable = g_cancellable_new();
  self->frame = g_string_new(NULL);
  self->own_fd = -1;
  return self;
}

CdLink *
cd_link_ref(CdLink *self)
{
  self->n_references++;
  return self;
}

void
cd_link_unref(CdLink *self)
{
  if (--self->n_references > 0)
    return;
  g_object_unref(self->cancellable);
  g_string_free(self->frame, TRUE);
  if (self->own_fd >= 0)
    close(self->own_fd);
  g_free(self);
}

static void
_unref(gpointer data)
{
  cd_link_unref(data);
}

static void
_set_source(CdLink *self, GSource **place, GSource *source, GSourceFunc callback)
{
  cd_timer_stop(place);
  *place = source;
  g_source_set_callback(source, callback, cd_link_ref(self), _unref);
  g_source_attach(source, g_main_context_get_thread_default());
}

void
cd_link_set_readable(CdLink *self, GSource *source, GSourceFunc callback)
{
  _set_source(self, &self->readable, source, callback);
}

void
cd_link_set_writable(CdLink *self, GSource *source, GSourceFunc callback)
{
  _set_source(self, &self->writable, source, callback);
}

void
cd_link_clear_writable(CdLink *self)
{
  cd_timer_stop(&self->writable);
}

void
cd_link_close(CdLink *self)
{
  self->owner = NULL;
  cd_timer_stop(&self->deadline);
  cd_timer_stop(&self->readable);
  cd_timer_stop(&self->writable);
  g_cancellable_cancel(self->cancellable);
  if (self->stream && self->kind->close)
    self->kind->close(self);
  g_clear_object(&self->stream);
  g_clear_object(&self->connection);
  cd_link_unref(self);
}

void
cd_link_opened(CdLink *self)
{
  self->events->opened(self->owner);
}

void
cd_link_break(CdLink *self, const GError *error)
{
  if (!cd_link_is_closed(self))
    self->events->broken(self->owner, error);
}

static gboolean
_on_deadline(gpointer data)
{
  CdLink *self = data;
  g_autoptr(GError) error = g_error_new(CD_TARGET_ERROR, CD_TARGET_ERROR_TIMEOUT, "%s within %g s",
                                        self->step->missed, self->tuning->step_ms / 1000.0);

  cd_link_break(self, error);
  return G_SOURCE_REMOVE;
}

void
cd_link_begin_step(CdLink *self, const CdLinkStep *step)
{
  self->step = step;
  _set_source(self, &self->deadline, g_timeout_source_new(self->tuning->step_ms), _on_deadline);
}

void
cd_link_end_step(CdLink *self)
{
  cd_timer_stop(&self->deadline);
}
