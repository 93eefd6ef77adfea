/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LIVING_H
#define CD_LIVING_H

#include <glib.h>

/*
 * The children of this process that somebody here waits for. What else is its child was left to it,
 * which happens to PID 1. For the thread that calls cd_child_reap_orphans().
 */

/** Called when a child was taken out: a zombie behind which others stood has gone. */
typedef void (*CdLivingRemoved)(gpointer user_data);

/** Adds a child. To be called before the main loop runs again after its start. */
void cd_living_add(GPid pid);

/** Takes it out, after it was waited for. */
void cd_living_remove(GPid pid);

/** Whether somebody waits for it. */
gboolean cd_living_has(GPid pid);

/** Has @removed called from now on; %NULL for nobody. */
void cd_living_watch(CdLivingRemoved removed, gpointer user_data);

#endif
