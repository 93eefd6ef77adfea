/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/watch.h"

struct _CdWatch
{
  GSource super;
  gint fd;
  gpointer tag; /* NULL while it waits for nothing */
  GIOCondition condition;
  CdWatchFunc func;
  gpointer user_data;
};

static gboolean
_dispatch(GSource *source, GSourceFunc callback, gpointer user_data)
{
  CdWatch *self = (CdWatch *) source;
  GIOCondition seen = self->tag ? g_source_query_unix_fd(source, self->tag) : 0;

  if (seen)
    self->func(seen, self->user_data);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs funcs = { .dispatch = _dispatch };

CdWatch *
cd_watch_new(gint fd, GIOCondition condition, CdWatchFunc func, gpointer user_data)
{
  GSource *source = g_source_new(&funcs, sizeof(CdWatch));
  CdWatch *self = (CdWatch *) source;

  self->fd = fd;
  self->func = func;
  self->user_data = user_data;
  /* Else GLib takes the descriptor out of its list while it is looked at and wakes itself up for
   * that, twice: three system calls more, and a turn in which nothing happens. */
  g_source_set_can_recurse(source, TRUE);
  g_source_attach(source, g_main_context_get_thread_default());
  cd_watch_set(self, condition);
  return self;
}

void
cd_watch_set_priority(CdWatch *self, gint priority)
{
  g_source_set_priority(&self->super, priority);
}

void
cd_watch_free(CdWatch *self)
{
  g_source_destroy(&self->super);
  g_source_unref(&self->super);
}

void
cd_watch_set(CdWatch *self, GIOCondition condition)
{
  if (condition == self->condition)
    return;
  self->condition = condition;
  if (!condition)
    g_source_remove_unix_fd(&self->super, g_steal_pointer(&self->tag));
  else if (self->tag)
    g_source_modify_unix_fd(&self->super, self->tag, condition);
  else
    self->tag = g_source_add_unix_fd(&self->super, self->fd, condition);
}
