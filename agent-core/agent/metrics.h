/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_AGENT_METRICS_H
#define CD_AGENT_METRICS_H

#include "pty/host.h"

/**
 * Appends the figures of the PTY server in Prometheus' text format: upstream's metrics by their
 * names, `agent_reconnecting_pty_...`, and `coder_pty_...` of our own.
 */
void cd_agent_metrics_append(GString *out, const CdPtyFigures *figures);

#endif
