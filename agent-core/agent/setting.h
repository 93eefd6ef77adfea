/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SETTING_H
#define CD_SETTING_H

#include <glib.h>

#define CD_SETTING_ERROR (cd_setting_error_quark())

/**
 * CdSettingError:
 * @CD_SETTING_ERROR_USE: the command line is wrong
 * @CD_SETTING_ERROR_VALUE: a setting does not take the value; the message tells which it takes
 * @CD_SETTING_ERROR_FILE: the key file cannot be read
 */
typedef enum
{
  CD_SETTING_ERROR_USE,
  CD_SETTING_ERROR_VALUE,
  CD_SETTING_ERROR_FILE,
} CdSettingError;

/** The domain of #CdSettingError. */
GQuark cd_setting_error_quark(void);

/** The settings of the agent, in the order of its help. */
typedef enum
{
  CD_SETTING_PTY_LISTEN,
  CD_SETTING_PTY_BACKEND,
  CD_SETTING_PTY_IDLE_TIMEOUT,
  CD_SETTING_PTY_SLEEP,
  CD_SETTING_MAX_SESSIONS,
  CD_SETTING_MAX_CONNECTIONS,
  CD_SETTING_TRUST_LOOPBACK,
  CD_SETTING_SESSION_TOKEN,
  CD_SETTING_PROMETHEUS_ADDRESS,
  CD_SETTING_SYSLOG,
  CD_SETTING_STATE_DIR,
  CD_SETTING_HOST,
  CD_SETTING_PEN,
  CD_SETTING_TLS_CA,
  CD_SETTING_TLS_CERT,
  CD_SETTING_TLS_KEY,
  CD_SETTING_TLS_NAME,
  CD_N_SETTINGS
} CdSetting;

/** What values a setting takes. */
typedef enum
{
  CD_SETTING_KIND_TEXT,
  CD_SETTING_KIND_LIST, /* of texts; may be given several times */
  CD_SETTING_KIND_NUMBER,
  CD_SETTING_KIND_SWITCH, /* true or false */
  CD_SETTING_KIND_CHOICE,
} CdSettingKind;

/**
 * CdSettingInfo:
 * @name: of the flag, and of the key in the key file
 * @kind: what values it takes
 * @metavar: what stands for the value in the help
 * @standard: (nullable): the default, as text; %NULL where it is found at start, as @help says
 * @help: one phrase for a person
 * @more: (nullable): what the manual says besides
 * @complete: (nullable): what values begin with, with blanks between; `@file` and `@directory`
 * @min: smallest number
 * @max: largest number
 * @choices: (nullable): of a choice, with blanks between
 * @may_be_empty: of a text
 * @is_fixed: whether SIGHUP does not change it
 */
typedef struct _CdSettingInfo
{
  const gchar *name;
  CdSettingKind kind;
  const gchar *metavar;
  const gchar *standard;
  const gchar *help;
  const gchar *more;
  const gchar *complete;
  gint64 min;
  gint64 max;
  const gchar *choices;
  gboolean may_be_empty;
  gboolean is_fixed;
} CdSettingInfo;

/** The table's row of a setting. */
const CdSettingInfo *cd_setting_get_info(CdSetting setting);

/** The setting of that name; %CD_N_SETTINGS for none. */
CdSetting cd_setting_find(const gchar *name);

/** The name of its environment variable. Returns: (transfer full): free with g_free() */
gchar *cd_setting_get_variable(CdSetting setting);

/** Whether a setting takes this value. Errors: %CD_SETTING_ERROR_VALUE. */
gboolean cd_setting_check(CdSetting setting, const gchar *value, GError **error);

#endif
