/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_AGENT_SETTINGS_H
#define CD_AGENT_SETTINGS_H

#include "agent/options.h"

/**
 * CdSettings:
 *
 * The agent's settings, from four places: flag, else environment, else key file, else default.
 */
typedef struct _CdSettings CdSettings;

/**
 * Reads the environment and the key file beside the command line. What is wrong in them does not
 * end that: it is noted, and the setting is as if it were not there.
 *
 * @options: (transfer none): copied
 *
 * Returns: (transfer full): free with cd_settings_free()
 */
CdSettings *cd_settings_new(const CdOptions *options);

/** Frees them. */
void cd_settings_free(CdSettings *self);

/**
 * All that is wrong, each a line that names the place.
 *
 * Returns: (transfer none) (element-type utf8): empty where nothing is
 */
const GPtrArray *cd_settings_get_problems(const CdSettings *self);

/** Notes that a value of a setting cannot be used, and why. */
void cd_settings_add_problem(CdSettings *self, CdSetting setting, const gchar *text,
                             const gchar *why);

/** The value of a text or choice. Returns: (nullable): %NULL where there is none */
const gchar *cd_settings_get_text(const CdSettings *self, CdSetting setting);

/** All values of a list. Returns: (array zero-terminated=1): may be empty */
const gchar *const *cd_settings_get_list(const CdSettings *self, CdSetting setting);

/** The value of a number. */
gint64 cd_settings_get_number(const CdSettings *self, CdSetting setting);

/** Whether a switch is on. */
gboolean cd_settings_get_switch(const CdSettings *self, CdSetting setting);

/** Where it comes from: `flag`, the environment variable, the file, `default`. */
const gchar *cd_settings_get_origin(const CdSettings *self, CdSetting setting);

/** Whether it was asked for, in any of the places. */
gboolean cd_settings_is_given(const CdSettings *self, CdSetting setting);

/** Whether a setting is the same in both. */
gboolean cd_settings_agree(const CdSettings *self, const CdSettings *other, CdSetting setting);

/** Writes each setting with its origin, as a key file that gives the same settings. */
void cd_settings_print(const CdSettings *self, GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdSettings, cd_settings_free)

#endif
