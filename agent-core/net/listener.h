/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LISTENER_H
#define CD_LISTENER_H

#include "net/address.h"

/**
 * CdListener:
 *
 * Takes connections at an address. Use it from one thread; its sources run in the thread's default
 * main context.
 */
typedef struct _CdListener CdListener;

/**
 * Receives a connection; may free the listener.
 *
 * @fd: (transfer full): non-blocking, closed on exec
 */
typedef void (*CdListenerAccepted)(gint fd, gpointer user_data);

/** Learns of trouble with accepting, once, and of its end with @error %NULL. */
typedef void (*CdListenerTrouble)(const GError *error, gpointer user_data);

/**
 * Listens. A unix socket has mode 0600 from the start; a stale one, at which nobody listens, is
 * replaced, and only a socket ever is. Port 0 takes any that is free.
 *
 * Errors: %CD_NET_ERROR_IN_USE, %CD_NET_ERROR_FAILED.
 *
 * Returns: (transfer full): free with cd_listener_free()
 */
CdListener *cd_listener_new(GSocketAddress *address, CdListenerAccepted accepted,
                            CdListenerTrouble trouble, gpointer user_data, GError **error);

/** Stops listening, and removes the unix socket if it is still its own. */
void cd_listener_free(CdListener *self);

/** Where it listens, with the port that it got. */
const gchar *cd_listener_get_address(const CdListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdListener, cd_listener_free)

#endif
