/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_AGENT_SETTINGS_H
#define CD_AGENT_SETTINGS_H

#include "agent/setting.h"

#define CD_SETTINGS_ERROR (cd_settings_error_quark())

/**
 * CdSettingsError:
 * @CD_SETTINGS_ERROR_USE: the command line is wrong
 * @CD_SETTINGS_ERROR_VALUE: a value is; the message tells where it stands and what is allowed
 * @CD_SETTINGS_ERROR_FILE: the key file cannot be read
 */
typedef enum
{
  CD_SETTINGS_ERROR_USE,
  CD_SETTINGS_ERROR_VALUE,
  CD_SETTINGS_ERROR_FILE,
} CdSettingsError;

/** The domain of #CdSettingsError. */
GQuark cd_settings_error_quark(void);

/** The key file that is read where none is named, and need not be there. */
#define CD_SETTINGS_FILE "/etc/coder-agentd.conf"

/** Its group. */
#define CD_SETTINGS_GROUP "coder-agentd"

/** What the command line asks for in place of serving. */
typedef enum
{
  CD_SETTINGS_SERVE,
  CD_SETTINGS_CHECK,   /* the settings, and say what is wrong */
  CD_SETTINGS_PRINT,   /* each setting and where it comes from */
  CD_SETTINGS_VERSION, /* print the version */
} CdSettingsTask;

/**
 * CdSettings:
 *
 * The agent's settings, from four places: flag, else environment, else key file, else default.
 */
typedef struct _CdSettings CdSettings;

/**
 * Reads them. Where help is asked for, prints it and ends the program.
 *
 * Errors: #CdSettingsError; the message names the place.
 *
 * Returns: (transfer full): free with cd_settings_free()
 */
CdSettings *cd_settings_new(const gchar *const *argv, GError **error);

/** Frees them. */
void cd_settings_free(CdSettings *self);

/** What to do. */
CdSettingsTask cd_settings_get_task(const CdSettings *self);

/** The value of a text or choice. Returns: (nullable): %NULL where there is none */
const gchar *cd_settings_get_text(const CdSettings *self, CdSetting setting);

/** All values of a list. Returns: (array zero-terminated=1): may be empty */
const gchar *const *cd_settings_get_list(const CdSettings *self, CdSetting setting);

/** The value of a number. */
gint64 cd_settings_get_number(const CdSettings *self, CdSetting setting);

/** Whether a switch is on. */
gboolean cd_settings_get_switch(const CdSettings *self, CdSetting setting);

/** Where it comes from, in words. */
const gchar *cd_settings_get_origin(const CdSettings *self, CdSetting setting);

/** Writes each setting with its origin, as a key file. */
void cd_settings_print(const CdSettings *self, GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdSettings, cd_settings_free)

#endif
