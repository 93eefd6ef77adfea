/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_AGENT_H
#define CD_AGENT_H

#include "agent/settings.h"
#include "main/exit.h"
#include "process/inherited.h"

/**
 * CdAgent:
 *
 * The daemon: emitter, PTY server, and the order in which they begin and end (spec: coder-facts,
 * d).
 */
typedef struct _CdAgent CdAgent;

/**
 * Opens the emitter and listens.
 *
 * @options: (transfer none): from which SIGHUP reads the settings again
 * @settings: (transfer none)
 * @inherited: (transfer none)
 *
 * Errors: #CdSpoolError, #CdTargetError, #CdNetError, #GFileError.
 *
 * Returns: (transfer full): free with cd_agent_free()
 */
CdAgent *cd_agent_new(const CdOptions *options, const CdSettings *settings, CdInherited *inherited,
                      GError **error);

/** Frees it. */
void cd_agent_free(CdAgent *self);

/** Serves until a signal ends it. */
CdExit cd_agent_run(CdAgent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdAgent, cd_agent_free)

#endif
