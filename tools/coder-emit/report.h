/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_REPORT_H
#define CD_REPORT_H

#include "settings.h"

/**
 * Says on standard error what has not arrived and what becomes of it, and which records the folder
 * keeps for others.
 *
 * @is_done: whether every target has all there was
 *
 * Returns: %CD_EXIT_DONE where nothing is missing
 */
CdExit cd_report(const CdEmitter *emitter, const CdSettings *settings, gboolean is_done);

/**
 * Says what was lost when the emitter was closed.
 *
 * Returns: @status, or what it becomes by that
 */
CdExit cd_report_closed(guint64 lost, const CdSettings *settings, CdExit status);

/** Drops what the folder keeps for the targets that are to be forgotten, and says how much. */
CdExit cd_report_forgotten(CdEmitter *emitter, const CdSettings *settings);

#endif
