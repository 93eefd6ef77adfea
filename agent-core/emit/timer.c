/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/timer.h"

GSource *
cd_timer_start(guint milliseconds, GSourceFunc callback, gpointer user_data)
{
  GSource *timer = g_timeout_source_new(milliseconds);

  g_source_set_callback(timer, callback, user_data, NULL);
  g_source_attach(timer, g_main_context_get_thread_default());
  return timer;
}

void
cd_timer_stop(GSource **timer)
{
  if (!*timer)
    return;
  g_source_destroy(*timer);
  g_clear_pointer(timer, g_source_unref);
}
