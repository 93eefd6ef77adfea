/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_METRICS_H
#define CD_METRICS_H

#include "emit/emitter.h"

/**
 * Appends all figures of an emitter in Prometheus' text format (version 0.0.4): `coder_emit_...`,
 * those of a target with its URI, in which secrets are redacted, as the label `target`; and
 * `coder_disconnects_total`.
 */
void cd_metrics_append(GString *out, const CdEmitterFigures *figures);

#endif
