/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_ADDRESS_H
#define CD_ADDRESS_H

#include <gio/gio.h>

#define CD_NET_ERROR (cd_net_error_quark())

/**
 * CdNetError:
 * @CD_NET_ERROR_ADDRESS: not an address to listen at
 * @CD_NET_ERROR_IN_USE: somebody listens there already
 * @CD_NET_ERROR_FAILED: a system call failed; the message names it
 * @CD_NET_ERROR_FOREIGN: the peer is another user
 */
typedef enum
{
  CD_NET_ERROR_ADDRESS,
  CD_NET_ERROR_IN_USE,
  CD_NET_ERROR_FAILED,
  CD_NET_ERROR_FOREIGN,
} CdNetError;

/** The domain of #CdNetError. */
GQuark cd_net_error_quark(void);

/** Bytes of an address as text at most, with its NUL. */
#define CD_ADDRESS_SIZE 128

/**
 * Reads `HOST:PORT` with an IP address for host, `[IPV6]:PORT` or `unix:PATH`. A path is that of a
 * file: an abstract name has no owner and no mode.
 *
 * Returns: (transfer full): %NULL with %CD_NET_ERROR_ADDRESS
 */
GSocketAddress *cd_address_parse(const gchar *text, GError **error);

/**
 * Writes an address in that notation; `unix:` for a nameless one, `unix:@NAME` for an abstract one.
 * An IPv4 address within an IPv6 one is written as what it is. Safe to log: what a peer's path has
 * of control characters and of other bytes than ASCII stands as `\xff`.
 */
void cd_address_format(GSocketAddress *address, gchar text[CD_ADDRESS_SIZE]);

/** Whether only this machine can reach it: a unix socket or a loopback address. */
gboolean cd_address_is_local(GSocketAddress *address);

#endif
