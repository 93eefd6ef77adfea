/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arrived.h"

#include <string.h>

typedef struct
{
  const GPtrArray *rows;
  GPtrArray *arrived;
  gint64 marked;
} Reader;

static void
_arrived_free(gpointer data)
{
  ConformArrived *self = data;

  g_ptr_array_unref(self->messages);
  g_free(self);
}

static GPtrArray *
_new(guint n)
{
  GPtrArray *arrived = g_ptr_array_new_with_free_func(_arrived_free);

  for (guint i = 0; i < n; i++)
    {
      ConformArrived *self = g_new0(ConformArrived, 1);
      self->messages = g_ptr_array_new_with_free_func((GDestroyNotify) json_object_unref);
      g_ptr_array_add(arrived, self);
    }
  return arrived;
}

const gchar *
conform_arrived_get(JsonObject *message, const gchar *name)
{
  return json_object_get_string_member_with_default(message, name, "");
}

static void
_append_parameters(GString *sdata, JsonObject *element)
{
  JsonObjectIter iter;
  const gchar *name;

  json_object_iter_init_ordered(&iter, element);
  while (json_object_iter_next_ordered(&iter, &name, NULL))
    {
      g_string_append_printf(sdata, " %s=\"", name);
      for (const gchar *c = conform_arrived_get(element, name); *c; c++)
        {
          if (strchr("\"\\]", *c))
            g_string_append_c(sdata, '\\');
          g_string_append_c(sdata, *c);
        }
      g_string_append_c(sdata, '"');
    }
}

static gchar *
_write_sdata(JsonObject *elements)
{
  GString *sdata = g_string_new(NULL);
  JsonObjectIter iter;
  const gchar *id;
  JsonNode *element;

  json_object_iter_init_ordered(&iter, elements);
  while (json_object_iter_next_ordered(&iter, &id, &element))
    {
      g_string_append_printf(sdata, "[%s", id);
      if (JSON_NODE_HOLDS_OBJECT(element))
        _append_parameters(sdata, json_node_get_object(element));
      g_string_append_c(sdata, ']');
    }
  return g_string_free(sdata, FALSE);
}

gchar *
conform_arrived_get_sdata(JsonObject *message)
{
  g_autoptr(JsonParser) parser = json_parser_new();
  const gchar *sdata = conform_arrived_get(message, "sd");

  if (*sdata != '{' || !json_parser_load_from_data(parser, sdata, -1, NULL))
    return g_strdup(sdata);
  return _write_sdata(json_node_get_object(json_parser_get_root(parser)));
}

/* Bytes that are no UTF-8 as characters of private use: these survive a JSON text in another. */
static gchar *
_make_json(const gchar *line, gboolean *not_utf8)
{
  GString *json = g_string_new(NULL);
  const gchar *end;

  *not_utf8 = FALSE;
  while (!g_utf8_validate(line, -1, &end))
    {
      *not_utf8 = TRUE;
      g_string_append_len(json, line, end - line);
      g_string_append_unichar(json, CONFORM_BYTES + (guchar) *end);
      line = end + 1;
    }
  g_string_append(json, line);
  return g_string_free(json, FALSE);
}

static JsonObject *
_parse(const gchar *line, gboolean *not_utf8)
{
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autofree gchar *json = _make_json(line, not_utf8);
  g_autoptr(GError) error = NULL;

  if (!json_parser_load_from_data(parser, json, -1, &error))
    g_error("%s: %s", error->message, json);
  return json_object_ref(json_node_get_object(json_parser_get_root(parser)));
}

static gint64
_find_address(const GPtrArray *rows, const gchar *address)
{
  for (guint i = 0; i < rows->len; i++)
    if (strcmp(((const ConformRow *) g_ptr_array_index(rows, i))->address, address) == 0)
      return i;
  return -1;
}

static void
_take(Reader *self, gint64 row, const gchar *line)
{
  gboolean not_utf8;
  JsonObject *message = _parse(line, &not_utf8);

  if (row < 0)
    row = _find_address(self->rows, conform_arrived_get(message, "from"));
  if (row >= 0 && row < self->arrived->len)
    {
      ConformArrived *arrived = g_ptr_array_index(self->arrived, row);
      g_ptr_array_add(arrived->messages, json_object_ref(message));
      arrived->not_utf8 |= not_utf8;
    }
  json_object_unref(message);
}

static gboolean
_take_mark(Reader *self, const gchar *line)
{
  gboolean not_utf8;
  JsonObject *message = _parse(line, &not_utf8);
  gboolean is_mark = strcmp(conform_arrived_get(message, "app"), "conform") == 0;

  if (is_mark)
    self->marked = g_ascii_strtoll(conform_arrived_get(message, "msg"), NULL, 10);
  json_object_unref(message);
  return is_mark;
}

static gchar **
_read_lines(const gchar *path)
{
  g_autofree gchar *text = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_file_get_contents(path, &text, NULL, &error))
    g_error("%s", error->message);
  return g_strsplit(text, "\n", -1);
}

GPtrArray *
conform_arrived_load(const GPtrArray *rows, const gchar *path)
{
  g_auto(GStrv) lines = _read_lines(path);
  Reader reader = { rows, _new(rows->len), -1 };

  for (gchar **line = lines; *line; line++)
    if (**line)
      _take(&reader, -1, *line);
  return reader.arrived;
}

GPtrArray *
conform_arrived_load_marked(const GPtrArray *rows, const gchar *path)
{
  g_auto(GStrv) lines = _read_lines(path);
  Reader reader = { rows, _new(rows->len), -1 };

  for (gchar **line = lines; *line; line++)
    if (**line && !_take_mark(&reader, *line))
      _take(&reader, reader.marked, *line);
  return reader.arrived;
}
