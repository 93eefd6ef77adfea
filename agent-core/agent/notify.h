/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_NOTIFY_H
#define CD_NOTIFY_H

#include <glib.h>

/**
 * CdNotify:
 *
 * What the service manager learns, by sd_notify(3): that the agent is ready, reloads, stops, lives,
 * and a line of status. Without a manager it does nothing.
 */
typedef struct _CdNotify CdNotify;

/** Appends the status, one line. */
typedef void (*CdNotifyDescribe)(GString *text, gpointer user_data);

/** Tells nothing yet. */
CdNotify *cd_notify_new(CdNotifyDescribe describe, gpointer user_data);

/** Frees it. */
void cd_notify_free(CdNotify *self);

/** It serves, or serves again. From the first time on the status is kept, and the watchdog fed. */
void cd_notify_ready(CdNotify *self);

/** It reads its settings again; cd_notify_ready() comes next. */
void cd_notify_reloading(CdNotify *self);

/** It ends; the status does not change any more. */
void cd_notify_stopping(CdNotify *self);

#endif
