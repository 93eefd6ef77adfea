/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SIGNALS_H
#define CD_SIGNALS_H

#include <glib.h>

/**
 * CdSignals:
 *
 * SIGTERM, SIGINT and SIGHUP as events of the main loop, looked at before any other: what was seen
 * in the same moment counts as later.
 */
typedef struct _CdSignals CdSignals;

/** A signal has come. */
typedef void (*CdSignalsFunc)(gint signal_number, gpointer user_data);

/** Blocks them, for threads that are started later too. Returns: (transfer full) */
CdSignals *cd_signals_new(CdSignalsFunc func, gpointer user_data);

/** Frees it. They stay blocked. */
void cd_signals_free(CdSignals *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdSignals, cd_signals_free)

#endif
