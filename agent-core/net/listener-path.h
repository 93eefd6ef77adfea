/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LISTENER_PATH_H
#define CD_LISTENER_PATH_H

#include "net/address.h"

#include <sys/types.h>

/**
 * CdListenerPath:
 * @path: (nullable): of the socket; %NULL while there is none
 * @device: with @inode, which file it is
 * @inode: with @device, which file it is
 *
 * The file of a unix socket.
 */
typedef struct _CdListenerPath
{
  gchar *path;
  dev_t device;
  ino_t inode;
} CdListenerPath;

/**
 * Binds @fd to @path and listens, with mode 0600 from the start. What stands there is replaced only
 * if it is a socket of this user's at which nobody listens.
 */
gboolean cd_listener_path_bind(CdListenerPath *self, gint fd, const gchar *path, GError **error);

/** Removes the file if it is still the same one, and frees what it holds. */
void cd_listener_path_clear(CdListenerPath *self);

#endif
