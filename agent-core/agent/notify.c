/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/notify.h"

#include <systemd/sd-daemon.h>

/* Between two looks whether the status has changed. */
#define STATUS_SECONDS 1

struct _CdNotify
{
  CdNotifyDescribe describe;
  gpointer user_data;
  gboolean is_watched; /* whether there is a manager */
  gchar *status;       /* told last */
  guint status_timer;
  guint watchdog;
};

static gchar *
_get_status(const CdNotify *self)
{
  GString *text = g_string_new(NULL);

  self->describe(text, self->user_data);
  return g_string_free(text, FALSE);
}

static gboolean
_on_status(gpointer user_data)
{
  CdNotify *self = user_data;
  g_autofree gchar *status = _get_status(self);

  if (g_strcmp0(status, self->status) == 0)
    return G_SOURCE_CONTINUE;
  sd_notifyf(0, "STATUS=%s", status);
  g_free(self->status);
  self->status = g_steal_pointer(&status);
  return G_SOURCE_CONTINUE;
}

static gboolean
_on_watchdog(gpointer user_data)
{
  sd_notify(0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static void
_begin(CdNotify *self)
{
  guint64 microseconds = 0;

  self->status_timer = g_timeout_add_seconds(STATUS_SECONDS, _on_status, self);
  if (sd_watchdog_enabled(0, &microseconds) > 0)
    self->watchdog = g_timeout_add((guint) (microseconds / 2000), _on_watchdog, self);
}

void
cd_notify_ready(CdNotify *self)
{
  if (!self->is_watched)
    return;
  g_free(self->status);
  self->status = _get_status(self);
  sd_notifyf(0, "READY=1\nSTATUS=%s", self->status);
  if (!self->status_timer)
    _begin(self);
}

/* The manager wants to know when it began, on its own clock (systemd.service, notify-reload). */
void
cd_notify_reloading(CdNotify *self)
{
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
}

/* The watchdog goes on, since the end takes its time. */
void
cd_notify_stopping(CdNotify *self)
{
  g_clear_handle_id(&self->status_timer, g_source_remove);
  sd_notify(0, "STOPPING=1\nSTATUS=Ending sessions");
}

CdNotify *
cd_notify_new(CdNotifyDescribe describe, gpointer user_data)
{
  CdNotify *self = g_new0(CdNotify, 1);

  self->describe = describe;
  self->user_data = user_data;
  self->is_watched = g_getenv("NOTIFY_SOCKET") != NULL;
  return self;
}

void
cd_notify_free(CdNotify *self)
{
  g_clear_handle_id(&self->status_timer, g_source_remove);
  g_clear_handle_id(&self->watchdog, g_source_remove);
  g_free(self->status);
  g_free(self);
}
