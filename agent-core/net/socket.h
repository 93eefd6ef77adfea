/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SOCKET_H
#define CD_SOCKET_H

#include <glib.h>

/**
 * CdSocketFigures:
 * @has_tcp: whether the fields of TCP count
 * @rtt_us: round trip time, microseconds
 * @retransmits: segments sent again, over the whole connection
 * @idle_ms: since the last data came in, milliseconds
 * @unsent: bytes that the peer's kernel has not acknowledged; 0 for a unix socket
 *
 * What the kernel knows of a connection.
 */
typedef struct _CdSocketFigures
{
  gboolean has_tcp;
  guint rtt_us;
  guint retransmits;
  guint idle_ms;
  guint unsent;
} CdSocketFigures;

/** Bytes that are accepted from the writer but not sent at most: keeps Ctrl-C near. */
#define CD_SOCKET_NOTSENT_MAX 16384

/**
 * Notices a peer that has gone within half a minute: keepalive and TCP_USER_TIMEOUT; sends small
 * writes at once. Does nothing to a unix socket. Who writes calls cd_socket_bear_with() then.
 */
void cd_socket_tune(gint fd);

/** How often cd_socket_bear_with() is to be called. */
#define CD_SOCKET_BEAR_INTERVAL_MS 5000

/**
 * Keeps the kernel from giving up a peer that takes no more for now, but whose machine still says
 * so: TCP_USER_TIMEOUT makes no difference between that and one that has gone. A peer that says
 * nothing any more is given up as before, though later if it took nothing before. For TCP only.
 *
 * Returns: whether the peer owes an acknowledgement, so that it is to be called again
 */
gboolean cd_socket_bear_with(gint fd);

/** Reads the figures, while the socket is open. SO_ERROR is left alone: to read it consumes it. */
void cd_socket_read_figures(gint fd, CdSocketFigures *self);

#endif
