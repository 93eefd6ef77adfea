/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/query.h"

#include "process/child.h"
#include "process/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define OUTPUT_MAX 4096

struct _CdQuery
{
  CdChild *child;
  gint output;
  GSource *late;
  CdQueryEnded ended;
  gpointer user_data;
};

/* No child of somebody else may hold up the reader: it takes what is there. */
static void
_tell(CdQuery *self, gint status, gboolean is_late)
{
  gchar buffer[OUTPUT_MAX + 1];
  gssize n;
  CdQueryEnd end = { .status = status, .is_late = is_late, .output = buffer };

  do
    n = read(self->output, buffer, OUTPUT_MAX);
  while (n < 0 && errno == EINTR);
  buffer[MAX(n, 0)] = '\0';
  self->ended(&end, self->user_data);
}

static void
_stop_timer(CdQuery *self)
{
  if (!self->late)
    return;
  g_source_destroy(self->late);
  g_clear_pointer(&self->late, g_source_unref);
}

static void
_on_ended(CdChild *child, const CdChildEnd *end, gpointer user_data)
{
  CdQuery *self = user_data;

  _stop_timer(self);
  _tell(self, end->status, FALSE);
}

static gboolean
_on_late(gpointer user_data)
{
  CdQuery *self = user_data;

  _stop_timer(self);
  g_clear_pointer(&self->child, cd_child_free);
  _tell(self, -1, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
_open_pipe(gint ends[2], GError **error)
{
  if (!cd_spawn_open_pipe(ends))
    {
      g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "no pipe: %s", g_strerror(errno));
      return FALSE;
    }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return TRUE;
}

static CdChild *
_start(CdQuery *self, const CdQueryOptions *options, gint output, GError **error)
{
  const CdPtyPair nothing = { .master = -1, .name = "/dev/null" };
  const CdChildOptions child = {
    .argv = options->argv,
    .environment = options->environment,
    .folder = options->folder,
    .pair = &nothing,
    .output = output,
    .inherited = options->inherited,
  };

  return cd_child_new(&child, _on_ended, self, error);
}

CdQuery *
cd_query_new(const CdQueryOptions *options, CdQueryEnded ended, gpointer user_data, GError **error)
{
  g_autoptr(CdQuery) self = NULL;
  gint ends[2];

  if (!_open_pipe(ends, error))
    return NULL;
  self = g_new0(CdQuery, 1);
  self->ended = ended;
  self->user_data = user_data;
  self->output = ends[0];
  self->child = _start(self, options, ends[1], error);
  close(ends[1]);
  if (!self->child)
    return NULL;
  self->late = g_timeout_source_new(options->timeout_ms);
  g_source_set_callback(self->late, _on_late, self, NULL);
  g_source_attach(self->late, g_main_context_get_thread_default());
  return g_steal_pointer(&self);
}

void
cd_query_free(CdQuery *self)
{
  if (!self)
    return;
  _stop_timer(self);
  g_clear_pointer(&self->child, cd_child_free);
  close(self->output);
  g_free(self);
}

void
cd_query_leave(CdQuery *self)
{
  if (self->child)
    cd_child_leave(g_steal_pointer(&self->child));
  cd_query_free(self);
}
