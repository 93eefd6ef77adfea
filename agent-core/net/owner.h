/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_OWNER_H
#define CD_OWNER_H

#include <glib.h>
#include <sys/socket.h>
#include <sys/types.h>

/**
 * Whose the TCP socket is that is bound to @from and connected to @to on this machine: one exact
 * question to the kernel by sock_diag(7), which takes some microseconds and no privilege.
 *
 * Returns: %FALSE where there is none, or where its user has closed it: the kernel then says 0
 */
gboolean cd_owner_find(const struct sockaddr *from, const struct sockaddr *to, uid_t *uid);

#endif
