/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cases.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define SHOWN_MAX 600

static gboolean _fail(GError **error, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
_fail(GError **error, const gchar *format, ...)
{
  va_list args;

  va_start(args, format);
  if (error)
    *error = g_error_new_valist(G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, args);
  va_end(args);
  return FALSE;
}

/* Reading of members */

static JsonNode *
_get(JsonObject *object, const gchar *name, JsonNodeType type, GError **error)
{
  JsonNode *node = json_object_get_member(object, name);

  if (node && json_node_get_node_type(node) == type)
    return node;
  _fail(error, "'%s' is missing or of the wrong type", name);
  return NULL;
}

static const gchar *
_get_string(JsonObject *object, const gchar *name, GError **error)
{
  JsonNode *node = _get(object, name, JSON_NODE_VALUE, error);

  if (node && json_node_get_value_type(node) == G_TYPE_STRING)
    return json_node_get_string(node);
  if (node)
    _fail(error, "'%s' is no string", name);
  return NULL;
}

static gboolean
_get_flag(JsonObject *object, const gchar *name, gboolean *flag, GError **error)
{
  JsonNode *node = _get(object, name, JSON_NODE_VALUE, error);

  if (!node)
    return FALSE;
  if (json_node_get_value_type(node) != G_TYPE_BOOLEAN)
    return _fail(error, "'%s' is neither true nor false", name);
  *flag = json_node_get_boolean(node);
  return TRUE;
}

static gboolean
_has_only(JsonObject *object, const gchar *const *names, GError **error)
{
  JsonObjectIter iter;
  const gchar *name;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &name, NULL))
    if (!g_strv_contains(names, name))
      return _fail(error, "'%s' is no member here", name);
  return TRUE;
}

static GHashTable *
_get_strings(JsonObject *object, const gchar *name, GError **error)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  JsonNode *node = _get(object, name, JSON_NODE_OBJECT, error);
  JsonObjectIter iter;
  const gchar *key;

  if (!node)
    return NULL;
  json_object_iter_init(&iter, json_node_get_object(node));
  while (json_object_iter_next(&iter, &key, NULL))
    {
      const gchar *value = _get_string(json_node_get_object(node), key, error);
      if (!value)
        return NULL;
      g_hash_table_insert(table, g_strdup(key), g_strdup(value));
    }
  return g_steal_pointer(&table);
}

/* Inputs */

static GBytes *
_bytes_of_string(const gchar *string)
{
  return string ? g_bytes_new(string, strlen(string)) : NULL;
}

static GBytes *
_bytes_of_base64(const gchar *base64, GError **error)
{
  g_autofree gchar *again = NULL;
  guchar *data;
  gsize length;

  if (!base64)
    return NULL;
  data = g_base64_decode(base64, &length);
  again = g_base64_encode(data, length);
  if (strcmp(base64, again) == 0)
    return g_bytes_new_take(data, length);
  g_free(data);
  _fail(error, "'base64' is no base64");
  return NULL;
}

static GBytes *
_generate(JsonObject *object, GError **error)
{
  static const gchar *const names[] = { "prefix", "unit", "count", "suffix", NULL };
  JsonNode *node = _get(object, "generate", JSON_NODE_OBJECT, error);
  JsonObject *plan = node ? json_node_get_object(node) : NULL;
  const gchar *unit = plan ? _get_string(plan, "unit", error) : NULL;
  GString *text;

  if (!unit || !_has_only(plan, names, error) || !_get(plan, "count", JSON_NODE_VALUE, error))
    return NULL;
  text = g_string_new(json_object_get_string_member_with_default(plan, "prefix", ""));
  for (gint64 i = json_object_get_int_member(plan, "count"); i > 0; i--)
    g_string_append(text, unit);
  g_string_append(text, json_object_get_string_member_with_default(plan, "suffix", ""));
  return g_string_free_to_bytes(text);
}

