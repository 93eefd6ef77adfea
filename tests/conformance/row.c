/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "row.h"

#include "notation.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Rows for each value of an address's third number. */
#define ADDRESSES 200

/* Below the usual net.core.wmem_max. */
#define DATAGRAM_MAX 131072

static const gchar *const framings[] = {
  [CONFORM_OCTET] = "octet",   [CONFORM_OCTET_PLAIN] = "octet-plain",
  [CONFORM_STREAM] = "stream", [CONFORM_SPLIT] = "split",
  [CONFORM_LINES] = "lines",   [CONFORM_LEGACY] = "legacy",
  [CONFORM_UDP] = "udp",       [CONFORM_TLS] = "tls",
};
G_STATIC_ASSERT(G_N_ELEMENTS(framings) == CONFORM_N_FRAMINGS);

const gchar *
conform_framing_get_name(ConformFraming framing)
{
  return framings[framing];
}

gboolean
conform_row_is_frame(const ConformRow *self)
{
  return self->framing == CONFORM_OCTET || self->framing == CONFORM_OCTET_PLAIN
         || self->framing == CONFORM_UDP;
}

gboolean
conform_row_is_datagram(const ConformRow *self)
{
  return conform_row_is_frame(self) && g_bytes_get_size(self->bytes) <= DATAGRAM_MAX;
}

static void
_replace(gchar **verdict, const gchar *other)
{
  if (!other)
    return;
  g_free(*verdict);
  *verdict = g_strdup(other);
}

void
conform_rows_take_4(GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      ConformRow *row = g_ptr_array_index(rows, i);
      if (!row->on_4)
        continue;
      _replace(&row->ours, g_hash_table_lookup(row->on_4, "ours"));
      _replace(&row->core, g_hash_table_lookup(row->on_4, "core"));
      _replace(&row->rescue, g_hash_table_lookup(row->on_4, "rescue"));
    }
}

static void
_row_free(gpointer data)
{
  ConformRow *self = data;

  g_free(self->group);
  g_free(self->id);
  g_free(self->rfc);
  g_free(self->rule);
  g_free(self->notation);
  g_clear_pointer(&self->bytes, g_bytes_unref);
  g_free(self->client);
  g_free(self->demands);
  g_free(self->ours);
  g_free(self->core);
  g_free(self->rescue);
  g_clear_pointer(&self->on_4, g_hash_table_unref);
  g_clear_pointer(&self->pairs, g_hash_table_unref);
  g_free(self->note);
  g_free(self->address);
  g_free(self);
}

static gboolean G_GNUC_PRINTF(2, 3) _fail(GError **error, const gchar *format, ...)
{
  va_list args;

  va_start(args, format);
  *error = g_error_new_valist(G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, args);
  va_end(args);
  return FALSE;
}

static gboolean
_is_one_of(const gchar *word, const gchar *const *set)
{
  return word && g_strv_contains(set, word);
}

static gboolean
_read_framing(ConformRow *self, const gchar *name)
{
  for (guint i = 0; i < CONFORM_N_FRAMINGS; i++)
    if (g_strcmp0(framings[i], name) == 0)
      {
        self->framing = (ConformFraming) i;
        return TRUE;
      }
  return FALSE;
}

static GHashTable *
_read_pairs(JsonObject *object, GError **error)
{
  g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &name, &node))
    {
      g_autoptr(GBytes) value = conform_expand(json_node_get_string(node), error);
      if (!value)
        return NULL;
      g_hash_table_insert(pairs, g_strdup(name),
                          g_strndup(g_bytes_get_data(value, NULL), g_bytes_get_size(value)));
    }
  return g_steal_pointer(&pairs);
}

static gboolean
_check_members(JsonObject *object, GError **error)
{
  static const gchar *const needed[] = { "id",      "rfc",     "rule", "bytes",
                                         "framing", "demands", "ours", NULL };
  static const gchar *const allowed[] = {
    "client", "core", "rescue", "on_4", "pairs", "note", NULL
  };
  static const gchar *const objects[] = { "on_4", "pairs", NULL };
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &name, &node))
    if (!_is_one_of(name, needed) && !_is_one_of(name, allowed))
      return _fail(error, "'%s' is no member here", name);
    else if (JSON_NODE_HOLDS_VALUE(node) != !_is_one_of(name, objects))
      return _fail(error, "'%s' is of the wrong type", name);
  for (guint i = 0; needed[i]; i++)
    if (!json_object_has_member(object, needed[i]))
      return _fail(error, "'%s' is missing", needed[i]);
  return TRUE;
}

