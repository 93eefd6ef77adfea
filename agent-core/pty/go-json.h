/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_GO_JSON_H
#define CD_GO_JSON_H

#include "disconnect/text.h"

#include <json-c/json.h>

#define CD_PTY_ERROR (cd_pty_error_quark())

/**
 * CdPtyError:
 * @CD_PTY_ERROR_PROTOCOL: the client sent what breaks the protocol
 * @CD_PTY_ERROR_START: the session could not be started
 */
typedef enum
{
  CD_PTY_ERROR_PROTOCOL,
  CD_PTY_ERROR_START,
} CdPtyError;

/** The domain of #CdPtyError. */
GQuark cd_pty_error_quark(void);

/** A tokener that takes what Go's decoder takes: strict JSON, one value after the other. */
json_tokener *cd_go_json_new_tokener(void);

/**
 * Parses the next piece of a text. json-c from 0.17 on refuses, where it is strict, every character
 * beyond ASCII; so it gets those as escapes, which cd_go_json_get_string() turns back.
 *
 * @length: (inout): bytes of @bytes; how many of them were taken
 *
 * Returns: (transfer full) (nullable): as json_tokener_parse_ex()
 */
json_object *cd_go_json_parse(json_tokener *tokener, const gchar *bytes, gsize *length);

/**
 * The value of a key, whose case does not matter (ASCII); of several the last.
 *
 * Returns: (nullable) (transfer none): %NULL where there is none or it is null
 */
json_object *cd_go_json_get(json_object *object, const gchar *key);

/**
 * Reads an unsigned integer of 16 bits as Go does: no fraction, no exponent, in range. Absent: 0.
 *
 * Errors: %CD_PTY_ERROR_PROTOCOL, naming the key.
 */
gboolean cd_go_json_get_uint16(json_object *object, const gchar *key, guint16 *value,
                               GError **error);

/**
 * Reads a string, NUL bytes kept, each byte that is not UTF-8 as U+FFFD. Absent: empty.
 *
 * @value: (out) (transfer full)
 *
 * Errors: %CD_PTY_ERROR_PROTOCOL, naming the key.
 */
gboolean cd_go_json_get_string(json_object *object, const gchar *key, GString **value,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_tokener, json_tokener_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_object, json_object_put)

#endif
