/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_WATCH_H
#define CD_WATCH_H

#include <glib.h>

/**
 * CdWatch:
 *
 * Waits for a descriptor in the thread's default main context. Which conditions it waits for can be
 * changed at any time; without any it does not even look for errors, so that a pause costs nothing.
 * What it calls must not run the main loop, or be ready to be called again inside of itself.
 */
typedef struct _CdWatch CdWatch;

/** One of the conditions, or an error or hang-up, is there. It may free the watch. */
typedef void (*CdWatchFunc)(GIOCondition condition, gpointer user_data);

/** @fd: stays the caller's. Returns: (transfer full): free with cd_watch_free() */
CdWatch *cd_watch_new(gint fd, GIOCondition condition, CdWatchFunc func, gpointer user_data);

/** Looks at it before everything of a lower priority; %G_PRIORITY_DEFAULT at first. */
void cd_watch_set_priority(CdWatch *self, gint priority);

/** Stops waiting, and frees it. */
void cd_watch_free(CdWatch *self);

/** Waits for these from now on, which may be none. */
void cd_watch_set(CdWatch *self, GIOCondition condition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdWatch, cd_watch_free)

#endif
