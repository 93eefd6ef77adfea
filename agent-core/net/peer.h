/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PEER_H
#define CD_PEER_H

#include "net/address.h"

#include <sys/types.h>

/**
 * CdPeer:
 * @remote: its address
 * @local: ours
 * @is_unix: whether it came over a unix socket
 * @is_local: whether it is on this machine, as far as addresses tell: a unix socket, a loopback
 *   address, or the very address that it was reached at
 * @has_uid: whether @uid is known: of a unix socket, and of another local peer by sock_diag, unless
 *   it has closed its socket since
 * @uid: its user
 *
 * Who is at the other end of a connection.
 */
typedef struct _CdPeer
{
  gchar remote[CD_ADDRESS_SIZE];
  gchar local[CD_ADDRESS_SIZE];
  gboolean is_unix;
  gboolean is_local;
  gboolean has_uid;
  uid_t uid;
} CdPeer;

/** Looks who it is. Errors: %CD_NET_ERROR_FAILED, where it has gone already for instance. */
gboolean cd_peer_read(gint fd, CdPeer *self, GError **error);

/**
 * Whether it may come in: this process's own user or root, where it is on this machine; anybody
 * from elsewhere, since the protocol has no authentication and listening there was asked for.
 *
 * @trust_loopback: take every local peer that did not come over a unix socket
 *
 * Errors: %CD_NET_ERROR_FOREIGN; the message names the user.
 */
gboolean cd_peer_check(const CdPeer *self, gboolean trust_loopback, GError **error);

#endif
