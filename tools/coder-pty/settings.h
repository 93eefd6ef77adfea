/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SETTINGS_H
#define CD_SETTINGS_H

#include "client.h"
#include "typing.h"

/**
 * CdSettings:
 * @address: where the agent listens
 * @is_default: whether nobody named it
 * @where: the same for a connection
 * @frame: the session; its size is still to be set
 * @at_eof: when standard input, no terminal, has come to its end
 * @detach_key: as it was named
 * @key: the key, or %CD_DETACH_KEY_NONE
 * @show_version: nothing else
 *
 * What the command line says.
 */
typedef struct _CdSettings
{
  gchar *address;
  gboolean is_default;
  GSocketConnectable *where;
  CdFrame frame;
  CdAtEof at_eof;
  gchar *detach_key;
  gint key;
  gboolean show_version;
} CdSettings;

/**
 * Reads the command line. Where help is asked for, prints it and ends the program.
 *
 * Returns: (transfer none): %NULL after a word on standard error where the use is wrong
 */
const CdSettings *cd_settings_parse(gchar **argv);

/** Says something on standard error, with nothing in it that controls a terminal. */
void cd_settings_say(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

#endif
