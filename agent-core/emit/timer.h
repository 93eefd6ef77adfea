/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TIMER_H
#define CD_TIMER_H

#include <glib.h>

/**
 * Has the thread's default main context call @callback every @milliseconds until it returns
 * %G_SOURCE_REMOVE; 0 is the next turn.
 *
 * Returns: (transfer full): end with cd_timer_stop(), in @callback as well
 */
GSource *cd_timer_start(guint milliseconds, GSourceFunc callback, gpointer user_data);

/** Ends it, if there is one. */
void cd_timer_stop(GSource **timer);

#endif
