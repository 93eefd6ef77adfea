/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_OPTIONS_H
#define CD_OPTIONS_H

#include "agent/setting.h"

/** The key file that is read where none is named, and need not be there. */
#define CD_SETTINGS_FILE "/etc/coder-agentd.conf"

/** Its group. */
#define CD_SETTINGS_GROUP "coder-agentd"

/** What the command line asks for. */
typedef enum
{
  CD_TASK_SERVE,
  CD_TASK_CHECK,   /* the settings, and say what is wrong */
  CD_TASK_PRINT,   /* each setting and where it comes from */
  CD_TASK_VERSION, /* print the version */
} CdTask;

/**
 * CdOptions:
 * @task: what to do
 * @file: (nullable): the key file that was named
 * @texts: (nullable): the values given for each setting, as they came
 *
 * What the command line says.
 */
typedef struct _CdOptions
{
  CdTask task;
  gchar *file;
  GStrv texts[CD_N_SETTINGS];
} CdOptions;

/**
 * CdOptionInfo:
 * @name: without its dashes
 * @letter: of its short form, NUL for none
 * @metavar: (nullable): what stands for its value
 * @help: one phrase for a person
 *
 * An option that is no setting.
 */
typedef struct _CdOptionInfo
{
  const gchar *name;
  gchar letter;
  const gchar *metavar;
  const gchar *help;
} CdOptionInfo;

/** Reads the command line; every value is one that its setting takes. Where help is asked for,
 * prints it and ends the program.
 *
 * @self: zeroed; free what it holds with cd_options_clear(), in any case
 *
 * Errors: %CD_SETTING_ERROR_USE.
 */
gboolean cd_options_read(CdOptions *self, const gchar *const *argv, GError **error);

/** Frees what it holds. */
void cd_options_clear(CdOptions *self);

/** The options that are no settings, in the order of the help, up to one without a name. */
const CdOptionInfo *cd_options_get_infos(void);

/** A setting's phrase for the help, with its choices and its default. */
gchar *cd_options_describe(const CdSettingInfo *info);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CdOptions, cd_options_clear)

#endif
