/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PTY_PEER_H
#define PTY_PEER_H

#include <glib.h>

/* A client of coder-agentd's reconnecting PTYs, as far as tests and measurements need one. */

/* Connects to a unix socket. Returns: a blocking socket, or -1 with errno */
gint pty_peer_connect(const gchar *path);

/* Sends the first message, of 24 rows and 80 columns. Returns: FALSE with errno where the agent has
 * gone */
gboolean pty_peer_greet(gint fd, const gchar *id, const gchar *command, const gchar *backend);

/* Sends input, which needs no escape in JSON. Returns: as pty_peer_greet() */
gboolean pty_peer_type(gint fd, const gchar *data);

#endif
