/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_DESCRIPTOR_H
#define CD_DESCRIPTOR_H

#include <glib.h>

/**
 * Opens a terminal or a pipe anew, so that it can be non-blocking without being so for the others
 * who have it open, such as the shell.
 *
 * @access: %O_RDONLY or %O_WRONLY
 *
 * Returns: a descriptor to close; a copy of @fd where that is something else, or not ours to open
 */
gint cd_descriptor_open_own(gint fd, gint access);

/** read(2), and write(2) of no more than what cannot block, again after a signal. */
gssize cd_descriptor_read(gint fd, gchar *data, gsize length);
gssize cd_descriptor_write(gint fd, const gchar *data, gsize length);

#endif
