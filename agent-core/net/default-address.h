/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_DEFAULT_ADDRESS_H
#define CD_DEFAULT_ADDRESS_H

#include <glib.h>
#include <sys/types.h>

/**
 * Where an agent of that user serves something, unless it was told otherwise, and where its clients
 * look for it: `unix:RUNTIME_DIR/coder-agentd/NAME.sock`. The runtime directory is `/run` for root,
 * `$XDG_RUNTIME_DIR` for anybody else, and the cache folder of the user where that is not set to an
 * absolute path.
 *
 * @name: what is served, `pty` for instance
 */
gchar *cd_default_address(uid_t user, const gchar *name);

#endif
