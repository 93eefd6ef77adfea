/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SETTINGS_H
#define CD_SETTINGS_H

#include "emit/emitter.h"
#include "main/exit.h"

/**
 * CdSettings:
 * @uris: (nullable): targets; never empty after cd_settings_parse(), %NULL for those that the
 *   folder knows
 * @folder: (nullable): of the spool
 * @host: (nullable): HOSTNAME
 * @app_name: APP-NAME
 * @pen: enterprise number
 * @wait: seconds to wait for the targets
 * @tls: for tls: targets
 * @from_stdin: one JSON object a line
 * @flush: only what an earlier run left
 * @forget: (nullable): URIs of targets that are not wanted any more
 * @show_version: nothing else
 * @show_help: nothing else
 * @pairs: the arguments, key=value
 *
 * What the command line says.
 */
typedef struct _CdSettings
{
  gchar **uris;
  gchar *folder;
  gchar *host;
  gchar *app_name;
  gint pen;
  gint wait;
  CdTargetTls tls;
  gboolean from_stdin;
  gboolean flush;
  gchar **forget;
  gboolean show_version;
  gboolean show_help;
  gchar **pairs;
} CdSettings;

/**
 * Reads the command line.
 *
 * Returns: (transfer none): %NULL after a word on standard error where the use is wrong
 */
const CdSettings *cd_settings_parse(gchar **argv);

/** Returns: (transfer full): the help */
gchar *cd_settings_describe(void);

/** Says what is wrong with the use. Returns: %CD_EXIT_WRONG_USE */
CdExit cd_settings_wrong_use(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

#endif
