/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-watch.h"

#include <gio/gio.h>
#include <sys/stat.h>

typedef struct _Place Place;

struct _Place
{
  GFile *file;
  GFileMonitor *monitor;
};

struct _CdTargetWatch
{
  gchar *path;
  Place places[2]; /* the path itself, and what it points to */
  CdTargetWatchFunc func;
  gpointer user_data;
  dev_t device;
  ino_t inode;
};

static gboolean
_is_coming(GFileMonitorEvent event)
{
  return event == G_FILE_MONITOR_EVENT_CREATED || event == G_FILE_MONITOR_EVENT_MOVED_IN
         || event == G_FILE_MONITOR_EVENT_RENAMED
         || event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED;
}

static void
_on_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
            gpointer data)
{
  CdTargetWatch *self = data;
  GFile *there = event == G_FILE_MONITOR_EVENT_RENAMED ? other : file;

  if (!_is_coming(event))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(self->places); i++)
    if (self->places[i].file && g_file_equal(self->places[i].file, there))
      {
        self->func(self->user_data);
        return;
      }
}

static void
_watch(CdTargetWatch *self, Place *place, const gchar *path)
{
  g_autoptr(GFile) folder = NULL;

  place->file = g_file_new_for_path(path);
  folder = g_file_get_parent(place->file);
  if (folder)
    place->monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (place->monitor)
    g_signal_connect(place->monitor, "changed", G_CALLBACK(_on_changed), self);
}

static void
_clear(CdTargetWatch *self, Place *place)
{
  if (place->monitor)
    g_signal_handlers_disconnect_by_data(place->monitor, self);
  g_clear_object(&place->monitor);
  g_clear_object(&place->file);
}

CdTargetWatch *
cd_target_watch_new(const gchar *path, CdTargetWatchFunc func, gpointer user_data)
{
  CdTargetWatch *self = g_new0(CdTargetWatch, 1);
  g_autofree gchar *pointed = g_file_read_link(path, NULL);
  g_autofree gchar *folder = g_path_get_dirname(path);
  g_autofree gchar *end = pointed ? g_canonicalize_filename(pointed, folder) : NULL;

  self->path = g_strdup(path);
  self->func = func;
  self->user_data = user_data;
  _watch(self, &self->places[0], path);
  if (end)
    _watch(self, &self->places[1], end);
  return self;
}

void
cd_target_watch_free(CdTargetWatch *self)
{
  if (!self)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(self->places); i++)
    _clear(self, &self->places[i]);
  g_free(self->path);
  g_free(self);
}

void
cd_target_watch_note(CdTargetWatch *self)
{
  struct stat status = { 0 };

  if (stat(self->path, &status) != 0)
    return;
  self->device = status.st_dev;
  self->inode = status.st_ino;
}

gboolean
cd_target_watch_is_replaced(const CdTargetWatch *self)
{
  struct stat status;

  return stat(self->path, &status) == 0
         && (status.st_dev != self->device || status.st_ino != self->inode);
}