static const gchar *
_find_input(JsonObject *object, GError **error)
{
  static const gchar *const inputs[] = { "text", "generate", "base64", "syslog", "journald" };
  const gchar *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS(inputs); i++)
    if (json_object_has_member(object, inputs[i]))
      {
        if (found)
          {
            _fail(error, "has two inputs, '%s' and '%s'", found, inputs[i]);
            return NULL;
          }
        found = inputs[i];
      }
  if (!found)
    _fail(error, "has no input");
  return found;
}

static gboolean
_read_input(CdCase *self, JsonObject *object, GError **error)
{
  const gchar *input = _find_input(object, error);

  if (!input)
    return FALSE;
  if (strcmp(input, "journald") == 0)
    {
      self->kind = CD_CASE_JOURNALD;
      self->journald = _get_strings(object, input, error);
      return self->journald != NULL;
    }
  self->kind = strcmp(input, "syslog") == 0 ? CD_CASE_SYSLOG : CD_CASE_TEXT;
  if (strcmp(input, "generate") == 0)
    self->input = _generate(object, error);
  else if (strcmp(input, "base64") == 0)
    self->input = _bytes_of_base64(_get_string(object, input, error), error);
  else
    self->input = _bytes_of_string(_get_string(object, input, error));
  return self->input != NULL;
}

/* Expectations */

static gboolean
_read_mark(CdOutcome *self, const gchar *mark, GError **error)
{
  gboolean *flag = g_strcmp0(mark, "derived") == 0         ? &self->derived
                   : g_strcmp0(mark, "contradiction") == 0 ? &self->contradiction
                   : g_strcmp0(mark, "malformed") == 0     ? &self->malformed
                                                           : NULL;

  if (!flag)
    return _fail(error, "'%s' is no mark", mark ? mark : "null");
  *flag = TRUE;
  return TRUE;
}

static gboolean
_read_marks(CdOutcome *self, JsonObject *object, GError **error)
{
  JsonNode *node = _get(object, "marks", JSON_NODE_ARRAY, error);
  JsonArray *marks = node ? json_node_get_array(node) : NULL;

  for (guint i = 0; marks && i < json_array_get_length(marks); i++)
    if (!_read_mark(self, json_array_get_string_element(marks, i), error))
      return FALSE;
  return marks != NULL;
}

static gboolean
_read_record(CdOutcome *self, JsonObject *object, GError **error)
{
  static const gchar *const names[] = { "pairs", "rule", "marks", NULL };
  static const gchar *const always[] = { "disconnect_reason", "disconnect_expected", "source",
                                         NULL };

  self->record = TRUE;
  g_hash_table_unref(self->pairs);
  self->pairs = _get_strings(object, "pairs", error);
  if (!self->pairs || !_has_only(object, names, error))
    return FALSE;
  for (guint i = 0; always[i]; i++)
    if (!g_hash_table_contains(self->pairs, always[i]))
      return _fail(error, "'pairs' lacks '%s'", always[i]);
  self->rule = (guint) json_object_get_int_member_with_default(object, "rule", 0);
  return _read_marks(self, object, error);
}

static gboolean
_read_expect(CdOutcome *self, JsonObject *object, GError **error)
{
  static const gchar *const names[] = { "record", "malformed", NULL };
  JsonNode *node = _get(object, "expect", JSON_NODE_OBJECT, error);
  JsonObject *expect = node ? json_node_get_object(node) : NULL;

  if (!expect)
    return FALSE;
  if (json_object_has_member(expect, "pairs"))
    return _read_record(self, expect, error);
  if (!_get_flag(expect, "record", &self->record, error)
      || !_get_flag(expect, "malformed", &self->malformed, error))
    return FALSE;
  return !self->record ? _has_only(expect, names, error) : _fail(error, "'pairs' is missing");
}

/* Cases and files */

static void
_case_free(gpointer data)
{
  CdCase *self = data;

  g_free(self->file);
  g_free(self->name);
  g_free(self->why);
  g_clear_pointer(&self->input, g_bytes_unref);
  g_clear_pointer(&self->journald, g_hash_table_unref);
  cd_outcome_clear(&self->expected);
  g_free(self);
}

