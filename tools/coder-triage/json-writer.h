/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JSON_WRITER_H
#define CD_JSON_WRITER_H

#include <json-glib/json-glib.h>
#include <stdio.h>

/** Adds a member with a string. */
void cd_json_add_string(JsonBuilder *builder, const gchar *name, const gchar *value);

/** Adds a member with a boolean. */
void cd_json_add_boolean(JsonBuilder *builder, const gchar *name, gboolean value);

/** Adds a member with an integer. */
void cd_json_add_integer(JsonBuilder *builder, const gchar *name, gint64 value);

/** Writes what was built and a newline; with indentation where @pretty. */
void cd_json_print(JsonBuilder *builder, gboolean pretty, FILE *out);

#endif
