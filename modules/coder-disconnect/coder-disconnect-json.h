/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_JSON_H
#define CODER_DISCONNECT_JSON_H

#include <glib.h>

/* Loads json-glib for the readers of JSON, once, where no other module can see it.
 *
 * syslog-ng opens its modules with RTLD_GLOBAL.  Linked in the usual way, json-glib would stand in
 * the global scope, and syslog-ng's own json-parser() would find json-glib's json_parser_new()
 * in place of its own and end the daemon.
 *
 * Fails with G_FILE_ERROR_NOENT where the library or one of its functions is missing. */
gboolean coder_json_load(GError **error);

#endif