static gboolean
_read_case(CdCase *self, JsonObject *object, GError **error)
{
  static const gchar *const names[] = { "name",   "why",      "text",   "generate", "base64",
                                        "syslog", "journald", "expect", NULL };

  self->name = g_strdup(_get_string(object, "name", error));
  if (!self->name)
    return FALSE;
  self->why = g_strdup(_get_string(object, "why", error));
  return self->why && _has_only(object, names, error) && _read_input(self, object, error)
         && _read_expect(&self->expected, object, error);
}

static gboolean
_is_new(const GPtrArray *cases, const CdCase *added)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const CdCase *other = g_ptr_array_index(cases, i);
      if (strcmp(other->file, added->file) == 0 && strcmp(other->name, added->name) == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
_add_case(GPtrArray *cases, const gchar *file, guint position, JsonNode *node, GError **error)
{
  CdCase *self = g_new0(CdCase, 1);
  gboolean read;

  self->file = g_strndup(file, strlen(file) - strlen(".json"));
  cd_outcome_init(&self->expected);
  read = JSON_NODE_HOLDS_OBJECT(node) ? _read_case(self, json_node_get_object(node), error)
                                      : _fail(error, "is no object");
  if (read && !_is_new(cases, self))
    read = _fail(error, "has the name of another case");
  if (read)
    {
      g_ptr_array_add(cases, self);
      return TRUE;
    }
  g_prefix_error(error, "%s: case %u (%s): ", file, position, self->name ? self->name : "?");
  _case_free(self);
  return FALSE;
}

static gboolean
_load_file(GPtrArray *cases, const gchar *directory, const gchar *file, GError **error)
{
  g_autofree gchar *path = g_build_filename(directory, file, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  JsonNode *root;
  JsonArray *array;

  if (!json_parser_load_from_file(parser, path, error))
    return FALSE;
  root = json_parser_get_root(parser);
  if (!root || !JSON_NODE_HOLDS_ARRAY(root))
    return _fail(error, "%s: is no array", path);
  array = json_node_get_array(root);
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (!_add_case(cases, file, i + 1, json_array_get_element(array, i), error))
      return FALSE;
  return TRUE;
}

static gint
_compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

static GPtrArray *
_list_files(const gchar *directory, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open(directory, 0, error);
  GPtrArray *files;
  const gchar *name;

  if (!dir)
    return NULL;
  files = g_ptr_array_new_with_free_func(g_free);
  while ((name = g_dir_read_name(dir)))
    if (g_str_has_suffix(name, ".json"))
      g_ptr_array_add(files, g_strdup(name));
  g_ptr_array_sort(files, _compare_names);
  return files;
}

GPtrArray *
cd_cases_load(const gchar *directory, GError **error)
{
  g_autoptr(GPtrArray) files = _list_files(directory, error);
  g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func(_case_free);

  if (!files)
    return NULL;
  if (files->len == 0)
    {
      _fail(error, "%s: no files of cases", directory);
      return NULL;
    }
  for (guint i = 0; i < files->len; i++)
    if (!_load_file(cases, directory, g_ptr_array_index(files, i), error))
      return NULL;
  return g_steal_pointer(&cases);
}

static gchar *
_show_fields(GHashTable *fields)
{
  GString *shown = g_string_new(NULL);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init(&iter, fields);
  while (g_hash_table_iter_next(&iter, &name, &value))
    g_string_append_printf(shown, "%s=%s ", (gchar *) name, (gchar *) value);
  return g_string_free(shown, FALSE);
}

gchar *
cd_case_show_input(const CdCase *self)
{
  g_autofree gchar *fields = self->journald ? _show_fields(self->journald) : NULL;
  gsize length = fields ? strlen(fields) : g_bytes_get_size(self->input);
  const gchar *data = fields ? fields : g_bytes_get_data(self->input, NULL);
  g_autofree gchar *head = cd_outcome_show(data, MIN(length, SHOWN_MAX));

  return g_strconcat(head, length > SHOWN_MAX ? "..." : "", NULL);
}
