/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a daemon wrote about the messages that it got: one JSON object a line. */
#ifndef CONFORM_ARRIVED_H
#define CONFORM_ARRIVED_H

#include "row.h"

#include <json-glib/json-glib.h>

/** So is a byte that is no UTF-8 told from the character that it would be. */
#define CONFORM_BYTES 0xe000u

/**
 * ConformArrived:
 * @messages: (element-type JsonObject): the objects of one row, in order
 * @not_utf8: the daemon wrote something that is no JSON since it is not UTF-8
 */
typedef struct _ConformArrived
{
  GPtrArray *messages;
  gboolean not_utf8;
} ConformArrived;

/**
 * Reads a daemon's output.
 *
 * Returns: (transfer full) (element-type ConformArrived): for each row what came from its address
 */
GPtrArray *conform_arrived_load(const GPtrArray *rows, const gchar *path);

/** The same where the messages stand behind the lines of conform_send_datagrams(). */
GPtrArray *conform_arrived_load_marked(const GPtrArray *rows, const gchar *path);

/** A member that is a string, "" where it is not there. */
const gchar *conform_arrived_get(JsonObject *message, const gchar *name);

/** The structured data as RFC 5424 writes it, also where it came as an object; g_free() it. */
gchar *conform_arrived_get_sdata(JsonObject *message);

#endif
