/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_SERVER_H
#define CD_PTY_SERVER_H

#include "pty/host.h"

#include <gio/gio.h>

/**
 * CdPtyServer:
 *
 * Serves reconnecting PTYs as Coder's agent does (spec: coder-facts, b), and writes one closing
 * record for each connection that sent at least a byte. Use it from one thread.
 */
typedef struct _CdPtyServer CdPtyServer;

/** It has no connection and no session any more, after cd_pty_server_close(). */
typedef void (*CdPtyServerClosed)(gpointer user_data);

/** @host: (transfer none). Returns: (transfer full): free with cd_pty_server_free() */
CdPtyServer *cd_pty_server_new(CdPtyHost *host, gboolean trust_loopback);

/** Whom it lets in from now on, as cd_peer_check() has it. */
void cd_pty_server_set_trust_loopback(CdPtyServer *self, gboolean trust_loopback);

/** Ends what is left, at once, and frees it. */
void cd_pty_server_free(CdPtyServer *self);

/**
 * Listens at one address more.
 *
 * Errors: #CdNetError.
 *
 * Returns: (transfer none): where it listens, with the port that it got
 */
const gchar *cd_pty_server_listen(CdPtyServer *self, GSocketAddress *address, GError **error);

/**
 * The agent goes away: listens no more, notes that for every connection before anything else is
 * looked at, and has the programs hung up. Their last output is still sent.
 */
void cd_pty_server_close(CdPtyServer *self, CdPtyServerClosed closed, gpointer user_data);

/** Waits for nobody any more: closes every connection, and kills the programs. */
void cd_pty_server_abort(CdPtyServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyServer, cd_pty_server_free)

#endif
