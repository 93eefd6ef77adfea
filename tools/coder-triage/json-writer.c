/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json-writer.h"

void
cd_json_add_string(JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, value);
}

void
cd_json_add_boolean(JsonBuilder *builder, const gchar *name, gboolean value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_boolean_value(builder, value);
}

void
cd_json_add_integer(JsonBuilder *builder, const gchar *name, gint64 value)
{
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, value);
}

void
cd_json_print(JsonBuilder *builder, gboolean pretty, FILE *out)
{
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree gchar *text = json_to_string(root, pretty);

  fputs(text, out);
  fputc('\n', out);
}
