/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_WATCH_H
#define CD_TARGET_WATCH_H

#include <glib.h>

/**
 * CdTargetWatch:
 *
 * Watches whether a socket's path comes to be, in its folder, and where the path is a link (as
 * /dev/log is to the journal's) in the folder that it points to. Where the system has no means for
 * that nothing is told.
 */
typedef struct _CdTargetWatch CdTargetWatch;

/** The path has come to be, or its mode has changed. */
typedef void (*CdTargetWatchFunc)(gpointer user_data);

/** Begins to watch, in the thread's default main context. */
CdTargetWatch *cd_target_watch_new(const gchar *path, CdTargetWatchFunc func, gpointer user_data);

/** Ends it. */
void cd_target_watch_free(CdTargetWatch *self);

/** Remembers what stands at the path now. */
void cd_target_watch_note(CdTargetWatch *self);

/** Whether something else stands there than was remembered. */
gboolean cd_target_watch_is_replaced(const CdTargetWatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdTargetWatch, cd_target_watch_free)

#endif
