/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of tests/data/conformance. */
#ifndef CONFORM_ROW_H
#define CONFORM_ROW_H

#include <gio/gio.h>

/** How a row's bytes go out, and to which kind of source; the README there tells them. */
typedef enum
{
  CONFORM_OCTET,
  CONFORM_OCTET_PLAIN,
  CONFORM_STREAM,
  CONFORM_SPLIT,
  CONFORM_LINES,
  CONFORM_LEGACY,
  CONFORM_UDP,
  CONFORM_TLS,
  CONFORM_N_FRAMINGS
} ConformFraming;

/**
 * ConformRow:
 * @group: name of the file that it stands in, without number and `.json`
 * @id: unique in the whole table
 * @rfc: number and section
 * @rule: in a few words
 * @notation: the bytes as they are written there
 * @bytes: and as they go out, a frame without its octet count under %CONFORM_OCTET
 * @framing: how
 * @client: (nullable): who connects, under %CONFORM_TLS
 * @demands: `valid`, `invalid` or `receiver's choice`
 * @ours: what has to come out of the parser
 * @core: what `coder-triage` has to make of the frame; that of @ours where nothing is said
 * @rescue: the same for what unix-dgram() mangles
 * @on_4: (nullable) (element-type utf8 utf8): `ours`, `core` and `rescue` where they differ on
 *   syslog-ng 4
 * @pairs: (nullable) (element-type utf8 utf8): pairs that have to be there beside it
 * @note: (nullable): what is to be said about it
 * @address: of the loopback, from which the row alone is sent
 */
typedef struct _ConformRow
{
  gchar *group;
  gchar *id;
  gchar *rfc;
  gchar *rule;
  gchar *notation;
  GBytes *bytes;
  ConformFraming framing;
  gchar *client;
  gchar *demands;
  gchar *ours;
  gchar *core;
  gchar *rescue;
  GHashTable *on_4;
  GHashTable *pairs;
  gchar *note;
  gchar *address;
} ConformRow;

/**
 * Reads every `*.json` file of a directory, in the order of their names.
 *
 * Returns: (transfer full) (element-type ConformRow): %NULL with @error, which names file and row,
 *   for anything that is not as the README there has it
 */
GPtrArray *conform_rows_load(const gchar *directory, GError **error);

/** Lets what is said of syslog-ng 4 stand for the rest. */
void conform_rows_take_4(GPtrArray *rows);

/** The name that the table has for a framing. */
const gchar *conform_framing_get_name(ConformFraming framing);

/** Whether the bytes are one message, which the core can read as well. */
gboolean conform_row_is_frame(const ConformRow *self);

/** Whether it is one that a unix-dgram socket takes, so that it can be rescued as well. */
gboolean conform_row_is_datagram(const ConformRow *self);

#endif
