/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_DETACH_KEY_H
#define CD_DETACH_KEY_H

#include <glib.h>

/** No key detaches. */
#define CD_DETACH_KEY_NONE (-1)

/** Reads `^X` or `none`: the control character, or %CD_DETACH_KEY_NONE. */
gboolean cd_detach_key_parse(const gchar *text, gint *key);

/**
 * Where the key is in what was typed. A program can have asked the terminal to send it as an escape
 * sequence (`CSI 93;5u`, `CSI 27;5;93~`); that is found as well.
 */
gboolean cd_detach_key_find(gint key, const gchar *data, gsize length, gsize *position);

#endif
