/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows onto the wire. Every row comes from an address of its own, so that whatever a daemon makes
 * of it can be told from what it makes of the others. */
#ifndef CONFORM_SEND_H
#define CONFORM_SEND_H

#include "row.h"

/** The address that the last datagram comes from; what arrives from it arrives last. */
#define CONFORM_END_ADDRESS "127.77.0.1"

/**
 * Sends all rows but those under %CONFORM_TLS, one after the other, then the last datagram. A
 * stream's row ends when the other side has closed.
 *
 * @ports: for each framing; 0 leaves its rows out
 */
void conform_send(const GPtrArray *rows, const guint *ports);

/**
 * Sends the rows that are frames to a unix-dgram socket, each behind a line `conform: INDEX`, and
 * such a line with the number of rows at the end.
 */
void conform_send_datagrams(const GPtrArray *rows, const gchar *path);

/** Whether a stream's port of the loopback takes connections. */
gboolean conform_probe(guint port);

/** Sends a row under %CONFORM_TLS as a stream without TLS. */
void conform_send_plain(const GPtrArray *rows, const gchar *id, guint port);

/** Writes the bytes of each row under %CONFORM_TLS to DIRECTORY/ID and prints a line for it:
 * id, client, address. */
void conform_print_tls(const GPtrArray *rows, const gchar *directory);

#endif
