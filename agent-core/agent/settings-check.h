/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SETTINGS_CHECK_H
#define CD_SETTINGS_CHECK_H

#include "agent/settings.h"
#include "emit/target.h"

/**
 * Looks whether the agent can work with these settings here, and adds what is in the way to
 * cd_settings_get_problems(): addresses, folders, URIs, TLS files and back end, programs. Listens
 * nowhere and connects to nothing.
 */
void cd_settings_check(CdSettings *self);

/** The TLS files of the targets, which belong to the settings. */
CdTargetTls cd_settings_get_tls(const CdSettings *self);

/** Where metrics are served. Returns: (nullable): %NULL where they are turned off */
const gchar *cd_settings_get_metrics_address(const CdSettings *self);

#endif