static gchar *
_get(JsonObject *object, const gchar *name)
{
  return g_strdup(json_object_get_string_member_with_default(object, name, NULL));
}

/* A row that names what is the same anyhow would hide that it became the same. */
static gboolean
_check_exception(const ConformRow *self, const gchar *exception, GError **error)
{
  if (!exception)
    return TRUE;
  if (strcmp(exception, self->ours) == 0)
    return _fail(error, "names an exception that is none: %s", exception);
  return TRUE;
}

static gboolean
_read_row(ConformRow *self, JsonObject *object, GError **error)
{
  static const gchar *const demands[] = { "valid", "invalid", "receiver's choice", NULL };
  g_autofree gchar *framing = NULL;

  self->id = _get(object, "id");
  if (!_check_members(object, error))
    return FALSE;
  self->rfc = _get(object, "rfc");
  self->rule = _get(object, "rule");
  self->notation = _get(object, "bytes");
  self->client = _get(object, "client");
  self->demands = _get(object, "demands");
  self->ours = _get(object, "ours");
  self->core = _get(object, "core");
  self->rescue = _get(object, "rescue");
  self->note = _get(object, "note");
  framing = _get(object, "framing");
  if (!_read_framing(self, framing) || !_is_one_of(self->demands, demands))
    return _fail(error, "has no such framing or demands something else");
  if (!_check_exception(self, self->core, error) || !_check_exception(self, self->rescue, error))
    return FALSE;
  if (json_object_has_member(object, "pairs")
      && !(self->pairs = _read_pairs(json_object_get_object_member(object, "pairs"), error)))
    return FALSE;
  if (json_object_has_member(object, "on_4")
      && !(self->on_4 = _read_pairs(json_object_get_object_member(object, "on_4"), error)))
    return FALSE;
  self->bytes = conform_expand(self->notation, error);
  return self->bytes != NULL;
}

/* The same bytes in the same way are the same row. */
static gboolean
_is_new(const GPtrArray *rows, const ConformRow *added, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      if (strcmp(row->id, added->id) == 0)
        return _fail(error, "has the id of another row");
      if (row->framing == added->framing && g_strcmp0(row->client, added->client) == 0
          && g_bytes_equal(row->bytes, added->bytes))
        return _fail(error, "sends what %s sends", row->id);
    }
  return TRUE;
}

static gboolean
_add_row(GPtrArray *rows, const gchar *file, JsonNode *node, GError **error)
{
  ConformRow *self = g_new0(ConformRow, 1);

  self->group = g_strndup(file + strlen("1-"), strlen(file) - strlen("1-.json"));
  self->address = g_strdup_printf("127.77.%u.%u", rows->len / ADDRESSES + 1,
                                  rows->len % ADDRESSES + 1);
  if (JSON_NODE_HOLDS_OBJECT(node) && _read_row(self, json_node_get_object(node), error)
      && _is_new(rows, self, error))
    {
      g_ptr_array_add(rows, self);
      return TRUE;
    }
  if (!*error)
    _fail(error, "is no object");
  g_prefix_error(error, "%s: %s: ", file, self->id ? self->id : "?");
  _row_free(self);
  return FALSE;
}

static gboolean
_load_file(GPtrArray *rows, const gchar *directory, const gchar *file, GError **error)
{
  g_autofree gchar *path = g_build_filename(directory, file, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  JsonArray *array;

  if (!json_parser_load_from_file(parser, path, error))
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY(json_parser_get_root(parser)))
    return _fail(error, "%s: is no array", path);
  array = json_node_get_array(json_parser_get_root(parser));
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (!_add_row(rows, file, json_array_get_element(array, i), error))
      return FALSE;
  return TRUE;
}

static gint
_compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

GPtrArray *
conform_rows_load(const gchar *directory, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(_row_free);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(directory, 0, error);
  const gchar *name;

  if (!dir)
    return NULL;
  while ((name = g_dir_read_name(dir)))
    if (g_str_has_suffix(name, ".json"))
      g_ptr_array_add(files, g_strdup(name));
  g_ptr_array_sort(files, _compare_names);
  for (guint i = 0; i < files->len; i++)
    if (!_load_file(rows, directory, g_ptr_array_index(files, i), error))
      return NULL;
  return g_steal_pointer(&rows);
}
